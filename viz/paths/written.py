"""Local derivatives, products and sums as Unicode text, shared by all that is not LaTeX."""

from __future__ import annotations

import math
from typing import TypeVar

from viz.paths.terms import Check, Delta, Local, PathProduct, Share
from viz.text.formatting import factor, number, subscript

__all__ = [
    "LISTED",
    "bracketed_factor",
    "check_line",
    "delta_line",
    "head",
    "heads",
    "numbers",
    "shortened",
    "signed",
    "symbols",
]

Piece = TypeVar("Piece")

LISTED = 8
"""Factors of a product that are written; of a longer one, the first and the last."""


def head(step: Local) -> str:
    """A local derivative by name: ``∂L/∂x``, ``∂L/∂x|u`` where u is held fixed."""
    use = f"₍{subscript(step.use)}₎" if step.use else ""
    held = f"|{','.join(step.held)}" if step.held else ""
    return f"∂{step.node}/∂{step.operand}{use}{held}"


def bracketed_factor(formula: str) -> str:
    """A formula as it stands in a product.

    >>> bracketed_factor("1 − h²"), bracketed_factor("a · b"), bracketed_factor("(1 − a) · b")
    ('(1 − h²)', 'a · b', '(1 − a) · b')
    """
    depth = 0
    for place, char in enumerate(formula):
        depth += (char in "([") - (char in ")]")
        if not depth and (char in "+−" and (place == 0 or formula[place - 1] == " ")):
            return f"({formula})"
    return f"({formula})" if ", else " in formula and not formula.startswith("(") else formula


def shortened(pieces: list[Piece], gap: Piece) -> list[Piece]:
    """Of many factors the first and the last, with a sign between for those left out."""
    if len(pieces) <= LISTED:
        return pieces
    kept = LISTED // 2
    return [*pieces[:kept], gap, *pieces[kept + 1 - LISTED :]]


def _product(factors: list[str], sign: str) -> str:
    left_out = len(factors) - LISTED + 1
    return f" {sign} ".join(shortened(factors, f"… {left_out} more …")) or "1"


def heads(path: PathProduct) -> str:
    """The product of a path by names: ``∂L/∂u · ∂u/∂p · ∂p/∂x``."""
    return _product([head(step) for step in path.briefly(LISTED)], "·")


def symbols(path: PathProduct) -> str:
    """The product in symbols: ``x · 1 · y``."""
    return _product([bracketed_factor(step.formula) for step in path.briefly(LISTED)], "·")


def numbers(path: PathProduct) -> str:
    """The product in numbers: ``2.5 × 1 × 0.4``."""
    values = [step.value for step in path.briefly(LISTED)]
    first = [number(value) for value in values[:1]]
    return _product([*first, *(factor(value) for value in values[1:])], "×")


def signed(value: float, digits: int = 4) -> str:
    """A number with its sign, also where it is positive."""
    text = number(value, digits)
    return text if text.startswith("−") or text in ("0", "nan") else f"+{text}"


def delta_line(delta: Delta, result: str, last: bool) -> list[str]:
    """δ of a node as equations that are all equal: its name, symbols, numbers, value."""
    name = f"∂{result}/∂{delta.node}" if last else f"δ_{delta.node}"
    if not delta.shares and not delta.untold:
        return [name, number(delta.value)]
    terms = [_share(share) for share in delta.shares]
    values = [f"{factor(s.arriving)} × {factor(s.step.value)}" for s in delta.shares]
    if delta.shares:
        # The first stands after no sign.
        values[0] = f"{number(delta.shares[0].arriving)} × {factor(delta.shares[0].step.value)}"
    if delta.untold:
        more = f"{delta.untold} more term{'s' * (delta.untold != 1)}"
        terms.append(f"({more})")
        values.append(factor(delta.untold_value))
    return [name, " + ".join(terms), " + ".join(values), number(delta.value)]


def _share(share: Share) -> str:
    name, formula = f"δ_{share.step.node}", share.step.formula
    if formula == "1":
        return name
    if formula == "−1":
        return f"{name} · (−1)"
    return f"{name} · {bracketed_factor(formula)}"


def check_line(check: Check) -> str:
    """A check in one line: ``finite differences 0.5956131 ✓``."""
    if check.agrees and math.isnan(check.value):
        return f"{check.name}: {check.note or 'nan'}"
    mark = "✓" if check.agrees else "✗"
    note = f" ({check.note})" if check.note else ""
    return f"{check.name} {number(check.value, 7)} {mark}{note}"
