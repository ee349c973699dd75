"""Gathering many elements into few: by PyTorch's `scatter_reduce` and JAX's segments."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_stand_in
from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.indexing.indexing import index_add, index_set, plain_index
from autodiff.functions.indexing.picking import covered
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.ops.indexing import scattering
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "bincount",
    "index_max",
    "index_min",
    "index_multiply",
    "scatter_add",
    "scatter_reduce",
    "segment_max",
    "segment_min",
    "segment_prod",
    "segment_sum",
]


def index_max(x: TensorLike, index: Any, v: TensorLike) -> Tensor:
    """A copy of ``x`` with the largest of what is there and all that is put there.

    Equal largest ones share the gradient.

    Args:
        x: tensor or array.
        index: any of NumPy's indices.
        v: what is put there; broadcasts against the selected shape.

    Returns:
        The changed copy.

    Example:
        >>> index_max([1.0, 2.0], [0, 0], [5.0, 4.0]).tolist()
        [5.0, 2.0]
    """
    x, v = operands_of((x, v))
    return apply(scattering.index_max, x, v, index=plain_index(index))


def index_min(x: TensorLike, index: Any, v: TensorLike) -> Tensor:
    """A copy of ``x`` with the smallest of what is there and all that is put there.

    Parameters as for `index_max`.

    Example:
        >>> index_min([1.0, 2.0], [1, 1], [5.0, 1.5]).tolist()
        [1.0, 1.5]
    """
    x, v = operands_of((x, v))
    return apply(scattering.index_min, x, v, index=plain_index(index))


def index_multiply(x: Any, index: Any, v: Any) -> Tensor:
    """A copy of ``x`` multiplied at an index, repeated places by every factor.

    Derivatives are exact where factors are 0. The index must be known before a compiled
    step begins. Parameters as for `index_max`.

    Example:
        >>> index_multiply([1.0, 2.0], [1, 1], [5.0, 0.5]).tolist()
        [1.0, 5.0]
    """
    x, v = operands_of((x, v))
    plain = plain_index(index)
    target = np.arange(x.size).reshape(x.shape)[plain]
    factors = (v + constant(np.zeros(target.shape, v.dtype))).reshape(-1)
    flat = target.reshape(-1)
    # The factors of one place become one row, filled up with ones.
    order = np.argsort(flat, stable=True)
    places, starts, counts = np.unique(flat[order], return_index=True, return_counts=True)
    row = np.repeat(np.arange(places.size), counts)
    column = np.arange(flat.size) - np.repeat(starts, counts)
    ones = constant(np.ones((places.size, int(counts.max(initial=0))), v.dtype))
    rows = index_set(ones, (row, column), factors[order])
    old = x.reshape(-1)
    new = old[places] * reductions.prod(rows, axis=1)
    return index_set(old, places, new).reshape(x.shape)


def _target(x: Any, dim: int, index: Any, src: Any, name: str) -> tuple[Any, Any, Any]:
    """The operand, the index into it and what is put there, for an index of PyTorch's kind."""
    index = as_operand(index)
    if x.ndim == 0:
        # As in PyTorch a single number is a vector of one, and the index likewise.
        x, index = x.reshape(1), index.reshape(-1)
    along = place_of_axis(dim, x.ndim)
    covered(x.shape, index.shape, along, name)
    if src.ndim:
        src = src[covered(src.shape, index.shape, x.ndim, name)]
    grid = [
        np.arange(n).reshape((-1,) + (1,) * (x.ndim - 1 - i)) for i, n in enumerate(index.shape)
    ]
    places = plain_index(index)
    return x, tuple(places if i == along else g for i, g in enumerate(grid)), src


def scatter_add(x: TensorLike, dim: int, index: Any, src: TensorLike) -> Tensor:
    """PyTorch's `scatter_add`: a copy with ``src`` added along an axis at an index.

    Args:
        x: tensor or array.
        dim: along which axis.
        index: integers with as many axes as ``x``, elsewhere nowhere longer.
        src: what is added, nowhere shorter than ``index``; or a number.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> scatter_add([0.0, 0.0], 0, [1, 1, 0], [1.0, 2.0, 4.0]).tolist()
        [4.0, 3.0]
    """
    given, src = operands_of((x, src))
    x, places, src = _target(given, dim, index, src, "scatter_add")
    return index_add(x, places, src).reshape(given.shape)


def scatter_reduce(
    x: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True
) -> Tensor:
    """PyTorch's `scatter_reduce`: elements put to the same place are combined.

    Args:
        x: tensor or array.
        dim: along which axis.
        index: integers with as many axes as ``x``, elsewhere nowhere longer.
        src: what is put there, nowhere shorter than ``index``; or a number.
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: the element of ``x`` takes part.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: ``reduce`` is another one.

    Example:
        >>> scatter_reduce([1.0, 1.0], 0, [1, 1], [2.0, 6.0], "mean").tolist()
        [1.0, 3.0]
    """
    neutral = {"sum": 0.0, "prod": 1.0, "mean": 0.0, "amax": -np.inf, "amin": np.inf}
    if reduce not in neutral:
        raise ValueError(
            f"scatter_reduce() knows 'sum', 'prod', 'mean', 'amax' and 'amin', not {reduce!r}"
        )
    given, src = operands_of((x, src))
    x, places, src = _target(given, dim, index, src, "scatter_reduce")
    half = reduce == "mean" and x.dtype == src.dtype == np.float16
    if half:
        # A count of ones stands still at 2048 there.
        x, src = x.astype(np.float32), src.astype(np.float32)
    start = x if include_self else index_set(x, places, neutral[reduce])
    if reduce in ("sum", "mean"):
        y = index_add(start, places, src)
        y = y if reduce == "sum" else _shared(y, places, include_self)
        return (y.astype(np.float16) if half else y).reshape(given.shape)
    function = {"prod": index_multiply, "amax": index_max, "amin": index_min}[reduce]
    return function(start, places, src).reshape(given.shape)


def _shared(total: Tensor, places: Any, include_self: bool) -> Tensor:
    ones = constant(np.full(total.shape, float(include_self), total.dtype))
    count = index_add(ones, places, 1.0)
    return total / elementwise.maximum(count, 1)


def _segments(ids: Any, count: int | None) -> tuple[Any, int]:
    places = plain_index(as_operand(ids))
    if count is None:
        count = int(places.max()) + 1 if places.size else 0
    count = operator.index(count)
    if not is_stand_in(places) and places.size:
        low, high = places.min(), places.max()
        if low < 0 or high >= count:
            raise IndexError(
                f"segment_ids from {low} to {high} were given for {count} segments; give numbers "
                f"from 0 to {count - 1}"
            )
    return places, count


def _empty(data: Any, count: int, value: float) -> Tensor:
    return constant(np.full((count, *data.shape[1:]), value, data.dtype))


def segment_sum(data: Any, segment_ids: Any, num_segments: int | None = None) -> Tensor:
    """Sums of the rows with the same number, as in JAX.

    Args:
        data: tensor or array; its first axis is divided.
        segment_ids: the number of each row's segment, in any order.
        num_segments: how many there are; the largest number and one by default.

    Returns:
        One row per segment; 0 for an empty one.

    Example:
        >>> segment_sum([1.0, 2.0, 4.0], [0, 1, 0]).tolist()
        [5.0, 2.0]
    """
    data = as_operand(data)
    places, count = _segments(segment_ids, num_segments)
    return index_add(_empty(data, count, 0), places, data)


def segment_prod(data: Any, segment_ids: Any, num_segments: int | None = None) -> Tensor:
    """Products of the rows with the same number; 1 for an empty segment. See `segment_sum`.

    Example:
        >>> segment_prod([1.0, 2.0, 4.0], [0, 1, 0]).tolist()
        [4.0, 2.0]
    """
    data = as_operand(data)
    places, count = _segments(segment_ids, num_segments)
    return index_multiply(_empty(data, count, 1), places, data)


def segment_max(data: Any, segment_ids: Any, num_segments: int | None = None) -> Tensor:
    """Largest of the rows with the same number; -∞ for an empty segment. See `segment_sum`.

    Example:
        >>> segment_max([1.0, 2.0, 4.0], [0, 1, 0]).tolist()
        [4.0, 2.0]
    """
    data = as_operand(data)
    places, count = _segments(segment_ids, num_segments)
    return index_max(_empty(data, count, _bound(data.dtype, -1)), places, data)


def segment_min(data: Any, segment_ids: Any, num_segments: int | None = None) -> Tensor:
    """Smallest of the rows with the same number; ∞ for an empty segment. See `segment_sum`.

    Example:
        >>> segment_min([1.0, 2.0, 4.0], [0, 1, 0]).tolist()
        [1.0, 2.0]
    """
    data = as_operand(data)
    places, count = _segments(segment_ids, num_segments)
    return index_min(_empty(data, count, _bound(data.dtype, 1)), places, data)


def _bound(dtype: Any, sign: int) -> Any:
    if dtype.kind == "f":
        return sign * np.inf
    limits = np.iinfo(dtype)
    return limits.min if sign < 0 else limits.max


def bincount(x: TensorLike, weights: TensorLike | None = None, minlength: int = 0) -> Tensor:
    """How often each integer occurs, or the sum of the weights that it has.

    Args:
        x: non-negative integers along one axis.
        weights: one for each, which get gradients; without them the counts are integers.
        minlength: the least length of the result.

    Returns:
        One number for each integer from 0 to the largest.

    Raises:
        ShapeError: there is not one axis, or not one weight for each.

    Example:
        >>> bincount([0, 2, 2], weights=[1.0, 2.0, 3.0]).tolist()
        [1.0, 0.0, 5.0]
    """
    places = as_operand(x)
    if places.ndim != 1 or (weights is not None and as_operand(weights).shape != places.shape):
        given = f" and weights of shape {as_operand(weights).shape}" if weights is not None else ""
        raise ShapeError(f"'bincount' was given shape {places.shape}{given}; give one axis in both")
    found = plain_index(places)
    if weights is None:
        return constant(np.bincount(found, minlength=minlength))
    least = int(found.max()) + 1 if found.size else 0
    return segment_sum(weights, found, max(least, minlength))
