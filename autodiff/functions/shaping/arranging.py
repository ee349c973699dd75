"""Axes added, turned and divided, with NumPy's names."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.linalg.structured import matrix_transpose
from autodiff.functions.shaping.joining import concatenate as concat
from autodiff.functions.shaping.shaping import flip, moveaxis, place_of_axis, swapaxes, transpose
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "concat",
    "fliplr",
    "flipud",
    "matrix_transpose",
    "permute_dims",
    "rollaxis",
    "rot90",
    "unflatten",
    "vander",
]


def with_axes(x: Any, ndim: int) -> Any:
    """An operand with axes of length 1 in front, so that it has at least so many.

    Example:
        >>> with_axes([1.0, 2.0], 3).shape
        (1, 1, 2)
    """
    x = as_operand(x)
    return x if x.ndim >= ndim else x.reshape((1,) * (ndim - x.ndim) + x.shape)


def _each(arys: Sequence[Any], change: Any) -> Any:
    found = tuple(change(as_operand(x)) for x in arys)
    return found[0] if len(found) == 1 else found


def atleast_1d(*arys: Any) -> Any:
    """Operands with at least one axis.

    Args:
        *arys: tensors, arrays or numbers.

    Returns:
        A tensor; of several operands a tuple of them.

    Example:
        >>> atleast_1d(3.0).shape
        (1,)
    """
    return _each(arys, lambda x: with_axes(x, 1))


def atleast_2d(*arys: Any) -> Any:
    """Operands with at least two axes, those of one axis as rows. See `atleast_1d`.

    Example:
        >>> atleast_2d([1.0, 2.0]).shape
        (1, 2)
    """
    return _each(arys, lambda x: with_axes(x, 2))


def atleast_3d(*arys: Any) -> Any:
    """Operands with at least three axes, the new last one after a matrix. See `atleast_1d`.

    Example:
        >>> atleast_3d([1.0, 2.0]).shape, atleast_3d([[1.0, 2.0]]).shape
        ((1, 2, 1), (1, 2, 1))
    """
    return _each(arys, lambda x: x if x.ndim > 2 else with_axes(x, 2).reshape(*_deep(x.shape)))


def _deep(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*(1,) * (2 - len(shape)), *shape, 1)


def flipud(m: TensorLike) -> Tensor:
    """Rows in reverse order.

    Derivative: of the result's gradient g, m receives g flipped along the same axes.

    Example:
        >>> flipud([1.0, 2.0]).tolist()
        [2.0, 1.0]
    """
    return flip(m, 0)


def fliplr(m: TensorLike) -> Tensor:
    """Columns in reverse order.

    Derivative: of the result's gradient g, m receives g flipped along the same axes.

    Example:
        >>> fliplr([[1.0, 2.0]]).tolist()
        [[2.0, 1.0]]
    """
    return flip(m, 1)


def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Tensor:
    """A quarter turn, or several, from the first axis towards the second.

    Args:
        m: at least two axes.
        k: how many quarters.
        axes: the plane of the turn.

    Returns:
        The turned tensor.

    Raises:
        ShapeError: the axes are not two different ones.

    Example:
        >>> rot90([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[2.0, 4.0], [1.0, 3.0]]
    """
    m = as_operand(m)
    places = [place_of_axis(a, m.ndim) for a in axes]
    if len(places) != 2 or places[0] == places[1]:
        raise ShapeError(f"'rot90' was given axes={axes}; give two different ones")
    first, second = places
    if k % 4 == 0:
        return m  # type: ignore[no-any-return]
    if k % 4 == 2:
        return flip(m, (first, second))
    turned = swapaxes(m, first, second)
    return flip(turned, first if k % 4 == 1 else second)


def rollaxis(a: TensorLike, axis: int, start: int = 0) -> Tensor:
    """An axis moved to stand before another; `moveaxis` is easier to read.

    Derivative: of the result's gradient g, a receives g with its axes back in the order of a.

    Example:
        >>> rollaxis(np.zeros((2, 3, 4)), 2).shape
        (4, 2, 3)
    """
    a = as_operand(a)
    axis = place_of_axis(axis, a.ndim)
    before = start if start == a.ndim else place_of_axis(start, a.ndim)
    return moveaxis(a, axis, before - 1 if axis < before else before)


def unflatten(x: Any, dim: int, sizes: Sequence[int]) -> Tensor:
    """PyTorch's `unflatten`: an axis divided into several.

    Args:
        x: tensor or array.
        dim: the axis.
        sizes: the lengths of the new axes; one may be -1 and is then worked out.

    Returns:
        The tensor in its new shape.

    Raises:
        ShapeError: the lengths do not give that of the axis.

    Derivative: of the result's gradient g, x receives g in the shape of x.

    Example:
        >>> unflatten(np.zeros((2, 6)), 1, (3, -1)).shape
        (2, 3, 2)
    """
    x = as_operand(x)
    place = place_of_axis(dim, x.ndim)
    lengths = [operator.index(n) for n in sizes]
    known = math.prod(n for n in lengths if n != -1)
    if lengths.count(-1) == 1 and known:
        lengths[lengths.index(-1)] = x.shape[place] // known
    if min(lengths, default=-1) < 0 or math.prod(lengths) != x.shape[place]:
        raise ShapeError(
            f"'unflatten' was given sizes {tuple(sizes)} for axis {dim} of length "
            f"{x.shape[place]}; their product must be that length"
        )
    return x.reshape(*x.shape[:place], *lengths, *x.shape[place + 1 :])  # type: ignore[no-any-return]


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Tensor:  # noqa: N803
    """Powers of numbers, a row for each: the matrix of Vandermonde.

    Args:
        x: one axis of numbers.
        N: the number of powers, as many as numbers by default.
        increasing: from the power 0 on, instead of down to it.

    Returns:
        The matrix.

    Raises:
        ShapeError: there is not one axis.

    Example:
        >>> vander([1.0, 2.0, 3.0]).tolist()
        [[1.0, 1.0, 1.0], [4.0, 2.0, 1.0], [9.0, 3.0, 1.0]]
    """
    x = as_operand(x)
    if x.ndim != 1:
        raise ShapeError(f"'vander' was given shape {x.shape}; give one axis")
    count = x.shape[0] if N is None else operator.index(N)
    powers = np.arange(count) if increasing else np.arange(count)[::-1]
    if x.dtype.kind in "biu":
        return x.reshape(-1, 1) ** powers  # type: ignore[no-any-return]
    return x.reshape(-1, 1) ** powers.astype(x.dtype)  # type: ignore[no-any-return]


def permute_dims(x: TensorLike, /, axes: tuple[int, ...]) -> Tensor:
    """Axes in another order; as `transpose`, with the order required.

    Derivative: of the result's gradient g, x receives g with its axes back in the order of x.

    Example:
        >>> permute_dims([[1.0, 2.0, 3.0]], (1, 0)).shape
        (3, 1)
    """
    return transpose(x, axes)
