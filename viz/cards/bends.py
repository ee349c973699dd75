"""The path of a lane beside the middle of its wire: level stretches, bends and corners."""

from __future__ import annotations

import math
from itertools import pairwise

from viz.layout.place import HEAD, LEVEL, Run

__all__ = ["Point", "lane", "stretches", "tangents"]

Point = tuple[float, float]
Step = tuple[float, ...]

RADIUS = 10.0
"""Of a corner, at the middle of the wire."""
ROUND = 0.5523
"""How far the control points of a quarter circle stand from its ends, in radii."""


def stretches(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs between which a wire really bends, long enough at its ends for the heads."""
    found: list[Run] = []
    for run in runs:
        if found and abs(found[-1].y - run.y) < LEVEL and _continues(found[-1], run):
            found[-1] = Run(found[-1].x0, run.x1, found[-1].y)
        else:
            found.append(run)
    first = found[0]
    if len(found) == 1 or not _upright(first, found[1]):
        found[0] = Run(first.x0, max(first.x1, first.x0 + HEAD), first.y)
    last = found[-1]
    if len(found) == 1 or not _upright(found[-2], last):
        found[-1] = Run(min(last.x0, last.x1 - HEAD), last.x1, last.y)
    return tuple(found)


def _continues(run: Run, following: Run) -> bool:
    """Whether two stretches at one height are one: both lead the same way."""
    return (run.x1 >= run.x0) == (following.x1 >= following.x0)


def _upright(run: Run, following: Run) -> bool:
    """Whether the wire goes straight up or down between the two."""
    return abs(run.x1 - following.x0) < 0.01


def tangents(level: tuple[Run, ...]) -> tuple[Point, Point]:
    """The directions in which a wire leaves its source and arrives at its target."""
    first, last = level[0], level[-1]
    if abs(first.x1 - first.x0) < 0.01 and len(level) > 1:
        start = (0.0, math.copysign(1.0, level[1].y - first.y))
    else:
        start = (math.copysign(1.0, first.x1 - first.x0), 0.0)
    if abs(last.x1 - last.x0) < 0.01 and len(level) > 1:
        end = (0.0, math.copysign(1.0, last.y - level[-2].y))
    else:
        end = (math.copysign(1.0, last.x1 - last.x0), 0.0)
    return start, end


def lane(
    level: tuple[Run, ...], offset: float, trim_start: float, trim_end: float
) -> tuple[Point, tuple[Step, ...]]:
    """The path of one lane at a constant distance from the middle of the wire.

    Args:
        level: the stretches of the wire.
        offset: distance from the middle, on the right hand of whoever follows the wire
            where it is positive.
        trim_start: what the path leaves out at its start, for an arrow head.
        trim_end: what it leaves out at its end.

    Returns:
        The start and the steps of a `Path`.
    """
    # Corners are exact points, rounded afterwards; bends are curves that stay.
    points: list[Point] = []
    curves: dict[int, Step] = {}
    ways = [math.copysign(1.0, run.x1 - run.x0) for run in level]
    points.append((level[0].x0, level[0].y + ways[0] * offset))
    for index, (run, following) in enumerate(pairwise(level)):
        here, there = run.y + ways[index] * offset, following.y + ways[index + 1] * offset
        if _upright(run, following):
            x = run.x1 - math.copysign(offset, following.y - run.y) * _sign(offset)
            if index == 0 and run.x0 == run.x1:
                points[0] = (x, run.y)
            else:
                points.append((x, here))
            if index == len(level) - 2 and following.x0 == following.x1:
                points.append((x, following.y))
                return _finished(points, curves, offset, (trim_start, trim_end))
            points.append((x, there))
            continue
        points.append((run.x1, here))
        points.append((following.x0, there))
        curves[len(points) - 1] = _bend(run.x1, here, following.x0, there, offset)
    points.append((level[-1].x1, level[-1].y + ways[-1] * offset))
    return _finished(points, curves, offset, (trim_start, trim_end))


def _sign(offset: float) -> float:
    return 1.0 if offset >= 0 else -1.0


def _finished(
    points: list[Point], curves: dict[int, Step], offset: float, trims: tuple[float, float]
) -> tuple[Point, tuple[Step, ...]]:
    """The points joined, with round corners between straight pieces."""
    points[0] = _towards(points[0], points[1], trims[0])
    points[-1] = _towards(points[-1], points[-2], trims[1])
    steps: list[Step] = []
    for index in range(1, len(points)):
        if index in curves:
            steps.append(curves[index])
            continue
        corner = index + 1 < len(points) and index + 1 not in curves
        if not corner or abs(_turn(*points[index - 1 : index + 2])) < 0.01:
            steps.append(points[index])
            continue
        before, here, after = points[index - 1 : index + 2]
        # Corners of the two lanes have one centre.
        radius = RADIUS - math.copysign(offset, offset * _turn(before, here, after))
        radius = min(radius, math.dist(before, here) / 2, math.dist(here, after) / 2)
        enter, leave = _towards(here, before, radius), _towards(here, after, radius)
        steps.append(enter)
        rest = radius * (1 - ROUND)
        steps.append((*_towards(here, before, rest), *_towards(here, after, rest), *leave))
    return points[0], tuple(steps)


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive where the way turns right at ``b``, negative where it turns left."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def _towards(start: Point, end: Point, by: float) -> Point:
    length = math.dist(start, end)
    if length < 1e-9:
        return start
    share = by / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _bend(x1: float, y1: float, x2: float, y2: float, offset: float) -> Step:
    """An S between two level ends.

    Where the S is steep, a lane shifted only up or down would run into its neighbour;
    shifting the control points sideways keeps the distance at the middle exact.
    """
    middle, climb = (x1 + x2) / 2, y2 - y1
    angle = math.atan2(2 * abs(climb), max(x2 - x1, 1e-9))
    side = -math.copysign(1.0, climb) * offset * 4 / 3 * math.tan(angle / 2)
    return (middle + side, y1, middle + side, y2, x2, y2)
