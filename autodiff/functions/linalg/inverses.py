"""Inverses, solutions of linear equations, pseudo-inverses and least squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in
from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.eigen import svdvals
from autodiff.functions.linalg.operands import hermitian as _hermitian
from autodiff.functions.linalg.operands import matrix, square
from autodiff.functions.products import linear
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping import shaping
from autodiff.ops.linalg import inverses
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import answer, constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "inv",
    "lstsq",
    "matrix_power",
    "matrix_rank",
    "pinv",
    "solve",
]


def inv(a: TensorLike) -> Tensor:
    """Inverses of square matrices.

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        The inverses, of the same shape.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: a matrix is singular; the message says which of a stack.

    Derivative: of the result's gradient g, a receives −a⁻ᵀ · g · a⁻ᵀ.

    Example:
        >>> inv([[2.0, 0.0], [0.0, 4.0]]).tolist()
        [[0.5, 0.0], [0.0, 0.25]]
    """
    return apply(inverses.inv, square(a, "inv"))


def solve(a: TensorLike, b: TensorLike) -> Tensor:
    """Solutions x of the linear equations a x = b.

    Args:
        a: tensor or array of shape (…, n, n).
        b: one vector of shape (n,), or columns of shape (…, n, k).

    Returns:
        The solutions, of the shape of ``b`` with the leading axes of both.

    Raises:
        ShapeError: the shapes do not fit.
        LinAlgError: a matrix is singular; the message says which of a stack.

    Derivative: of the gradient g of the result y, a receives −a⁻ᵀ · g · yᵀ; b receives a⁻ᵀ · g.

    Example:
        >>> solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0]).tolist()
        [1.0, 0.5]
    """
    left, right = operands_of([a, b])
    left = square(left, "solve")
    if right.ndim == 0 or right.shape[max(-2, -right.ndim)] != left.shape[-1]:
        raise ShapeError(
            f"'solve' was given matrices of shape {left.shape} and right-hand sides of shape "
            f"{right.shape}; give a vector of length {left.shape[-1]}, or columns: shape "
            f"(…, {left.shape[-1]}, k)"
        )
    if right.ndim == 1:
        return apply(inverses.solve, left, shaping.expand_dims(right, -1))[..., 0]
    return apply(inverses.solve, left, right)


def pinv(
    a: TensorLike, rcond: float | None = None, hermitian: bool = False, *, rtol: float | None = None
) -> Tensor:
    """Moore-Penrose inverses of matrices.

    The gradient is that along changes of the matrix that keep its rank; where the rank can
    change, the pseudo-inverse jumps and has none.

    Args:
        a: tensor or array of shape (…, m, n).
        rcond: singular values up to this times the largest count as 0; by default the
            longer side times the precision of the numbers. (NumPy's is 1e-15.)
        hermitian: the matrices are Hermitian, and only their lower triangles are read.
        rtol: another name of ``rcond``.

    Returns:
        The pseudo-inverses, of shape (…, n, m).

    Raises:
        ShapeError: there are no matrices.

    Derivative: of the gradient g of the result y, a receives
    −yᵀ · g · yᵀ + (I − a · y) · gᵀ · y · yᵀ + yᵀ · y · gᵀ · (I − y · a).

    Example:
        >>> pinv([[2.0], [0.0]]).tolist()
        [[0.5, 0.0]]
    """
    node = _hermitian(a, "pinv", True) if hermitian else matrix(a, "pinv")
    return apply(inverses.pinv, node, rcond=rcond if rtol is None else rtol)


def matrix_rank(
    A: TensorLike,  # noqa: N803 - NumPy's name
    tol: float | None = None,
    hermitian: bool = False,
    *,
    rtol: float | None = None,
) -> Tensor:
    """Number of singular values that are not negligible; carries no gradient.

    Args:
        A: tensor or array of shape (…, m, n), or a vector, whose rank is 1 unless it is 0.
        tol: singular values up to this count as 0.
        hermitian: taken as NumPy's argument; the result is the same.
        rtol: the same as a multiple of the largest singular value.

    Returns:
        Integers, one for each matrix.

    Example:
        >>> matrix_rank([[1.0, 2.0], [2.0, 4.0]]).item()
        1
    """
    return answer(arrays.rank(as_operand(A)._data, tol=tol, rtol=rtol))


def lstsq(
    a: TensorLike, b: TensorLike, rcond: float | None = None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Solutions x of least squares: those for which ‖a x - b‖ is smallest.

    If several are, it is the shortest. The gradients with respect to both operands are
    those of x = a⁺ b, with the pseudo-inverse a⁺ differentiated as by `pinv`: exact for
    matrices of full rank, and for others along changes that keep the rank.

    Args:
        a: tensor or array of shape (…, m, n).
        b: a vector of shape (m,), or columns of shape (…, m, k).
        rcond: singular values up to this times the largest count as 0, as for `pinv`.

    Returns:
        The solutions; the sums of squared residuals, one for each column (none, where the
        rank is below n or m ≤ n); the ranks; the singular values. In a compiled step the
        residuals do not depend on the rank, which is known only when it runs.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> x, residuals, rank, s = lstsq([[1.0], [1.0]], [1.0, 3.0])
        >>> round(x.item(), 4), round(residuals.item(), 4), rank.item()
        (2.0, 2.0, 1)
    """
    left, right = operands_of([a, b])
    left = matrix(left, "lstsq")
    m, n = left.shape[-2:]
    if right.ndim == 0 or right.shape[max(-2, -right.ndim)] != m:
        raise ShapeError(
            f"'lstsq' was given matrices of shape {left.shape} and right-hand sides of shape "
            f"{right.shape}; give a vector of length {m}, or columns: shape (…, {m}, k)"
        )
    inverse = pinv(left, rcond)
    x = linear.matmul(inverse, right)
    # One step of refinement: what rounding left of the residual is solved for as well.
    x = x + linear.matmul(inverse, right - linear.matmul(left, x))
    cut = max(m, n) * float(np.finfo(inverse.dtype).eps) if rcond is None else rcond
    ranks = matrix_rank(left, rtol=cut)
    full = is_stand_in(ranks._data) or bool(np.all(ranks._data == n))
    if m > n and full:
        missed = elementwise.abs(right - linear.matmul(left, x))
        residuals = reductions.sum(missed * missed, axis=-1 if right.ndim == 1 else -2)
        residuals = residuals.reshape(1) if residuals.ndim == 0 else residuals
    else:
        residuals = constant(np.zeros(0, svd_dtype(inverse)))
    return x, residuals, ranks, svdvals(left)


def svd_dtype(x: Tensor) -> Any:
    """The dtype of singular values: that of the real parts.

    Example:
        >>> svd_dtype(as_operand([1.0])).name
        'float64'
    """
    return np.zeros((), x.dtype).real.dtype


def matrix_power(a: TensorLike, n: int) -> Tensor:
    """Square matrices multiplied with themselves.

    Args:
        a: tensor or array of shape (…, k, k).
        n: how often; 0 gives identities, negative numbers powers of the inverse.

    Returns:
        The powers, of the same shape.

    Raises:
        ShapeError: the matrices are not square.
        TypeError: ``n`` is no whole number.
        LinAlgError: ``n`` is negative and a matrix singular.

    Example:
        >>> matrix_power([[1.0, 1.0], [0.0, 1.0]], 3).tolist()
        [[1.0, 3.0], [0.0, 1.0]]
    """
    node = square(a, "matrix_power")
    if not isinstance(n, (int, np.integer)):
        raise TypeError(f"'matrix_power' was given the exponent {n!r}; give a whole number")
    if n == 0:
        # Constant, but of the graph all the same: its gradient is 0.
        eye = np.eye(node.shape[-1], dtype=node.dtype)
        return elementwise.where(True, eye, node)
    if n < 0:
        node, n = inv(node), -n
    result: Tensor | None = None
    while True:
        if n % 2:
            result = node if result is None else linear.matmul(result, node)
        n //= 2
        if not n:
            assert result is not None
            return result
        node = linear.matmul(node, node)
