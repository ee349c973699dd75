"""What a frame adds to the level inside it: padding, and room for its title.

No wire crosses a title. In a picture that runs to the right wires pass the left and the
right border only, and the title has a strip along the top. In one that runs down they
come in through the top border, so the title stands beside them.
"""

from __future__ import annotations

from viz.geometry import Rect
from viz.layout.place import Level, Run
from viz.layout.slots import WIRE

__all__ = ["PAD", "close_down", "close_right"]

PAD = 16.0
"""Room between a frame and what is inside it."""
INDENT = 12.0
"""Room between the borders of a frame and its title."""
ABOVE, BELOW = 9.0, 8.0
"""Room above and below the title."""
BESIDE = WIRE / 2 + 5.0
"""Room between the middle of a wire and the title."""
SHIFT = 60.0
"""A frame grows this much for its title to stand on the left, rather than between wires."""


def close_right(
    level: Level, inlets: list[int], outlets: list[int], title: tuple[float, float]
) -> None:
    """Put a frame around a level that runs to the right.

    Args:
        level: what is inside; it grows by the frame.
        inlets: keys of the links that enter through its border.
        outlets: keys of those that leave.
        title: width and height of the title.
    """
    width, height = title
    before = 0.0 if inlets else PAD
    after = 0.0 if outlets else PAD
    spare = max(0.0, width + 2 * INDENT - (level.width + before + after))
    _lengthen(level, inlets, outlets, before, after + spare)
    level.top -= ABOVE + height + BELOW
    level.bottom += PAD
    level.title = Rect(INDENT, level.top + ABOVE, width, height)


def close_down(
    level: Level, inlets: list[int], outlets: list[int], title: tuple[float, float]
) -> None:
    """Put a frame around a level that runs down; its axes are exchanged.

    Args:
        level: what is inside; it grows by the frame.
        inlets: keys of the links that enter through its border.
        outlets: keys of those that leave.
        title: width and height of the title as it is read.
    """
    width, height = title
    wires = sorted(level.runs[key][0].y for key in inlets)
    strip = ABOVE + height + (2.0 if inlets else BELOW)
    _lengthen(level, inlets, outlets, strip, 0.0 if outlets else PAD)
    level.top -= PAD
    level.bottom += PAD
    start = _beside(wires, width, level.top + INDENT, level.bottom - INDENT)
    level.top = min(level.top, start - INDENT)
    level.bottom = max(level.bottom, start + width + INDENT)
    level.title = Rect(ABOVE, start, height, width)


def _beside(wires: list[float], width: float, low: float, high: float) -> float:
    """Where a title starts that touches no wire: on the left, or where it costs least."""
    places = [low, *(y + BESIDE for y in wires)]
    if wires:
        places.append(min(low, wires[0] - BESIDE - width))
    free = [
        start
        for start in places
        if all(y + BESIDE <= start or start + width <= y - BESIDE for y in wires)
    ]

    def cost(start: float) -> tuple[float, float]:
        growth = max(0.0, low - start) + max(0.0, start + width - high)
        return max(0.0, growth - SHIFT), start

    return min(free, key=cost)


def _lengthen(
    level: Level, inlets: list[int], outlets: list[int], before: float, after: float
) -> None:
    """More room before the first column and after the last; wires reach the borders."""
    level.moved(before, 0.0)
    level.width += before + after
    for key in inlets:
        runs = level.runs[key]
        runs[0] = Run(0.0, runs[0].x1, runs[0].y)
    for key in outlets:
        runs = level.runs[key]
        runs[-1] = Run(runs[-1].x0, level.width, runs[-1].y)
