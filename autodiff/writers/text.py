"""Formulas as Unicode text and as LaTeX, written the way the table says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autodiff.ops.primitive import ATOM, POWER, TABLE, Notation
from autodiff.symbolic.expression import Apply, Constant, Expression, Number, Symbol
from autodiff.writers.literals import (
    Written,
    latex_name,
    latex_number,
    superscript,
    text_number,
)

__all__ = ["to_latex", "to_text"]

# The braces of a template, as `str.format` reads them; braces around a word that is no
# operand and no parameter are LaTeX's own.
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def to_text(expr: Expression) -> str:
    """A formula as Unicode text, with the brackets it needs and no others.

    Numbers have four significant digits, whole exponents are superscripts, and a
    symbol is its own name.

    Example:
        >>> from autodiff.symbolic import Symbol
        >>> from autodiff.writers.text import to_text
        >>> o, w = Symbol("o"), Symbol("w₁")
        >>> to_text(w - (1 - o**2) / (2 * o)), to_text((-w) ** 3)
        ('w₁ − (1 − o²) / (2 · o)', '(−w₁)³')
    """
    return _TEXT.write(expr).text


def to_latex(expr: Expression) -> str:
    r"""A formula as LaTeX for math mode.

    Example:
        >>> from autodiff.symbolic import Symbol
        >>> from autodiff.writers.text import to_latex
        >>> to_latex((1 - Symbol("x1") ** 2) / Symbol("σ"))
        '\\frac{1 - {x_{1}}^{2}}{\\sigma}'
    """
    return _LATEX.write(expr).text


@dataclass(frozen=True, slots=True)
class _Style:
    """What text and LaTeX do differently."""

    template: Callable[[Notation], str]
    number: Callable[[Number], Written]
    name: Callable[[str], str]
    power: Callable[[str, int], str]
    brackets: tuple[str, str]
    minus: str
    # LaTeX draws a group after a command, as in \frac{…} and ^{…}, with its own bounds.
    groups: bool

    def write(self, e: Expression) -> Written:
        if isinstance(e, Symbol):
            return Written(self.name(e.name), ATOM)
        if isinstance(e, Constant):
            return self.number(e.number)
        assert isinstance(e, Apply)
        if e.name == "power" and not e.params and (exponent := _whole(e.args[1])) is not None:
            base = self.write(e.args[0])
            return Written(self.power(self.fitted(base, ATOM, first=False), exponent), POWER)
        return self.fill(_notation(e), [self.write(a) for a in e.args], dict(e.params))

    def fill(
        self, notation: Notation, operands: list[Written], params: Mapping[str, Any]
    ) -> Written:
        template = self.template(notation)

        def piece(field: re.Match[str]) -> str:
            slot = field[1]
            if slot is None:
                return field[0][0]
            if slot.isdigit() and int(slot) < len(operands):
                if self.groups and field.start() > 2 and template[: field.start()].endswith("{{"):
                    return operands[int(slot)].text
                levels = notation.operand_levels
                level = levels[int(slot)] if int(slot) < len(levels) else None
                return self.fitted(operands[int(slot)], level, first=field.start() == 0)
            if slot in params:
                value = params[slot]
                return self.number(value).text if isinstance(value, (int, float)) else str(value)
            return field[0]

        return Written(_FIELD.sub(piece, template), _level(notation, template))

    def fitted(self, operand: Written, level: int | None, first: bool) -> str:
        """An operand, in brackets if it binds too weakly or begins with a sign."""
        if level is None:
            return operand.text
        signed = operand.text.startswith(self.minus) and (not first or level >= POWER)
        if operand.level >= level and not signed:
            return operand.text
        return operand.text.join(self.brackets)


def _whole(e: Expression) -> int | None:
    if isinstance(e, Constant) and not isinstance(e.number, bool) and e.number % 1 == 0:
        return int(e.number)
    return None


def _notation(e: Apply) -> Notation:
    entry = TABLE.get(e.name)
    if entry is not None and f"{{{len(e.args) - 1}}}" in entry.notation.text:
        return entry.notation
    return Notation.function(e.name, arity=len(e.args))


def _level(notation: Notation, template: str) -> int:
    # A sign before its operand (√x) must not swallow what follows it: (√x)², not √x².
    if notation.level == ATOM and re.search(r"[^{]\{\d\}$", template):
        return POWER
    return notation.level


_TEXT = _Style(
    template=lambda notation: notation.text,
    number=text_number,
    name=str,
    power=lambda base, exponent: f"{base}{superscript(exponent)}",
    brackets=("(", ")"),
    minus="−",
    groups=False,
)
_LATEX = _Style(
    template=lambda notation: notation.latex,
    number=latex_number,
    name=latex_name,
    power=lambda base, exponent: f"{{{base}}}^{{{exponent}}}",
    brackets=(r"\left(", r"\right)"),
    minus="-",
    groups=True,
)
