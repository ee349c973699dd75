"""Products and cumulative sums along an axis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import Axis, expand_reduced, normalize_axes
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases
from autodiff.ops.tangents import of_reduction, of_symmetric


def _exclusive_product(xp: Any, x: Any) -> Any:
    n = x.shape[-1]
    if n == 0:
        return x
    ones = xp.ones_like(x[..., :1])
    before = xp.cumprod(xp.concatenate([ones, x[..., :-1]], axis=-1), axis=-1)
    after = xp.cumprod(xp.concatenate([ones, xp.flip(x[..., 1:], axis=-1)], axis=-1), axis=-1)
    return before * xp.flip(after, axis=-1)


def _exclusive_product_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    # d y_i / d x_j is the product of all but i and j: exclusive products of the rows
    # of a matrix whose row i is x with x_i replaced by 1. Exact where elements are 0.
    n = x.shape[-1]
    diagonal = np.eye(n, dtype=bool)
    rows = xp.where(diagonal, 1.0, xp.expand_dims(x, -2))
    pairs = xp.where(diagonal, 0.0, xp.exclusive_product(rows))
    return xp.sum(xp.expand_dims(g, -1) * pairs, axis=-2)


exclusive_product: Structural = structural(
    "exclusive_product",
    _exclusive_product,
    [_exclusive_product_vjp],
    jvp=of_symmetric(_exclusive_product_vjp),
    notation=Notation("Π₍≠₎ {0}", r"\prod_{{\ne}} {0}", 2, (3,)),
    reads=(0,),
    samples=cases(((4,), {}), ((2, 3), {})),
    factors=[("⊙ Π of the others", "the sum of each g times the product of all elements but two")],
    doc="Product of all other elements along the last axis.",
)


def _prod_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    axes = normalize_axes(axis, len(x.shape))
    kept = tuple(i for i in range(len(x.shape)) if i not in axes)
    order = kept + axes
    moved = xp.transpose(x, order) if order != tuple(range(len(order))) else x
    size = math.prod(x.shape[a] for a in axes)
    flat = xp.reshape(moved, (*(x.shape[i] for i in kept), size))
    others = xp.reshape(xp.exclusive_product(flat), moved.shape)
    inverse = tuple(int(i) for i in np.argsort(order))
    others = xp.transpose(others, inverse) if inverse != tuple(range(len(order))) else others
    return expand_reduced(xp, g, x.shape, axis, keepdims) * others


prod: Structural = structural(
    "prod",
    lambda xp, x, *, axis=None, keepdims=False: xp.prod(x, axis=axis, keepdims=keepdims),
    [_prod_vjp],
    jvp=of_reduction(_prod_vjp),
    notation=Notation("Π {0}", r"\prod {0}", 2, (3,)),
    reads=(0,),
    samples=cases(
        ((3, 4), {}),
        ((3, 4), {"axis": 0}),
        ((2, 3, 2), {"axis": (0, 2), "keepdims": True}),
        ((4,), {"axis": -1}),
    ),
    factors=[("⊙ Π of the others", "g ⊙ the product of the other elements")],
    doc="Product of the elements along axes, exact where elements are 0.",
)


def _cumsum_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    return xp.flip(xp.cumsum(xp.flip(g, axis=axis), axis=axis), axis=axis)


cumsum: Structural = structural(
    "cumsum",
    lambda xp, x, *, axis=-1: xp.cumsum(x, axis=axis),
    [_cumsum_vjp],
    notation=Notation.function("cumsum"),
    linear=True,
    samples=cases(((4,), {"axis": 0}), ((3, 4), {"axis": 1}), ((3, 4), {"axis": -2})),
    factors=[("Σ from the end", "the sums of g from the end")],
    doc="Running sum along an axis.",
)
