"""Normal draws without tails: cut where PyTorch cuts them, or with the deviation asked for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from nn.init.plain import Array, Rng, Shape, checked_dtype, checked_shape, number

__all__ = ["trunc_normal", "truncated_normal"]

_REACH = 9.0
"""Beyond so many standard deviations from its greatest value no density is left to speak of."""


def trunc_normal(
    shape: Shape,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Draws from a normal distribution, those outside [a, b] drawn again.

    As in PyTorch ``mean`` and ``std`` are those of the uncut distribution, and the bounds are
    numbers, not standard deviations: with a ``std`` of 0.02 the usual bounds cut nothing. For
    draws that have the deviation asked for see `truncated_normal`.

    Args:
        shape: shape of the result.
        mean: mean of the uncut distribution.
        std: its standard deviation, positive.
        a: least value.
        b: greatest value, above ``a``.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ValueError: ``std`` is not positive, or there is nothing between the bounds.

    Example:
        >>> values = trunc_normal((100, 100), a=0.0, b=1.0)
        >>> bool(0 <= values.min() < values.max() <= 1)
        True
    """
    number("mean", mean)
    if not number("std", std) > 0:
        raise ValueError(f"a standard deviation must be positive, and std={std} was given")
    if not number("a", a, infinite=True) < number("b", b, infinite=True):
        raise ValueError(f"nothing is between the bounds a={a} and b={b}")
    chosen, sizes, rng = checked_dtype(dtype), checked_shape(shape), ad.random.generator(rng)
    low, high = (a - mean) / std, (b - mean) / std
    draws = _between(rng, low, high, sizes)
    return np.clip(draws * std + mean, a, b).astype(chosen)


def _between(rng: np.random.Generator, low: float, high: float, sizes: tuple[int, ...]) -> Array:
    """Standard normal draws from an interval, by the way that discards fewer."""
    inside = 0.5 * (math.erf(high / math.sqrt(2.0)) - math.erf(low / math.sqrt(2.0)))
    draw = _normal if inside > 0.3 else _even
    return draw(rng, math.prod(sizes), low, high).reshape(sizes)


def _normal(rng: np.random.Generator, count: int, low: float, high: float) -> Array:
    """Standard normal draws, again where they are outside."""
    draws = rng.standard_normal(count)
    while (outside := (draws < low) | (draws > high)).any():
        draws[outside] = rng.standard_normal(int(outside.sum()))
    return draws


def _even(rng: np.random.Generator, count: int, low: float, high: float) -> Array:
    """Even draws, kept with the probability of their density: in tails most would be outside."""
    mode = min(max(0.0, low), high)
    low, high = max(low, mode - _REACH), min(high, mode + _REACH)
    draws, left = np.empty(count), np.arange(count)
    while left.size:
        tried = rng.uniform(low, high, left.size)
        kept = np.log1p(-rng.random(left.size)) <= 0.5 * (mode * mode - tried * tried)
        draws[left[kept]], left = tried[kept], left[~kept]
    return draws


def truncated_normal(
    shape: Shape,
    std: float = 1.0,
    *,
    cut: float = 2.0,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Draws from a normal distribution without its tails.

    Cutting the tails lowers the variance; the draws are stretched so that what comes out
    has the standard deviation asked for. With φ and Φ the standard normal's density and
    distribution function, the variance of a standard normal cut at ±c is
    1 − 2cφ(c) / (2Φ(c) − 1).

    Args:
        shape: shape of the result.
        std: standard deviation of the result, not negative.
        cut: where the tails are cut, in standard deviations of the uncut distribution.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array, with mean 0.

    Raises:
        ValueError: ``std`` is negative or ``cut`` is not positive.

    Example:
        >>> a = truncated_normal((200, 200), 0.5)
        >>> bool(abs(a.std() - 0.5) < 0.01)
        True
    """
    number("std", std, 0)
    if not number("cut", cut, infinite=True) > 0:
        raise ValueError(f"cut must be a positive number of standard deviations, not {cut}")
    chosen = checked_dtype(dtype)
    sizes, rng = checked_shape(shape), ad.random.generator(rng)
    draws = _between(rng, -cut, cut, sizes)
    return (draws * (std / _deviation(min(cut, _REACH)))).astype(chosen)


def _deviation(cut: float) -> float:
    """The standard deviation of a standard normal without its tails."""
    if cut < 0.01:
        # Nearly even; the difference below would have no digits left.
        return cut * math.sqrt((1.0 - 2.0 * cut * cut / 15.0) / 3.0)
    density = math.exp(-0.5 * cut * cut) / math.sqrt(2.0 * math.pi)
    return math.sqrt(1.0 - 2.0 * cut * density / math.erf(cut / math.sqrt(2.0)))
