"""Normalisation: mean 0 and variance 1 along axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import Axis
from autodiff.ops.primitive import ADDITIVE, MULTIPLICATIVE, Notation, Structural, structural
from autodiff.ops.sample_operands import Sample, cases
from autodiff.ops.shared_rules import each
from autodiff.ops.tangents import of_symmetric


def _standardize(xp: Any, x: Any, *, axis: Axis, eps: float) -> Any:
    return xp.standardize(x, axis, eps)


def _standardize_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Axis, eps: float) -> Any:
    return xp.standardize_pull(g, x, axis, eps)


standardize: Structural = structural(
    "standardize",
    _standardize,
    [_standardize_vjp],
    jvp=of_symmetric(_standardize_vjp),
    notation=Notation.function("standardize"),
    reads=(0,),
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
    for shape, one, axis in (
        ((3, 4), (4,), (1,)),
        ((2, 3, 4), (3, 1), (0, 2)),
        ((2, 3, 2, 2), (3, 2, 1), (2, 3)),
        ((2, 3), (2, 3), 0),
    ):
        yield [rng.standard_normal(s) for s in (shape, one, one)], {"axis": axis, "eps": 0.1}


def _affine_vjp(
    xp: Any, g: Any, y: Any, x: Any, w: Any, b: Any, *, axis: Axis, eps: float, wanted: Any
) -> Any:
    return xp.affine_standardize_shares(g, x, w, axis, eps)


def _affine_jvp(
    xp: Any, tangents: Any, y: Any, x: Any, w: Any, b: Any, *, axis: Axis, eps: float
) -> Any:
    found, (to_x, to_w, to_b) = 0.0, tangents
    if to_x is not None:
        found = found + xp.standardize_pull(to_x, x, axis, eps) * w
    if to_w is not None:
        found = found + xp.standardize(x, axis=axis, eps=eps) * to_w
    return found if to_b is None else found + xp.broadcast_to(to_b, y.shape)


affine_standardize: Structural = structural(
    "affine_standardize",
    lambda xp, x, w, b, *, axis, eps: xp.affine_standardize(x, w, b, axis, eps),
    [each(_affine_vjp, i) for i in range(3)],
    together=_affine_vjp,
    jvp=_affine_jvp,
    notation=Notation(
        "{1} · standardize({0}) + {2}",
        r"{1}\,\operatorname{{standardize}}\left({0}\right) + {2}",
        ADDITIVE,
        (0, MULTIPLICATIVE, ADDITIVE),
    ),
    reads=(0, 1),
    samples=_factors_and_summands,
    factors=[
        (
            "({1} g − mean {1} g − z mean({1} g z)) / std",
            "({1} ⊙ g − mean({1} ⊙ g) − z ⊙ mean({1} ⊙ g ⊙ z)) / s, "
            "with z = ({0} − mean({0})) / s, s = √(var({0}) + eps)",
        ),
        (
            "⊙ standardize({0}), summed",
            "g ⊙ z, with z = ({0} − mean({0})) / √(var({0}) + eps), summed to the shape of {1}",
        ),
        ("summed", "g, summed to the shape of {2}"),
    ],
    ordered=True,
    sums=True,
    doc="w · (x - mean) / sqrt(var + eps) + b along axes, with w and b repeated to x.",
)
