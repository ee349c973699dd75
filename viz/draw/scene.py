"""A picture as a short list of shapes, each with the names of its styles.

The writers (SVG, raster) know these shapes only, so every format shows the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from viz.geometry import Rect

__all__ = ["Block", "Group", "Path", "Polygon", "Scene", "Shape", "Span", "Text", "moved"]


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle, or with half its side as ``radius`` a circle or a pill.

    ``style`` names entries of `viz.draw.palette.styles`; ``opacity`` is that of the filling.
    """

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
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon, with an outline where its style has a stroke."""

    points: tuple[tuple[float, float], ...]
    style: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style.

    Attributes:
        text: what it says.
        style: its colour.
        size: of the font.
        bold: whether it is bold.
        gap: the room before it.
        rise: how far its baseline is above that of the line; negative for a subscript.
        code: whether it is set in a monospaced font, as source code is.
    """

    text: str
    style: str
    size: float
    bold: bool = False
    gap: float = 0.0
    rise: float = 0.0
    code: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on a baseline.

    ``anchor`` is ``start``, ``middle`` or ``end``; ``turn`` the angle in degrees, clockwise,
    by which it is turned about its point.
    """

    x: float
    y: float
    spans: tuple[Span, ...]
    anchor: str = "start"
    turn: float = 0.0


Shape = Block | Path | Polygon | Text


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together: a card, a wire, a label, a frame.

    Attributes:
        kind: the class of the group in the SVG.
        shapes: back to front.
        id: unique within the picture; empty for none.
        label: the tooltip, which screen readers speak; groups of the kind ``card`` that have
            one can be focused.
        data: names and values of ``data-`` attributes.
    """

    kind: str
    shapes: tuple[Shape, ...]
    id: str = ""
    label: str = ""
    data: tuple[tuple[str, str], ...] = ()

    def moved(self, dx: float, dy: float) -> Group:
        """The same group elsewhere."""
        return replace(self, shapes=tuple(moved(shape, dx, dy) for shape in self.shapes))


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole picture, back to front."""

    width: float
    height: float
    groups: tuple[Group, ...]
    title: str
    description: str


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """The same shape elsewhere."""
    if isinstance(shape, Block):
        return replace(shape, rect=shape.rect.moved(dx, dy))
    if isinstance(shape, Polygon):
        return replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points))
    if isinstance(shape, Text):
        return replace(shape, x=shape.x + dx, y=shape.y + dy)
    steps = tuple(
        tuple(v + (dy if i % 2 else dx) for i, v in enumerate(step)) for step in shape.steps
    )
    return replace(shape, start=(shape.start[0] + dx, shape.start[1] + dy), steps=steps)
