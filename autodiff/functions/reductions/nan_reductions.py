"""Reductions that leave NaN out, with NumPy's names: compositions of the plain ones.

What is NaN gets no gradient. A slice of nothing but NaN gives NaN where NumPy's does, without
a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_plain
from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.reductions import reductions, searching
from autodiff.functions.reductions.masked import masked_mean, masked_std, masked_var
from autodiff.functions.reductions.nan_sums import filled
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "nanargmax",
    "nanargmin",
    "nanmax",
    "nanmean",
    "nanmin",
    "nanstd",
    "nanvar",
]


def _present(a: Any, where: Any) -> Any:
    """Which elements take part."""
    present = comparison.logical_not(comparison.isnan(a))
    return present if where is None else comparison.logical_and(present, where)


def nanmean(
    a: TensorLike,
    axis: Axis = None,
    *,
    dtype: npt.DTypeLike | None = None,
    keepdims: bool = False,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Mean of the elements that are not NaN; NaN if there are none. Parameters as for `nansum`.

    Example:
        >>> nanmean([1.0, np.nan, 2.0]).item()
        1.5
    """
    a = as_operand(a)
    return masked_mean(filled(a, dtype, 0), _present(a, where), plain_axis(axis), keepdims)


def nanvar(
    a: TensorLike,
    axis: Axis = None,
    *,
    dtype: npt.DTypeLike | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    where: npt.ArrayLike | None = None,
    correction: float | None = None,
) -> Tensor:
    """Variance of the elements that are not NaN; NaN if there are too few.

    Args:
        a: tensor or array.
        axis: the axis or axes, all by default.
        dtype: the type to compute in, that of ``a`` by default.
        ddof: what is subtracted from the count in the divisor (1: unbiased).
        keepdims: keep the reduced axes with length 1.
        where: which elements take part, booleans that broadcast against ``a``.
        correction: the array API's name of ``ddof``.

    Returns:
        The variances.

    Example:
        >>> nanvar([1.0, np.nan, 3.0]).item()
        1.0
    """
    a = as_operand(a)
    less = ddof if correction is None else correction
    return masked_var(filled(a, dtype, 0), _present(a, where), plain_axis(axis), less, keepdims)


def nanstd(
    a: TensorLike,
    axis: Axis = None,
    *,
    dtype: npt.DTypeLike | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    where: npt.ArrayLike | None = None,
    correction: float | None = None,
) -> Tensor:
    """Standard deviation of the elements that are not NaN; gradient 0 where it is 0.

    Parameters as for `nanvar`.

    Example:
        >>> nanstd([1.0, np.nan, 3.0]).item()
        1.0
    """
    a = as_operand(a)
    less = ddof if correction is None else correction
    return masked_std(filled(a, dtype, 0), _present(a, where), plain_axis(axis), less, keepdims)


def nanmax(
    a: TensorLike,
    axis: Axis = None,
    *,
    keepdims: bool = False,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Largest of the elements that are not NaN; equal ones share the gradient.

    Args:
        a: tensor or array.
        axis: the axis or axes, all by default.
        keepdims: keep the reduced axes with length 1.
        initial: the result is at least that; needed with ``where``.
        where: which elements take part, booleans that broadcast against ``a``.

    Returns:
        The maxima; NaN of nothing but NaN, unless ``initial`` is given.

    Example:
        >>> nanmax([1.0, np.nan, 2.0]).item()
        2.0
    """
    return _extremum(reductions.max, -np.inf, a, axis, keepdims, initial, where)


def nanmin(
    a: TensorLike,
    axis: Axis = None,
    *,
    keepdims: bool = False,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Smallest of the elements that are not NaN. Parameters as for `nanmax`.

    Example:
        >>> nanmin([1.0, np.nan, 2.0]).item()
        1.0
    """
    return _extremum(reductions.min, np.inf, a, axis, keepdims, initial, where)


def _extremum(
    reduce: Callable[..., Tensor],
    neutral: float,
    a: Any,
    axis: Axis,
    keepdims: bool,
    initial: Any,
    where: Any,
) -> Tensor:
    a, initial = operands_of((a, initial))
    if a.dtype.kind not in "fc":
        return reduce(a, axis, keepdims, initial=initial, where=where)
    missing = comparison.isnan(a)
    y = reduce(ew.where(missing, neutral, a), axis, keepdims, initial=initial, where=where)
    if initial is not None:
        return y
    return ew.where(searching.all(missing, axis, keepdims), np.nan, y)


def nanargmax(a: TensorLike, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
    """Place of the largest element that is not NaN; carries no gradient.

    Raises:
        ValueError: there is nothing but NaN.

    Example:
        >>> nanargmax([1.0, np.nan, 2.0]).item()
        2
    """
    return searching.argmax(_ranked(a, axis, -np.inf, "nanargmax"), axis, keepdims)


def nanargmin(a: TensorLike, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
    """Place of the smallest element that is not NaN; carries no gradient.

    Raises:
        ValueError: there is nothing but NaN.

    Example:
        >>> nanargmin([1.0, np.nan, 2.0]).item()
        0
    """
    return searching.argmin(_ranked(a, axis, np.inf, "nanargmin"), axis, keepdims)


def _ranked(a: Any, axis: int | None, neutral: float, name: str) -> Any:
    a = as_operand(a)
    if a.dtype.kind not in "fc":
        return a
    missing = comparison.isnan(a)
    gone = searching.all(missing, axis)._data
    # Where the numbers are not known yet, the place is that of the first element.
    if is_plain(gone) and gone.any():
        raise ValueError(
            f"{name}() was given a slice of nothing but NaN, in which no place can be named; "
            "leave such slices out, or fill them with autodiff.nan_to_num"
        )
    return ew.where(missing, neutral, a)
