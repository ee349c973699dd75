"""Both passes laid over each other: equal in grey, the difference in violet."""

from __future__ import annotations

import math

from viz.cards.bends import lane, stretches
from viz.differences.compare import Compared, Distance
from viz.differences.findings import Finding
from viz.differences.folding import Folded
from viz.differences.passes import PassNode
from viz.differences.selection import Link, Selection
from viz.draw.arrows import arrow_head
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.layout import Layout, Run, Sizes, layout
from viz.model import Card, Edge, Graph
from viz.read.statistics import rms, shape_text
from viz.text.formatting import number, percent

__all__ = ["draw_overlay", "short"]

WIDTH, WIDEST, HEAD, ROW, PAD = 168.0, 250.0, 34.0, 21.0, 12.0
NAME, SMALL, NUMBER, CHANGE = 16.0, 12.0, 13.0, 15.0
ARROW, THICKEST = 8.0, 5.0
MARK = 23.0

LONGEST = 52.0

Labels = tuple[str, str]


def short(labels: Labels) -> Labels:
    """What the passes are called on cards: a and b where their own labels are too long."""
    fitting = all(text_width(label, SMALL) <= LONGEST for label in labels)
    return labels if fitting else ("a", "b")


def draw_overlay(
    compared: list[Compared],
    cards: list[Folded],
    selection: Selection,
    first: Finding | None,
    labels: Labels,
    engine: str,
) -> tuple[list[Group], float, float]:
    """The shapes of the overlay, its width and its height.

    Args:
        compared: the comparison.
        cards: its cards.
        selection: those that are shown.
        first: the first finding, which is marked.
        labels: what the passes are called.
        engine: of the layout.
    """
    forward = any(not c.value.equal for c in compared)
    labels = short(labels)
    rows = {i: _rows(compared[cards[i].head], forward, labels) for i in selection.cards}
    told = _told(compared, cards, selection, first, labels)
    placed = _place(compared, cards, selection, rows, first, told, engine)
    groups: list[Group] = []
    widths = _Widths(compared)
    for place, (link, runs) in enumerate(zip(selection.links, placed.routes, strict=True)):
        groups.append(_wire(compared, cards, link, runs, widths))
        room = placed.labels[place]
        if room is not None:
            x, y = room.x + room.width / 2, room.bottom - 4
            style = "muted" if link.hidden else "difference"
            span = Span(told[place], style, SMALL, bold=not link.hidden)
            groups.append(Group("label", (Text(x, y, (span,), "middle"),)))
    for index, rect in zip(selection.cards, placed.cards, strict=True):
        c = compared[cards[index].head]
        groups.append(_card(c, cards[index], rows[index], rect, f"n{index}"))
        if _is_first(first, cards[index]):
            groups.append(_mark(rect))
    return groups, placed.width, placed.height


def _is_first(first: Finding | None, card: Folded) -> bool:
    return first is not None and first.place == card.head


def _told(
    compared: list[Compared],
    cards: list[Folded],
    selection: Selection,
    first: Finding | None,
    labels: Labels,
) -> dict[int, str]:
    """What stands on wires: how much they pass over, and where a gradient ends."""
    ends = first is not None and first.kind in ("cut", "joined")
    found: dict[int, str] = {}
    for place, link in enumerate(selection.links):
        if link.hidden:
            found[place] = f"⋯ {link.hidden} card{'s' * (link.hidden != 1)}"
        elif ends and first is not None and first.place == cards[link.source].head:
            found[place] = f"ends here in {labels[first.kind == 'cut']}"
    return found


def _place(
    compared: list[Compared],
    cards: list[Folded],
    selection: Selection,
    rows: dict[int, list[list[Span]]],
    first: Finding | None,
    told: dict[int, str],
    engine: str,
) -> Layout:
    sizes = []
    for index in selection.cards:
        card = cards[index]
        width, height = _size(compared[card.head], card, rows[index])
        sizes.append((width, height + (MARK if _is_first(first, card) else 0.0)))
    edges = tuple(
        Edge(f"n{link.source}", f"n{link.target}", position)
        for position, link in enumerate(selection.links)
    )
    named = [told.get(position) for position in range(len(selection.links))]
    titles = tuple(
        # Without a label a wire still needs room to be seen.
        (24.0, 4.0) if text is None else (text_width(text, SMALL) + 12, 18.0)
        for text in named
    )
    graph = Graph(tuple(Card(f"n{i}", str(i)) for i in selection.cards), edges)
    placed = layout(graph, Sizes(tuple(sizes), titles, {}), engine)
    rooms = tuple(
        None if text is None else room for text, room in zip(named, placed.labels, strict=True)
    )
    return Layout(
        placed.width, placed.height, placed.cards, placed.routes, rooms, (), placed.engine
    )


def _size(c: Compared, card: Folded, rows: list[list[Span]]) -> tuple[float, float]:
    head = text_width(c.shown.name, NAME, bold=True) + 8 + text_width(_second(c, card), SMALL)
    widest = max([head, *(_row_width(row) for row in rows)])
    return min(WIDEST, max(WIDTH, widest + 2 * PAD)), HEAD + ROW * len(rows) + 6


def _row_width(row: list[Span]) -> float:
    return sum(text_width(span.text, span.size, span.bold) + span.gap for span in row) + 16.0


def _second(c: Compared, card: Folded) -> str:
    return f"= {card.formula}" if card.formula else shape_text(c.shown.shape) or c.shown.role


def _rows(c: Compared, forward: bool, labels: Labels) -> list[list[Span]]:
    """The rows of a card: what the two passes have to say, each as a left and a right part."""
    if c.single:
        told = f"only in {labels[c.nodes[0] is None]}"
        return [[Span(told, "difference", NUMBER, bold=True), _own(c.shown, forward)]]
    rows: list[list[Span]] = []
    if forward or (c.shown.value is not None and c.shown.gradient is None):
        rows += _about(c, c.value, "forward", labels)
    rows += _about(c, c.gradient, "backward", labels)
    return rows or [[Span("not known", "muted", SMALL), _BLANK]]


_BLANK = Span("", "muted", SMALL)


def _own(node: PassNode, forward: bool) -> Span:
    """How large the gradient is of what stands in one pass alone, or its value."""
    shown = node.value if forward or node.gradient is None else node.gradient
    style = "backward" if shown is node.gradient else "forward"
    return _BLANK if shown is None else Span(number(rms(shown)), style, NUMBER)


def _about(c: Compared, distance: Distance, style: str, labels: Labels) -> list[list[Span]]:
    one, other = distance.sizes
    if one is None and other is None:
        return []
    told = ["—" if size is None else number(size) for size in (one, other)]
    if distance.equal:
        size = told[0] if one is not None else told[1]
        known = "a = b" if one is not None and other is not None else labels[one is None]
        known = known.replace("a = b", f"{labels[0]} = {labels[1]}")
        return [[Span(known, "muted", SMALL), Span(size, style, NUMBER)]]
    if None not in (one, other) and told[0] == told[1]:
        told = ["—" if size is None else number(size, 8) for size in (one, other)]
    both = [
        Span(labels[0], "muted", SMALL), Span(told[0], style, NUMBER, gap=5),
        Span(labels[1], "muted", SMALL, gap=14), Span(told[1], style, NUMBER, gap=5), _BLANK,
    ]  # fmt: skip
    gap = "" if distance.apart is None else f"Δ {number(distance.apart)}"
    if not gap:
        gap = " ≠ ".join(shape_text(node.shape) or "scalar" for node in c.nodes if node)
    change = [
        Span(gap, "difference", CHANGE, bold=True),
        Span(percent(distance.relative), "difference", NUMBER, bold=True),
    ]
    return [both, change]


def _card(c: Compared, card: Folded, rows: list[list[Span]], rect: Rect, ident: str) -> Group:
    shapes: list[Shape] = [Block(rect, c.shown.role, radius=8)]
    if not c.equal:
        shapes.append(Block(rect, "difference-frame", radius=8))
    left, right = rect.x + PAD, rect.right - PAD
    room = right - left
    name = fit(c.shown.name, NAME, room, bold=True)
    spans = [Span(name, "ink", NAME, bold=True)]
    room -= text_width(name, NAME, bold=True) + 8
    if room > 18:
        spans.append(Span(fit(_second(c, card), SMALL, room), "muted", SMALL, gap=8))
    shapes.append(Text(left, rect.y + 23, tuple(spans)))
    for index, row in enumerate(rows):
        y = rect.y + HEAD + ROW * index + 14
        shapes.append(Text(left, y, tuple(row[:-1])))
        if row[-1].text:
            shapes.append(Text(right, y, (row[-1],), "end"))
    spoken = [c.shown.name, card.formula, *("".join(s.text + " " for s in row) for row in rows)]
    told = ", ".join(" ".join(part.split()) for part in spoken if part)
    return Group("card", tuple(shapes), ident, f"{told} {c.shown.line}".strip())


def _mark(rect: Rect) -> Group:
    """A band at the foot of a card."""
    band = Rect(rect.x + 1, rect.bottom - MARK - 1, rect.width - 2, MARK)
    text = Span("first difference", "on-difference", SMALL, bold=True)
    place = Text(band.x + band.width / 2, band.y + 16.0, (text,), "middle")
    return Group("mark", (Block(band, "difference-ground", radius=6), place))


class _Widths:
    """Lane widths by the relative difference that they carry."""

    def __init__(self, compared: list[Compared]) -> None:
        sizes = [c.gradient.relative or 0.0 for c in compared if not c.gradient.equal]
        self.largest = max((s for s in sizes if s < float("inf")), default=1.0) or 1.0

    def of(self, distance: Distance) -> float:
        share = min(1.0, (distance.relative or 1.0) / self.largest)
        return 1.8 + (THICKEST - 1.8) * math.sqrt(share)


def _wire(
    compared: list[Compared],
    cards: list[Folded],
    link: Link,
    runs: tuple[Run, ...],
    widths: _Widths,
) -> Group:
    source, target = compared[cards[link.source].head], compared[cards[link.target].head]
    level = stretches(runs)
    shapes: list[Shape] = []
    value = "difference" if not source.value.equal or source.single else "muted"
    width = 2.6 if value == "difference" else 1.2
    start, steps = lane(level, 2.5, 0.0, ARROW - 1)
    shapes.append(Path(start, steps, f"{value}-lane", width, 1.0 if value != "muted" else 0.6))
    tip = level[-1].x1, level[-1].y + 2.5
    shapes.append(arrow_head(tip, (1.0, 0.0), ARROW, 3.4, value))
    if source.shown.needs_gradient or source.gradient.missing:
        differs = source.single or (
            not source.gradient.equal and _carried(compared, source, target)
        )
        style = "difference" if differs else "muted"
        width = widths.of(source.gradient) if differs else 1.2
        up = -(1.8 + width / 2)
        start, steps = lane(level, up, ARROW - 1, 0.0)
        shapes.append(Path(start, steps, f"{style}-lane", round(width, 2), 1.0 if differs else 0.6))
        tip = level[0].x0, level[0].y + up
        shapes.append(arrow_head(tip, (-1.0, 0.0), ARROW, 3.4 + 0.6 * width, style))
    names = f"{source.shown.name} → {target.shown.name}"
    return Group("wire", tuple(shapes), f"e{link.source}-{link.target}", names)


def _carried(compared: list[Compared], source: Compared, target: Compared) -> bool:
    """Whether the difference of a gradient comes along this wire, or is born on it."""
    if target.single or not target.gradient.equal or len(source.readers) == 1:
        return True
    one, other = target.nodes
    made = [(node.op, node.params) for node in (one, other) if node is not None]
    if source.gradient.missing or made[0] != made[-1]:
        return True
    return any(not compared[place].value.equal for place in target.operands)
