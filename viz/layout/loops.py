"""Loops: wires that lead around a frame from its end back to its beginning."""

from __future__ import annotations

from viz.geometry import Rect
from viz.layout.place import Level, Run
from viz.layout.slots import WIRE

__all__ = ["PAPERS", "STEP", "go_around", "stack"]

PITCH = WIRE + 3.0
MARGIN = 24.0
"""Room between a frame and the first lane around it."""
PILL = (76.0, 30.0)
"""Size of the pill that says how many turns a loop makes."""
PAPERS, STEP = 2, 7.0
"""A frame that stands for several steps has so many papers behind it, each so far off."""


def stack(level: Level, paths: list[int]) -> None:
    """Room above and to the right of a frame for the papers behind it.

    Args:
        level: closed by a frame; it grows.
        paths: keys of the wires that leave through its right border.
    """
    frame = Rect(0.0, level.top, level.width, level.bottom - level.top)
    level.frame = frame
    level.top -= PAPERS * STEP
    level.width += PAPERS * STEP
    for key in paths:
        last = level.runs[key][-1]
        level.runs[key][-1] = Run(last.x0, level.width, last.y)


def go_around(
    level: Level,
    loops: list[int],
    count: int,
    borders: tuple[list[int], list[int]],
    labels: dict[int, tuple[float, float]],
    papers: bool,
) -> None:
    """Lead the loops of a level around its frame, below it.

    Args:
        level: closed by a frame; it grows to all sides but the upper one.
        loops: keys of the edges that lead around.
        count: added to a key for the second half of its wire.
        borders: keys of all wires that enter, and of those that leave.
        labels: the room for the labels of the loops.
        papers: whether the frame stands for several steps, which a pill numbers.
    """
    side = MARGIN + PITCH * len(loops)
    width = level.width
    frame = level.frame or Rect(0.0, level.top, width, level.bottom - level.top)
    level.frame = frame.moved(side, 0.0)
    level.title = level.title.moved(side, 0.0)
    level.moved(side, 0.0)
    level.width += 2 * side
    inlets, outlets = borders
    for key in inlets:
        first = level.runs[key][0]
        level.runs[key][0] = Run(0.0, first.x1, first.y)
    for key in outlets:
        last = level.runs[key][-1]
        level.runs[key][-1] = Run(last.x0, level.width, last.y)
    # The lowest exit turns down next to the frame, so that no loop crosses another.
    order = sorted(loops, key=lambda key: -level.runs[key][-1].y)
    tallest = max((size[1] for size in labels.values()), default=0.0)
    base = level.bottom + 14.0 + max(tallest, PILL[1] / 2 - WIRE / 2 if papers else 0.0)
    x = level.frame.x + 28.0
    middle = level.frame.middle[0]
    for track, key in enumerate(order):
        right = side + width + MARGIN - 8.0 + PITCH * track
        left = side - MARGIN + 8.0 - PITCH * track
        y = base + PITCH * track + WIRE / 2
        out, back = level.runs[key], level.runs[count + key]
        out[-1] = Run(out[-1].x0, right, out[-1].y)
        back[0] = Run(left, back[0].x1, back[0].y)
        level.loops[key] = (Run(right, left, y),)
        if key in labels:
            room = Rect(x, base - 3.0 - labels[key][1], *labels[key])
            if papers and room.x < middle + PILL[0] / 2 + 8 and room.right > middle - PILL[0] / 2:
                room = Rect(middle + PILL[0] / 2 + 12, room.y, room.width, room.height)
            level.labels[key] = room
            x = room.right + 20.0
    level.bottom = base + PITCH * len(order) + 8.0
    if papers:
        y = base + PITCH * len(order) / 2
        level.pill = Rect(middle - PILL[0] / 2, y - PILL[1] / 2, *PILL)
        level.bottom = max(level.bottom, y + PILL[1] / 2 + 6.0)
