"""Norms of vectors and matrices, and condition numbers."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.eigen import svdvals
from autodiff.functions.linalg.inverses import inv
from autodiff.functions.linalg.operands import matrix, square
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping import shaping
from autodiff.graph.settings import setting
from autodiff.ops.linalg import norms
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["cond", "matrix_norm", "norm", "vector_norm"]

Order = float | Literal["fro", "nuc"] | None
Axes = int | Sequence[int] | None


def norm(x: TensorLike, ord: Order = None, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """Norm of vectors or matrices, by NumPy's rules.

    The gradient at a kink is the shortest of the subgradients: 0 for a vector of zeros, equal
    shares for equal largest elements or singular values. So it is never NaN.

    Args:
        x: tensor or array.
        ord: for vectors any number p, (Σ |x|ᵖ)^(1/p); inf for the largest and -inf for the
            smallest absolute value, 0 for the number of elements that are not 0. For
            matrices ``"fro"``, ``"nuc"`` (sum of singular values), 2 and -2 (largest and
            smallest of them), 1 and -1 (of the sums of columns), inf and -inf (of rows).
            None is 2 for vectors and ``"fro"`` for matrices.
        axis: one axis for vectors, two for matrices. None with no ``ord`` takes all
            elements as one vector; with ``ord``, ``x`` is one vector or one matrix.
        keepdims: keep the axes with length 1.

    Returns:
        The norms.

    Raises:
        ShapeError: with an ``ord`` and no axis, there are neither one nor two axes; or three
            axes were given.
        ValueError: there is no such norm.

    Example:
        >>> norm([3.0, 4.0]).item()
        5.0
    """
    node, ord = as_operand(x), setting(ord, "norm", "ord")
    if axis is None:
        if ord is None or node.ndim == 1:
            return vector_norm(node, keepdims=keepdims, ord=2 if ord is None else ord)
        if node.ndim != 2:
            raise ShapeError(
                f"'norm' was given shape {node.shape} and ord={ord!r}; without an axis that "
                "needs one or two axes: say over which to take the norm"
            )
        axis = (0, 1)
    axes = (axis,) if isinstance(axis, (int, np.integer)) else tuple(axis)
    if len(axes) == 1:
        return vector_norm(node, axis=axes[0], keepdims=keepdims, ord=2 if ord is None else ord)
    if len(axes) != 2:
        raise ShapeError(f"'norm' was given axis={axes}; give one axis, or two for matrices")
    first, second = (shaping.place_of_axis(a, node.ndim) for a in axes)
    if first == second:
        raise ShapeError(f"'norm' was given the axis {axes[0]} twice")
    if ord in (None, "fro"):
        return vector_norm(node, axis=(first, second), keepdims=keepdims)
    moved = shaping.moveaxis(node, (first, second), (-2, -1))
    result = matrix_norm(moved, ord=ord)
    return shaping.expand_dims(result, tuple(sorted((first, second)))) if keepdims else result


def vector_norm(
    x: TensorLike, /, *, axis: Axes = None, keepdims: bool = False, ord: float | Any = 2
) -> Tensor:
    """Norm of vectors; see `norm`.

    Args:
        x: tensor or array.
        axis: the axis or axes whose elements are the vector, all by default.
        keepdims: keep them with length 1.
        ord: which norm.

    Returns:
        The norms.

    Raises:
        ValueError: there is no such norm.

    Derivative: of the gradient g of the result y, x receives g ⊙ sign(x) ⊙ (|x| / y)^(ord − 1).
    Where the norm is 0 the gradient is 0, and so it is for elements that are 0.

    Example:
        >>> vector_norm([[3.0, -4.0], [0.0, 1.0]], axis=1, ord=1).tolist()
        [7.0, 1.0]
    """
    if isinstance(ord, str) or ord is None:
        raise ValueError(f"a vector has no norm {ord!r}; give a number, inf or -inf")
    node, p = as_operand(x), float(setting(ord, "vector_norm", "ord"))
    axes = _plain(axis)
    if node.dtype.kind == "c" or p in (0, 1, np.inf, -np.inf):
        node = elementwise.abs(node)
    if node.dtype.kind != "f":
        node = shaping.astype(node, np.float64)
    if p == 0:
        return reductions.sum(elementwise.sign(node), axis=axes, keepdims=keepdims)
    if p == 1:
        return reductions.sum(node, axis=axes, keepdims=keepdims)
    if p == np.inf:
        return _largest(node, axes, keepdims)
    if p == -np.inf:
        return reductions.min(node, axis=axes, keepdims=keepdims)
    return apply(norms.vector_norm, node, ord=p, axis=axes, keepdims=keepdims)


def _largest(x: Any, axis: Any, keepdims: bool = False) -> Tensor:
    """The largest of numbers that are not negative; of none it is 0."""
    empty = x.size == 0 and 0 in (x.shape if axis is None else [x.shape[i] for i in _each(axis)])
    return (reductions.sum if empty else reductions.max)(x, axis=axis, keepdims=keepdims)


def _each(axis: Any) -> Any:
    return axis if isinstance(axis, tuple) else (axis,)


def _plain(axis: Any) -> Any:
    if axis is None or isinstance(axis, (int, np.integer)):
        return None if axis is None else operator.index(axis)
    return tuple(operator.index(a) for a in axis)


def matrix_norm(x: TensorLike, /, *, keepdims: bool = False, ord: Order = "fro") -> Tensor:
    """Norm of the matrices in the last two axes; see `norm`.

    Example:
        >>> matrix_norm([[1.0, -2.0], [3.0, 4.0]], ord=np.inf).item()
        7.0
    """
    node, ord = matrix(x, "matrix_norm"), setting(ord, "matrix_norm", "ord")
    if ord in ("fro", None):
        return vector_norm(node, axis=(-2, -1), keepdims=keepdims)
    if ord in (2, -2, "nuc"):
        result = _of_singular_values(node, ord)
    elif ord in (1, -1, np.inf, -np.inf):
        sums = reductions.sum(elementwise.abs(node), axis=-2 if abs(float(ord)) == 1 else -1)
        result = _largest(sums, -1) if ord > 0 else reductions.min(sums, axis=-1)
    else:
        raise ValueError(
            f"a matrix has no norm {ord!r}; give 'fro', 'nuc', 1, -1, 2, -2, inf or -inf"
        )
    return shaping.expand_dims(result, (-2, -1)) if keepdims else result


def _of_singular_values(node: Any, ord: Any) -> Tensor:
    s = svdvals(node)
    if s.size:
        # What is 0 but for rounding has no direction of its own, and none is better than 0.
        constant = s.detach()
        eps = float(np.finfo(s.dtype).eps) * max(node.shape[-2:])
        negligible = constant <= reductions.max(constant, axis=-1, keepdims=True) * eps
        s = elementwise.where(negligible, constant, s)
    if ord == "nuc":
        return reductions.sum(s, axis=-1)
    return _largest(s, -1) if ord == 2 else reductions.min(s, axis=-1)


def cond(x: TensorLike, p: Order = None) -> Tensor:
    """Condition numbers: norm of a matrix times norm of its inverse.

    Args:
        x: tensor or array of shape (…, m, n); square for all norms but 2 and -2.
        p: which norm, as for `norm`; 2 by default, the ratio of the largest to the smallest
            singular value (-2 for its inverse).

    Returns:
        The condition numbers, of shape (…); infinite for a singular matrix.

    Raises:
        ShapeError: the matrices are not square.
        LinAlgError: a matrix is singular and ``p`` is not 2 or -2.

    Example:
        >>> cond([[4.0, 0.0], [0.0, 2.0]]).item()
        2.0
    """
    p = setting(p, "cond", "p")
    if p in (None, 2, -2):
        node = matrix(x, "cond")
        if 0 in node.shape[-2:]:
            raise ShapeError(f"'cond' was given shape {node.shape}; a matrix needs elements")
        s = svdvals(node)
        largest, smallest = s[..., 0], s[..., -1]
        # A matrix of zeros is singular too.
        largest = elementwise.where(elementwise.abs(largest.detach()) <= 0, 1.0, largest)
        with np.errstate(divide="ignore"):
            return smallest / largest if p == -2 else largest / smallest
    node = square(x, "cond")
    return matrix_norm(node, ord=p) * matrix_norm(inv(node), ord=p)
