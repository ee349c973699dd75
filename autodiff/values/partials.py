"""The partials that a function on Values works out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.ops.primitive import Elementwise
from autodiff.symbolic import Constant, Expression, Symbol, partial_expression
from autodiff.symbolic.choices import chooses

__all__ = ["formulas", "settled"]


def formulas(
    entry: Elementwise, operands: Sequence[str], defaults: Mapping[str, Any]
) -> list[Expression]:
    """The partials as formulas of ``x0``, ``x1`` and so on, the result and the parameters."""
    names = [f"x{i}" for i in range(len(operands))]
    params = {name: Symbol(name) for name in defaults}
    return [partial_expression(entry, i, names, "y", params) for i in range(len(operands))]


def settled(entry: Elementwise, operands: Sequence[str], defaults: Mapping[str, Any]) -> list[str]:
    """Lines that mark each zero partial which is a choice: its product with ∞ is 0 as well."""
    lines = []
    for i, formula in enumerate(formulas(entry, operands, defaults)):
        if formula == Constant(0):
            lines.append(f"d{i} = nothing")
        elif chooses(formula, defaults):
            lines += [f"if d{i} == 0.0:", f"    d{i} = nothing"]
    return lines
