"""Initial values that do not depend on the fans."""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.module.dtypes import get_default_dtype

__all__ = ["constant", "normal", "ones", "small_normal", "uniform", "zeros"]

Array = np.ndarray[Any, Any]
Shape = int | tuple[int, ...]
Rng = np.random.Generator | int | None


def checked_shape(shape: Shape) -> tuple[int, ...]:
    """The shape as a tuple, refused if a length is negative or no whole number."""
    try:
        lengths = tuple(map(operator.index, shape if isinstance(shape, Iterable) else (shape,)))
    except TypeError:
        raise TypeError(
            f"a shape is a whole number or a tuple of them, such as (3, 2), not {shape!r}"
        ) from None
    if any(n < 0 for n in lengths):
        raise ShapeError(f"a shape with a negative length was given: {lengths}")
    return lengths


def checked_dtype(dtype: Any) -> np.dtype[Any]:
    """The dtype, by default that of parameters; refused if not floating."""
    chosen = np.dtype(get_default_dtype() if dtype is None else dtype)
    if not np.issubdtype(chosen, np.inexact):
        raise TypeError(f"parameters need a floating dtype, not {chosen}; use np.float32")
    return chosen


def number(name: str, value: float, least: float = -math.inf, *, infinite: bool = False) -> float:
    """A number of ``least`` or more, of which an initial value is made.

    Raises:
        TypeError: it is no number.
        ValueError: it is NaN, infinite where that may not be, or below.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, not {value!r}")
    if math.isnan(value) or (math.isinf(value) and not infinite) or value < least:
        wanted = f"a {'' if infinite else 'finite '}number"
        wanted += f", {least:g} or more" if math.isfinite(least) else ""
        raise ValueError(f"{name} must be {wanted}, not {value!r}")
    return value


def integer(name: str, value: int) -> int:
    """An integer.

    Raises:
        TypeError: it is none.
    """
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, not {value!r}") from None


def constant(
    shape: Shape,
    value: float = 0.0,
    *,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """An array filled with one value.

    Args:
        shape: shape of the result.
        value: the value.
        rng: not used; taken so that every scheme is called alike.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Example:
        >>> constant(2, 0.5)
        array([0.5, 0.5], dtype=float32)
    """
    return np.full(checked_shape(shape), value, dtype=checked_dtype(dtype))


def zeros(shape: Shape, *, rng: Rng = None, dtype: Any = None) -> Array:
    """Zeros; right for biases, but weights that are all equal stay equal.

    Example:
        >>> zeros(2)
        array([0., 0.], dtype=float32)
    """
    return constant(shape, 0.0, dtype=dtype)


def ones(shape: Shape, *, rng: Rng = None, dtype: Any = None) -> Array:
    """Ones.

    Example:
        >>> ones(2)
        array([1., 1.], dtype=float32)
    """
    return constant(shape, 1.0, dtype=dtype)


def normal(
    shape: Shape,
    mean: float = 0.0,
    std: float = 1.0,
    *,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Independent draws from a normal distribution.

    Args:
        shape: shape of the result.
        mean: mean of the distribution.
        std: its standard deviation, not negative.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array. Drawn in float64 and then rounded, so that one seed gives the same
        numbers in every precision.

    Raises:
        ValueError: ``std`` is negative, or a number is not finite.

    Example:
        >>> normal((2, 3), rng=np.random.default_rng(0)).shape
        (2, 3)
    """
    number("mean", mean)
    number("std", std, 0)
    chosen = checked_dtype(dtype)
    rng = ad.random.generator(rng)
    return rng.normal(mean, std, checked_shape(shape)).astype(chosen)


def small_normal(shape: Shape, *, rng: Rng = None, dtype: Any = None) -> Array:
    """Draws from N(0, 0.01²): small weights, whatever the size of the layer.

    Example:
        >>> bool(abs(small_normal((100, 100)).std() - 0.01) < 0.001)
        True
    """
    return normal(shape, 0.0, 0.01, rng=rng, dtype=dtype)


def uniform(
    shape: Shape,
    low: float = 0.0,
    high: float = 1.0,
    *,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Independent draws from the half-open interval [low, high).

    Args:
        shape: shape of the result.
        low: lower end.
        high: upper end, not below ``low``.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ValueError: ``high`` is below ``low``, or one of them is not finite.

    Example:
        >>> uniform((2, 3), -1.0, 1.0).shape
        (2, 3)
    """
    if number("high", high) < number("low", low):
        raise ValueError(f"the interval is empty: low={low} is above high={high}")
    chosen = checked_dtype(dtype)
    rng = ad.random.generator(rng)
    return rng.uniform(low, high, checked_shape(shape)).astype(chosen)
