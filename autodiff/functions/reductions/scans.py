"""Running products, extrema and log-sums along an axis, and the linear recurrence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.reductions.masked import in_dtype
from autodiff.functions.reductions.reductions import cumsum, plain_axis
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.ops.reductions import scans
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "cummax",
    "cummin",
    "cumprod",
    "cumulative_prod",
    "cumulative_sum",
    "linear_recurrence",
    "logcumsumexp",
]


def _flattened(x: Any, axis: int | None) -> tuple[Any, Any]:
    x = as_operand(x)
    if axis is None or (x.ndim == 0 and axis in (0, -1)):
        return x.reshape(-1), 0
    return x, plain_axis(axis)


def cumprod(
    x: TensorLike, axis: int | None = None, *, dtype: npt.DTypeLike | None = None
) -> Tensor:
    """Running product, its derivatives of every order exact also at zeros.

    Args:
        x: tensor or array.
        axis: along which axis; None: of the flattened operand, as in NumPy.
        dtype: the type to compute in, that of ``x`` by default.

    Returns:
        A tensor of the shape of ``x`` (flattened when ``axis`` is None).

    Derivative: of the result's gradient g, x receives the sum of g_i times the product of the
    others up to i, for i from its own on.

    Example:
        >>> cumprod([1.0, 2.0, 3.0]).tolist()
        [1.0, 2.0, 6.0]
    """
    x, axis = _flattened(x if dtype is None else as_operand(x).astype(dtype), axis)
    return in_dtype(apply(scans.cumprod, x, axis=axis), dtype)


def cummax(x: TensorLike, axis: int | None = None) -> Tensor:
    """Largest element so far, as `numpy.maximum.accumulate` computes it.

    A result shares its gradient equally among the equal largest elements up to it. Values
    only, as in JAX; the places are ``argmax`` of what is met.

    Args:
        x: tensor or array.
        axis: along which axis; None: of the flattened operand.

    Returns:
        A tensor of the shape of ``x`` (flattened when ``axis`` is None).

    Derivative: of the result's gradient g, x receives each g at the elements that are the result so
    far. Equal largest elements so far share the gradient equally.

    Example:
        >>> cummax([1.0, 3.0, 2.0]).tolist()
        [1.0, 3.0, 3.0]
    """
    x, axis = _flattened(x, axis)
    return apply(scans.cummax, x, axis=axis)


def cummin(x: TensorLike, axis: int | None = None) -> Tensor:
    """Smallest element so far; parameters and gradient as for `cummax`.

    Derivative: of the result's gradient g, x receives each g at the elements that are the result so
    far. Equal smallest elements so far share the gradient equally.

    Example:
        >>> cummin([2.0, 1.0, 3.0]).tolist()
        [2.0, 1.0, 1.0]
    """
    x, axis = _flattened(x, axis)
    return apply(scans.cummin, x, axis=axis)


def logcumsumexp(x: TensorLike, axis: int | None = None) -> Tensor:
    """Logarithm of the running sum of exponentials, without overflow.

    Args:
        x: tensor or array.
        axis: along which axis; None: of the flattened operand.

    Returns:
        A tensor of the shape of ``x`` (flattened when ``axis`` is None).

    Derivative: of the gradient g of the result y, x receives the sum of g_i · exp(x − y_i) over the
    places i from its own on. Where all so far are -inf the gradient is 0.

    Example:
        >>> logcumsumexp([1000.0, -1000.0, -1000.0]).tolist()
        [1000.0, 1000.0, 1000.0]
    """
    x, axis = _flattened(x, axis)
    return apply(scans.logcumsumexp, x, axis=axis)


def cumulative_sum(
    x: TensorLike,
    /,
    *,
    axis: int | None = None,
    dtype: npt.DTypeLike | None = None,
    include_initial: bool = False,
) -> Tensor:
    """Running sum as the array API standard has it.

    Args:
        x: tensor or array.
        axis: along which axis; may be left out for one axis only.
        dtype: the type to compute in, that of ``x`` by default.
        include_initial: begin with the sum of nothing, so that the axis is one longer.

    Returns:
        The sums.

    Raises:
        ShapeError: no axis is given and ``x`` has several.

    Example:
        >>> cumulative_sum([1.0, 2.0], include_initial=True).tolist()
        [0.0, 1.0, 3.0]
    """
    x, axis = _one_axis(x, axis, dtype, "cumulative_sum")
    return _from_initial(cumsum(x, axis, dtype=dtype), axis, 0, include_initial)


def cumulative_prod(
    x: TensorLike,
    /,
    *,
    axis: int | None = None,
    dtype: npt.DTypeLike | None = None,
    include_initial: bool = False,
) -> Tensor:
    """Running product as the array API standard has it; parameters as for `cumulative_sum`.

    Example:
        >>> cumulative_prod([2.0, 3.0], include_initial=True).tolist()
        [1.0, 2.0, 6.0]
    """
    x, axis = _one_axis(x, axis, dtype, "cumulative_prod")
    return _from_initial(cumprod(x, axis, dtype=dtype), axis, 1, include_initial)


def _one_axis(x: Any, axis: int | None, dtype: Any, name: str) -> tuple[Any, int]:
    x = as_operand(x)
    if axis is None and x.ndim != 1:
        raise ShapeError(f"{name!r} needs axis= for an operand of shape {x.shape}")
    x = x if dtype is None else x.astype(dtype)
    return x, place_of_axis(0 if axis is None else axis, x.ndim)


def _from_initial(y: Tensor, axis: int, first: int, wanted: bool) -> Tensor:
    if not wanted:
        return y
    shape = (*y.shape[:axis], 1, *y.shape[axis + 1 :])
    return concatenate([constant(np.full(shape, first, y.dtype)), y], axis)


def linear_recurrence(a: Any, b: Any, axis: int = -1) -> Tensor:
    """States of h_t = a_t·h_{t-1} + b_t along an axis, beginning with 0.

    Moving averages, discounted sums and linear state-space models are of this form.

    Args:
        a: factors.
        b: summands; broadcast against ``a``.
        axis: along which axis.

    Returns:
        All states, in the broadcast shape.

    Raises:
        ShapeError: the shapes cannot be broadcast together.

    Derivative: of the result's gradient g, a receives what b receives, times the state before; b
    receives the recurrence of g from the end, with a of the next place.

    Example:
        >>> linear_recurrence(0.5, [1.0, 1.0, 1.0]).tolist()
        [1.0, 1.5, 1.75]
    """
    a, b = operands_of((a, b))
    if a.shape != b.shape:
        a, b = a + b * 0, b + a * 0
    return apply(scans.linear_recurrence, a, b, axis=plain_axis(axis))
