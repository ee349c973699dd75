"""A picture as a short list of shapes, each with the names of its styles.

The writers (SVG, raster) know these shapes only, so every format shows the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from viz.geometry import Rect

__all__ = [
    "Block",
    "Group",
    "Path",
    "Polygon",
    "Scene",
    "Shape",
    "Span",
    "Stroke",
    "Text",
    "moved",
]


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle, or with half its side as ``radius`` a circle or a pill.

    ``style`` names entries of `viz.draw.palette.styles`; ``opacity`` is that of the filling.
    """

    rect: Rect
    style: str
    radius: float = 0.0
    opacity: float = 1.0


Stroke = tuple[tuple[float, float], tuple[tuple[float, ...], ...]]
"""The start and the steps of a `Path`."""


@dataclass(frozen=True, slots=True)
class Path:
    """A stroke from ``start``.

    Each step is a line to a point (two numbers), or a cubic curve by two control points
    and its end (six numbers). ``more`` are further strokes of the same look, each with its
    start and its steps; where there are any, all are written in whole pixels.
    """

    start: tuple[float, float]
    steps: tuple[tuple[float, ...], ...]
    style: str
    width: float
    opacity: float = 1.0
    more: tuple[Stroke, ...] = ()


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
    # Constructors, as `dataclasses.replace` takes three times as long.
    if isinstance(shape, Block):
        return Block(shape.rect.moved(dx, dy), shape.style, shape.radius, shape.opacity)
    if isinstance(shape, Polygon):
        points = tuple((x + dx, y + dy) for x, y in shape.points)
        return Polygon(points, shape.style, shape.opacity)
    if isinstance(shape, Text):
        return Text(shape.x + dx, shape.y + dy, shape.spans, shape.anchor, shape.turn)
    start, steps = _moved(shape.start, shape.steps, dx, dy)
    more = tuple(_moved(*stroke, dx, dy) for stroke in shape.more)
    return Path(start, steps, shape.style, shape.width, shape.opacity, more)


def _moved(
    start: tuple[float, float], steps: tuple[tuple[float, ...], ...], dx: float, dy: float
) -> Stroke:
    return (start[0] + dx, start[1] + dy), tuple(
        tuple(v + (dy if i % 2 else dx) for i, v in enumerate(step)) for step in steps
    )
