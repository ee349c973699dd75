"""Distances and similarities of vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.norms import vector_norm
from autodiff.functions.products.matrix_products import vecdot
from autodiff.functions.shaping import shaping
from autodiff.graph.settings import setting
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["cdist", "cosine_similarity", "normalize", "pairwise_distance", "pdist"]


def _norm(x: Any, p: float, axis: int, keepdims: bool = False) -> Tensor:
    return vector_norm(x, axis=axis, keepdims=keepdims, ord=p)


def _check_order(name: str, p: float) -> None:
    if setting(p, name, "p") < 0:
        raise ValueError(f"{name}() was given p={p}; give a number from 0 up, or inf")


def cdist(x1: TensorLike, x2: TensorLike, p: float = 2.0) -> Tensor:
    """Distances between every vector of one set and every one of another.

    Args:
        x1: tensor or array of shape (…, m, d).
        x2: tensor or array of shape (…, n, d).
        p: which norm; any number, 0 or inf.

    Returns:
        The distances, of shape (…, m, n). The gradient of a distance of 0 is 0.

    Raises:
        ShapeError: the vectors have different lengths.

    Example:
        >>> cdist([[0.0, 0.0]], [[3.0, 4.0], [0.0, 1.0]]).tolist()
        [[5.0, 1.0]]
    """
    left, right = operands_of([x1, x2])
    _check_order("cdist", p)
    if min(left.ndim, right.ndim) < 2 or left.shape[-1] != right.shape[-1]:
        raise ShapeError(
            f"'cdist' was given shapes {left.shape} and {right.shape}; give (…, m, d) and (…, n, d)"
        )
    return _norm(shaping.expand_dims(left, -2) - shaping.expand_dims(right, -3), p, -1)


def pdist(x: TensorLike, p: float = 2.0) -> Tensor:
    """Distances between every two vectors of a set.

    Args:
        x: tensor or array of shape (n, d).
        p: which norm; any number, 0 or inf.

    Returns:
        The n (n - 1) / 2 distances, those of the first vector first.

    Raises:
        ShapeError: there are not two axes.

    Example:
        >>> pdist([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]).tolist()
        [5.0, 1.0, 4.242640687119285]
    """
    node = as_operand(x)
    _check_order("pdist", p)
    if node.ndim != 2:
        raise ShapeError(f"'pdist' was given shape {node.shape}; give vectors as rows: (n, d)")
    first, second = np.triu_indices(node.shape[0], 1)
    return _norm(node[first] - node[second], p, -1)


def pairwise_distance(
    x1: TensorLike, x2: TensorLike, p: float = 2.0, eps: float = 1e-6, keepdims: bool = False
) -> Tensor:
    """Distances between the vectors at equal places of two sets.

    Args:
        x1: tensor or array of shape (…, d).
        x2: the same shape, or one to broadcast.
        p: which norm.
        eps: added to each difference.
        keepdims: keep the last axis with length 1.

    Returns:
        The distances, of shape (…).

    Example:
        >>> round(pairwise_distance([[3.0, 0.0]], [[0.0, 4.0]]).item(), 4)
        5.0
    """
    left, right = operands_of([x1, x2])
    return _norm(left - right + eps, p, -1, keepdims)


def cosine_similarity(x1: TensorLike, x2: TensorLike, axis: int = 1, eps: float = 1e-8) -> Tensor:
    """Cosine of the angle between vectors: x1 · x2 / (‖x1‖ ‖x2‖).

    Of complex vectors the first are conjugated, as by `vecdot`.

    Args:
        x1: tensor or array.
        x2: the same shape, or one to broadcast.
        axis: the axis of the vectors.
        eps: the least norm to divide by.

    Returns:
        The similarities, without that axis; 0 for vectors of zeros.

    Example:
        >>> round(cosine_similarity([1.0, 0.0], [1.0, 1.0], axis=0).item(), 4)
        0.7071
    """
    left, right = operands_of([x1, x2])
    shape = np.broadcast_shapes(left.shape, right.shape)
    left, right = (shaping.broadcast_to(x, shape) for x in (left, right))
    units = [normalize(x, axis=axis, eps=eps) for x in (left, right)]
    return vecdot(*units, axis=axis)


def normalize(x: TensorLike, p: float = 2.0, axis: int = 1, eps: float = 1e-12) -> Tensor:
    """Vectors divided by their norm: x / max(‖x‖, eps).

    Args:
        x: tensor or array.
        p: which norm.
        axis: the axis of the vectors.
        eps: the least norm to divide by.

    Returns:
        A tensor of the shape of ``x``.

    Example:
        >>> normalize([3.0, 4.0], axis=0).numpy().round(2).tolist()
        [0.6, 0.8]
    """
    node = as_operand(x)
    size = _norm(node, p, axis, keepdims=True)
    return node / elementwise.maximum(size, eps)
