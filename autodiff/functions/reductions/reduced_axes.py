"""The elements that a reduction takes together, laid out as rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.functions.reductions.reductions import Axis
from autodiff.functions.shaping.shaping import moveaxis, place_of_axis
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

__all__: list[str] = []


def rows_of(a: Any, axis: Axis, keepdims: bool) -> tuple[Any, tuple[int, ...]]:
    """The elements to reduce along one last axis, and the shape of the results.

    Example:
        >>> rows, shape = rows_of(as_operand(np.zeros((2, 3, 4))), (0, 2), True)
        >>> rows.shape, shape
        ((3, 8), (1, 3, 1))
    """
    if axis is None:
        return a.reshape(-1), (1,) * a.ndim if keepdims else ()
    axes = [place_of_axis(i, a.ndim) for i in (axis if isinstance(axis, tuple) else (axis,))]
    kept = [i for i in range(a.ndim) if i not in axes]
    rest = [1 if i in axes else n for i, n in enumerate(a.shape) if keepdims or i in kept]
    length = math.prod(a.shape[i] for i in axes)
    moved = a.transpose(*kept, *axes) if a.ndim > 1 else a
    return moved.reshape(*(a.shape[i] for i in kept), length), tuple(rest)


def spread_along(weights: Any, a: Any, axis: Axis) -> Any:
    """Numbers for the places of one axis, in the shape of the whole.

    Example:
        >>> spread_along([1.0, 2.0], np.zeros((2, 3)), 0).shape
        (2, 3)
    """
    shape = [1] * a.ndim
    shape[axis if isinstance(axis, int) else 0] = -1
    return np.broadcast_to(np.reshape(as_operand(weights)._data, shape), a.shape)


def laid_out(y: Any, shape: tuple[int, ...]) -> Tensor:
    """Results of rows with their last axis in front, in the shape wanted.

    Example:
        >>> laid_out(as_operand(np.zeros((3, 2))), (2, 3, 1)).shape
        (2, 3, 1)
    """
    return moveaxis(y, -1, 0).reshape(*shape)
