"""How far to go along a direction: a step that meets the strong Wolfe conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Point", "strong_wolfe"]

Array = np.ndarray[Any, Any]
Evaluate = Callable[[Any], "Point"]


class Point(NamedTuple):
    """A place on the line.

    Attributes:
        t: how far along the direction.
        loss: the loss there.
        gradient: its gradient there.
        slope: the derivative along the direction.
    """

    t: Any
    loss: float
    gradient: Array
    slope: Any


def strong_wolfe(
    evaluate: Evaluate,
    start: Point,
    t: Any,
    length: Any,
    *,
    c1: float = 1e-4,
    c2: float = 0.9,
    tolerance_change: float = 1e-9,
    most: int = 25,
) -> tuple[Point, int]:
    """A point where the loss has fallen enough, and the slope is small enough.

    Bracketing and zooming with cubic interpolation. Source: Nocedal and Wright, "Numerical
    Optimization", 2006, algorithms 3.5 and 3.6, in the form used by PyTorch.

    Args:
        evaluate: the point at a distance.
        start: the point at 0.
        t: the distance to begin with.
        length: largest element of the direction.
        c1: share of the fall that the slope at the start promises.
        c2: share of that slope which may be left.
        tolerance_change: the shortest bracket.
        most: how many points may be evaluated after the first.

    Returns:
        The point, and how many were evaluated.
    """

    def falls(point: Point) -> bool:
        return bool(point.loss <= start.loss + c1 * point.t * start.slope)

    def flat(point: Point) -> bool:
        return bool(abs(point.slope) <= -c2 * start.slope)

    before, new = start, evaluate(t)
    evaluated, rounds = 1, 0
    bracket, done = [start, new], False
    while rounds < most:
        if not falls(new) or (rounds > 1 and new.loss >= before.loss):
            bracket = [before, new]
            break
        if flat(new):
            bracket, done = [new], True
            break
        if new.slope >= 0:
            bracket = [before, new]
            break
        bounds = new.t + 0.01 * (new.t - before.t), new.t * 10
        t = _minimum(before, new, bounds)
        before, new = new, evaluate(t)
        evaluated += 1
        rounds += 1
        bracket = [start, new]
    low, high = (0, 1) if bracket[0].loss <= bracket[-1].loss else (1, 0)
    stuck = False
    while not done and rounds < most:
        ends = bracket[0].t, bracket[1].t
        if abs(ends[1] - ends[0]) * length < tolerance_change:
            break
        t, stuck = _inside(_minimum(bracket[0], bracket[1]), ends, stuck)
        new = evaluate(t)
        evaluated += 1
        rounds += 1
        if not falls(new) or new.loss >= bracket[low].loss:
            bracket[high] = new
            low, high = (0, 1) if bracket[0].loss <= bracket[1].loss else (1, 0)
            continue
        if flat(new):
            done = True
        elif new.slope * (bracket[high].t - bracket[low].t) >= 0:
            bracket[high] = bracket[low]
        bracket[low] = new
    return bracket[low], evaluated


def _inside(t: Any, ends: tuple[Any, Any], stuck: bool) -> tuple[Any, bool]:
    """A place not too near to the ends of a bracket, and whether little was gained."""
    least, most = min(ends), max(ends)
    margin = 0.1 * (most - least)
    if min(most - t, t - least) >= margin:
        return t, False
    if not stuck and least < t < most:
        return t, True
    return (most - margin if abs(t - most) < abs(t - least) else least + margin), False


def _minimum(a: Point, b: Point, bounds: tuple[Any, Any] | None = None) -> Any:
    """Where the cubic through two points with these slopes is least, within bounds."""
    least, most = bounds or (min(a.t, b.t), max(a.t, b.t))
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return (least + most) / 2.0
    d2 = np.sqrt(square)
    left, right = (a, b) if a.t <= b.t else (b, a)
    share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
    return min(max(right.t - (right.t - left.t) * share, least), most)
