"""Straight lines through the point along which a function is differentiated numerically."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Line", "along_entry", "along_random", "power_of_two"]

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

# A small part of it would no longer be a number of full precision.
_AS_GOOD_AS_ZERO = 1e-280


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """``x + t · weights`` in some entries; the others stay.

    Weights are powers of two, or a few bits more, so that the points are exact.

    Attributes:
        positions: the entries that move.
        weights: how fast each does; about the entry's own size.
        higher: how many times larger steps, each twice the one before, may be worth a try.
    """

    positions: Positions
    weights: Array
    higher: int

    @property
    def is_entry(self) -> bool:
        """Whether a single entry moves."""
        return len(self.positions) == 1

    def point(self, x: Array, t: float) -> Array:
        """The point at ``t``."""
        moved = x.copy()
        moved[self.positions] += t * self.weights
        return moved

    def slip(self, x: Array, point: Array, t: float) -> float:
        """How far a point is from where it should be, in steps; of a single entry that moves."""
        if not self.is_entry:
            return 0.0
        place, weight = self.positions[0], self.weights[0]
        return float(abs((point[place] - x[place]) / weight - t))

    def slope(self, gradients: Array) -> Array:
        """What gradients, shape (…, inputs), say the derivative along the line is."""
        return np.asarray(gradients[..., self.positions] @ self.weights)

    def among(self, chosen: Positions) -> Line:
        """The same line with only some of the moving entries, by their place in it."""
        return Line(self.positions[chosen], self.weights[chosen], self.higher)


def power_of_two(sizes: Array) -> Array:
    """The largest power of two in each number; 1 for what is zero, as good as, or not finite."""
    usable = np.isfinite(sizes) & (sizes > _AS_GOOD_AS_ZERO)
    _, exponents = np.frexp(np.where(usable, sizes, 1.0))
    return np.where(usable, np.ldexp(1.0, exponents - 1), 1.0)


def along_entry(position: int, x: Array, scales: Array) -> Line:
    """The line along one coordinate axis, with the entry's own size as its unit."""
    own = x[position : position + 1]
    typical = scales[position : position + 1]
    weight = power_of_two(np.where(own != 0, np.abs(own), typical))
    larger = float(np.log2(np.maximum(typical, 1.0) / weight)[0])
    higher = int(np.clip(np.ceil(larger), 0, 60))
    return Line(np.array([position]), weight, higher)


def along_random(
    positions: Sequence[int] | Positions,
    x: Array,
    scales: Array,
    rng: np.random.Generator,
) -> Line:
    """A random line on which all the given entries move, each by about its typical size."""
    chosen = np.asarray(positions, np.intp)
    sizes = np.maximum(np.abs(x[chosen]), scales[chosen] / 8)
    mantissas = rng.choice([1.0, 1.25, 1.5, 1.75], len(chosen)) * rng.choice([-1, 1], len(chosen))
    return Line(chosen, power_of_two(sizes) * mantissas, 0)
