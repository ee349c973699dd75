"""Noise that does not show next to the point, looked for before anything is called wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.noise import APART, half_ulp, noise_along

__all__ = ["grid_of", "hidden_noise"]

Array = NDArray[np.float64]

# How far about a step to look, in parts of it.
_ABOUT = 2.0**-28
# Not where the differences have their values, which may be special too.
_AWAY = (1.3127, -0.8713)
# A grid so many times as wide as the last place is no chance; one wider than this part of the
# inputs and values is not made by cancellation, but by a function that rounds.
_COARSE = 8.0
_CANCELLED = 2.0**-30


def hidden_noise(value: Callable[[Array], Array], x: Array, step: Array, known: Array) -> Array:
    """Noise of values a step away, and that of values on a grid; one standard deviation.

    A point can be special: where a matrix is diagonal, its factors are exact. And the rounding
    of a number from which nearly all cancels stays the same over many neighbours, so that it
    shows only in all values being multiples of the same number.

    Args:
        value: the function, from a point to values of shape (rows,).
        x: the point.
        step: from there.
        known: the noise that each row has anyway.

    Returns:
        The noise of each row, zero where none is found; where none is more than what is known,
        it is not looked for any further.
    """
    found: list[Array] = []
    for away in _AWAY:
        values = {0.0: value(x + away * step)}
        for t in APART:
            values[t] = value(x + (away + t * _ABOUT) * step)
        noise = noise_along(values.__getitem__, values[0.0], APART)
        every = np.stack(list(values.values()))
        grid = grid_of(every)
        largest = np.maximum(np.max(np.abs(every), axis=0), np.max(np.abs(x + away * step)))
        found.append(np.maximum(noise, np.where(grid <= _CANCELLED * largest, grid / 2, 0.0)))
        if (found[-1] <= known).all():
            return found[-1]
    # Near a singularity one of them may be noisier for that alone.
    return np.asarray(np.min(found, axis=0))


def grid_of(values: Array) -> Array:
    """The largest power of two of which values are multiples, if much larger than rounding.

    Args:
        values: shape (samples, rows).

    Returns:
        For each row; zero where values are as fine as floating-point numbers are.
    """
    finite = np.isfinite(values).all(axis=0)
    mantissas, exponents = np.frexp(np.where(finite, values, 0.0))
    digits = np.ldexp(mantissas, 53).astype(np.int64)
    lowest = np.where(digits == 0, np.inf, np.ldexp((digits & -digits) * 1.0, exponents - 53))
    grid = np.min(lowest, axis=0)
    last = 2 * half_ulp(np.max(np.abs(np.where(finite, values, 0.0)), axis=0))
    return np.where(np.isfinite(grid) & (grid >= _COARSE * last), grid, 0.0)
