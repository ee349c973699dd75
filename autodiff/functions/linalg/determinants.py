"""Determinants, and the exponential and square root of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autodiff.functions.elementwise import comparison, elementwise
from autodiff.functions.linalg.operands import SlogdetResult, real, square
from autodiff.ops.linalg import inverses, roots
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["det", "expm", "logdet", "slogdet", "sqrtm"]


def det(a: TensorLike) -> Tensor:
    """Determinants of square matrices.

    The gradient is the matrix of cofactors. It and the second derivative are right for
    every matrix, singular ones included; the third and higher ones need an inverse.

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        The determinants, of shape (…).

    Raises:
        ShapeError: the matrices are not square.

    Derivative: of the result's gradient g, a receives g · cofactor(a).

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
        >>> det(x).backward()
        >>> x.grad.round(4).tolist()
        [[4.0, -2.0], [-2.0, 1.0]]
    """
    return apply(inverses.det, square(a, "det"))


def slogdet(a: TensorLike) -> SlogdetResult:
    """Sign, and logarithm of the absolute value, of determinants.

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        ``(sign, logabsdet)``, each of shape (…); of a singular matrix 0 and -inf. The sign
        of real matrices is constant.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: in the backward pass, if a matrix is singular: there is no gradient.

    Derivative: of the result's gradient g, a receives glog · a⁻ᵀ, glog of the logarithm; a complex
    sign turns it.

    Example:
        >>> sign, logabsdet = slogdet([[0.0, 1.0], [1.0, 0.0]])
        >>> sign.item(), logabsdet.item()
        (-1.0, 0.0)
    """
    both = apply(inverses.slogdet, square(a, "slogdet"))
    sign = both[..., 0]
    return SlogdetResult(sign if sign.dtype.kind == "c" else sign.detach(), real(both[..., 1]))


def logdet(a: TensorLike) -> Tensor:
    """Logarithms of determinants; of a negative one NaN, which `slogdet` tells from its size.

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        The logarithms, of shape (…); of a singular matrix -inf, of complex matrices the
        principal value.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: in the backward pass, if a matrix is singular: there is no gradient.

    Example:
        >>> logdet([[1.0, 0.0], [0.0, 1.0]]).item(), logdet([[-1.0]]).item()
        (0.0, nan)
    """
    sign, size = slogdet(a)
    if sign.dtype.kind != "c":
        return elementwise.where(comparison.less(sign, 0), np.nan, size)
    # Of a singular matrix the sign is 0, and only the size says anything.
    turned = comparison.not_equal(sign, 0)
    return size + elementwise.log(elementwise.where(turned, sign, 1.0))


def expm(a: TensorLike) -> Tensor:
    """Exponentials of square matrices, Σ aᵏ / k!.

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        The exponentials, of the same shape.

    Raises:
        ShapeError: the matrices are not square.

    Derivative: of the result's gradient g, a receives exp'(aᵀ, g), the derivative along g.

    Example:
        >>> expm([[0.0, 1.0], [0.0, 0.0]]).numpy().round(12).tolist()
        [[1.0, 1.0], [0.0, 1.0]]
    """
    return apply(inverses.expm, square(a, "expm"))


def sqrtm(a: TensorLike) -> Tensor:
    """Principal square roots of square matrices: b b = a.

    Of all square roots it is the one whose eigenvalues have positive real parts. Unlike
    v √w vᵀ with the results of `eigh`, it has a gradient where eigenvalues are equal.

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        The square roots, of the same shape and type.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: a matrix has a negative eigenvalue, or is singular and not Hermitian; in
            the backward pass, if a matrix is singular.

    Derivative: of the result's gradient g, a receives sqrtm'(aᵀ, g), the derivative along g.

    Example:
        >>> sqrtm([[4.0, 0.0], [0.0, 9.0]]).tolist()
        [[2.0, 0.0], [0.0, 3.0]]
    """
    return apply(roots.sqrtm, square(a, "sqrtm"))
