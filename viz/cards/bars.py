"""A histogram as small bars on a line."""

from __future__ import annotations

from viz.draw.scene import Block, Shape
from viz.geometry import Rect
from viz.model import Histogram

__all__ = ["draw_bars"]


def draw_bars(histogram: Histogram, room: Rect, style: str) -> list[Shape]:
    """The bars of a histogram, on the lower side of a rectangle; none where nothing is counted."""
    tallest = max(histogram.counts, default=0)
    if not tallest:
        return []
    pitch = room.width / len(histogram.counts)
    shapes: list[Shape] = [Block(Rect(room.x, room.bottom, room.width, 0.8), "grid")]
    for index, count in enumerate(histogram.counts):
        if count:
            height = max(0.8, room.height * count / tallest)
            bar = Rect(room.x + index * pitch, room.bottom - height, pitch * 0.8, height)
            shapes.append(Block(bar, style))
    return shapes
