"""Normalisation: mean 0 and variance 1 along axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import Axis
from autodiff.ops.primitive import ADDITIVE, MULTIPLICATIVE, Notation, Structural, structural
from autodiff.ops.sample_operands import Sample, cases
from autodiff.ops.tangents import of_symmetric


def _standardize(xp: Any, x: Any, *, axis: Axis, eps: float) -> Any:
    return xp.standardize(x, axis, eps)


def _standardize_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Axis, eps: float) -> Any:
    return xp.standardize_pull(g, y, x, axis, eps)


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


def _factors_and_summands(rng: np.random.Generator) -> Iterator[Sample]:
    for shape, one in (((3, 4), (4,)), ((2, 3, 4), (3, 1)), ((2, 3, 2, 2), (1, 3, 1, 1))):
        yield [rng.standard_normal(s) for s in (shape, one, one)], {}


scale_shift: Structural = structural(
    "scale_shift",
    lambda xp, x, w, b: xp.scale_shift(x, w, b),
    [
        lambda xp, g, y, x, w, b: xp.scaled(g, w),
        lambda xp, g, y, x, w, b: xp.sum_products(g, x, w.shape),
        lambda xp, g, y, x, w, b: xp.sum_to(g, b.shape),
    ],
    jvp=lambda xp, tangents, y, x, w, b: sum(
        part
        for t, factor in zip(tangents, (w, x, 1.0), strict=True)
        if t is not None
        for part in [xp.broadcast_to(t * factor, y.shape)]
    ),
    notation=Notation(
        "{0} · {1} + {2}", r"{0} {1} + {2}", ADDITIVE, (MULTIPLICATIVE,) * 2 + (ADDITIVE,)
    ),
    reads=(0, 1),
    samples=_factors_and_summands,
    factors=[
        ("⊙ {1}", "g ⊙ {1}"),
        ("⊙ {0}, summed", "g ⊙ {0}, summed to the shape of {1}"),
        ("summed", "g, summed to the shape of {2}"),
    ],
    doc="x · w + b, with w and b repeated along axes of x.",
)
