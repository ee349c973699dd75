"""A very large picture for a page: cut into bands, of which a browser draws those that are seen."""

from __future__ import annotations

from dataclasses import replace

from viz.draw.compact import SMALL
from viz.draw.scene import Block, Group, Path, Scene, Shape, Stroke, Text
from viz.draw.svg import to_svg
from viz.geometry import Rect

__all__ = ["to_bands"]

ROWS = 20
"""Rows of cards in one band."""


def to_bands(scene: Scene, theme: str) -> str:
    """A scene as several SVG documents below each other, which look like one.

    No card is cut; a wire from one band to the next is in both.

    Args:
        scene: what to show; its cards stand in rows.
        theme: as for `viz.draw.svg.to_svg`.
    """
    edges = _edges(scene)
    bands: list[list[Group]] = [[] for _ in edges[1:]]
    for group in scene.groups:
        low, high = _reach(group)
        first, last = _band(edges, low), _band(edges, high)
        if first == last or group.kind.startswith(SMALL):
            bands[first].append(group)
            continue
        parts: list[list[Shape]] = [[] for _ in bands]
        for shape in group.shapes:
            if isinstance(shape, Path) and shape.more:
                for band, part in _divided(shape, edges).items():
                    parts[band].append(part)
            else:
                parts[_band(edges, _shape_reach(shape)[0])].append(shape)
        for band, shapes in enumerate(parts):
            if shapes:
                bands[band].append(replace(group, shapes=tuple(shapes), id=""))
    return "\n".join(
        _one(scene, groups, Rect(0.0, top, scene.width, bottom - top), theme)
        for groups, top, bottom in zip(bands, edges, edges[1:], strict=False)
    )


def _one(scene: Scene, groups: list[Group], view: Rect, theme: str) -> str:
    part = replace(scene, groups=tuple(groups), description=f"From {view.y:.0f} down.")
    size = f"width:{view.width:.0f}px;height:{view.height:.0f}px"
    return f'<div class="band" style="{size}">{to_svg(part, theme, view)}</div>'


def _edges(scene: Scene) -> list[float]:
    """Where the bands begin and end: between two rows of cards."""
    rows = sorted(
        {
            (shape.rect.y, shape.rect.bottom)
            for group in scene.groups
            if group.kind.startswith(SMALL)
            for shape in group.shapes[:1]
            if isinstance(shape, Block)
        }
    )
    between = [round((rows[n - 1][1] + rows[n][0]) / 2) for n in range(ROWS, len(rows), ROWS)]
    return [0.0, *map(float, between), scene.height]


def _band(edges: list[float], y: float) -> int:
    for number, edge in enumerate(edges[1:-1]):
        if y < edge:
            return number
    return len(edges) - 2


def _reach(group: Group) -> tuple[float, float]:
    if group.kind.startswith(SMALL):
        return _shape_reach(group.shapes[0])
    ends = [_shape_reach(shape) for shape in group.shapes]
    return min((a for a, _ in ends), default=0.0), max((b for _, b in ends), default=0.0)


def _shape_reach(shape: Shape) -> tuple[float, float]:
    if isinstance(shape, Block):
        return shape.rect.y, shape.rect.bottom
    if isinstance(shape, Text):
        return shape.y, shape.y
    if isinstance(shape, Path):
        strokes = ((shape.start, shape.steps), *shape.more)
        ends = [_stroke_reach(stroke) for stroke in strokes]
        return min(a for a, _ in ends), max(b for _, b in ends)
    heights = [y for _, y in shape.points]
    return min(heights), max(heights)


def _stroke_reach(stroke: Stroke) -> tuple[float, float]:
    heights = [stroke[0][1], *(y for step in stroke[1] for y in step[1::2])]
    return min(heights), max(heights)


def _divided(path: Path, edges: list[float]) -> dict[int, Path]:
    """The strokes of a path by the bands that they reach."""
    found: dict[int, list[Stroke]] = {}
    for stroke in ((path.start, path.steps), *path.more):
        low, high = _stroke_reach(stroke)
        for band in range(_band(edges, low), _band(edges, high) + 1):
            found.setdefault(band, []).append(stroke)
    return {
        band: replace(path, start=strokes[0][0], steps=strokes[0][1], more=tuple(strokes[1:]))
        for band, strokes in found.items()
    }
