"""A wire: a forward lane and a backward lane side by side, each with its arrow head."""

from __future__ import annotations

import math
from itertools import pairwise

from viz.draw.scene import Group, Path, Polygon
from viz.layout.place import HEAD, LEVEL, Run
from viz.model import Edge

__all__ = ["draw_wire", "lane", "stretches"]

FORWARD_WIDTH = 1.3
FORWARD_OFFSET = 2.5


def draw_wire(
    edge: Edge, number: int, runs: tuple[Run, ...], width: float | None, down: bool = False
) -> Group:
    """The shapes of one wire.

    Args:
        edge: what it says.
        number: which edge of the graph it is.
        runs: its straight stretches from source to target.
        width: of the backward lane; `None` when no gradient flows.
        down: whether the runs lead down instead of to the right.
    """
    level = stretches(runs)
    start, end = level[0].x0, level[-1].x1
    back = width is not None
    # Each lane keeps to its right, whichever way the wire runs.
    side = -1.0 if down else 1.0
    offset = side * FORWARD_OFFSET if back else 0.0
    path = lane(level, offset, 0.0, HEAD - 1)
    shapes: list[Path | Polygon] = [Path(path[0], path[1], "forward-lane", FORWARD_WIDTH)]
    shapes.append(_head(end, level[-1].y + offset, -1, 3.2, "forward"))
    if width is not None:
        up = -side * (FORWARD_OFFSET - 0.7 + width / 2)
        style = "zero-lane" if edge.zero else "backward-lane"
        path = lane(level, up, HEAD - 1, 0.0)
        shapes.append(Path(path[0], path[1], style, round(width, 2)))
        half = 3.2 + 0.6 * max(0.0, width - 1.4)
        shapes.append(_head(start, level[0].y + up, 1, half, "backward"))
    data = (("source", edge.source), ("target", edge.target))
    shapes = [_turned(shape) for shape in shapes] if down else shapes
    return Group("wire", tuple(shapes), f"e{number}", _spoken(edge), data)


def _turned(shape: Path | Polygon) -> Path | Polygon:
    """The shape with its axes exchanged."""
    if isinstance(shape, Polygon):
        return Polygon(tuple((y, x) for x, y in shape.points), shape.style)
    steps = tuple(
        tuple(step[i + 1 - 2 * (i % 2)] for i in range(len(step))) for step in shape.steps
    )
    return Path((shape.start[1], shape.start[0]), steps, shape.style, shape.width)


def _spoken(edge: Edge) -> str:
    parts = [edge.tooltip or f"{edge.source} → {edge.target}"]
    parts += [text for text in (edge.local, edge.flow) if text]
    return "; ".join(parts)


def _head(x: float, y: float, direction: int, half: float, style: str) -> Polygon:
    back = x + direction * HEAD
    return Polygon(((x, y), (back, y - half), (back, y + half)), style)


def stretches(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs between which a wire really bends, long enough at its ends for the heads."""
    found: list[Run] = []
    for run in runs:
        if found and abs(found[-1].y - run.y) < LEVEL:
            found[-1] = Run(found[-1].x0, run.x1, found[-1].y)
        else:
            found.append(run)
    first = found[0]
    found[0] = Run(first.x0, max(first.x1, first.x0 + HEAD), first.y)
    last = found[-1]
    found[-1] = Run(min(last.x0, last.x1 - HEAD), last.x1, last.y)
    return tuple(found)


def lane(
    level: tuple[Run, ...], offset: float, trim_start: float, trim_end: float
) -> tuple[tuple[float, float], tuple[tuple[float, ...], ...]]:
    """The path of one lane at a constant distance from the middle of the wire.

    Args:
        level: the stretches of the wire.
        offset: distance from the middle, positive below it on a level stretch.
        trim_start: what the path leaves out at its start, for an arrow head.
        trim_end: what it leaves out at its end.

    Returns:
        The start and the steps of a `Path`.
    """
    start = (level[0].x0 + trim_start, level[0].y + offset)
    steps: list[tuple[float, ...]] = []
    for run, following in pairwise(level):
        y = run.y + offset
        steps.append((run.x1, y))
        steps.append(_bend(run.x1, y, following.x0, following.y + offset, offset))
    steps.append((level[-1].x1 - trim_end, level[-1].y + offset))
    return start, tuple(steps)


def _bend(x1: float, y1: float, x2: float, y2: float, offset: float) -> tuple[float, ...]:
    """An S between two level ends.

    Where the S is steep, a lane shifted only up or down would run into its neighbour;
    shifting the control points sideways keeps the distance at the middle exact.
    """
    middle, climb = (x1 + x2) / 2, y2 - y1
    angle = math.atan2(2 * abs(climb), max(x2 - x1, 1e-9))
    side = -math.copysign(1.0, climb) * offset * 4 / 3 * math.tan(angle / 2)
    return (middle + side, y1, middle + side, y2, x2, y2)
