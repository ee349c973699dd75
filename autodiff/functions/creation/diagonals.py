"""Diagonals: taken out, put in, summed."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.dtypes import get_default_dtype
from autodiff.errors import ShapeError
from autodiff.functions.indexing import indexing
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping.shaping import moveaxis, place_of_axis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = ["diag", "diag_embed", "diagflat", "diagonal", "diagonal_scatter", "trace", "tri"]


def diagonal(a: TensorLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Elements whose places along two axes differ by an offset.

    Args:
        a: tensor or array with at least two axes.
        offset: which diagonal: 0 the main one, above it positive.
        axis1: the axis of rows.
        axis2: the axis of columns.

    Returns:
        A tensor with the other axes of ``a`` and the diagonal as its last.

    Raises:
        ShapeError: there are fewer than two axes, or the two are one.

    Example:
        >>> diagonal([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [1.0, 4.0]
    """
    a = as_operand(a)
    if a.ndim < 2:
        raise ShapeError(f"'diagonal' was given shape {a.shape}; give at least two axes")
    matrices = moveaxis(a, (axis1, axis2), (-2, -1))
    height, width = matrices.shape[-2:]
    rows, columns = _places(height, width, operator.index(offset))
    return matrices[..., rows, columns]


def _places(rows: int, columns: int, offset: int) -> tuple[Any, Any]:
    down, right = max(-offset, 0), max(offset, 0)
    steps = np.arange(max(min(rows - down, columns - right), 0))
    return steps + down, steps + right


def diag(v: TensorLike, k: int = 0) -> Tensor:
    """The diagonal of a matrix; of a vector, the matrix with that diagonal.

    Args:
        v: one or two axes.
        k: which diagonal: 0 the main one, above it positive.

    Returns:
        A vector or a matrix.

    Raises:
        ShapeError: there are other than one or two axes.

    Example:
        >>> diag([1.0, 2.0]).tolist(), diag([[1.0, 2.0], [3.0, 4.0]], 1).tolist()
        ([[1.0, 0.0], [0.0, 2.0]], [2.0])
    """
    v = as_operand(v)
    if v.ndim not in (1, 2):
        raise ShapeError(
            f"'diag' was given shape {v.shape}; give a vector or a matrix, or use "
            "autodiff.diagonal or autodiff.diag_embed for more axes"
        )
    return diag_embed(v, k) if v.ndim == 1 else diagonal(v, k)


def diagflat(v: TensorLike, k: int = 0) -> Tensor:
    """The matrix with all elements on a diagonal; parameters as for `diag`.

    Example:
        >>> diagflat([[1.0], [2.0]]).tolist()
        [[1.0, 0.0], [0.0, 2.0]]
    """
    return diag_embed(as_operand(v).reshape(-1), k)


def diag_embed(input: TensorLike, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """PyTorch's `diag_embed`: matrices with the last axis as a diagonal, 0 elsewhere.

    Args:
        input: tensor or array with at least one axis.
        offset: which diagonal: 0 the main one, above it positive.
        dim1: the axis of rows in the result.
        dim2: the axis of columns in the result.

    Returns:
        A tensor with one axis more.

    Raises:
        ShapeError: there is no axis, or the two of the result are one.

    Example:
        >>> diag_embed([[1.0], [2.0]]).tolist()
        [[[1.0]], [[2.0]]]
    """
    v = as_operand(input)
    if v.ndim == 0:
        raise ShapeError("'diag_embed' needs at least one axis, but was given a single number")
    offset = operator.index(offset)
    if place_of_axis(dim1, v.ndim + 1) == place_of_axis(dim2, v.ndim + 1):
        raise ShapeError(f"'diag_embed' was given dim1={dim1} and dim2={dim2}, which are one axis")
    size = v.shape[-1] + abs(offset)
    place = (..., *_places(size, size, offset))
    return moveaxis(indexing.scatter(v, place, (*v.shape[:-1], size, size)), (-2, -1), (dim1, dim2))


def diagonal_scatter(
    input: TensorLike, src: TensorLike, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """PyTorch's `diagonal_scatter`: a copy with ``src`` written to a diagonal.

    Args:
        input: tensor or array with at least two axes.
        src: what is written; broadcasts to the shape of the `diagonal`.
        offset: which diagonal: 0 the main one, above it positive.
        dim1: the axis of rows.
        dim2: the axis of columns.

    Returns:
        The changed copy.

    Raises:
        ShapeError: there are fewer than two axes, or the shapes do not fit.

    Example:
        >>> diagonal_scatter([[1.0, 2.0], [3.0, 4.0]], [8.0, 9.0]).tolist()
        [[8.0, 2.0], [3.0, 9.0]]
    """
    x, v = operands_of((input, src))
    if x.ndim < 2:
        raise ShapeError(f"'diagonal_scatter' was given shape {x.shape}; give at least two axes")
    matrices = moveaxis(x, (dim1, dim2), (-2, -1))
    rows, columns = matrices.shape[-2:]
    place = (..., *_places(rows, columns, operator.index(offset)))
    return moveaxis(indexing.index_set(matrices, place, v), (-2, -1), (dim1, dim2))


def trace(
    a: TensorLike,
    offset: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    dtype: npt.DTypeLike | None = None,
) -> Tensor:
    """Sum of a diagonal. Parameters as for `diagonal`.

    Args:
        a: tensor or array with at least two axes.
        offset: which diagonal.
        axis1: the axis of rows.
        axis2: the axis of columns.
        dtype: the type to compute in, that of ``a`` by default.

    Returns:
        A tensor with the other axes of ``a``.

    Example:
        >>> trace([[1.0, 2.0], [3.0, 4.0]]).item()
        5.0
    """
    return reductions.sum(diagonal(a, offset, axis1, axis2), -1, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: npt.DTypeLike | None = None) -> Tensor:  # noqa: N803
    """A constant matrix of ones on and below a diagonal, zeros above.

    Args:
        N: the number of rows.
        M: the number of columns, as many by default.
        k: the diagonal: 0 the main one, above it positive.
        dtype: of the result, the default floating type if not given.

    Returns:
        The matrix.

    Example:
        >>> tri(2, 3).tolist()
        [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]
    """
    wanted = np.dtype(get_default_dtype() if dtype is None else dtype)
    return constant(np.tri(N, M, k, dtype=wanted))
