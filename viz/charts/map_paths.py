"""Ways over a map, such as those that descents took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from viz.charts.plot import Plot
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Path, Shape, Span, Text
from viz.geometry import Rect

__all__ = ["Paths", "checked_paths", "over_map"]

Paths = Mapping[str, list[tuple[float, float]]]
STYLES = ("difference", "positive", "negative", "backward", "ink")
NAME, RING, DOT = 12.0, 5.0, 4.5


def checked_paths(given: Mapping[str, Any], on_map: bool) -> Paths:
    """The paths as lists of points.

    Raises:
        ValueError: if there is no map, or one is no array of shape (n, 2) of finite numbers.
    """
    if given and not on_map:
        raise ValueError("paths lead over a map, and there is one direction only; give two")
    found: dict[str, list[tuple[float, float]]] = {}
    for name, path in given.items():
        array = np.atleast_2d(np.asarray(path, float))
        if array.ndim != 2 or array.shape[1] != 2 or not len(array) or not np.isfinite(array).all():
            raise ValueError(
                f"the path {name!r} has shape {array.shape}; give steps along the two directions, "
                "finite numbers of shape (n, 2)"
            )
        found[str(name)] = [(float(a), float(b)) for a, b in array]
    return found


def over_map(plot: Plot, paths: Paths) -> list[Shape]:
    """Each path from a ring to a dot, with its name beside the dot; what leaves the map is cut."""
    shapes: list[Shape] = []
    taken: list[Rect] = []
    for index, (name, path) in enumerate(paths.items()):
        style = STYLES[index % len(STYLES)]
        for piece in _inside(plot, path):
            if len(piece) > 1:
                shapes.append(Path(piece[0], tuple(piece[1:]), f"{style}-lane", 2.0))
        if len(path) > 1 and _is_inside(plot, path[0]):
            x, y = plot.at(*path[0])
            ring = Rect(x - RING, y - RING, 2 * RING, 2 * RING)
            shapes.append(Block(ring, f"{style}-outline", RING))
        if _is_inside(plot, path[-1]):
            x, y = plot.at(*path[-1])
            shapes.append(Block(Rect(x - DOT, y - DOT, 2 * DOT, 2 * DOT), style, DOT))
            shapes += _named(plot, name, style, x, y, taken)
    return shapes


def _is_inside(plot: Plot, point: tuple[float, float]) -> bool:
    shares = plot.x.share(point[0]), plot.y.share(point[1])
    return all(0.0 <= share <= 1.0 for share in shares)


def _inside(plot: Plot, path: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The stretches of a path that lie on the map, in pixels."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in path:
        if _is_inside(plot, point):
            pieces[-1].append(plot.at(*point))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _named(plot: Plot, name: str, style: str, x: float, y: float, taken: list[Rect]) -> list[Shape]:
    """A name on a plate beside a point, above or below those that are there already."""
    wide = text_width(name, NAME)
    left = x + 9 if x + 15 + wide < plot.rect.right else x - 15 - wide
    plate = Rect(left, y - 9, wide + 6, 18)
    steps = [0.0, *(sign * 20.0 * k for k in range(1, 12) for sign in (1.0, -1.0))]
    for step in steps:
        moved = Rect(plate.x, plate.y + step, plate.width, plate.height)
        within = plot.rect.y <= moved.y and moved.bottom <= plot.rect.bottom
        if within and not any(moved.overlaps(other) for other in taken):
            plate = moved
            break
    taken.append(plate)
    label = Text(plate.x + 3, plate.y + 13, (Span(name, "ink", NAME, bold=True),))
    return [Block(plate, "background", 4.0, 0.8), label]
