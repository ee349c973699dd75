"""The function's values on both sides of the point, at steps each half the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.hidden_noise import hidden_noise
from autodiff.testing.lines import Line
from autodiff.testing.noise import half_ulp, rounding_of
from autodiff.testing.ridders import Estimate, extrapolate

__all__ = ["Differences"]

Array = NDArray[np.float64]

# Not a power of two, so that no period of the function hides behind it; few bits, so that
# the point plus a step is exact down to some ten units in the last place.
_LARGEST = 43 / 128
# So many neighbouring steps have to tell of stairs, each so many last places clearly.
_TREADS = 3
_CLEARLY = 64.0
# Noise hardly differs between steps that differ by less than two to this power.
_EVERY = 4


class Differences:
    """Values along several lines, evaluated where they are wanted.

    Args:
        value: the function, from a point to values of shape (rows,).
        x: the point.
        lines: the lines through it.
        middle: the values at the point.
        deviation: the noise of a value, one standard deviation, shape (rows,).
        extra: further rounding of values along each line, shape (lines, rows).
    """

    lines: Sequence[Line]

    def __init__(
        self,
        value: Callable[[Array], Array],
        x: Array,
        lines: Sequence[Line],
        middle: Array,
        deviation: Array,
        extra: Array,
    ) -> None:
        self._value, self._x, self.lines = value, x, lines
        self._middle, self._deviation, self._extra = middle, deviation, extra
        self._sides: dict[int, Array] = {}
        self._slips: dict[int, Array] = {}
        self._hidden: dict[int, Array] | None = None
        self._looked: dict[tuple[int, int], Array] = {}

    def with_noise(self, deviation: Array) -> Differences:
        """The same values, with another noise ascribed to them."""
        other = copy(self)
        other._deviation = deviation
        return other

    def with_hidden_noise(self, which: Iterable[int]) -> Differences:
        """The same values, with the noise that they have where they were taken, for some lines."""
        other = copy(self)
        other._hidden = {}
        for level in sorted(self._sides):
            hidden = np.zeros((len(self.lines), len(self._middle)))
            for i in which:
                if np.isfinite(self._sides[level][:, i]).any():
                    hidden[i] = self._hidden_noise(i, level - level % _EVERY)
            other._hidden[level] = hidden
        return other

    def _hidden_noise(self, i: int, level: int) -> Array:
        if (i, level) not in self._looked:
            line = self.lines[i]
            direction = np.zeros_like(self._x)
            direction[line.positions] = self.step(level) * line.weights
            self._looked[i, level] = hidden_noise(self._value, self._x, direction, self._deviation)
        return self._looked[i, level]

    def evaluate(self, which: Iterable[int], levels: Callable[[Line], Iterable[int]]) -> None:
        """Evaluate the function at the steps that a line shall have, for some of the lines."""
        for i in which:
            line = self.lines[i]
            for level in levels(line):
                sides = self._level(level)
                if np.isnan(sides[0, i, 0]):
                    t = self.step(level)
                    for side, moved in enumerate((t, -t)):
                        point = line.point(self._x, moved)
                        sides[side, i] = self._value(point)
                        self._slips[level][side, i, 0] = line.slip(self._x, point, moved)

    def _level(self, level: int) -> Array:
        if level not in self._sides:
            self._sides[level] = np.full((2, len(self.lines), len(self._middle)), np.nan)
            self._slips[level] = np.zeros((2, len(self.lines), 1))
        return self._sides[level]

    @staticmethod
    def step(level: int) -> float:
        """The step of a level."""
        return float(np.ldexp(_LARGEST, -level))

    def _values(self, which: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        """Steps, shape (levels, 1, 1), and values after and before the point."""
        levels = range(min(self._sides), max(self._sides) + 1)
        blank = np.full((2, len(which), len(self._middle)), np.nan)
        sides = np.stack([self._sides[r][:, which] if r in self._sides else blank for r in levels])
        steps = np.array([self.step(level) for level in levels]).reshape(-1, 1, 1)
        return steps, sides[:, 0], sides[:, 1]

    def _slip(self, which: NDArray[np.intp]) -> Array:
        """By how much the steps to both sides were rounded, shape (levels, lines, 1)."""
        nothing = np.zeros((2, len(self.lines), 1))
        levels = range(min(self._sides), max(self._sides) + 1)
        slips = np.stack([self._slips.get(level, nothing)[:, which] for level in levels])
        return np.asarray(slips.sum(axis=1))

    def central(self, which: NDArray[np.intp]) -> Estimate:
        """Derivatives along some lines, from both sides together."""
        steps, after, before = self._values(which)
        noise = self._rounding(which, after) + self._rounding(which, before)
        quotients = (after - before) / (2 * steps)
        noise = noise / (2 * steps) + np.abs(quotients) * self._slip(which) / (2 * steps)
        return extrapolate(quotients, noise, 4)

    def bend(self, which: NDArray[np.intp]) -> Estimate:
        """How much the derivative to the right is larger than the one to the left."""
        steps, after, before = self._values(which)
        noise = self._rounding(which, after) + self._rounding(which, before)
        noise = noise + 2 * self._rounding(which, self._middle)
        return extrapolate((after - 2 * self._middle + before) / steps, noise / steps, 2)

    def one_sided(self, which: NDArray[np.intp]) -> tuple[Estimate, Estimate]:
        """Derivatives to the left and to the right of the point."""
        steps, after, before = self._values(which)
        middle = self._middle
        here = self._rounding(which, middle)
        left = (self._rounding(which, before) + here) / steps
        right = (self._rounding(which, after) + here) / steps
        return (
            extrapolate((middle - before) / steps, left, 2),
            extrapolate((after - middle) / steps, right, 2),
        )

    def variation(self, which: NDArray[np.intp]) -> Array:
        """How much values change at most within the largest steps tried."""
        _, after, before = self._values(which)
        change = np.fmax(np.abs(after - self._middle), np.abs(before - self._middle))
        return np.asarray(np.max(np.where(np.isfinite(change), change, 0.0), axis=0))

    def jumps(self, which: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Where the two sides stay apart however small the step: discontinuities."""
        _, after, before = self._values(which)
        gap = np.abs(after - before)
        if len(gap) < 8:
            return np.zeros(gap.shape[1:], bool)
        noise = self._rounding(which, after[-1]) + self._rounding(which, before[-1])
        return np.asarray((gap[-1] > 0.9 * gap[-7]) & (gap[-1] > 50 * noise))

    def stairs(self, which: NDArray[np.intp], slope: Array, other: Array) -> NDArray[np.bool_]:
        """Where small steps to one side follow one slope to the last place, and not another.

        Next to a jump, or between many, larger steps see the slope of the whole staircase, and
        neighbouring numbers what looks like noise; the treads have their own slope.
        """
        steps, after, before = self._values(which)
        slips = self._slip(which)
        found = np.zeros(slope.shape, bool)
        for side, values in ((1.0, after), (-1.0, before)):
            change, distance = values[:-1] - values[1:], side * (steps[:-1] - steps[1:])
            noise = 2 * (half_ulp(values[:-1]) + half_ulp(values[1:]))
            slipped = slips[:-1] + slips[1:]
            near = np.abs(change - slope * distance) <= noise + np.abs(slope) * slipped
            clear = _CLEARLY * (noise + (np.abs(slope) + np.abs(other)) * slipped)
            telling = np.abs((slope - other) * distance) > clear
            smallest = telling & (np.cumsum(telling[::-1], axis=0)[::-1] <= _TREADS)
            found |= np.sum(smallest & near, axis=0) == _TREADS
        return found

    def rounding(self, which: NDArray[np.intp]) -> Array:
        """A bound of the rounding of the values at the point, shape (lines, rows)."""
        return self._rounding(which, self._middle)

    def _rounding(self, which: NDArray[np.intp], values: Array) -> Array:
        noise = rounding_of(self._deviation, values) + self._extra[which]
        if self._hidden is None or values.ndim < 3:
            return noise
        levels = range(min(self._sides), max(self._sides) + 1)
        nothing = np.zeros((len(self.lines), len(self._middle)))
        hidden = np.stack([self._hidden.get(level, nothing)[which] for level in levels])
        return np.asarray(np.maximum(noise, 2 * hidden))
