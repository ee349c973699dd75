"""Questions about elements: whether, where and how many; answers without a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise.masks import mask_of
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.operands import as_operand
from autodiff.tensor import Tensor
from autodiff.tensors.record import constant

__all__ = ["all", "any", "argmax", "argmin", "count_nonzero", "nonzero"]


def answer(result: Any) -> Tensor:
    """A constant around what NumPy gave: an array, a number, or a stand-in for one.

    Example:
        >>> answer(np.int64(3)).item()
        3
    """
    return constant(result if hasattr(result, "tracer") else np.asarray(result))


def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Place of the largest element, the first of equal ones; carries no gradient.

    Example:
        >>> argmax([[1.0, 3.0, 2.0]], axis=1).tolist()
        [1]
    """
    return answer(np.argmax(as_operand(x)._data, axis=axis, keepdims=keepdims))


def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Place of the smallest element, the first of equal ones; carries no gradient.

    Example:
        >>> argmin([2.0, 1.0]).item()
        1
    """
    return answer(np.argmin(as_operand(x)._data, axis=axis, keepdims=keepdims))


def any(x: Any, axis: Axis = None, keepdims: bool = False, *, where: Any = None) -> Tensor:
    """Whether any element is true, of those where ``where`` holds; carries no gradient.

    Example:
        >>> any([0.0, 2.0]).item()
        True
    """
    data = as_operand(x)._data
    if where is not None:
        data = np.where(mask_of(where, "any")._data, data, False)
    return answer(np.any(data, axis=plain_axis(axis), keepdims=keepdims))


def all(x: Any, axis: Axis = None, keepdims: bool = False, *, where: Any = None) -> Tensor:
    """Whether all elements are true, of those where ``where`` holds; carries no gradient.

    Example:
        >>> all([0.0, 2.0]).item()
        False
    """
    data = as_operand(x)._data
    if where is not None:
        data = np.where(mask_of(where, "all")._data, data, True)
    return answer(np.all(data, axis=plain_axis(axis), keepdims=keepdims))


def count_nonzero(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """How many elements are not 0; carries no gradient.

    Example:
        >>> count_nonzero([[1.0, 0.0], [2.0, 3.0]], axis=1).tolist()
        [1, 2]
    """
    data = as_operand(x)._data
    return answer(np.count_nonzero(data, axis=plain_axis(axis), keepdims=keepdims))


def nonzero(x: Any, /) -> tuple[Tensor, ...]:
    """The places of elements that are not 0, in C order; carries no gradient.

    Args:
        x: tensor or array of at least one axis.

    Returns:
        Their numbers along each axis.

    Raises:
        ShapeError: ``x`` has no axes.

    Example:
        >>> [places.tolist() for places in nonzero([[1.0, 0.0], [0.0, 2.0]])]
        [[0, 1], [0, 1]]
    """
    x = as_operand(x)
    if x.ndim == 0:
        raise ShapeError("nonzero() needs at least one axis; use x.reshape(1)")
    return tuple(answer(places) for places in np.nonzero(x._data))
