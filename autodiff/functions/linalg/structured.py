"""Parts of matrices, and matrices made of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.linalg.operands import conjugate, matrix
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping import joining, shaping
from autodiff.functions.shaping.padding import pad
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = ["block_diag", "circulant", "diagonal", "matrix_transpose", "toeplitz", "trace"]


def matrix_transpose(x: TensorLike, /) -> Tensor:
    """Matrices with their last two axes exchanged.

    Example:
        >>> matrix_transpose([[1.0, 2.0]]).tolist()
        [[1.0], [2.0]]
    """
    return shaping.swapaxes(matrix(x, "matrix_transpose"), -1, -2)


def diagonal(x: TensorLike, /, *, offset: int = 0) -> Tensor:
    """Diagonals of the matrices in the last two axes.

    Args:
        x: tensor or array of shape (…, m, n).
        offset: how many places above the main diagonal, below it if negative.

    Returns:
        The diagonals, along the last axis.

    Raises:
        ShapeError: there are no matrices.

    Example:
        >>> diagonal([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [1.0, 4.0]
    """
    node = matrix(x, "diagonal")
    m, n = node.shape[-2:]
    count = max(0, min(m + min(offset, 0), n - max(offset, 0)))
    places = np.arange(count)
    return node[..., places - min(offset, 0), places + max(offset, 0)]  # type: ignore[no-any-return]


def trace(x: TensorLike, /, *, offset: int = 0, dtype: npt.DTypeLike | None = None) -> Tensor:
    """Sums of the diagonals of the matrices in the last two axes.

    Args:
        x: tensor or array of shape (…, m, n).
        offset: which diagonal, as for `diagonal`.
        dtype: the type to sum in.

    Returns:
        The sums, of shape (…).

    Example:
        >>> trace([[1.0, 2.0], [3.0, 4.0]]).item()
        5.0
    """
    found = diagonal(x, offset=offset)
    return reductions.sum(found if dtype is None else shaping.astype(found, dtype), axis=-1)


def block_diag(*arrays: Any) -> Tensor:
    """A matrix with given ones along its diagonal, and zeros elsewhere.

    Args:
        *arrays: matrices, or vectors and numbers that stand for rows.

    Returns:
        A matrix with as many rows and columns as they have together.

    Example:
        >>> block_diag([[1.0]], [[2.0, 3.0]]).tolist()
        [[1.0, 0.0, 0.0], [0.0, 2.0, 3.0]]
    """
    nodes = [x.reshape((1,) * (2 - x.ndim) + x.shape) for x in operands_of(arrays)]
    width = sum(x.shape[1] for x in nodes)
    rows, start = [], 0
    for x in nodes:
        rows.append(pad(x, ((0, 0), (start, width - start - x.shape[1]))))
        start += x.shape[1]
    return joining.concatenate(rows, axis=0)


def toeplitz(c: TensorLike, r: Any = None) -> Tensor:
    """A matrix that is constant along its diagonals.

    Args:
        c: its first column.
        r: its first row, of which the first element is not read; the column, conjugated, by
            default.

    Returns:
        A matrix of shape (len(c), len(r)).

    Example:
        >>> toeplitz([1.0, 2.0], [1.0, 3.0]).tolist()
        [[1.0, 3.0], [2.0, 1.0]]
    """
    column, given = operands_of((c, r))
    column = column.reshape(-1)
    row: Any = conjugate(column) if given is None else given.reshape(-1)
    m, n = column.size, row.size
    values = joining.concatenate([shaping.flip(column), row[1:]], axis=0)
    return values[m - 1 - np.arange(m)[:, None] + np.arange(n)]


def circulant(c: TensorLike) -> Tensor:
    """A square matrix whose columns are a first one, turned further by one place each.

    Args:
        c: its first column, of shape (…, n).

    Returns:
        The matrix, of shape (…, n, n).

    Example:
        >>> circulant([1.0, 2.0, 3.0]).tolist()
        [[1.0, 3.0, 2.0], [2.0, 1.0, 3.0], [3.0, 2.0, 1.0]]
    """
    column = as_operand(c)
    places = np.arange(column.shape[-1])
    return column[..., (places[:, None] - places) % max(len(places), 1)]
