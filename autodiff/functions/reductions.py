"""Reductions over axes, running sums and the softmax family."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.operands import as_operand, constant
from autodiff.operations import apply
from autodiff.ops import products, reductions
from autodiff.ops import softmax as _softmax
from autodiff.tensor import Tensor

__all__ = [
    "all",
    "any",
    "argmax",
    "argmin",
    "cumsum",
    "log_softmax",
    "logsumexp",
    "max",
    "mean",
    "min",
    "prod",
    "softmax",
    "softmax_cross_entropy",
    "std",
    "sum",
    "var",
]

Axis = int | tuple[int, ...] | None


def _axis(axis: Any) -> Axis:
    if isinstance(axis, (tuple, list)):
        return tuple(operator.index(a) for a in axis)
    return None if axis is None else operator.index(axis)


def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sum of elements.

    Args:
        x: tensor or array.
        axis: the axis or axes to sum over, all by default.
        keepdims: keep the summed axes with length 1.

    Returns:
        The sums.

    Example:
        >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0).tolist()
        [4.0, 6.0]
    """
    return apply(reductions.sum_, x, axis=_axis(axis), keepdims=keepdims)


def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Arithmetic mean of elements; parameters as for `sum`.

    Example:
        >>> mean([1.0, 2.0, 6.0]).item()
        3.0
    """
    return apply(reductions.mean, x, axis=_axis(axis), keepdims=keepdims)


def var(x: Any, axis: Axis = None, correction: float = 0, keepdims: bool = False) -> Tensor:
    """Variance of elements.

    Args:
        x: tensor or array.
        axis: the axis or axes, all by default.
        correction: what is subtracted from the count in the divisor (1: unbiased).
        keepdims: keep the reduced axes with length 1.

    Returns:
        The variances.

    Example:
        >>> var([1.0, 3.0]).item()
        1.0
    """
    return apply(reductions.var, x, axis=_axis(axis), correction=correction, keepdims=keepdims)


def std(x: Any, axis: Axis = None, correction: float = 0, keepdims: bool = False) -> Tensor:
    """Standard deviation of elements; its gradient is 0 where it is 0. See `var`.

    Example:
        >>> std([1.0, 3.0]).item()
        1.0
    """
    return apply(reductions.std, x, axis=_axis(axis), correction=correction, keepdims=keepdims)


def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest element; equal largest ones share the gradient. Parameters as for `sum`.

    Example:
        >>> max([1.0, 3.0, 2.0]).item()
        3.0
    """
    return apply(reductions.max_, x, axis=_axis(axis), keepdims=keepdims)


def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest element; equal smallest ones share the gradient. Parameters as for `sum`.

    Example:
        >>> min([1.0, 3.0, 2.0]).item()
        1.0
    """
    return apply(reductions.min_, x, axis=_axis(axis), keepdims=keepdims)


def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Product of elements, its gradient exact also at zeros. Parameters as for `sum`.

    Example:
        >>> prod([2.0, 3.0, 4.0]).item()
        24.0
    """
    return apply(products.prod, x, axis=_axis(axis), keepdims=keepdims)


def exclusive_product(x: Any) -> Tensor:
    """Product of all the other elements along the last axis.

    Example:
        >>> exclusive_product([2.0, 0.0, 4.0]).tolist()
        [0.0, 8.0, 0.0]
    """
    return apply(products.exclusive_product, x)


def cumsum(x: Any, axis: int | None = None) -> Tensor:
    """Running sum.

    Args:
        x: tensor or array.
        axis: along which axis; None only for one axis or flattened, as in NumPy.

    Returns:
        A tensor of the shape of ``x`` (flattened when ``axis`` is None).

    Example:
        >>> cumsum([1.0, 2.0, 3.0]).tolist()
        [1.0, 3.0, 6.0]
    """
    x = as_operand(x)
    if axis is None:
        x = x.reshape(-1)
        axis = 0
    return apply(products.cumsum, x, axis=_axis(axis))


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow. Parameters as for `sum`.

    Example:
        >>> logsumexp([1000.0, 1000.0]).item() > 1000
        True
    """
    return apply(reductions.logsumexp, x, axis=_axis(axis), keepdims=keepdims)


def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Place of the largest element, the first of equal ones; carries no gradient.

    Example:
        >>> argmax([[1.0, 3.0, 2.0]], axis=1).tolist()
        [1]
    """
    return constant(np.asarray(np.argmax(as_operand(x)._data, axis=axis, keepdims=keepdims)))


def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Place of the smallest element, the first of equal ones; carries no gradient.

    Example:
        >>> argmin([2.0, 1.0]).item()
        1
    """
    return constant(np.asarray(np.argmin(as_operand(x)._data, axis=axis, keepdims=keepdims)))


def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether any element is true; carries no gradient.

    Example:
        >>> any([0.0, 2.0]).item()
        True
    """
    data = np.any(as_operand(x)._data, axis=_axis(axis), keepdims=keepdims)
    return constant(np.asarray(data))


def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are true; carries no gradient.

    Example:
        >>> all([0.0, 2.0]).item()
        False
    """
    data = np.all(as_operand(x)._data, axis=_axis(axis), keepdims=keepdims)
    return constant(np.asarray(data))


def softmax(x: Any, axis: Axis = -1) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Args:
        x: logits, tensor or array.
        axis: the axis of the classes.

    Returns:
        Probabilities of the shape of ``x``.

    Example:
        >>> softmax([0.0, 0.0]).tolist()
        [0.5, 0.5]
    """
    return apply(_softmax.softmax, _with_axes(x, "softmax"), axis=_axis(axis))


def log_softmax(x: Any, axis: Axis = -1) -> Tensor:
    """Logarithm of the `softmax`, without overflow.

    Example:
        >>> log_softmax([0.0, 1000.0]).tolist()
        [-1000.0, 0.0]
    """
    return apply(_softmax.log_softmax, _with_axes(x, "log_softmax"), axis=_axis(axis))


def softmax_cross_entropy(z: Any, y: Any, axis: int = -1) -> Tensor:
    """Cross-entropy -Σ y log softmax(z) along an axis, without overflow, as one operation.

    Args:
        z: logits.
        y: target probabilities of the same shape; also with weights multiplied in.
        axis: the axis of the classes.

    Returns:
        One loss per sample: the shape of ``z`` without ``axis``. Its derivative by ``z``
        is softmax(z) - y.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> round(softmax_cross_entropy([[2.0, 0.0]], [[1.0, 0.0]]).item(), 4)
        0.1269
    """
    logits, targets = _with_axes(z, "softmax_cross_entropy"), as_operand(y)
    if logits.shape != targets.shape:
        raise ShapeError(
            f"'softmax_cross_entropy' was given logits of shape {logits.shape} and targets of "
            f"shape {targets.shape}; they must be equal"
        )
    return apply(_softmax.softmax_cross_entropy, logits, targets, axis=axis)


def _with_axes(x: Any, name: str) -> Any:
    x = as_operand(x)
    if x.ndim == 0:
        raise ShapeError(f"{name!r} needs at least one axis, but was given a single number")
    return x
