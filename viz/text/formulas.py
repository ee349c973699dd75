"""Formulas on cards and factors on edges, all derived from the operation table."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

from autodiff.ops.primitive import Elementwise, Fused, Structural
from autodiff.symbolic import (
    Apply,
    Constant,
    Expression,
    Symbol,
    partial_expression,
    simplify,
    symbols_namespace,
)
from autodiff.writers.text import to_text
from viz.text.iverson_brackets import bracketed

__all__ = [
    "Operand",
    "factor_text",
    "formula",
    "partial_formula",
    "partial_text",
    "plain_params",
    "written_operand",
]

Operand = str | float
"""How an operand enters a label: by its name, or as the number it is."""

SPELT_OUT = 4
"""A sum of more terms than this is written with Σ."""


def written_operand(operand: Operand) -> Expression:
    """An operand in a formula: the symbol of its name, or its number, shortened."""
    if isinstance(operand, str):
        return Symbol(operand or "·")
    whole = operand == int(operand) if abs(operand) < 1e15 else False
    return Constant(int(operand) if whole else float(f"{operand:.4g}"))


def plain_params(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an operation that can stand in a formula."""
    return {k: v for k, v in params.items() if isinstance(v, bool | int | float | str)}


def formula(op: Any, operands: list[Operand], params: dict[str, Any]) -> str:
    """What a node was computed as, such as ``w₁ · x₁``.

    Args:
        op: the table's entry.
        operands: the operation's operands.
        params: its parameters.
    """
    if isinstance(op, Elementwise):
        known = tuple(plain_params(params).items())
        return to_text(
            Apply(op.name, tuple(written_operand(operand) for operand in operands), known)
        )
    names = [to_text(written_operand(operand)) for operand in operands]
    if isinstance(op, Fused):
        return _fused(op.name, names)
    if "{0}" in op.notation.text and len(names) <= SPELT_OUT:
        return _filled(op.notation.text, names, "", params)
    inside = ", ".join(names) if len(names) <= SPELT_OUT else f"{names[0]} … {names[-1]}"
    return f"{op.name}({inside})"


def _fused(name: str, names: list[str]) -> str:
    if name == "weighted_sum":
        count = len(names) // 2
        bias = [] if names[-1] == "0" else [names[-1]]
        if count + len(bias) > SPELT_OUT:
            return " + ".join([f"Σ {names[0]} · {names[count]} …", *bias])
        terms = [f"{w} · {x}" for w, x in zip(names[:count], names[count:-1], strict=True)]
        return " + ".join([*terms, *bias])
    if name == "largest":
        inside = ", ".join(names) if len(names) <= SPELT_OUT else f"{names[0]} … {names[-1]}"
        return f"max({inside})"
    if len(names) <= SPELT_OUT:
        return " + ".join(names)
    return f"Σ {names[0]} … {names[-1]}"


class _Lenient(Formatter):
    """Fills a template; what it does not know stays out."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        if isinstance(key, int):
            return args[key] if key < len(args) else "·"
        return kwargs.get(key, "")


def _filled(template: str, names: list[str], result: str, params: dict[str, Any]) -> str:
    text = _Lenient().vformat(template, names, {**plain_params(params), "y": result})
    return text.replace("ᵀᵀ", "")


def partial_formula(
    op: Any, position: int, operands: list[Operand], result: str, params: dict[str, Any]
) -> Expression | None:
    """The partial derivative by one operand as a formula of the names; `None` if there is none."""
    symbols = [written_operand(operand) for operand in operands]
    if isinstance(op, Fused):
        found = op.partials(symbols_namespace, Symbol(result), *symbols)[position]
        return simplify(found if isinstance(found, Expression) else Constant(found))
    if isinstance(op, Elementwise) and position < len(op.partials):
        return partial_expression(op, position, symbols, result, params)
    return None


def partial_text(
    op: Any, position: int, operands: list[Operand], result: str, params: dict[str, Any]
) -> str:
    """The partial derivative by one operand, such as ``1 − o²``; empty if there is none."""
    found = partial_formula(op, position, operands, result, params)
    if found is None:
        return ""
    return bracketed(found) or to_text(found)


def factor_text(
    op: Any,
    position: int,
    operands: list[Operand],
    result: str,
    params: dict[str, Any],
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
    transposed: bool = False,
) -> str:
    """What a tensor's gradient is multiplied by on its way to one operand.

    Args:
        op: the table's entry.
        position: which operand.
        operands: all operands.
        result: name of the result.
        params: parameters of the operation.
        shapes: of the operand and of the result, to show the sums of broadcasting.
        transposed: the operand is the transpose of what the label is for.

    Returns:
        Such as ``⊙ (1 − h²)``, ``· W₂ᵀ`` or ``Σ rows``; empty if the table says nothing.
    """
    if isinstance(op, Structural):
        if not op.factors:
            return ""
        names = [to_text(written_operand(operand)) for operand in operands]
        template = op.factors[min(position, len(op.factors) - 1)].label
        return _filled(
            _then_transposed(template) if transposed else template, names, result, params
        )
    text = _elementwise_factor(op, position, operands, result, params, shapes)
    return _then_transposed(text) if transposed and text else text


_TIMES = re.compile(r"(?P<after>· )?(?P<matrix>\{\d+\})(?P<turned>ᵀ?)(?P<before> ·)?")


def _then_transposed(factor: str) -> str:
    """A factor followed by a transpose: (g · A)ᵀ = Aᵀ · gᵀ and (A · g)ᵀ = gᵀ · Aᵀ."""
    product = _TIMES.fullmatch(factor)
    if product is not None and (product["after"] is None) != (product["before"] is None):
        matrix = product["matrix"] + ("" if product["turned"] else "ᵀ")
        return f"{matrix} · gᵀ" if product["after"] else f"gᵀ · {matrix}"
    return {"1": "ᵀ", "ᵀ": "1"}.get(factor, f"({factor})ᵀ")


def _elementwise_factor(
    op: Any,
    position: int,
    operands: list[Operand],
    result: str,
    params: dict[str, Any],
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
) -> str:
    found = partial_formula(op, position, operands, result, params)
    if found is None:
        return ""
    text, summed = bracketed(found) or to_text(found), _summed(*shapes)
    if isinstance(found, Constant):
        if summed and text in ("1", "−1"):
            return text.removesuffix("1") + summed
        first = text if text in ("1", "−1") else f"· {text}"
    else:
        loose = isinstance(found, Apply) and found.name in ("add", "subtract")
        first = f"⊙ ({text})" if loose or text.startswith("−") else f"⊙ {text}"
    return f"{first}, {summed}" if summed else first


def _summed(operand: tuple[int, ...], result: tuple[int, ...]) -> str:
    """Over what a gradient is summed because its operand was broadcast."""
    if operand == result:
        return ""
    padded = (1,) * (len(result) - len(operand)) + operand
    axes = [i for i, (a, b) in enumerate(zip(padded, result, strict=True)) if a != b]
    axes = axes or list(range(len(result) - len(operand)))
    if len(axes) == len(result):
        return "Σ"
    if len(result) == 2:
        return "Σ rows" if axes == [0] else "Σ columns"
    return f"Σ axis {axes[0]}" if len(axes) == 1 else f"Σ axes {', '.join(map(str, axes))}"
