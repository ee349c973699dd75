"""A very large picture for a page: cut into tiles, of which a browser draws those that are seen."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

from viz.draw.compact import SMALL
from viz.draw.scene import Block, Group, Path, Scene, Shape, Stroke, Text
from viz.draw.svg import to_svg
from viz.geometry import Rect

__all__ = ["to_bands"]

ROWS, COLUMNS = 20, 24
"""Rows and columns of cards in one tile."""

Place = tuple[int, int]


def to_bands(scene: Scene, theme: str) -> str:
    """A scene as many SVG documents beside and below each other, which look like one.

    No card is cut; a wire from one tile to another is in both.

    Args:
        scene: what to show; its cards stand in rows and columns.
        theme: as for `viz.draw.svg.to_svg`.
    """
    rows = _edges(scene, ROWS, upright=True)
    columns = _edges(scene, COLUMNS, upright=False)
    tiles: dict[Place, list[Group]] = {
        (row, column): [] for row in range(len(rows) - 1) for column in range(len(columns) - 1)
    }
    for group in scene.groups:
        if group.kind.startswith(SMALL):
            x, y = _corner(group.shapes[0])
            tiles[_index(rows, y), _index(columns, x)].append(group)
            continue
        parts: dict[Place, list[Shape]] = {}
        for shape in group.shapes:
            if isinstance(shape, Path) and shape.more:
                for place, part in _divided(shape, rows, columns).items():
                    parts.setdefault(place, []).append(part)
            else:
                x, y = _corner(shape)
                parts.setdefault((_index(rows, y), _index(columns, x)), []).append(shape)
        for place, shapes in parts.items():
            tiles[place].append(replace(group, shapes=tuple(shapes), id=""))
    lines = []
    for row, (top, bottom) in enumerate(pairwise(rows)):
        line = [
            _one(scene, tiles[row, column], Rect(left, top, right - left, bottom - top), theme)
            for column, (left, right) in enumerate(pairwise(columns))
        ]
        lines.append(f'<div class="band">{"".join(line)}</div>')
    return "\n".join(lines)


def _one(scene: Scene, groups: list[Group], view: Rect, theme: str) -> str:
    where = f"{scene.title}: from {view.x:.0f} right and {view.y:.0f} down"
    part = replace(scene, groups=tuple(groups), description=where)
    share = 100 * view.width / scene.width
    size = f"width:{view.width:.0f}px;height:{view.height:.0f}px;--share:{share:.4f}%"
    return f'<div class="tile" style="{size}">{to_svg(part, theme, view)}</div>'


def _edges(scene: Scene, count: int, upright: bool) -> list[float]:
    """Where the tiles begin and end: between two rows, or columns, of cards."""
    found: set[tuple[float, float]] = set()
    for group in scene.groups:
        first = group.shapes[0] if group.shapes else None
        if group.kind.startswith(SMALL) and isinstance(first, Block):
            r = first.rect
            found.add((r.y, r.bottom) if upright else (r.x, r.right))
    spans = sorted(found)
    between = [
        float(round((spans[n - 1][1] + spans[n][0]) / 2)) for n in range(count, len(spans), count)
    ]
    return [0.0, *between, scene.height if upright else scene.width]


def _index(edges: list[float], at: float) -> int:
    return bisect_right(edges, at, 1, len(edges) - 1) - 1


def _corner(shape: Shape) -> tuple[float, float]:
    if isinstance(shape, Block):
        return shape.rect.x, shape.rect.y
    if isinstance(shape, Text):
        return shape.x, shape.y
    return shape.start if isinstance(shape, Path) else shape.points[0]


def _divided(path: Path, rows: list[float], columns: list[float]) -> dict[Place, Path]:
    """The strokes of a path by the tiles that they reach."""
    found: dict[Place, list[Stroke]] = {}
    for stroke in ((path.start, path.steps), *path.more):
        xs = [stroke[0][0], *(x for step in stroke[1] for x in step[::2])]
        ys = [stroke[0][1], *(y for step in stroke[1] for y in step[1::2])]
        for row in range(_index(rows, min(ys)), _index(rows, max(ys)) + 1):
            for column in range(_index(columns, min(xs)), _index(columns, max(xs)) + 1):
                found.setdefault((row, column), []).append(stroke)
    return {
        place: replace(path, start=strokes[0][0], steps=strokes[0][1], more=tuple(strokes[1:]))
        for place, strokes in found.items()
    }
