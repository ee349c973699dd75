"""Inverses and solutions with respect to `tensordot`: tensors taken as matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autodiff.errors import ShapeError
from autodiff.functions.linalg.inverses import inv, solve
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["tensorinv", "tensorsolve"]


def tensorinv(a: TensorLike, ind: int = 2) -> Tensor:
    """The inverse with respect to `tensordot`: of a tensor as a matrix between its axes.

    Args:
        a: tensor or array; the product of its first ``ind`` lengths is that of the others.
        ind: how many of the first axes are the rows.

    Returns:
        A tensor of shape ``a.shape[ind:] + a.shape[:ind]``.

    Raises:
        ShapeError: the lengths do not fit.

    Example:
        >>> import numpy as np
        >>> tensorinv(np.eye(4).reshape(2, 2, 4)).shape
        (4, 2, 2)
    """
    node = as_operand(a)
    if ind <= 0:
        raise ShapeError(f"'tensorinv' was given ind={ind}; it must be at least 1")
    rows, columns = node.shape[:ind], node.shape[ind:]
    if math.prod(rows) != math.prod(columns):
        raise ShapeError(
            f"'tensorinv' was given shape {node.shape} with ind={ind}; the product of the "
            f"lengths {rows} must be that of {columns}"
        )
    return inv(node.reshape(math.prod(rows), -1)).reshape(columns + rows)


def tensorsolve(a: TensorLike, b: TensorLike, axes: Sequence[int] | None = None) -> Tensor:
    """The tensor x for which ``tensordot(a, x, x.ndim)`` is b.

    Args:
        a: tensor or array that has as many elements in its first axes as ``b``.
        b: tensor or array.
        axes: axes of ``a`` that are moved to its end first.

    Returns:
        The solution, of the shape of the remaining axes of ``a``.

    Raises:
        ShapeError: the lengths do not fit.

    Example:
        >>> import numpy as np
        >>> tensorsolve(2 * np.eye(4).reshape(2, 2, 4), np.ones((2, 2))).tolist()
        [0.5, 0.5, 0.5, 0.5]
    """
    left, right = operands_of([a, b])
    if axes is not None:
        moved = [axis % left.ndim for axis in axes]
        left = left.transpose([i for i in range(left.ndim) if i not in moved] + moved)
    wanted = left.shape[right.ndim :]
    if math.prod(wanted) != right.size or left.size != right.size**2:
        raise ShapeError(
            f"'tensorsolve' was given shapes {left.shape} and {right.shape}; the first must "
            "begin with the second, and the product of its other lengths be the same"
        )
    return solve(left.reshape(right.size, -1), right.reshape(-1)).reshape(wanted)
