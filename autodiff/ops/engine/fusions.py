"""Sums and weighted sums of scalars as one operation: what a neuron does."""

from __future__ import annotations

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
