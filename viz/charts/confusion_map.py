"""A confusion matrix of many classes: colours without numbers, and the worst mistakes by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.charts.grids import cells
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number

__all__ = ["draw_map"]

SIDE, PITCH, NAME, WORST = 720.0, 15.0, 12.0, 20


def draw_map(counts: Any, names: list[str]) -> tuple[list[Group], float, float]:
    """The shapes, their width and their height.

    Args:
        counts: shape (classes, classes), rows for true classes.
        names: of the classes.
    """
    count = len(names)
    cell = SIDE / count
    left = min(150.0, max(text_width(name, NAME) for name in names)) + 30
    rect = Rect(left, left, SIDE, SIDE)
    right = np.eye(count, dtype=bool)
    wrong = np.where(right, 0, counts)
    worst = float(wrong.max()) or 1.0
    # A share of the row for what is right; the mistakes have a scale of their own.
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shapes: list[Shape] = [Block(rect, "frame")]
    shapes += cells(np.where(right & (counts > 0), 0.15 + 0.85 * share, 0.0), rect, "forward")
    shapes += cells(np.where(wrong > 0, 0.15 + 0.85 * wrong / worst, 0.0), rect, "backward")
    middle = rect.x + SIDE / 2
    shapes.append(Text(14, rect.y + SIDE / 2, (Span("true", "muted", NAME),), "middle", -90))
    shapes.append(Text(middle, 12, (Span("predicted", "muted", NAME),), "middle"))
    for index in range(0, count, int(-(-PITCH // cell))):
        place = left + cell * (index + 0.5) + 4
        text = Span(fit(names[index], NAME, 150), "ink", NAME)
        shapes.append(Text(left - 8, place, (text,), "end"))
        shapes.append(Text(place, left - 8, (text,), "start", -90.0))
    told, width = _worst(wrong, names, rect)
    said = f"{count} true classes by {count} predicted ones"
    return [Group("map", tuple(shapes), "", said), told], width, rect.bottom + 6


def _worst(wrong: Any, names: list[str], rect: Rect) -> tuple[Group, float]:
    """The most frequent mistakes, in words."""
    x = rect.right + 24
    shapes: list[Shape] = [
        Text(x, rect.y + 12, (Span("most often (true → taken for)", "muted", NAME),))
    ]
    order = np.argsort(-wrong, axis=None, kind="stable")[:WORST]
    for index, place in enumerate(int(place) for place in order):
        row, column = divmod(place, len(names))
        if not wrong[row, column]:
            break
        pair = f"{fit(names[row], NAME, 90)} → {fit(names[column], NAME, 90)}"
        y = rect.y + 36 + 19 * index
        shapes.append(Text(x, y, (Span(pair, "ink", NAME),)))
        times = number(float(wrong[row, column]))
        shapes.append(Text(x + 250, y, (Span(times, "backward", NAME),), "end"))
    return Group("legend", tuple(shapes)), x + 250
