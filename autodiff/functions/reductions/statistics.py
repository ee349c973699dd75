"""Weighted means, ranges and covariances, with NumPy's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_stand_in
from autodiff.errors import ShapeError
from autodiff.functions.creation.diagonals import diagonal
from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.elementwise.complex_numbers import conjugate, real
from autodiff.functions.products.linear import matmul
from autodiff.functions.reductions import reductions
from autodiff.functions.reductions.masked import floating, floating_together, in_single
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import broadcast_to, place_of_axis, squeeze
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = ["amax", "amin", "average", "corrcoef", "cov", "ptp"]


def average(
    a: Any,
    axis: Axis = None,
    weights: Any = None,
    returned: bool = False,
    *,
    keepdims: bool = False,
) -> Any:
    """Mean in which elements have weights, which may carry a gradient too.

    Args:
        a: tensor or array.
        axis: the axis or axes, all by default.
        weights: of the shape of ``a``, or of the axes named; equal ones by default.
        returned: give also the sums of the weights.
        keepdims: keep the reduced axes with length 1.

    Returns:
        The means; with ``returned`` a pair of them and the sums of the weights.

    Raises:
        ShapeError: the weights do not fit.
        ZeroDivisionError: the weights of a mean add up to 0.

    Example:
        >>> average([1.0, 3.0], weights=[3.0, 1.0]).item()
        1.5
    """
    a, w = floating_together(a, weights)
    whole = w is not None and as_operand(weights).dtype.kind in "biu"
    half = a.dtype == np.float16 and (w is None or whole or w.dtype == np.float16)
    if half:
        # Sums and counts end at 65504 there.
        a, w = a.astype(np.float32), None if w is None else w.astype(np.float32)
    axis = plain_axis(axis)
    if w is None:
        mean = reductions.mean(a, axis, keepdims)
        count = a.size // mean.size if mean.size else 0
        total: Any = constant(np.full(mean.shape, count, a.dtype))
    else:
        if whole:
            w = w.astype(a.dtype)
        w = _spread(w, a, axis)
        total = reductions.sum(w, axis, keepdims)
        if type(total._data) is np.ndarray and not total._data.all():
            raise ZeroDivisionError(
                "average() was given weights that add up to 0; give some that do not"
            )
        mean = reductions.sum(a * w, axis, keepdims) / total
    if half:
        mean = mean.astype(np.float16)
        total = total.astype(np.float16) if returned else total
    return (mean, total) if returned else mean


def _spread(w: Any, a: Any, axis: Axis) -> Any:
    """Weights in the shape of what they weigh."""
    if w.shape == a.shape:
        return w
    axes = () if axis is None else axis if isinstance(axis, tuple) else (axis,)
    places = [place_of_axis(i, a.ndim) for i in axes]
    if not places or w.shape != tuple(a.shape[i] for i in places):
        raise ShapeError(
            f"'average' was given shape {a.shape} and weights of shape {w.shape} with "
            f"axis={axis}; give weights of the same shape, or of the axes named"
        )
    if len(places) > 1:
        w = w.transpose(*(int(i) for i in np.argsort(places)))
    lengths = [n if i in places else 1 for i, n in enumerate(a.shape)]
    return broadcast_to(w.reshape(*lengths), a.shape)


def ptp(a: TensorLike, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Largest less smallest element; equal ones share the gradient.

    Args:
        a: tensor or array.
        axis: the axis or axes, all by default.
        keepdims: keep the reduced axes with length 1.

    Returns:
        The ranges.

    Example:
        >>> ptp([1.0, 5.0, 2.0]).item()
        4.0
    """
    a = as_operand(a)
    return reductions.max(a, axis, keepdims) - reductions.min(a, axis, keepdims)


def _check_weights(name: str, weights: Any) -> None:
    if is_stand_in(weights):
        return
    whole = name == "fweights"
    if np.any(weights < 0) or (whole and np.any(weights != np.rint(weights))):
        wanted = "whole numbers from 0 up" if whole else "numbers from 0 up"
        raise ValueError(f"cov() was given {name}={weights}; give {wanted}")


@in_single
def cov(
    m: TensorLike,
    y: TensorLike | None = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: float | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: npt.DTypeLike | None = None,
) -> Tensor:
    """Covariances of variables, given by their observations.

    Args:
        m: a row for each variable, or one variable.
        y: further variables.
        rowvar: false where a column is a variable.
        bias: divide by the number of observations instead of one less.
        ddof: what is subtracted from that number instead.
        fweights: how often each observation occurred, whole numbers.
        aweights: how much each observation counts; may carry a gradient.
        dtype: the type to compute in, that of ``m`` by default.

    Returns:
        The matrix of covariances, the variance if there is one variable; NaN if there are too
        few observations.

    Raises:
        ShapeError: there are more than two axes, or the weights do not fit.
        ValueError: weights are negative, or ``fweights`` no whole numbers.

    Example:
        >>> cov([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]).tolist()
        [[1.0, -1.0], [-1.0, 1.0]]
    """
    m, y, aweights = operands_of((m, y, aweights))
    x = _variables(m, rowvar, dtype)
    if y is not None:
        x = concatenate([x, _variables(y, rowvar, dtype)])
    less = ddof if ddof is not None else 0 if bias else 1
    if less != int(less):
        raise ValueError(f"cov() was given ddof={ddof}; give a whole number")
    weights: Any = None
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is not None:
            w = as_operand(given, x)
            if w.shape != x.shape[1:]:
                raise ShapeError(
                    f"'cov' was given {x.shape[1]} observations and {name} of shape {w.shape}; "
                    "give one for each"
                )
            _check_weights(name, w._data)
            w = w.astype(x.dtype) if w.dtype.kind in "biu" else w
            weights = w if weights is None else weights * w
    mean, total = average(x, axis=1, weights=weights, returned=True, keepdims=True)
    x = x - mean
    divisor: Any = float(x.shape[1] - less)
    if weights is not None:
        total = total[0]
        if aweights is not None and less:
            total = total - less * reductions.sum(weights * aweights) / total
            divisor = total
        else:
            divisor = total - less
        weighted = x * weights
    else:
        weighted = x
    matrix = matmul(x, _conjugate(weighted).T)
    if weights is None:
        return squeeze(matrix / (divisor if divisor > 0 else np.nan))
    enough = comparison.greater(divisor, 0)
    return squeeze(ew.where(enough, matrix / ew.where(enough, divisor, 1), np.nan))


def _variables(m: Any, rowvar: bool, dtype: Any) -> Any:
    x = floating(m)
    if dtype is not None:
        x = x.astype(dtype)
    if x.ndim > 2:
        raise ShapeError(f"'cov' was given shape {x.shape}; give at most two axes")
    if x.ndim < 2:
        return x.reshape(1, -1)
    return x if rowvar else x.T


def _conjugate(x: Any) -> Any:
    if x.dtype.kind != "c":
        return x
    return conjugate(x)


def corrcoef(
    x: TensorLike,
    y: TensorLike | None = None,
    rowvar: bool = True,
    *,
    dtype: npt.DTypeLike | None = None,
) -> Tensor:
    """Correlations of variables: covariances over standard deviations.

    Args:
        x: a row for each variable, or one variable.
        y: further variables.
        rowvar: false where a column is a variable.
        dtype: the type to compute in, that of ``x`` by default.

    Returns:
        The matrix of correlations, 1 if there is one variable; NaN for what is constant.

    Example:
        >>> corrcoef([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]).data.round(6).tolist()
        [[1.0, -1.0], [-1.0, 1.0]]
    """
    c: Any = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c  # type: ignore[no-any-return]
    variance = diagonal(c)
    if c.dtype.kind == "c":
        variance = real(variance)
    some = comparison.greater(variance, 0)
    deviation = ew.where(some, ew.sqrt(ew.where(some, variance, 1)), np.nan)
    r = c / deviation.reshape(-1, 1) / deviation
    # Rounding must not make a correlation larger than 1.
    return r if c.dtype.kind == "c" else ew.clip(r, -1, 1)  # type: ignore[no-any-return]


def amax(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """The same as `autodiff.max`.

    Example:
        >>> amax([[1.0, 2.0], [3.0, 0.0]], axis=1).tolist()
        [2.0, 3.0]
    """
    return reductions.max(x, axis, keepdims, initial=initial, where=where)


def amin(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """The same as `autodiff.min`.

    Example:
        >>> amin([[1.0, 2.0], [3.0, 0.0]], axis=1).tolist()
        [1.0, 0.0]
    """
    return reductions.min(x, axis, keepdims, initial=initial, where=where)
