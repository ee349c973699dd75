"""Formulas on cards and derivatives on wires, all derived from the operation table."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

from autodiff.ops.notation import index_text
from autodiff.ops.primitive import Elementwise, Fused
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
from viz.text.templates import filled_once

__all__ = [
    "Operand",
    "filled",
    "formula",
    "partial_formula",
    "partial_text",
    "plain_params",
    "written",
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
        return _elementwise(op, 0, operands, "", plain_params(params))
    names = written(operands)
    if isinstance(op, Fused):
        return _fused(op.name, names)
    inside = ", ".join(names) if len(names) <= SPELT_OUT else f"{names[0]} … {names[-1]}"
    text = op.notation.text
    if "{0}" not in text:
        return f"{text}({inside})"
    if "index" in params:
        whole = isinstance(params["index"], tuple) and not params["index"]
        text = text.replace("[…]", "" if whole else f"[{index_text(params['index'])}]")
    if text.endswith("({0})"):
        return filled(text.replace("{0}", "{inside}"), names, "", params, inside=inside)
    return filled(text, names, "", params)


@filled_once
def _elementwise(
    op: Any, position: int, operands: list[Operand], result: str, params: dict[str, Any]
) -> str:
    known = tuple(params.items())
    return to_text(Apply(op.name, tuple(written_operand(operand) for operand in operands), known))


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


_RAISED = re.compile(r"\{(\d+)\}(?=[ᵀᴴ⁻²])")


def filled(
    template: str, names: list[str], result: str, params: dict[str, Any], **more: str
) -> str:
    """A template of the table with the names of operands and result."""
    names = [*names]

    def raised(field: re.Match[str]) -> str:
        name = names[int(field[1])] if int(field[1]) < len(names) else ""
        if re.fullmatch(r"[\w.₋]*", name):
            return field[0]
        names.append(f"({name})")
        return f"{{{len(names) - 1}}}"

    template = _RAISED.sub(raised, template)
    known = {**plain_params(params), "y": result, **more}
    return _Lenient().vformat(template, names, known).replace("ᵀᵀ", "")


def written(operands: list[Operand]) -> list[str]:
    """Operands as they stand in a formula."""
    return [
        operand or "·" if isinstance(operand, str) else to_text(written_operand(operand))
        for operand in operands
    ]


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
    return _partial(op, position, operands, result, params)


@filled_once
def _partial(
    op: Any, position: int, operands: list[Operand], result: str, params: dict[str, Any]
) -> str:
    if isinstance(op, Fused) and op.name == "largest":
        # It compares all of them, and counts those that are equal: too long to be read.
        return ""
    found = partial_formula(op, position, operands, result, params)
    if found is None:
        return ""
    return bracketed(found) or to_text(found)
