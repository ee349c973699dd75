"""How much of a function's value is rounding: measured, not assumed.

After Moré and Wild, "Estimating computational noise" (2011), but with a fit that a kink
or a jump at the very point does not disturb, and at uneven distances: at even ones the
rounding of an intermediate result can drift evenly too, and look like a slope.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "APART",
    "EPS",
    "EXACT",
    "NEIGHBOURS",
    "half_ulp",
    "jitter",
    "length",
    "noise_along",
    "rounding_of",
    "unsteadiness",
    "without_structure",
]

Array = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)

NEIGHBOURS = (-7.0, -4.0, -2.0, -1.0, 1.0, 3.0, 5.0, 8.0)
APART = (-7.8127, -5.1934, -3.0381, -1.2713, 0.8517, 2.3719, 4.6173, 6.9431)
# Few bits, so that positions are exact; where numbers round to a grid they may all lie on it.
EXACT = tuple(n / 64 for n in (-501, -333, -195, -81, 55, 151, 295, 445))


# Steps of the same length to both sides could be rounded alike.
_UNLIKE = 0.7321
# How much closer each look is than the one before, and how many there are.
_CLOSER = 2.0**-3
_LOOKS = 7


def half_ulp(values: Array) -> Array:
    """Half a unit in the last place: what storing a number may change of it."""
    return np.asarray(np.spacing(np.abs(values)) / 2)


def length(vectors: Array, axis: int) -> Array:
    """Euclidean lengths, also where squares would leave the range of numbers."""
    largest = np.max(np.abs(vectors), axis=axis, keepdims=True, initial=0.0)
    unit = np.where(largest > 0, largest, 1.0)
    return np.asarray(np.sqrt(np.sum((vectors / unit) ** 2, axis=axis)) * unit.squeeze(axis))


def jitter(x: Array, rng: np.random.Generator) -> Array:
    """The point with every entry but zeros moved by one to three units in the last place."""
    steps = rng.integers(1, 4, x.shape) * rng.choice([-1, 1], x.shape)
    return np.where(x != 0, x + steps * np.spacing(np.abs(x)), x)


def unsteadiness(
    gradients: Callable[[Array], Array],
    x: Array,
    here: Array,
    rng: np.random.Generator,
    samples: int = 8,
) -> Array:
    """How far gradients are off by rounding: what moving the point both ways does not undo.

    What is the same in both directions but for its sign is the next derivative, no error. The
    point is moved far enough for all numbers inside to be rounded anew; what falls off with the
    square of the distance belongs to the function.

    Args:
        gradients: at a point, shape (…, inputs).
        x: the point.
        here: the gradients there.
        rng: draws directions.
        samples: how often to look.

    Returns:
        What was seen at most for each entry; infinite where it is not finite.
    """

    def change(step: Array) -> Array:
        after, before = gradients(x + step), gradients(x - _UNLIKE * step)
        found = np.abs(_UNLIKE * after + before - (1 + _UNLIKE) * here)
        return np.asarray(np.where(np.isfinite(found), found, np.inf))

    largest = np.zeros_like(here)
    for _ in range(samples):
        step = 2.0**-24 * x * rng.choice([-1.0, 1.0], x.shape) * rng.uniform(1.0, 2.0, x.shape)
        seen = change(step)
        if (seen > 64 * EPS * np.abs(here)).any():
            with np.errstate(all="ignore"):
                fall = seen / change(2.0**-4 * step)
            seen = np.where((fall > 2.0**7) & (fall < 2.0**9), 0.0, seen)
        largest = np.maximum(largest, seen)
    return largest


def noise_along(
    value: Callable[[float], Array], middle: Array, positions: tuple[float, ...]
) -> Array:
    """The standard deviation of the noise in values along a line.

    Args:
        value: the function's values, shape (rows,), at a position on the line.
        middle: those at 0.
        positions: where to look, on both sides of 0. On each side the function itself has
            to look like a parabola there.

    Returns:
        One standard deviation for each row; zero where no noise shows, or where values
        are not finite.
    """
    offsets = np.stack([value(position) for position in positions]) - middle
    finite = np.isfinite(offsets).all(axis=0)
    offsets = np.where(finite, offsets, 0.0)
    model, fit = _smooth(positions)
    residual = offsets - model @ (fit @ offsets)
    return np.asarray(length(residual, axis=0) / np.sqrt(len(model) - len(fit)))


@cache
def _smooth(positions: tuple[float, ...]) -> tuple[Array, Array]:
    """What belongs to the function, shape (positions, terms), and the map that fits it."""
    t = np.array(positions)
    # A jump, two slopes and a curvature.
    model = np.stack([np.ones_like(t), t > 0, t, np.abs(t), t * t], axis=1)
    return model, np.linalg.pinv(model)


def without_structure(
    noise_at: Callable[[float], Array], noise: Array, least: Array, suspicious: NDArray[np.bool_]
) -> Array:
    """The noise where what looked like it falls off with the distance as only structure does.

    Near a singularity, or where a function has many periods within the distance looked at,
    the function itself is no parabola. Looked at from closer and closer, it becomes one: what
    is left over falls with the third power of the distance or faster, down to the noise.
    Noise stays what it is, or vanishes all at once where neighbours are rounded alike.

    Args:
        noise_at: the noise along a line, at distances scaled by a number.
        noise: that at the whole distance, shape (rows,).
        least: that between neighbouring numbers.
        suspicious: rows for which to look closer.
    """
    closer = [noise_at(_CLOSER**k) for k in range(1, _LOOKS)]
    levels = np.stack([noise, *closer, least])
    with np.errstate(divide="ignore", invalid="ignore"):
        falls = levels[:-1] / levels[1:]
    most = np.full((_LOOKS, 1), _CLOSER**-5.5)
    # Neighbours are closer than the next look would be.
    most[-1] = _CLOSER**-12
    smooth = (falls >= _CLOSER**-2) & (falls <= most)
    found = noise.copy()
    for row in np.flatnonzero(suspicious):
        for k in range(_LOOKS - 1):
            if smooth[k : k + 2, row].all():
                end = k + 2
                while end < _LOOKS and smooth[end, row]:
                    end += 1
                found[row] = max(levels[end : end + 2, row].max(), least[row])
                break
    return found


def rounding_of(deviation: Array, values: Array) -> Array:
    """What rounding does to values at most: twice their deviation, or half the last place.

    Args:
        deviation: one standard deviation of the noise, shape (rows,).
        values: of the function, shape (…, rows).

    Returns:
        A bound for each value.
    """
    return np.asarray(np.maximum(2 * deviation, half_ulp(values)))
