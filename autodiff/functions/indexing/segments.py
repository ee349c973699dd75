"""Rows with the same number combined, as JAX's segments and NumPy's `bincount` do."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_stand_in
from autodiff.errors import ShapeError
from autodiff.functions.indexing.indexing import index_add, plain_index
from autodiff.functions.indexing.scattering import index_max, index_min, index_multiply
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["bincount", "segment_max", "segment_min", "segment_prod", "segment_sum"]


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
