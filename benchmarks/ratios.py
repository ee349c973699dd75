"""How many times as long something takes, with what is not known about that."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

# With fewer, even the whole range of what was seen holds the middle less often than the level.
FEWEST_ROUNDS = 6

_LEVEL = 0.95
_RESAMPLES = 4000


class Interval(NamedTuple):
    """A ratio between its bounds at 95 % confidence."""

    ratio: float
    low: float
    high: float

    def above(self, bound: float) -> bool:
        """Whether all of it lies above a bound."""
        return self.low > bound


def of_a_turn(ours: float, theirs: float, theirs_again: float, ours_again: float) -> float:
    """The ratio of four times taken in this order; a steady drift of the machine cancels.

    >>> of_a_turn(1.0, 1.1, 1.21, 1.331)
    1.0
    """
    return float(round(np.sqrt(ours / theirs * ours_again / theirs_again), 12))


def _tail(size: int) -> float:
    """The part to cut off each end of the resampled medians of a sample of some size.

    Percentiles as they are give intervals that are too narrow for few rounds, as a normal
    distribution in the place of Student's does; Hesterberg (2015), "What teachers should know
    about the bootstrap", section 5.3, expands them by as much.
    """
    z, degrees = NormalDist().inv_cdf((1 + _LEVEL) / 2), size - 1
    student = z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    return NormalDist().cdf(-student * sqrt(size / degrees))


def interval(rounds: Sequence[Sequence[float]]) -> Interval:
    """The median over rounds of each round's median ratio, and its bootstrap interval.

    Rounds are what is drawn anew: the turns of one round share two processes, whose memory is
    laid out as chance had it, and so do not stand for more than one.

    Args:
        rounds: For each round the ratios of its turns; at least `FEWEST_ROUNDS`.

    Raises:
        ValueError: there are too few rounds for the level.
    """
    if len(rounds) < FEWEST_ROUNDS:
        raise ValueError(f"{len(rounds)} rounds; an interval at 95 % takes {FEWEST_ROUNDS}")
    middles = np.array([np.median(turns) for turns in rounds])
    drawn = np.random.default_rng(0).integers(0, len(middles), (_RESAMPLES, len(middles)))
    medians = np.median(middles[drawn], axis=1)
    tail = _tail(len(middles))
    low, high = np.quantile(medians, [tail, 1 - tail])
    return Interval(float(np.median(middles)), float(low), float(high))
