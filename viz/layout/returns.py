"""The way of a wire from the end of one row to the beginning of a later one.

It goes down beside the rows, back in the channel above its new row, and down again on the other
side. Every wire has a track of its own in each of the three.
"""

from __future__ import annotations

from dataclasses import dataclass

from viz.layout.slots import WIRE

__all__ = ["Cut", "Returns", "lead_back"]

PITCH = WIRE + 4.0
"""Distance of two tracks."""
SIDE = 16.0
"""Room between the rows and the nearest track beside them."""
ABOVE = 14.0
"""Room between a row and the nearest track above or below it."""
APART = 26.0
"""Room between two rows with no wire between them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A wire from one row to a later one.

    It leaves the row ``first`` at a height and enters the row ``second`` at one, both measured
    from the top of the row.
    """

    key: int
    first: int
    second: int
    leaves: float
    enters: float


@dataclass(frozen=True, slots=True)
class Returns:
    """Where all the wires between rows run.

    Attributes:
        left: room that they need before the rows.
        right: room that they need after them.
        tops: of the rows.
        tracks: per wire the x at which it goes down, the y at which it goes back, and the x at
            which it goes down again.
    """

    left: float
    right: float
    tops: tuple[float, ...]
    tracks: dict[int, tuple[float, float, float]]


def lead_back(cuts: list[Cut], heights: list[float], widest: float) -> Returns:
    """Tracks for all wires between rows.

    Args:
        cuts: the wires.
        heights: of the rows.
        widest: width of the widest row.
    """
    # Of wires between the same two rows the lowest turns first, so that none crosses another.
    order = sorted(cuts, key=lambda cut: (cut.second - cut.first, -cut.first, -cut.leaves))
    lanes: list[list[Cut]] = [[] for _ in heights]
    for cut in order:
        lanes[cut.second].append(cut)
    tops: list[float] = []
    y = 0.0
    level: dict[int, float] = {}
    for row, height in enumerate(heights):
        if row:
            y += ABOVE if lanes[row] else APART
            for cut in lanes[row]:
                level[cut.key] = y + WIRE / 2
                y += PITCH
            y += ABOVE if lanes[row] else 0.0
        tops.append(y)
        y += height
    down = {cut.key: (tops[cut.first] + cut.leaves, level[cut.key]) for cut in cuts}
    again = {cut.key: (level[cut.key], tops[cut.second] + cut.enters) for cut in cuts}
    right = _tracks([cut.key for cut in order], down)
    left = _tracks([cut.key for cut in sorted(order, key=lambda c: -level[c.key])], again)
    before = SIDE + PITCH * (max(left.values()) + 1) if cuts else 0.0
    after = SIDE + PITCH * (max(right.values()) + 1) if cuts else 0.0
    found = {
        cut.key: (
            before + widest + SIDE + PITCH * right[cut.key],
            level[cut.key],
            before - SIDE - PITCH * left[cut.key],
        )
        for cut in cuts
    }
    return Returns(before, after, tuple(tops), found)


def _tracks(order: list[int], spans: dict[int, tuple[float, float]]) -> dict[int, int]:
    """For each wire the first track on which it meets no other."""
    ends: list[list[tuple[float, float]]] = []
    found: dict[int, int] = {}
    for key in order:
        low, high = spans[key]
        free = (
            track
            for track, taken in enumerate(ends)
            if all(high + PITCH <= a or b + PITCH <= low for a, b in taken)
        )
        track = next(free, len(ends))
        if track == len(ends):
            ends.append([])
        ends[track].append((low, high))
        found[key] = track
    return found
