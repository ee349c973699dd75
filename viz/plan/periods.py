"""Where a sequence of operations repeats itself: candidates for the steps of a loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["FEWEST", "Run", "runs"]

FEWEST = 3
"""Fewer repetitions than this are no loop."""

TRIED = 24
"""How many distances between like operations are looked at."""


class Run(NamedTuple):
    """A stretch of a sequence in which every entry is like the one a period before.

    Attributes:
        start: the first place.
        stop: the place after the last one.
        period: how far apart like places are.
    """

    start: int
    stop: int
    period: int

    @property
    def saved(self) -> int:
        """How many places are left out when one period is shown."""
        return ((self.stop - self.start) // self.period - 1) * self.period


Kinds = np.ndarray[tuple[int], np.dtype[np.int64]]
"""What stands at each place, as numbers."""


def runs(kinds: Kinds, marks: Kinds) -> list[Run]:
    """Stretches of at least `FEWEST` periods, those that save most first.

    Args:
        kinds: what stands at each place.
        marks: the same, told apart more finely where that can be done: where kinds are few,
            marks say how long a period is.
    """
    found: list[Run] = []
    for period in dict.fromkeys(_distances(kinds) + _distances(marks)):
        same = np.concatenate(([False], kinds[:-period] == kinds[period:], [False]))
        ends = np.flatnonzero(same[1:] != same[:-1])
        for start, stop in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
            if stop - start >= (FEWEST - 1) * period:
                found.append(Run(start, stop + period, period))
    return sorted(found, key=lambda run: (-run.saved, run.period, run.start))


def _distances(kinds: Kinds) -> list[int]:
    """How far like places are apart, first the distances that cover most of the sequence."""
    order = np.argsort(kinds, kind="stable")
    same = kinds[order][1:] == kinds[order][:-1]
    apart = np.diff(order)[same]
    if not apart.size:
        return []
    covered = np.bincount(apart) * np.arange(int(apart.max()) + 1)
    best = np.argsort(-covered, kind="stable")[:TRIED]
    return [int(period) for period in best if covered[period] and 2 * period < len(kinds)]
