"""Products added to a tensor, and quotients, as PyTorch names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.products.linear import matmul, tensordot
from autodiff.functions.products.matrix_products import outer
from autodiff.tensors.operands import operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr", "baddbmm"]


def addmm(
    input: TensorLike, mat1: TensorLike, mat2: TensorLike, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """A matrix and a product of matrices: beta · input + alpha · mat1 @ mat2.

    Args:
        input: what is added; broadcasts to the shape of the product.
        mat1: shape (n, m).
        mat2: shape (m, p).
        beta: factor of ``input``; with the number 0 that is left out, NaN and all.
        alpha: factor of the product.

    Returns:
        A tensor of shape (n, p).

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> addmm([1.0, 1.0], [[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]).tolist()
        [[14.0, 17.0]]
    """
    x, a, b = _with_axes("addmm", (input, mat1, mat2, beta, alpha), (2, 2))
    return _added("addmm", x, matmul(a, b), beta, alpha)


def addmv(
    input: TensorLike, mat: TensorLike, vec: TensorLike, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """A vector and a matrix times a vector: beta · input + alpha · mat @ vec. See `addmm`.

    Example:
        >>> addmv([1.0], [[1.0, 2.0]], [3.0, 4.0]).tolist()
        [12.0]
    """
    x, a, b = _with_axes("addmv", (input, mat, vec, beta, alpha), (2, 1))
    return _added("addmv", x, matmul(a, b), beta, alpha)


def addr(
    input: TensorLike, vec1: TensorLike, vec2: TensorLike, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """A matrix and an outer product: beta · input + alpha · vec1 vec2ᵀ. See `addmm`.

    Example:
        >>> addr(1.0, [1.0, 2.0], [3.0, 4.0]).tolist()
        [[4.0, 5.0], [7.0, 9.0]]
    """
    x, a, b = _with_axes("addr", (input, vec1, vec2, beta, alpha), (1, 1))
    return _added("addr", x, outer(a, b), beta, alpha)


def baddbmm(
    input: TensorLike, batch1: TensorLike, batch2: TensorLike, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """Matrices and products of matrices, of shapes (k, n, m) and (k, m, p). See `addmm`.

    Example:
        >>> baddbmm(1.0, [[[2.0]], [[3.0]]], [[[4.0]], [[5.0]]]).tolist()
        [[[9.0]], [[16.0]]]
    """
    x, a, b = _with_axes("baddbmm", (input, batch1, batch2, beta, alpha), (3, 3))
    return _added("baddbmm", x, matmul(a, b), beta, alpha)


def addbmm(
    input: TensorLike, batch1: TensorLike, batch2: TensorLike, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """A matrix and the sum of the products of `baddbmm`, shape (n, p). See `addmm`.

    Example:
        >>> addbmm(1.0, [[[2.0]], [[3.0]]], [[[4.0]], [[5.0]]]).tolist()
        [[24.0]]
    """
    x, a, b = _with_axes("addbmm", (input, batch1, batch2, beta, alpha), (3, 3))
    return _added("addbmm", x, tensordot(a, b, ((0, 2), (0, 1))), beta, alpha)


def addcmul(
    input: TensorLike, tensor1: TensorLike, tensor2: TensorLike, *, value: Any = 1
) -> Tensor:
    """A tensor and a product, element by element: input + value · tensor1 · tensor2.

    Args:
        input: tensor or array.
        tensor1: the first factor; all three broadcast against each other.
        tensor2: the second factor.
        value: a factor of their product.

    Returns:
        A tensor of the common shape.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> addcmul([1.0, 1.0], [2.0, 3.0], [4.0, 5.0], value=0.5).tolist()
        [5.0, 8.5]
    """
    x, a, b, _ = operands_of((input, tensor1, tensor2, value))
    return x + _times(value, a * b)  # type: ignore[no-any-return]


def addcdiv(
    input: TensorLike, tensor1: TensorLike, tensor2: TensorLike, *, value: Any = 1
) -> Tensor:
    """A tensor and a quotient: input + value · tensor1 / tensor2. Parameters as for `addcmul`.

    Example:
        >>> addcdiv([1.0, 1.0], [2.0, 3.0], [4.0, 2.0], value=2.0).tolist()
        [2.0, 4.0]
    """
    x, a, b, _ = operands_of((input, tensor1, tensor2, value))
    return x + _times(value, a / b)  # type: ignore[no-any-return]


def _with_axes(name: str, given: tuple[Any, ...], axes: tuple[int, int]) -> list[Any]:
    x, a, b, *_ = operands_of(given)
    if (a.ndim, b.ndim) != axes:
        raise ShapeError(
            f"{name!r} was given factors of shapes {a.shape} and {b.shape}; give {axes[0]} and "
            f"{axes[1]} axes, or add to the result of autodiff.matmul, which takes any number"
        )
    return [x, a, b]


def _added(name: str, x: Any, product: Any, beta: Any, alpha: Any) -> Tensor:
    try:
        fits = np.broadcast_shapes(x.shape, product.shape) == product.shape
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"{name!r} cannot add shape {x.shape} to a product of shape {product.shape}; give a "
            "shape that broadcasts to it"
        )
    scaled = _times(alpha, product)
    if isinstance(beta, (int, float)) and beta == 0:
        return scaled  # type: ignore[no-any-return]
    return _times(beta, x) + scaled  # type: ignore[no-any-return]


def _times(factor: Any, x: Any) -> Any:
    return x if isinstance(factor, (int, float)) and factor == 1 else factor * x
