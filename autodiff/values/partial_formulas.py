"""The partials that a function on Values works out."""

from __future__ import annotations

from functools import cache

from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import Elementwise
from autodiff.symbolic import Constant, Expression
from autodiff.symbolic.partial_derivatives import formula_of_partial
from autodiff.symbolic.strong_zeros import chooses

__all__ = ["formulas", "lines_of_strong_zeros"]


@cache
def formulas(entry: Elementwise) -> tuple[Expression, ...]:
    """The partials as formulas of ``x0``, ``x1`` and so on, the result and the parameters."""
    return tuple(formula_of_partial(entry, i) for i in range(entry.arity))


def lines_of_strong_zeros(entry: Elementwise) -> list[str]:
    """Lines that mark each zero partial which is a choice: its product with ∞ is 0 as well."""
    lines = []
    for i, formula in enumerate(formulas(entry)):
        if formula == Constant(0):
            lines.append(f"d{i} = nothing")
        elif chooses(formula, keyword_parameters(entry)):
            lines += [f"if d{i} == 0.0:", f"    d{i} = nothing"]
    return lines
