"""Indexing and functional index update, for every index that NumPy accepts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.notation import Place, index_text
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import Sample

_INDICES: tuple[Any, ...] = (
    1,
    slice(0, 2),
    (slice(None), 2),
    (Ellipsis, None, slice(None, None, -1)),
    (np.array([0, 0, 2]),),
    (np.array([0, 0, 2]), np.array([1, 1, 3])),
    (slice(None), np.array([[0, 3], [3, 3]])),
)


def _cases(update: bool) -> Any:
    def samples(rng: np.random.Generator) -> Iterator[Sample]:
        mask = rng.random((3, 4)) > 0.5
        mask[0, 0] = True
        for index in (*_INDICES, mask):
            x = rng.standard_normal((3, 4))
            operands = [x, rng.standard_normal(x[index].shape)] if update else [x]
            yield operands, {"index": index}

    return samples


def _scatter_samples(rng: np.random.Generator) -> Iterator[Sample]:
    for (x,), params in _cases(update=False)(rng):
        yield [rng.standard_normal(x[params["index"]].shape)], {**params, "shape": x.shape}


def _into(place: Place) -> str:
    return f"into [{index_text(place.params['index'])}]"


def _picked(place: Place) -> str:
    return f"g[{index_text(place.params['index'])}]"


def _erased(place: Place) -> str:
    return f"0 at [{index_text(place.params['index'])}]"


getitem: Structural = structural(
    "getitem",
    lambda xp, x, *, index: x[index],
    [lambda xp, g, y, x, *, index: xp.scatter(g, index, x.shape)],
    notation=Notation("{0}[…]", r"{0}[\ldots]", 5, (5,)),
    linear=True,
    keeps=["index"],
    samples=_cases(update=False),
    factors=[("into the index", "g added at the index to zeros in the shape of {0}", _into)],
    doc="Elements chosen by an index; an element chosen twice gets both cotangents.",
)

scatter: Structural = structural(
    "scatter",
    lambda xp, x, *, index, shape: xp.scatter(x, index, shape),
    [lambda xp, g, y, x, *, index, shape: xp.getitem(g, index)],
    notation=Notation.function("scatter"),
    linear=True,
    keeps=["index"],
    samples=_scatter_samples,
    factors=[("g at the index", "g at the index", _picked)],
    doc="Zeros of a shape with the operand added at an index.",
)

index_add: Structural = structural(
    "index_add",
    lambda xp, x, v, *, index: xp.index_add(x, index, v),
    [
        lambda xp, g, y, x, v, *, index: g,
        lambda xp, g, y, x, v, *, index: unbroadcast(xp, xp.getitem(g, index), v.shape),
    ],
    notation=Notation.function("index_add", arity=2),
    linear=True,
    keeps=["index"],
    samples=_cases(update=True),
    factors=["1", ("g at the index", "g at the index", _picked)],
    doc="A copy with a value added at an index, repeated indices adding up.",
)


def _index_set_value_vjp(xp: Any, g: Any, y: Any, x: Any, v: Any, *, index: Any) -> Any:
    picked = xp.getitem(g, index)
    is_last = xp.last_writers(index, y.shape, math.prod(picked.shape))
    # Mostly no element is written twice; what stands in for an array is not asked.
    if is_last.__class__ is not np.ndarray or not is_last.all():
        picked = xp.where(is_last, picked, 0.0)
    return unbroadcast(xp, picked, v.shape)


index_set: Structural = structural(
    "index_set",
    lambda xp, x, v, *, index: xp.index_set(x, index, v),
    [
        lambda xp, g, y, x, v, *, index: xp.index_set(g, index, 0.0),
        _index_set_value_vjp,
    ],
    notation=Notation.function("index_set", arity=2),
    linear=True,
    keeps=["index"],
    samples=_cases(update=True),
    factors=[
        ("0 at the index", "g with zeros at the index", _erased),
        ("g at the index", "g at the index, 0 for what was overwritten", _picked),
    ],
    doc="A copy with the elements at an index replaced; of repeated indices the last wins.",
)
