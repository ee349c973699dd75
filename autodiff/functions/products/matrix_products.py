"""Products of vectors, matrices and tensors beside `matmul` and `einsum`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise.complex_numbers import conjugate
from autodiff.functions.products import linear
from autodiff.functions.products.contraction import lettered
from autodiff.functions.shaping import joining, shaping
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "bilinear",
    "cross",
    "einsum_path",
    "kron",
    "matvec",
    "outer",
    "vdot",
    "vecdot",
    "vecmat",
]


def _conjugate(x: Any) -> Any:
    return conjugate(x) if x.dtype.kind == "c" else x


def vdot(a: TensorLike, b: TensorLike) -> Tensor:
    """Sum of products of all elements, those of ``a`` conjugated.

    Args:
        a: tensor or array of any shape.
        b: as many elements.

    Returns:
        One number.

    Raises:
        ShapeError: the numbers of elements differ.

    Example:
        >>> vdot([1.0, 2.0], [3.0, 4.0]).item()
        11.0
    """
    left, right = operands_of([a, b])
    if left.size != right.size:
        raise ShapeError(
            f"'vdot' was given shapes {left.shape} and {right.shape}; as many elements are needed"
        )
    return linear.matmul(_conjugate(left).reshape(-1), right.reshape(-1))


def vecdot(x1: TensorLike, x2: TensorLike, /, *, axis: int = -1) -> Tensor:
    """Sums of products along an axis, the elements of ``x1`` conjugated.

    Args:
        x1: tensor or array.
        x2: tensor or array; the other axes are broadcast.
        axis: which axis.

    Returns:
        The sums, without that axis.

    Raises:
        ShapeError: the lengths differ.

    Example:
        >>> vecdot([[1.0, 2.0], [0.0, 1.0]], [3.0, 4.0]).tolist()
        [11.0, 4.0]
    """
    left, right = operands_of([x1, x2])
    left, right = (shaping.moveaxis(x, axis, -1) for x in (left, right))
    if left.shape[-1] != right.shape[-1]:
        raise ShapeError(
            f"'vecdot' was given lengths {left.shape[-1]} and {right.shape[-1]} along axis {axis}; "
            "they must be equal"
        )
    row = shaping.expand_dims(_conjugate(left), -2)
    return linear.matmul(row, shaping.expand_dims(right, -1))[..., 0, 0]


def matvec(x1: TensorLike, x2: TensorLike, /) -> Tensor:
    """Products of matrices with vectors.

    Args:
        x1: tensor or array of shape (…, m, n).
        x2: tensor or array of shape (…, n).

    Returns:
        The products, of shape (…, m).

    Example:
        >>> matvec([[1.0, 2.0]], [3.0, 4.0]).tolist()
        [11.0]
    """
    left, right = operands_of([x1, x2])
    return linear.matmul(left, shaping.expand_dims(right, -1))[..., 0]


def vecmat(x1: TensorLike, x2: TensorLike, /) -> Tensor:
    """Products of vectors, conjugated, with matrices.

    Args:
        x1: tensor or array of shape (…, n).
        x2: tensor or array of shape (…, n, m).

    Returns:
        The products, of shape (…, m).

    Example:
        >>> vecmat([3.0, 4.0], [[1.0], [2.0]]).tolist()
        [11.0]
    """
    left, right = operands_of([x1, x2])
    return linear.matmul(shaping.expand_dims(_conjugate(left), -2), right)[..., 0, :]


def outer(a: TensorLike, b: TensorLike) -> Tensor:
    """Products of every element of one operand with every element of the other.

    Args:
        a: tensor or array of any shape.
        b: tensor or array of any shape.

    Returns:
        The products, of shape (a.size, b.size).

    Example:
        >>> outer([1.0, 2.0], [3.0, 4.0]).tolist()
        [[3.0, 4.0], [6.0, 8.0]]
    """
    left, right = operands_of([a, b])
    return left.reshape(-1, 1) * right.reshape(-1)  # type: ignore[no-any-return]


def kron(a: TensorLike, b: TensorLike) -> Tensor:
    """Kronecker product: every element of ``a`` replaced by that element times ``b``.

    Args:
        a: tensor or array.
        b: tensor or array.

    Returns:
        A tensor whose lengths are the products of theirs.

    Example:
        >>> kron([1.0, 2.0], [1.0, 10.0]).tolist()
        [1.0, 10.0, 2.0, 20.0]
    """
    left, right = operands_of([a, b])
    ndim = max(left.ndim, right.ndim)
    lengths = [(1,) * (ndim - x.ndim) + x.shape for x in (left, right)]
    left = left.reshape(tuple(n for length in lengths[0] for n in (length, 1)))
    right = right.reshape(tuple(n for length in lengths[1] for n in (1, length)))
    shape = tuple(m * n for m, n in zip(*lengths, strict=True))
    return (left * right).reshape(shape)  # type: ignore[no-any-return]


def cross(
    a: TensorLike,
    b: TensorLike,
    axisa: int = -1,
    axisb: int = -1,
    axisc: int = -1,
    axis: int | None = None,
) -> Tensor:
    """Cross products of vectors in space.

    Args:
        a: tensor or array with an axis of length 3 (or 2, the third component being 0).
        b: the same; the other axes are broadcast.
        axisa: the axis of the vectors in ``a``.
        axisb: the axis of the vectors in ``b``.
        axisc: the axis of the vectors in the result.
        axis: one number for all three.

    Returns:
        The products; of two vectors of length 2 the third component alone.

    Raises:
        ShapeError: an axis has another length.

    Example:
        >>> cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]).tolist()
        [0.0, 0.0, 1.0]
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    left, right = operands_of([a, b])
    left, right = shaping.moveaxis(left, axisa, -1), shaping.moveaxis(right, axisb, -1)
    if not {left.shape[-1], right.shape[-1]} <= {2, 3}:
        raise ShapeError(
            f"'cross' was given vectors of lengths {left.shape[-1]} and {right.shape[-1]}; they "
            "must have 3 components (or 2)"
        )
    p, q = ([x[..., i] for i in range(x.shape[-1])] for x in (left, right))
    third = p[0] * q[1] - p[1] * q[0]
    if len(p) == len(q) == 2:
        return third
    p, q = ([*x, 0.0 * x[0]] if len(x) == 2 else x for x in (p, q))
    parts = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], third]
    return shaping.moveaxis(joining.stack(parts, axis=-1), -1, axisc)


def einsum_path(subscripts: Any, *operands: Any, optimize: Any = "greedy") -> tuple[Any, str]:
    """The order in which `einsum` would best take its operands, as NumPy finds it.

    Args:
        subscripts: labels such as ``"ij,jk->ik"``, or the first operand, as for `einsum`.
        *operands: tensors or arrays, of which the shapes count.
        optimize: how to search; see `numpy.einsum_path`.

    Returns:
        The order, and a description of it.

    Example:
        >>> einsum_path("ij,jk->ik", [[1.0]], [[1.0]])[0]
        ['einsum_path', (0, 1)]
    """
    if not isinstance(subscripts, str):
        subscripts, operands = lettered((subscripts, *operands))
    shapes = [np.broadcast_to(0.0, as_operand(x).shape) for x in operands]
    found: tuple[Any, str] = np.einsum_path(subscripts, *shapes, optimize=optimize)
    return found


def bilinear(
    input1: TensorLike, input2: TensorLike, weight: TensorLike, bias: TensorLike | None = None
) -> Tensor:
    """PyTorch's `bilinear`: x₁ᵀ W_k x₂ + b_k for every k.

    Args:
        input1: x₁, shape (…, n).
        input2: x₂, shape (…, m), with the same leading axes.
        weight: W, shape (k, n, m).
        bias: b, shape (k,).

    Returns:
        A tensor of shape (…, k).

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> bilinear([1.0, 2.0], [3.0], [[[1.0], [1.0]]], [0.5]).tolist()
        [9.5]
    """
    x, y, w, b = operands_of((input1, input2, weight, bias))
    if w.ndim != 3 or min(x.ndim, y.ndim) < 1 or w.shape[1:] != (x.shape[-1], y.shape[-1]):
        raise ShapeError(
            f"'bilinear' was given shapes {x.shape} and {y.shape} and weights of shape {w.shape}; "
            "give (…, n), (…, m) and (k, n, m)"
        )
    left = linear.tensordot(x, w, ((-1,), (1,)))
    found = linear.matmul(left, shaping.expand_dims(y, -1))[..., 0]
    return found if b is None else found + b
