"""The picture of a sum over many elements: operands as grids, their products, the result."""

from __future__ import annotations

import math

from viz.cards.card import card_sizes, draw_card
from viz.cards.lanes import draw_wire
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Scene, Shape, Span, Text
from viz.elements.sums import Cell, Grid, Sum
from viz.geometry import Rect
from viz.layout.place import Run
from viz.model import Card, Edge

__all__ = ["compose_sum"]

MARGIN, PAD, HEAD = 22.0, 13.0, 34.0
NAME, NUMBER, TEXT, HEADING = 13.0, 13.0, 12.5, 17.0
CELL, LOW_CELL = 50.0, 30.0
GAP, APART = 6.0, 14.0
SIGN_ROOM, WIRE_ROOM = 34.0, 110.0


def compose_sum(found: Sum, card: Card, title: str, notice: str) -> Scene:
    """The scene of one element and of what it is a sum of.

    Args:
        found: the grids.
        card: the element.
        title: printed over the picture.
        notice: said below it.
    """
    groups, rects = _beside(found)
    last, bottom = rects[-1], max(rect.bottom for rect in rects)
    (width, height), *_ = card_sizes((card,))
    wire = max(WIRE_ROOM, max(text_width(t, TEXT) for t in (found.local, found.flow)) + 40)
    result = Rect(last.right + wire, last.middle[1] - height / 2, width, height)
    edge = Edge("", card.id, tooltip=f"{found.sign} → {card.name}")
    lanes = (Run(last.right, result.x, result.middle[1]),)
    groups.append(draw_wire(edge, 0, lanes, 1.5))
    groups += _said(found, last.right + wire / 2, result.middle[1])
    if found.bias is not None:
        drawn, rect = _framed(found.bias, 1, 1)
        left, below = result.middle[0] - rect.width / 2, result.bottom + 46.0
        groups.append(drawn.moved(left, below))
        groups.append(_sign("+", result.middle[0], below - 18))
        bottom = max(bottom, below + rect.height)
    groups.append(draw_card(card, result, None))
    y = bottom
    for grid, rect in zip(found.operands, rects, strict=False):
        lines = [(grid.factor, "ink"), (grid.flow, "backward")]
        for number, (text, style) in enumerate(lines):
            if text:
                at = bottom + 24 + 19 * number
                span = Span(fit(text, TEXT, rect.width), style, TEXT)
                groups.append(Group("label", (Text(rect.x, at, (span,)),)))
                y = max(y, at)
    return _page(groups, (result.right, y), result.y, (title, notice), _described(found, card))


def _page(
    groups: list[Group],
    size: tuple[float, float],
    highest: float,
    said: tuple[str, str],
    description: str,
) -> Scene:
    """Heading above, legend and notice below, margins all round."""
    (right, y), (title, notice) = size, said
    y += 34
    legend = (
        Span("in each cell:", "muted", TEXT),
        Span("value", "forward", TEXT, gap=8),
        Span("gradient", "backward", TEXT, gap=8),
    )
    groups.append(Group("legend", (Text(0, y, legend),)))
    if notice:
        y += 24
        groups.append(Group("notice", (Text(0, y, (Span(notice, "ink", TEXT, bold=True),)),)))
        right = max(right, text_width(notice, TEXT, bold=True))
    heading = fit(title, HEADING, max(right, 400.0), bold=True)
    right = max(right, text_width(heading, HEADING, bold=True))
    up = 32.0 - min(0.0, highest)
    span = Span(heading, "ink", HEADING, bold=True)
    groups.insert(0, Group("heading", (Text(0, 12 - up, (span,)),)))
    moved = tuple(group.moved(MARGIN, MARGIN + up) for group in groups)
    return Scene(right + 2 * MARGIN, y + up + 2 * MARGIN, moved, title, description)


def _beside(found: Sum) -> tuple[list[Group], list[Rect]]:
    """The grids beside each other, with the signs between them."""
    grids = [*found.operands, *([found.products] if found.products is not None else [])]
    drawn = [_framed(grid, found.columns, found.block) for grid in grids]
    tallest = max(rect.height for _, rect in drawn)
    groups: list[Group] = []
    rects: list[Rect] = []
    x = 0.0
    for index, (group, rect) in enumerate(drawn):
        if index:
            x += SIGN_ROOM
            groups.append(_sign("=" if index == 2 else "⊙", x - SIGN_ROOM / 2, tallest / 2 + 6))
        down = (tallest - rect.height) / 2
        groups.append(group.moved(x, down))
        rects.append(rect.moved(x, down))
        x = rects[-1].right
    return groups, rects


def _sign(text: str, x: float, y: float) -> Group:
    return Group("sign", (Text(x, y, (Span(text, "ink", 18.0),), "middle"),))


def _framed(grid: Grid, columns: int, block: int) -> tuple[Group, Rect]:
    """A frame with its cells, and its size."""
    width = max(_width(cell) for cell in grid.cells)
    told = any(cell.gradient for cell in grid.cells)
    height = CELL if told else LOW_CELL
    columns = min(columns, len(grid.cells))
    rows = math.ceil(len(grid.cells) / columns)
    gaps = max(0, math.ceil(rows / block) - 1)
    title = [Span(grid.title, "ink", NAME, bold=True), Span(grid.description, "muted", TEXT, gap=6)]
    wide = columns * width + (columns - 1) * GAP
    needed = text_width(grid.title, NAME, bold=True) + text_width(grid.description, TEXT) + 10
    wide = max(wide, needed)
    tall = rows * height + (rows - 1) * GAP + gaps * APART
    rect = Rect(0.0, 0.0, wide + 2 * PAD, HEAD + tall + PAD)
    shapes: list[Shape] = [
        Block(rect, "frame", radius=9),
        Text(PAD, 22, tuple(span for span in title if span.text)),
    ]
    for number, cell in enumerate(grid.cells):
        row, column = divmod(number, columns)
        at = Rect(
            PAD + column * (width + GAP),
            HEAD + row * (height + GAP) + row // block * APART,
            width,
            height,
        )
        shapes += _cell(cell, at, grid.role)
    return Group("tensor", tuple(shapes)), rect


def _width(cell: Cell) -> float:
    first = text_width(cell.name, NAME, bold=True) + 12 + text_width(cell.value, NUMBER)
    return max(first, text_width(cell.gradient, NUMBER)) + 16


def _cell(cell: Cell, rect: Rect, role: str) -> list[Shape]:
    base = rect.y + 20
    shapes: list[Shape] = [
        Block(rect, role, radius=6),
        Text(rect.x + 8, base, (Span(cell.name, "ink", NAME, bold=True),)),
        Text(rect.right - 8, base, (Span(cell.value, "forward", NUMBER),), "end"),
    ]
    if cell.gradient:
        gradient = Span(cell.gradient, "backward", NUMBER)
        shapes.append(Text(rect.right - 8, base + 19, (gradient,), "end"))
    return shapes


def _said(found: Sum, x: float, y: float) -> list[Group]:
    """The sign over the wire, and what flows back below it."""
    above = [Text(x, y - 14, (Span(found.sign, "ink", 17.0, bold=True),), "middle")]
    below = [
        Text(x, y + 24 + 17 * i, (Span(text, style, TEXT),), "middle")
        for i, (text, style) in enumerate(((found.local, "ink"), (found.flow, "backward")))
        if text
    ]
    return [Group("label", tuple(above)), Group("label", tuple(below))]


def _described(found: Sum, card: Card) -> str:
    count = len(found.operands[0].cells)
    return (
        f"{card.name} is computed from {count} elements of "
        + " and ".join(grid.title for grid in found.operands)
        + "; in each cell the value is blue, the gradient orange."
    )
