"""Lines of equal value over a grid."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["contours"]

Point = tuple[float, float]
Array = np.ndarray[Any, Any]


def contours(x: Array, y: Array, values: Array, level: float) -> list[list[Point]]:
    """Where the values, linear between grid points, equal a level (marching squares).

    Args:
        x: coordinates of the columns, shape (n,).
        y: coordinates of the rows, shape (m,).
        values: shape (m, n); cells with a corner that is not finite have no line.
        level: the value looked for.

    Returns:
        Lines, each as its points in order.

    Example:
        >>> x = y = np.array([0.0, 1.0])
        >>> contours(x, y, np.array([[0.0, 1.0], [0.0, 1.0]]), 0.25)
        [[(0.25, 0.0), (0.25, 1.0)]]
    """
    ahead: dict[Point, list[Point]] = {}
    for row in range(len(y) - 1):
        for column in range(len(x) - 1):
            for start, end in _cell(x, y, values, row, column, level):
                ahead.setdefault(start, []).append(end)
                ahead.setdefault(end, []).append(start)
    lines = []
    # Ends of open lines first, then what is left of closed ones.
    for start in sorted(ahead, key=lambda point: (len(ahead[point]) != 1, point)):
        line = _followed(ahead, start)
        if len(line) > 1:
            lines.append(line)
    return lines


def _followed(ahead: dict[Point, list[Point]], start: Point) -> list[Point]:
    line = [start]
    while ahead[line[-1]]:
        following = ahead[line[-1]].pop(0)
        ahead[following].remove(line[-1])
        line.append(following)
    return line


def _cell(
    x: Array, y: Array, values: Array, row: int, column: int, level: float
) -> list[tuple[Point, Point]]:
    corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
    heights = [float(values[corner]) - level for corner in corners]
    if not np.isfinite(heights).all():
        return []
    crossings: list[Point] = []
    for index in range(4):
        a, b = heights[index], heights[(index + 1) % 4]
        if (a > 0) != (b > 0):
            (r0, c0), (r1, c1) = corners[index], corners[(index + 1) % 4]
            # From the lower corner on, so that neighbours find the same point to the bit.
            if (r1, c1) < (r0, c0):
                (r0, c0), (r1, c1), a, b = (r1, c1), (r0, c0), b, a
            share = a / (a - b)
            crossings.append(
                (float(x[c0] + share * (x[c1] - x[c0])), float(y[r0] + share * (y[r1] - y[r0])))
            )
    if len(crossings) == 2:
        # One and the same point where the level is met in a corner.
        return [(crossings[0], crossings[1])] if crossings[0] != crossings[1] else []
    if len(crossings) == 4:
        # A saddle: the middle decides which corners belong together.
        if (sum(heights) > 0) == (heights[0] > 0):
            return [(crossings[0], crossings[1]), (crossings[2], crossings[3])]
        return [(crossings[3], crossings[0]), (crossings[1], crossings[2])]
    return []
