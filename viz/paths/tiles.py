"""A formula of matrices as a row of rectangles that have about their shapes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autodiff.writers.rules import Formula, Leaf, Operation, formula_text
from viz.draw.metrics import fit
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect
from viz.paths.lines import FONT, named, named_width
from viz.paths.rules import ONE, ONES
from viz.read.statistics import shape_text

__all__ = ["Tile", "draw_tiles", "tiles", "tiles_height", "tiles_width"]

SHAPE = 11.0
GAP, PAD = 9.0, 8.0
LEAST, MOST = 26.0, 66.0
WIDEST = 300.0

_INFIX = ("·", "⊙", "⊗", "∗", "⋆", "⋆ᵀ", "⋆ᵂ", "+", "−", "/")


@dataclass(frozen=True, slots=True)
class Tile:
    """A matrix, or what stands between two.

    Attributes:
        text: what is written in it.
        shape: of the matrix; None for a sign.
        backward: whether it is a gradient, so that it is drawn in that colour.
        sign: whether it is no matrix.
    """

    text: str
    shape: tuple[int, ...] | None = None
    backward: bool = False
    sign: bool = False

    @property
    def width(self) -> float:
        """How wide it is drawn."""
        needed = named_width(self.text)
        if self.sign:
            return needed
        side = _side(self.shape[-1]) if self.shape else LEAST
        return min(WIDEST, max(needed + 2 * PAD, side))

    @property
    def height(self) -> float:
        """How high it is drawn."""
        if self.sign:
            return FONT
        return _side(self.shape[-2]) if self.shape and len(self.shape) > 1 else LEAST


def _side(length: int) -> float:
    return min(MOST, max(LEAST, 14.0 + 8.0 * math.log2(max(1, length))))


def tiles(formula: Formula, shape: tuple[int, ...]) -> list[Tile]:
    """A formula as tiles and signs, from left to right.

    Args:
        formula: what is to be shown.
        shape: of its value.
    """
    if isinstance(formula, Leaf):
        if formula.shape is None or (formula.shape == () and not formula.text.startswith("δ")):
            return [Tile(formula.text, sign=True)]
        return [Tile(formula.text, formula.shape, formula.text.startswith("δ"))]
    sign, operands = formula.sign, formula.operands
    if sign == "neg":
        return [Tile("−", sign=True), *tiles(operands[0], shape)]
    if sign == "ᵀ" and isinstance(operands[0], Leaf):
        inner = operands[0]
        turned = None if inner.shape is None else (*inner.shape[:-2], *inner.shape[-2:][::-1])
        delta = inner.text.startswith("δ")
        return [Tile(formula_text(formula), turned, delta, sign=turned is None)]
    if sign in _INFIX:
        found = []
        for place, part in enumerate(operands):
            if place:
                found.append(Tile(sign, sign=True))
            found += _part(part, sign, place, shape)
        return found
    if sign[0] == "[" and isinstance(operands[0], Leaf):
        return [Tile(formula_text(formula), shape, backward=True)]
    if len(operands) == 1 and _has_delta(operands[0]):
        opened = Tile(f"{sign} (" if " " in sign else f"{sign}(", sign=True)
        return [opened, *tiles(operands[0], shape), Tile(")", sign=True)]
    return [Tile(formula_text(formula), shape)]


def _part(part: Formula, sign: str, place: int, shape: tuple[int, ...]) -> list[Tile]:
    """One side of a product: what holds no δ is one tile, however long it is."""
    if isinstance(part, Leaf) or _has_delta(part):
        inner = tiles(part, shape)
        sums = isinstance(part, Operation) and part.sign in ("+", "−") and sign not in ("+", "−")
        if sums or (place and isinstance(part, Operation) and part.sign in _INFIX):
            return [Tile("(", sign=True), *inner, Tile(")", sign=True)]
        return inner
    if isinstance(part, Operation) and part.sign == "ᵀ":
        return tiles(part, shape)
    return [Tile(formula_text(part), shape if sign in ("⊙", "+", "−", "/") else None)]


def _has_delta(formula: Formula) -> bool:
    if isinstance(formula, Leaf):
        return formula.text.startswith("δ") or formula in (ONE, ONES)
    return any(map(_has_delta, formula.operands))


def tiles_width(row: list[Tile]) -> float:
    """How wide a row of tiles is."""
    return sum(tile.width for tile in row) + GAP * (len(row) - 1)


def tiles_height(row: list[Tile]) -> float:
    """How high it is, without the shapes below."""
    return max((tile.height for tile in row), default=LEAST)


def draw_tiles(row: list[Tile], x: float, y: float, room: float) -> Group:
    """A row of tiles.

    Args:
        row: the tiles.
        x: of the left border.
        y: of the middle.
        room: the width that there is: a row that needs more is cut off.
    """
    shapes: list[Shape] = []
    right = x + room
    for place, tile in enumerate(row):
        more = place + 1 < len(row)
        if x + tile.width > right - (20 if more else 0):
            shapes.append(Text(x, y + 5, (Span("…", "ink", FONT),)))
            break
        middle = x + tile.width / 2
        if tile.sign:
            shapes.append(Text(middle, y + 5, named(tile.text, "ink", FONT), "middle"))
        else:
            style = "backward" if tile.backward else "forward"
            box = Rect(x, y - tile.height / 2, tile.width, tile.height)
            shapes.append(Block(box, f"{style}-outline", radius=3))
            fits = named_width(tile.text) <= tile.width - 4
            text = tile.text if fits else fit(tile.text, FONT, tile.width - 6)
            shapes.append(Text(middle, y + 5, named(text, style, FONT), "middle"))
            if tile.shape:
                label = Span(shape_text(tile.shape), "muted", SHAPE)
                shapes.append(Text(middle, box.bottom + 14, (label,), "middle"))
        x += tile.width + GAP
    return Group("tiles", tuple(shapes))
