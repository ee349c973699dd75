"""Where the rows of a staircase stand: a band for each layer, and the axis of sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby

from viz.causes.steps import Step
from viz.draw.axes import decades

__all__ = ["Axis", "Band", "axis_of", "bands_of"]

ROW, ART = 46.0, 46.0
SHUT = 0.8
"""From this share on a band is tinted."""


@dataclass(frozen=True, slots=True)
class Band:
    """One layer.

    Attributes:
        title: its name.
        steps: its rows.
        y: of its upper edge.
        height: of all of it.
        gain: what it does to the gradient; nan where that has no meaning.
        blocked: the largest share that one of its rows blocks; None if none blocks anything.
        tinted: it is at fault, or blocks most.
    """

    title: str
    steps: tuple[Step, ...]
    y: float
    height: float
    gain: float
    blocked: float | None
    tinted: bool

    @property
    def art(self) -> Step | None:
        """The row whose curve, or whose entries, are drawn beside the title."""
        drawn = [step for step in self.steps if step.curve is not None or step.parts]
        return max(drawn, key=lambda step: step.blocked or 0.0, default=None)

    def middle(self, row: int) -> float:
        """The y of the middle of a row."""
        spare = self.height - ROW * len(self.steps)
        return self.y + spare / 2 + ROW * (row + 0.5)


def bands_of(steps: tuple[Step, ...], y: float, *, one: bool) -> list[Band]:
    """The bands from top to bottom.

    Args:
        steps: the rows.
        y: the upper edge.
        one: a single row is at fault, which is tinted.
    """
    found = []
    for title, run in groupby(steps, key=lambda step: step.group):
        members = tuple(run)
        gain = math.prod(abs(step.gain) for step in members)
        shares = [step.blocked for step in members if step.blocked is not None]
        blocked = max(shares, default=None)
        tinted = (one and any(step.first for step in members)) or (blocked or 0.0) >= SHUT
        band = Band(title, members, y, 0.0, gain, blocked, tinted)
        lines = 30.0 + (18.0 if blocked is not None else 0.0) + (ART if band.art else 0.0)
        height = max(ROW * len(members) + 4, lines)
        found.append(Band(title, members, y, height, gain, blocked, tinted))
        y += height
    return found


@dataclass(frozen=True, slots=True)
class Axis:
    """Sizes on a logarithmic scale.

    Attributes:
        left: the x of the lowest tick.
        right: that of the highest one.
        ticks: sizes, each with its text.
    """

    left: float
    right: float
    ticks: tuple[tuple[float, str], ...]

    def x(self, size: float) -> float:
        """Where a size stands; what is out of range stands at the end."""
        low, high = self.ticks[0][0], self.ticks[-1][0]
        if size != size or size <= low:
            return self.left
        # Differences of logarithms, as the quotient of far ends is infinite.
        share = (math.log(min(size, high)) - math.log(low)) / (math.log(high) - math.log(low))
        return self.left + share * (self.right - self.left)


def axis_of(steps: tuple[Step, ...], left: float, right: float) -> Axis:
    """An axis for all that the rows show, and for the 1 with which they begin."""
    sizes = [1.0, *(s.size for s in steps if s.size > 0 and math.isfinite(s.size))]
    return Axis(left, right, tuple(decades(min(sizes), max(sizes), 9)))
