"""What one operand receives of a result's gradient: a label for the wire, and the whole rule."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from autodiff.ops.notation import Factor, Place, factor_at, summed_text
from autodiff.ops.primitive import Elementwise, Structural
from autodiff.symbolic import Apply, Constant, Expression
from autodiff.writers.text import to_text
from viz.text.formulas import Operand, filled, formula, partial_formula, written
from viz.text.iverson_brackets import bracketed

__all__ = ["LONGEST", "Received", "received", "short_partial"]

LONGEST = 36
"""A label longer than this is written shorter, or stands in the tooltip only."""


class Received(NamedTuple):
    """What an operand receives.

    Attributes:
        label: what the gradient is multiplied by, such as ``⊙ (1 − h²)``, ``· W₂ᵀ`` or
            ``Σ rows``; a word where there is no formula.
        rule: the whole of it, a formula of the gradient, or what the word means.
    """

    label: str
    rule: str


def received(
    op: Any,
    place: Place,
    operands: list[Operand],
    result: str,
    transposed: bool = False,
) -> Received:
    """What a tensor's gradient becomes on its way to one operand.

    Args:
        op: the table's entry.
        place: which operand it is, with shapes and parameters.
        operands: what all operands are called.
        result: name of the result.
        transposed: the operand is the transpose of what the label is for.
    """
    names = written(operands)
    if isinstance(op, Structural):
        factor = factor_at(op.factors, place)
        if transposed:
            factor = Factor(_then_transposed(factor.label), _then_transposed(factor.rule))
        params = dict(place.params)
        g = gradient_letter([*names, result])
        return Received(
            filled(factor.label, names, result, params),
            filled(_MARKED.sub(r"{\1}", factor.rule), names, result, params, g=g),
        )
    label, rule = _elementwise(op, place, operands, result)
    return Received(*map(_then_transposed, (label, rule))) if transposed else Received(label, rule)


_MARKED = re.compile(r"(?<![A-Za-z{])([gy])(?![A-Za-z}])")
"""The gradient and the result, as rules call them."""


def gradient_letter(names: list[str]) -> str:
    """What the incoming gradient is called beside these names."""
    return next(letter for letter in ("g", "h", "ḡ", "the gradient") if letter not in names)


_TIMES = re.compile(
    r"(?P<first>g )?(?P<after>· )?(?P<matrix>\{\d+\})(?P<turned>ᵀ?)(?P<before> ·)?(?P<last> g)?"
)


def _then_transposed(factor: str) -> str:
    """A factor followed by a transpose: (g · A)ᵀ = Aᵀ · gᵀ and (A · g)ᵀ = gᵀ · Aᵀ."""
    factor, comma, rest = factor.partition(", ")
    product = _TIMES.fullmatch(factor)
    if product is not None and (product["after"] is None) != (product["before"] is None):
        matrix = product["matrix"] + ("" if product["turned"] else "ᵀ")
        turned = f"{matrix} · gᵀ" if product["after"] else f"gᵀ · {matrix}"
    else:
        turned = {"1": "gᵀ", "g": "gᵀ", "gᵀ": "1"}.get(factor, "")
        if re.fullmatch(r"g\[[^]]*\]", factor):
            turned = f"{factor}ᵀ"
        if not turned:
            return f"({factor}{comma}{rest})ᵀ"
    return f"{turned}{comma}{rest}"


def _elementwise(op: Any, place: Place, operands: list[Operand], result: str) -> tuple[str, str]:
    """Label and rule of an entry that acts on each element alone."""
    summed = summed_text(place.shape, place.result)
    after = f", {summed}" if summed else ""
    found = partial_formula(op, place.position, operands, result, dict(place.params))
    if found is None:
        short = short_partial(op, place.position, operands, result, dict(place.params))
        return f"⊙ {short}{after}", f"g ⊙ {short}{after}"
    text = bracketed(found) or to_text(found)
    if isinstance(found, Constant):
        if text == "0":
            return "0", "0"
        sign = "−" if text == "−1" else ""
        if text in ("1", "−1"):
            return (f"{sign}{summed}" if summed else text), f"{sign}g{after}"
        text = _divisor(operands, text)
        return f"· {text}{after}", f"{text} · g{after}"
    whole = _tight(found, text)
    label = f"⊙ {whole}{after}"
    if len(label) > LONGEST:
        short = short_partial(op, place.position, operands, result, dict(place.params))
        label = f"⊙ {short}{after}"
    return label, f"g ⊙ {whole}{after}"


def _divisor(operands: list[Operand], text: str) -> str:
    """A number that is one over an operand, written as that."""
    for operand in operands:
        whole = isinstance(operand, float) and abs(operand) > 1 and operand % 1 == 0
        if whole and to_text(Constant(float(f"{1 / float(operand):.4g}"))) == text:
            return f"1/{int(operand)}"
    return text


def _tight(found: Expression, text: str) -> str:
    loose = isinstance(found, Apply) and found.name in ("add", "subtract")
    return f"({text})" if loose or text.startswith("−") else text


_CALL = re.compile(r"([^\W\d][\w ]*)\(\{0\}\)")


def short_partial(
    op: Any, position: int, operands: list[Operand], result: str, params: dict[str, Any]
) -> str:
    """A derivative that is too long to be written out: ``GELU′(z)``, ``∂B(a, b)/∂a``."""
    names = written(operands)
    if isinstance(op, Elementwise) and op.arity == 1:
        call = _CALL.fullmatch(op.notation.text)
        return f"{call[1] if call else op.name}′({names[0]})"
    whole = f"∂{formula(op, operands, params)}/∂{names[position]}"
    return whole if len(whole) < LONGEST - 4 else f"∂{result}/∂{names[position]}"
