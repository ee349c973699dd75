"""The head of an arrow."""

from __future__ import annotations

from viz.draw.scene import Polygon

__all__ = ["arrow_head"]

Point = tuple[float, float]


def arrow_head(tip: Point, along: Point, length: float, half: float, style: str) -> Polygon:
    """A triangle that points along a direction.

    Args:
        tip: its point.
        along: the direction, of length 1.
        length: from the point to the back.
        half: half of the width of the back.
        style: of the filling.
    """
    (x, y), (dx, dy) = tip, along
    back = x - dx * length, y - dy * length
    left = back[0] - dy * half, back[1] + dx * half
    right = back[0] + dy * half, back[1] - dx * half
    return Polygon((tip, right, left), style)
