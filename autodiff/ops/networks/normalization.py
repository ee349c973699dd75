"""Normalisation: mean 0 and variance 1 along axes."""

from __future__ import annotations

from typing import Any

from autodiff.ops.broadcasting import Axis
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases
from autodiff.ops.tangents import of_symmetric


def _standardize(xp: Any, x: Any, *, axis: Axis, eps: float) -> Any:
    centred = x - xp.mean(x, axis=axis, keepdims=True)
    return centred / xp.sqrt(xp.mean(centred * centred, axis=axis, keepdims=True) + eps)


def _standardize_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Axis, eps: float) -> Any:
    # What changes mean or variance alone is taken out of the cotangent.
    deviation = xp.sqrt(xp.var(x, axis=axis, keepdims=True) + eps)
    along = xp.mean(g * y, axis=axis, keepdims=True)
    return (g - xp.mean(g, axis=axis, keepdims=True) - y * along) / deviation


standardize: Structural = structural(
    "standardize",
    _standardize,
    [_standardize_vjp],
    jvp=of_symmetric(_standardize_vjp),
    notation=Notation.function("standardize"),
    reads=(0, "y"),
    samples=cases(
        ((5,), {"axis": 0, "eps": 1e-5}),
        ((3, 4), {"axis": -1, "eps": 0.5}),
        ((2, 3, 4), {"axis": (1, 2), "eps": 1e-3}),
    ),
    factors=[
        (
            "(g − mean g − {y} mean(g {y})) / std",
            "(g − mean(g) − y ⊙ mean(g ⊙ y)) / √(var({0}) + eps)",
        )
    ],
    ordered=True,
    sums=True,
    doc="(x - mean) / sqrt(var + eps) along axes.",
)
