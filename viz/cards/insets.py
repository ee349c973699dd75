"""A card opened beside the picture: its inside, and how much each path of it carries."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viz.cards.body import draw_body, measure
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.layout import Layout, layout
from viz.model import Graph, Inset
from viz.text.formatting import number

__all__ = ["Panel", "Tie", "make_panel", "tie"]

PAD = 20.0
TITLE, TEXT, SMALL = 15.0, 13.0, 12.0
NARROWEST, HEAD, LEADING, BAR_ROW = 300.0, 44.0, 22.0, 26.0
BAR = 11.0
OVER = 16.0
"""How far above everything the line to a card runs."""


@dataclass(frozen=True, slots=True)
class Panel:
    """An opened card, drawn with its upper left corner at (0, 0)."""

    card: str
    width: float
    height: float
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """The line from a card to its panel, and how far above the picture it reaches."""

    group: Group
    top: float


def make_panel(inset: Inset, place: int) -> Panel:
    """Draw an opened card.

    Args:
        inset: what is behind it.
        place: which of the panels it is.
    """
    inner = layout(
        inset.graph, measure(inset.graph, "down", brief=True), "builtin", direction="down"
    )
    lines = list(inset.lines)
    names = max((text_width(name, TEXT) for name, _ in inset.bars), default=0.0)
    numbers = max((text_width(number(size, 3), TEXT) for _, size in inset.bars), default=0.0)
    room = max(
        NARROWEST - 2 * PAD,
        inner.width,
        min(460.0, max((text_width(line, TEXT) for line in lines), default=0.0)),
        text_width(inset.title, TITLE, bold=True) + 90,
        names + numbers + 140 if inset.bars else 0.0,
    )
    width = room + 2 * PAD
    left = (width - inner.width) / 2
    groups = [
        replace(group.moved(left, HEAD), id=f"i{place}{group.id}" if group.id else "", data=())
        for group in draw_body(inset.graph, inner, brief=True)
    ]
    title = fit(inset.title, TITLE, room - 80, bold=True)
    shapes: list[Shape] = [
        Text(PAD, 28, (Span(title, "difference", TITLE, bold=True),
                       Span("opened", "muted", SMALL, gap=8))),
    ]  # fmt: skip
    y = HEAD + inner.height + 18
    if lines or inset.bars:
        shapes.append(Path((PAD, y), ((width - PAD, y),), "grid-lane", 1.0))
    for line in lines:
        y += LEADING
        shapes.append(Text(PAD, y + 4, (Span(fit(line, TEXT, room), "ink", TEXT),)))
    y += 12 if lines else 0
    largest = max((abs(size) for _, size in inset.bars), default=0.0) or 1.0
    start, full = PAD + names + 14, room - names - numbers - 28
    for name, size in inset.bars:
        y += BAR_ROW
        shapes.append(Text(PAD, y, (Span(name, "ink", TEXT),)))
        length = full * abs(size) / largest
        style = "backward" if size >= 0 else "backward-outline"
        shapes.append(Block(Rect(start, y - BAR, max(1.0, length), BAR), style))
        text = (Span(number(size, 3), "backward", TEXT),)
        shapes.append(Text(width - PAD, y, text, "end"))
    height = y + PAD
    frame = Group("inset", (Block(Rect(0, 0, width, height), "group", radius=12),))
    words = Group("inset", tuple(shapes), label=inset.title)
    return Panel(inset.card, width, height, (frame, *groups, words))


def tie(graph: Graph, layout: Layout, card: str, place: int, x: float) -> Tie:
    """The dotted line from a card to its panel, by a way that crosses as little as can be.

    Args:
        graph: the picture's.
        layout: where it stands.
        card: id of the card.
        place: which of the panels it is.
        x: left side of the panel.
    """
    number = next(n for n, entry in enumerate(graph.cards) if entry.id == card)
    rect = layout.cards[number]
    over = -OVER - 6.0 * place
    middle, end = rect.x + rect.width * 0.5, x + 60.0
    obstacles = [r for n, r in enumerate(layout.cards) if n != number]
    obstacles += [r for r in layout.labels if r is not None]
    obstacles += [frame.title for frame in layout.frames]

    def blocked(at: float) -> int:
        way = Rect(at - 2, over, 4, rect.y - over)
        return sum(way.overlaps(other) for other in obstacles)

    places = [middle, *(rect.x + rect.width * share for share in (0.65, 0.35, 0.8, 0.9, 0.2, 0.1))]
    start = min(places, key=blocked)
    down = 0.0 if place == 0 else over
    steps = ((start, over), (end, over), (end, down))
    line = Path((start, rect.y), steps, "difference-dots", 1.6)
    return Tie(Group("tie", (line,)), over)
