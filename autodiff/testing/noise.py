"""How much of a function's value is rounding: measured, not assumed.

After Moré and Wild, "Estimating computational noise" (2011), but with a fit that a kink
or a jump at the very point does not disturb.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["EPS", "IRREGULAR", "half_ulp", "noise_along", "rounding_of"]

Array = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)
# Multiples of a power of two can be exact in an intermediate result, and hide its rounding.
IRREGULAR = 0xB504F / 2**20
_POSITIONS = (-4, -3, -2, -1, 1, 2, 3, 4)


def _residual_maker() -> Array:
    """The projection onto what a jump, two slopes and a curvature leave unexplained."""
    t = np.array(_POSITIONS, float)
    model = np.stack([np.ones_like(t), t > 0, t, np.abs(t), t * t], axis=1)
    return np.asarray(np.eye(len(t)) - model @ np.linalg.pinv(model))


_RESIDUAL = _residual_maker()
_FREEDOM = round(float(np.trace(_RESIDUAL)))


def half_ulp(values: Array) -> Array:
    """Half a unit in the last place: what storing a number may change of it."""
    return np.asarray(np.spacing(np.abs(values)) / 2)


def noise_along(value: Callable[[float], Array], middle: Array) -> Array:
    """The standard deviation of the noise in values along a line.

    Args:
        value: the function's values, shape (rows,), at a position on the line; on each
            side of 0 the function itself has to look like a parabola up to position 4.
        middle: those at 0.

    Returns:
        One standard deviation for each row; zero where no noise shows, or where values
        are not finite.
    """
    offsets = np.stack([value(float(position)) for position in _POSITIONS]) - middle
    finite = np.isfinite(offsets).all(axis=0)
    residual = _RESIDUAL @ np.where(finite, offsets, 0.0)
    return np.asarray(np.sqrt(np.sum(residual**2, axis=0) / _FREEDOM))


def rounding_of(deviation: Array, *values: Array) -> Array:
    """What rounding does to a value at most: twice its deviation, and half its last place.

    Args:
        deviation: one standard deviation of the noise, shape (rows,).
        *values: values of the function, whose size counts; shape (…, rows).

    Returns:
        A bound, in the common shape of the values.
    """
    return np.asarray(2 * deviation + np.maximum.reduce([half_ulp(v) for v in values]))
