"""What stands beside the title of a layer: a function with its tangent, or how many are blocked."""

from __future__ import annotations

import math

from viz.causes.steps import Curve
from viz.draw.scene import Block, Path, Shape
from viz.geometry import Rect

__all__ = ["curve", "spread"]

WIDTH, HEIGHT = 92.0, 28.0


def curve(told: Curve, x: float, y: float) -> list[Shape]:
    """A function between its ends, with its tangent where it was used.

    Args:
        told: the function.
        x: the left side.
        y: the upper side.
    """
    xs = [point[0] for point in told.points]
    ys = [point[1] for point in told.points]
    low, high = min(ys), max(ys)
    wide, tall = xs[-1] - xs[0], (high - low) or 1.0

    def place(a: float, b: float) -> tuple[float, float]:
        return x + WIDTH * (a - xs[0]) / wide, y + HEIGHT * (high - b) / tall

    line = [place(*point) for point in told.points]
    at = place(told.at, told.value)
    # The tangent in the scale of the picture, so long as the picture has room for.
    dx, dy = WIDTH / wide, -told.slope * HEIGHT / tall
    half = 16.0 / math.hypot(dx, dy)
    start, end = ((at[0] + k * half * dx, at[1] + k * half * dy) for k in (-1, 1))
    return [
        Path(line[0], tuple(line[1:]), "muted-lane", 1.3, 0.55),
        Path(start, (end,), "backward-lane", 2.0),
        Block(Rect(at[0] - 3.4, at[1] - 3.4, 6.8, 6.8), "forward", 3.4),
    ]


def spread(parts: tuple[int, ...], x: float, y: float) -> list[Shape]:
    """How the entries are spread, from those that pass (left) to those that are blocked."""
    most, step = max(parts) or 1, WIDTH / len(parts)
    shapes: list[Shape] = [Path((x, y + HEIGHT), ((x + WIDTH, y + HEIGHT),), "muted-lane", 1.0)]
    for i, count in enumerate(parts):
        if count:
            tall = max(2.0, HEIGHT * count / most)
            style = "backward" if i >= 0.75 * len(parts) else "muted"
            rect = Rect(x + i * step + 1, y + HEIGHT - tall, step - 2, tall)
            shapes.append(Block(rect, style, 1.0))
    return shapes
