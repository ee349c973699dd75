"""Pooled elements put back to the places that `max_pool2d` and its like gave."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.images.spatial import moving, unbatched
from autodiff.functions.indexing.indexing import index_set, plain_index
from autodiff.functions.indexing.placing import put_along_axis
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]

Axes = int | tuple[int, ...]


def max_unpool1d(
    x: TensorLike,
    indices: Any,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes = 0,
    output_size: tuple[int, ...] | None = None,
) -> Tensor:
    """Elements of signals put back to their places; parameters as for `max_unpool2d`.

    Example:
        >>> max_unpool1d([[3.0, 5.0]], [[1, 3]], 2).tolist()
        [[0.0, 3.0, 0.0, 5.0]]
    """
    return _unpool("max_unpool1d", 1, x, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    x: TensorLike,
    indices: Any,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes = 0,
    output_size: tuple[int, ...] | None = None,
) -> Tensor:
    """Zeros, but for pooled elements at the places they came from.

    Args:
        x: of shape (N, C, H, W) or (C, H, W).
        indices: places that `max_pool2d` gave, of the shape of ``x``; of equal ones the last
            wins.
        kernel_size: as given to `max_pool2d`.
        stride: as given to it.
        padding: as given to it.
        output_size: the lengths that were pooled, or the whole shape, where these settings
            leave a choice.

    Returns:
        A tensor of shape (N, C, *output_size) or (C, *output_size).

    Raises:
        ShapeError: the shapes of ``x`` and ``indices`` differ.
        IndexError: a place does not exist.
        ValueError: a setting is out of range.

    Example:
        >>> max_unpool2d([[[4.0]]], [[[2]]], 2).tolist()
        [[[0.0, 0.0], [4.0, 0.0]]]
    """
    return _unpool("max_unpool2d", 2, x, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    x: TensorLike,
    indices: Any,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes = 0,
    output_size: tuple[int, ...] | None = None,
) -> Tensor:
    """Elements of volumes put back to their places; parameters as for `max_unpool2d`.

    Example:
        >>> max_unpool3d([[[[4.0]]]], [[[[2]]]], (1, 1, 3)).tolist()
        [[[[0.0, 0.0, 4.0]]]]
    """
    return _unpool("max_unpool3d", 3, x, indices, kernel_size, stride, padding, output_size)


def _unpool(
    name: str, n: int, x: Any, indices: Any, kernel: Any, stride: Any, padding: Any, output: Any
) -> Tensor:
    x, places = as_operand(x), as_operand(indices)
    if places.shape != x.shape or places.dtype.kind not in "iu":
        raise ShapeError(
            f"{name}() was given x of shape {x.shape} and indices of shape {places.shape} and "
            f"dtype {places.dtype}; give the integers that the pooling gave"
        )
    x, single = unbatched(name, x, n, "C")
    move = moving(name, x.shape[2:], kernel, stride, padding, 1, False)
    if output is None:
        each = zip(x.shape[2:], move.kernel, move.stride, move.padding, strict=True)
        sizes = tuple((m - 1) * s + k - 2 * a for m, k, s, (a, _) in each)
    else:
        sizes = tuple(output)[-n:]
    if len(sizes) != n or min(sizes) < 1:
        raise ValueError(f"{name}() was given output_size={output!r}; give {n} positive lengths")
    lead, size = math.prod(x.shape[:2]), math.prod(sizes)
    places = plain_index(places)
    if places.__class__ is np.ndarray and places.size and -1 < places.min() <= places.max() < size:
        # All planes as one row: one index is faster than one for each axis.
        at: Any = (places.reshape(lead, -1) + np.arange(lead)[:, None] * size).reshape(-1)
        filled = index_set(constant(np.zeros(lead * size, x.dtype)), at, x.reshape(-1))
    else:
        rows = x.reshape((*x.shape[:2], math.prod(x.shape[2:])))
        empty = constant(np.zeros((*x.shape[:2], size), x.dtype))
        filled = put_along_axis(empty, places.reshape(rows.shape), rows, 2)
    y = filled.reshape((*x.shape[:2], *sizes))
    return y[0] if single else y
