"""Cholesky, QR and LU factorizations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.eigen import completed
from autodiff.functions.linalg.operands import QRResult, adjoint, hermitian, matrix
from autodiff.functions.shaping import joining, shaping
from autodiff.ops.linalg import factorizations
from autodiff.tensors.operations import apply
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["cho_factor", "cholesky", "lu", "lu_factor", "qr"]


def cholesky(a: TensorLike, /, *, upper: bool = False) -> Tensor:
    """Cholesky factors: a = L Lᴴ with L lower triangular.

    One triangle is read, but the gradient is that of the Hermitian matrix as a whole:
    Hermitian too.

    Args:
        a: tensor or array of shape (…, n, n), positive definite.
        upper: read the upper triangle, and give Lᴴ.

    Returns:
        The factors, of the same shape.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: a matrix is not positive definite; the message says which of a stack.

    Derivative: of the result's gradient g, a receives (m + mᵀ) / 2, with m = L⁻ᵀ · Φ(Lᵀ · g) · L⁻¹,
    L the result, Φ the lower triangle with half its diagonal.

    Example:
        >>> cholesky([[4.0, 0.0], [0.0, 9.0]]).tolist()
        [[2.0, 0.0], [0.0, 3.0]]
    """
    factor = apply(factorizations.cholesky, hermitian(a, "cholesky", not upper))
    return adjoint(factor) if upper else factor


def cho_factor(a: TensorLike, lower: bool = False) -> tuple[Tensor, bool]:
    """A Cholesky factor for `cho_solve`, with the word whether it is the lower one.

    Args:
        a: tensor or array of shape (…, n, n), positive definite.
        lower: give the lower factor.

    Returns:
        ``(factor, lower)``. The other triangle of the factor is 0.

    Raises:
        LinAlgError: a matrix is not positive definite.

    Example:
        >>> factor, lower = cho_factor([[4.0]])
        >>> factor.item(), lower
        (2.0, False)
    """
    return cholesky(a, upper=not lower), lower


def qr(a: TensorLike, mode: Literal["reduced", "complete", "r"] = "reduced") -> Any:
    """QR factorization: a = Q R, Q with orthonormal columns, R upper triangular.

    The gradient exists where the first min(m, n) columns are linearly independent. The
    signs of the rows of R are those that LAPACK gives, usually not all positive.

    Args:
        a: tensor or array of shape (…, m, n).
        mode: ``"reduced"`` for factors of shapes (…, m, k) and (…, k, n) with k the shorter
            side; ``"complete"`` for (…, m, m) and (…, m, n), where the further columns of Q
            have no gradient and a loss that depends on them is refused in the backward
            pass; ``"r"`` for R alone.

    Returns:
        ``(Q, R)``, or R alone.

    Raises:
        ShapeError: there are no matrices.
        LinAlgError: in the backward pass, if columns are linearly dependent.
        NonDifferentiableError: in the backward pass, see above.

    Derivative: of the result's gradient g, a receives (gQ + Q · sym(gR · Rᵀ − Qᵀ · gQ)) · R⁻ᵀ,
    sym(m) the symmetric matrix with the upper triangle of m; for matrices with more columns than
    rows the rule of Roberts (2020).

    Example:
        >>> Q, R = qr([[0.0, 2.0], [1.0, 0.0]])
        >>> (Q @ R).tolist()
        [[0.0, 2.0], [1.0, 0.0]]
    """
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"mode was given as {mode!r}; it must be 'reduced', 'complete' or 'r'")
    node = matrix(a, "qr")
    m, n = node.shape[-2:]
    both = apply(factorizations.qr, node)
    q, r = both[..., :m, :], shaping.swapaxes(both[..., m:, :], -1, -2)
    if mode == "r":
        return r
    if mode == "complete" and m > n:
        q = completed(q)
        r = joining.concatenate([r, np.zeros((*r.shape[:-2], m - n, n), r.dtype)], axis=-2)
    return QRResult(q, r)


def lu(a: TensorLike, permute_l: bool = False) -> tuple[Tensor, ...]:
    """LU factorization with exchange of rows: a = P L U.

    Args:
        a: tensor or array of shape (…, m, n).
        permute_l: give P L as one matrix.

    Returns:
        ``(P, L, U)`` of shapes (…, m, m), (…, m, k) and (…, k, n) with k the shorter side;
        or ``(P L, U)``. P is constant. L has the diagonal 1.

    Raises:
        ShapeError: there are no matrices.
        LinAlgError: in the backward pass, if the leading square block is singular.

    Derivative: of the result's gradient g, a receives P · L⁻ᵀ · (low(Lᵀ · gL) + up(gU · Uᵀ)) · U⁻ᵀ,
    of a square matrix, low(m) the part of m below the diagonal, up(m) the rest.

    Example:
        >>> P, L, U = lu([[0.0, 2.0], [1.0, 0.0]])
        >>> P.tolist(), U.tolist()
        ([[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 2.0]])
    """
    node = matrix(a, "lu")
    m, n = node.shape[-2:]
    k = min(m, n)
    both = apply(factorizations.lu, node)
    p = both[..., n:].detach()
    below, above = np.tri(m, k, -1, dtype=bool), ~np.tri(k, n, -1, dtype=bool)
    low = elementwise.where(below, both[..., :k], np.eye(m, k, dtype=both.dtype))
    high = elementwise.where(above, both[..., :k, :n], 0.0)
    return (p @ low, high) if permute_l else (p, low, high)


def lu_factor(a: TensorLike) -> tuple[Tensor, Tensor]:
    """LU factorization in the form that `lu_solve` takes.

    Args:
        a: tensor or array of shape (…, m, n).

    Returns:
        L without its diagonal and U in one matrix of shape (…, m, n), and the exchanges of
        rows: row i was exchanged with row ``piv[i]``, in this order.

    Raises:
        ShapeError: there are no matrices.

    Example:
        >>> factors, piv = lu_factor([[0.0, 2.0], [1.0, 0.0]])
        >>> factors.tolist(), piv.tolist()
        ([[1.0, 0.0], [0.0, 2.0]], [1, 1])
    """
    node = matrix(a, "lu_factor")
    n = node.shape[-1]
    both = apply(factorizations.lu, node)
    return both[..., :n], answer(arrays.exchanges(both._data[..., n:], n))


def permutation_matrix(pivots: Tensor, dtype: Any) -> Tensor:
    """The matrix P of a = P L U for exchanges of rows.

    Example:
        >>> permutation_matrix(Tensor([1, 1]), np.float64).tolist()
        [[0.0, 1.0], [1.0, 0.0]]
    """
    return answer(arrays.permutation(pivots._data, dtype=dtype))
