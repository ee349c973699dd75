"""A picture as a short list of shapes, each with the names of its styles.

The writers (SVG, raster) know these shapes only, so every format shows the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from viz.layout.place import Rect

__all__ = ["Block", "Group", "Path", "Polygon", "Scene", "Shape", "Span", "Text"]


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle. ``style`` names entries of `viz.draw.palette.styles`."""

    rect: Rect
    style: str
    radius: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Path:
    """A stroke from ``start``.

    Each step is a line to a point (two numbers), or a cubic curve by two control points
    and its end (six numbers).
    """

    start: tuple[float, float]
    steps: tuple[tuple[float, ...], ...]
    style: str
    width: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon."""

    points: tuple[tuple[float, float], ...]
    style: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; ``gap`` is the room before it."""

    text: str
    style: str
    size: float
    bold: bool = False
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on a baseline; ``anchor`` is ``start``, ``middle`` or ``end``."""

    x: float
    y: float
    spans: tuple[Span, ...]
    anchor: str = "start"


Shape = Block | Path | Polygon | Text


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together: a card, a wire, a label, a frame."""

    kind: str
    shapes: tuple[Shape, ...]
    id: str = ""
    label: str = ""
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole picture, back to front."""

    width: float
    height: float
    groups: tuple[Group, ...]
    title: str
    description: str
