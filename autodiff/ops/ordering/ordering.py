"""Order along an axis: sorting, partitioning, and picking elements by their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import Sample, cases

_PLACES = (np.array([[2, 0, 2, 2], [1, 0, 0, -1]]), np.array([[3, -4], [0, 0], [1, 2]]))


def _pick_samples(rng: np.random.Generator) -> Iterator[Sample]:
    for axis, places in enumerate(_PLACES):
        yield [rng.standard_normal((3, 4))], {"indices": places, "axis": axis}


def _scatter_samples(rng: np.random.Generator) -> Iterator[Sample]:
    for axis, places in enumerate(_PLACES):
        params = {"indices": places, "axis": axis - 2, "length": (3, 4)[axis]}
        yield [rng.standard_normal(places.shape)], params


take_along_axis: Structural = structural(
    "take_along_axis",
    lambda xp, x, *, indices, axis: xp.take_along_axis(x, indices, axis=axis),
    [lambda xp, g, y, x, *, indices, axis: xp.scatter_along_axis(g, indices, axis, x.shape[axis])],
    notation=Notation.function("take_along_axis"),
    linear=True,
    keeps=["indices"],
    samples=_pick_samples,
    factors=[
        ("into its places", "g added along the axis at the places to zeros in the shape of {0}")
    ],
    doc="Elements chosen along an axis by an array of places for every other axis.",
)

scatter_along_axis: Structural = structural(
    "scatter_along_axis",
    lambda xp, x, *, indices, axis, length: xp.scatter_along_axis(x, indices, axis, length),
    [
        lambda xp, g, y, x, *, indices, axis, length: xp.take_along_axis(g, indices, axis=axis),
    ],
    notation=Notation.function("scatter_along_axis"),
    linear=True,
    keeps=["indices"],
    samples=_scatter_samples,
    factors=[("g at its places", "g at the places along the axis")],
    doc="Zeros with the operand added along an axis at places, repeated ones adding up.",
)


def _sort_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    return xp.scatter_along_axis(g, xp.argsort(x, axis=axis, stable=True), axis, x.shape[axis])


sort: Structural = structural(
    "sort",
    lambda xp, x, *, axis=-1: xp.sort(x, axis=axis),
    [_sort_vjp],
    notation=Notation.function("sort"),
    reads=(0,),
    samples=cases(((5,), {}), ((3, 4), {"axis": 0}), ((3, 4), {"axis": -1})),
    factors=[("to its old place", "g at the places where the elements came from")],
    kinks="Equal elements count as rising in their order, and each gets the gradient of one place.",
    doc="Elements in rising order along an axis; of equal ones the first comes first.",
)


def _partition_vjp(xp: Any, g: Any, y: Any, x: Any, *, kth: Any, axis: int = -1) -> Any:
    order = xp.argpartition(x, kth, axis=axis)
    return xp.scatter_along_axis(g, order, axis, x.shape[axis])


partition: Structural = structural(
    "partition",
    lambda xp, x, *, kth, axis=-1: xp.take_along_axis(
        x, xp.argpartition(x, kth, axis=axis), axis=axis
    ),
    [_partition_vjp],
    notation=Notation.function("partition"),
    reads=(0,),
    samples=cases(
        ((5,), {"kth": 2}), ((3, 4), {"kth": (0, 2), "axis": 0}), ((3, 4), {"kth": 1, "axis": -1})
    ),
    factors=[("to its old place", "g at the places where the elements came from")],
    kinks="Of equal elements each gets the gradient of one place.",
    doc="Elements with the kth in its place, smaller ones before and larger ones after it.",
)
