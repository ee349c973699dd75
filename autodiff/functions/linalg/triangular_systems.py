"""Triangular systems, and systems solved with a factorization at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.factorizations import permutation_matrix
from autodiff.functions.linalg.inverses import solve
from autodiff.functions.linalg.operands import adjoint, square
from autodiff.functions.products import linear
from autodiff.functions.shaping import shaping
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["cho_solve", "cholesky_inverse", "lu_solve", "solve_triangular"]


def solve_triangular(
    a: TensorLike,
    b: TensorLike,
    trans: Literal[0, 1, 2, "N", "T", "C"] = 0,
    lower: bool = False,
    unit_diagonal: bool = False,
) -> Tensor:
    """Solutions x of a x = b for triangular matrices.

    Args:
        a: tensor or array of shape (…, n, n). Only the triangle is read, and only it has a
            gradient.
        b: one vector of shape (n,), or columns of shape (…, n, k).
        trans: 0 or ``"N"`` for a x = b, 1 or ``"T"`` for aᵀ x = b, 2 or ``"C"`` for the
            adjoint.
        lower: the triangle is the lower one.
        unit_diagonal: the diagonal is taken to be 1, and not read.

    Returns:
        The solutions, of the shape of ``b`` with the leading axes of both.

    Raises:
        ShapeError: the shapes do not fit.
        LinAlgError: there is a 0 on a diagonal.

    Example:
        >>> solve_triangular([[2.0, 0.0], [1.0, 1.0]], [2.0, 3.0], lower=True).tolist()
        [1.0, 2.0]
    """
    left, right = operands_of([a, b])
    left = square(left, "solve_triangular")
    n = left.shape[-1]
    mask = np.tri(n, n, -1 if unit_diagonal else 0, dtype=bool)
    left = elementwise.where(mask if lower else mask.T, left, 0.0)
    if unit_diagonal:
        left = elementwise.where(np.eye(n, dtype=bool), 1.0, left)
    codes: dict[Any, str] = {0: "N", 1: "T", 2: "C", "N": "N", "T": "T", "C": "C"}
    code = codes.get(trans)
    if code is None:
        raise ValueError(f"trans was given as {trans!r}; it must be 0, 1, 2, 'N', 'T' or 'C'")
    if code != "N":
        left = adjoint(left) if code == "C" else shaping.swapaxes(left, -1, -2)
    if lower == (code == "N"):
        # Turned round it is upper triangular, so elimination finds nothing to do and the
        # accuracy is that of substitution.
        axis = -1 if right.ndim == 1 else -2
        turned = solve(shaping.flip(left, (-1, -2)), shaping.flip(right, axis))
        return shaping.flip(turned, axis)
    return solve(left, right)


def cho_solve(c_and_lower: tuple[Any, bool], b: TensorLike) -> Tensor:
    """Solutions x of a x = b, given the Cholesky factor of a.

    Args:
        c_and_lower: the factor, of shape (…, n, n), and whether it is the lower one.
        b: one vector of shape (n,), or columns of shape (…, n, k).

    Returns:
        The solutions, of the shape of ``b``.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> cho_solve(([[2.0, 0.0], [0.0, 1.0]], True), [4.0, 3.0]).tolist()
        [1.0, 3.0]
    """
    c, lower = c_and_lower
    first = solve_triangular(c, b, trans="N" if lower else "C", lower=lower)
    return solve_triangular(c, first, trans="C" if lower else "N", lower=lower)


def cholesky_inverse(a: TensorLike, upper: bool = False) -> Tensor:
    """Inverses (L Lᴴ)⁻¹ of matrices, given their Cholesky factors L.

    Args:
        a: the factors, tensor or array of shape (…, n, n). Only the triangle is read, and only
            it has a gradient.
        upper: the factors are Lᴴ.

    Returns:
        The inverses, of the same shape.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: there is a 0 on a diagonal.

    Example:
        >>> cholesky_inverse([[2.0, 0.0], [0.0, 1.0]]).tolist()
        [[0.25, 0.0], [0.0, 1.0]]
    """
    factor = square(as_operand(a), "cholesky_inverse")
    unit = np.eye(factor.shape[-1], dtype=factor.dtype)
    return cho_solve((factor, not upper), np.broadcast_to(unit, factor.shape))


def lu_solve(lu_and_piv: tuple[Any, Any], b: TensorLike, trans: Literal[0, 1, 2] = 0) -> Tensor:
    """Solutions x of a x = b, given the result of `lu_factor` for a.

    Args:
        lu_and_piv: both factors in one matrix, and the exchanges of rows.
        b: one vector of shape (n,), or columns of shape (…, n, k).
        trans: 0 for a x = b, 1 for aᵀ x = b, 2 for the adjoint.

    Returns:
        The solutions, of the shape of ``b``.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> import autodiff as ad
        >>> factors = ad.linalg.lu_factor([[0.0, 2.0], [1.0, 0.0]])
        >>> lu_solve(factors, [2.0, 3.0]).tolist()
        [3.0, 1.0]
    """
    pivots = as_operand(lu_and_piv[1])
    both, right = operands_of([lu_and_piv[0], b])
    both = square(both, "lu_solve")
    if pivots.shape != both.shape[:-1]:
        raise ShapeError(
            f"'lu_solve' was given factors of shape {both.shape} and exchanges of shape "
            f"{pivots.shape}; give what lu_factor returned"
        )
    p = permutation_matrix(pivots, both.dtype)
    if trans == 0:
        right = linear.matmul(shaping.swapaxes(p, -1, -2), right)
        right = solve_triangular(both, right, lower=True, unit_diagonal=True)
        return solve_triangular(both, right)
    right = solve_triangular(both, right, trans)
    return linear.matmul(p, solve_triangular(both, right, trans, True, True))
