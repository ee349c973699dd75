"""Slices taken along an axis and written to it, as PyTorch names them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from autodiff.errors import ShapeError
from autodiff.functions.indexing.indexing import index_set
from autodiff.functions.indexing.picking import whole
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["narrow", "select_scatter", "slice_scatter"]


def narrow(input: TensorLike, dim: int, start: int, length: int) -> Tensor:
    """So many elements along an axis, from one on.

    Args:
        input: tensor or array.
        dim: along which axis.
        start: the first; a negative one counts from the end.
        length: how many.

    Returns:
        A tensor of length ``length`` along the axis.

    Raises:
        ShapeError: the axis does not reach so far.

    Example:
        >>> narrow([1.0, 2.0, 3.0, 4.0], 0, 1, 2).tolist()
        [2.0, 3.0]
    """
    x, first, count = as_operand(input), operator.index(start), operator.index(length)
    along = place_of_axis(dim, x.ndim)
    low = first + x.shape[along] if first < 0 else first
    if count < 0 or not 0 <= low <= x.shape[along] - count:
        raise ShapeError(
            f"'narrow' was asked for {count} elements from {first} on of axis {dim}, which has "
            f"{x.shape[along]}"
        )
    return x[(*whole(along), slice(low, low + count))]


def select_scatter(input: TensorLike, src: TensorLike, dim: int, index: int) -> Tensor:
    """A copy with ``src`` written at one place along an axis.

    Args:
        input: tensor or array.
        src: what is written; broadcasts to the shape without that axis.
        dim: along which axis.
        index: where; a negative place counts from the end.

    Returns:
        The changed copy.

    Raises:
        ShapeError: the shapes do not fit.
        IndexError: there is no such place.

    Example:
        >>> select_scatter([[1.0, 2.0], [3.0, 4.0]], [8.0, 9.0], 1, 0).tolist()
        [[8.0, 2.0], [9.0, 4.0]]
    """
    return _written(input, src, dim, operator.index(index))


def slice_scatter(
    input: TensorLike,
    src: TensorLike,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """A copy with ``src`` written to a slice of an axis, as Python counts it.

    Args:
        input: tensor or array.
        src: what is written; broadcasts to the shape of the slice.
        dim: along which axis.
        start: the first place, 0 by default.
        end: the place after the last, the length by default.
        step: from one place to the next.

    Returns:
        The changed copy.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> slice_scatter([1.0, 2.0, 3.0, 4.0], [8.0, 9.0], start=1, end=3).tolist()
        [1.0, 8.0, 9.0, 4.0]
    """
    return _written(input, src, dim, slice(start, end, step))


def _written(x: Any, src: Any, dim: int, where: Any) -> Tensor:
    along = whole(place_of_axis(dim, as_operand(x).ndim))
    return index_set(x, (*along, where), src)
