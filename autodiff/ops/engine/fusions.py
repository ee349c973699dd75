"""Sums, weighted sums and the largest of scalars, each as one operation."""

from __future__ import annotations

from functools import reduce
from typing import Any

from autodiff.ops.primitive import ADDITIVE, Fused, Notation, fused

total: Fused = fused(
    "total",
    lambda xp, *terms: sum(terms),
    lambda xp, y, *terms: (1.0,) * len(terms),
    notation=Notation("Σ", r"\sum", ADDITIVE),
    doc="Sum of any number of scalars.",
)


def _weighted_sum(xp: Any, *operands: Any) -> Any:
    n = len(operands) // 2
    return sum(map(lambda w, x: w * x, operands[:n], operands[n : 2 * n]), operands[-1])


weighted_sum: Fused = fused(
    "weighted_sum",
    _weighted_sum,
    lambda xp, y, *operands: (
        *operands[len(operands) // 2 : -1],
        *operands[: len(operands) // 2],
        1.0,
    ),
    notation=Notation("w · x + b", r"w^T x + b", ADDITIVE),
    doc="Weights times inputs plus a bias, given as (w₁ … wₙ, x₁ … xₙ, b).",
)


def _largest_partials(xp: Any, y: Any, *terms: Any) -> Any:
    # Those that are equal to the largest share it equally, as in the maximum of an array.
    chosen = [xp.where(xp.equal(term, y), 1.0, 0.0) for term in terms]
    count = xp.maximum(sum(chosen[1:], chosen[0]), 1.0)
    return tuple(one / count for one in chosen)


largest: Fused = fused(
    "largest",
    lambda xp, *terms: reduce(xp.maximum, terms),
    _largest_partials,
    notation=Notation("max", r"\max"),
    doc="The largest of any number of scalars; equal largest ones share the gradient.",
)
