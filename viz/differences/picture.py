"""The whole picture of a comparison: what it says, both passes, the overlay, lines and stems."""

from __future__ import annotations

from typing import Protocol

from viz.differences.compare import Compared
from viz.differences.findings import Finding
from viz.differences.folding import Folded, fold
from viz.differences.overlay import draw_overlay, short
from viz.differences.overviews import draw_overview
from viz.differences.passes import Pass
from viz.differences.selection import Selection, select
from viz.differences.source import draw_source
from viz.differences.stems import draw_stems
from viz.draw.metrics import fit, text_width, wrap
from viz.draw.scene import Group, Path, Polygon, Scene, Shape, Span, Text
from viz.geometry import Rect

__all__ = ["Told", "compose"]

MARGIN, GAP = 28.0, 34.0
TITLE, HEADLINE, SUMMARY, LEGEND = 22.0, 16.0, 13.0, 12.5
LEADING = 22.0
NARROWEST, WIDEST = 760.0, 1800.0


class Told(Protocol):
    """What the picture shows of a comparison."""

    title: str
    passes: tuple[Pass, Pass]
    labels: tuple[str, str]
    nodes: list[Compared]

    @property
    def first(self) -> Finding | None:
        """The first difference."""

    @property
    def name(self) -> str:
        """What it is in."""

    @property
    def headline(self) -> str:
        """What it is, in a sentence."""

    @property
    def summary(self) -> str:
        """How much agrees."""


def compose(told: Told, engine: str) -> Scene:
    """Turn a comparison into shapes.

    Args:
        told: the comparison.
        engine: the layout engine.
    """
    first = told.first
    kept = {len(told.nodes) - 1} | ({first.place} if first else set())
    cards = fold(told.nodes, kept)
    selection = select(told.nodes, cards, first)
    overlay, wide, high = draw_overlay(told.nodes, cards, selection, first, told.labels, engine)
    small = _overviews(told, cards, selection, engine)
    below = _below(told, first, max(wide, NARROWEST))
    width = max(wide, NARROWEST, small[1].width, below[1].width)
    groups, y = _title(told, width)
    if small[0]:
        groups += [group.moved(0, y) for group in small[0]]
        y += small[1].height + GAP
    groups.append(_legend(told, selection, y))
    y += 30
    groups += [group.moved(0, y) for group in overlay]
    y += high + GAP
    if below[0]:
        groups += [group.moved(0, y) for group in below[0]]
        y += below[1].height
    total = max(width, *(_reach(group) for group in groups))
    everything = tuple(group.moved(MARGIN, MARGIN) for group in groups)
    name = told.title or f"Difference of {told.labels[0]} and {told.labels[1]}"
    description = f"{told.headline}. {told.summary}".strip()
    return Scene(total + 2 * MARGIN, y + 2 * MARGIN, everything, name, description)


def _reach(group: Group) -> float:
    """How far to the right the text of a group goes."""
    reach = 0.0
    for shape in group.shapes:
        if isinstance(shape, Text) and shape.anchor == "start":
            spans = shape.spans
            wide = sum(text_width(s.text, s.size, s.bold, s.code) + s.gap for s in spans)
            reach = max(reach, shape.x + wide)
    return reach


def _title(told: Told, width: float) -> tuple[list[Group], float]:
    head = told.title or f"diff({told.labels[0]}, {told.labels[1]})"
    head = fit(head, TITLE, max(width, 900.0), bold=True)
    shapes: list[Shape] = [Text(0, 20, (Span(head, "ink", TITLE, bold=True),))]
    y = 20.0
    first = f"first difference at {told.name}: " if told.name else ""
    for line in _wrapped(first, told.headline, HEADLINE, max(width, 900.0)):
        y += LEADING + 6
        shapes.append(Text(0, y, line))
    for line in _wrapped("", told.summary, SUMMARY, max(width, 900.0), "muted"):
        y += LEADING
        shapes.append(Text(0, y, line))
    return [Group("heading", tuple(shapes))], y + GAP


def _wrapped(
    bold: str, text: str, size: float, room: float, style: str = "ink"
) -> list[tuple[Span, ...]]:
    """Text in lines, the first of which may begin with bold words."""
    lines = wrap(text, size, room, first=text_width(bold, size, bold=True))
    spans: list[tuple[Span, ...]] = [(Span(line, style, size),) for line in lines]
    if bold and lines:
        start = Span(bold.strip(), "difference", size, bold=True)
        spans[0] = (start, Span(lines[0], style, size, gap=7.0))
    return spans


def _overviews(
    told: Told, cards: list[Folded], selection: Selection, engine: str
) -> tuple[list[Group], Rect]:
    """Each pass by itself, beside each other or one below the other; none of equal structures."""
    same = not any(c.single for c in told.nodes) and not _structural(told)
    if same or len(selection.cards) < len(cards):
        return [], Rect(0, 0, 0, 0)
    drawn = [
        draw_overview(told.nodes, cards, side, told.labels[side], _note(told.passes[side]), engine)
        for side in (0, 1)
    ]
    (first, one), (second, other) = drawn
    if one.width + GAP + other.width <= WIDEST:
        place, box = (one.width + GAP, 0.0), (one.width + GAP + other.width, 0.0)
        box = (box[0], max(one.height, other.height))
    else:
        place, box = (0.0, one.height + GAP / 2), (max(one.width, other.width), 0.0)
        box = (box[0], place[1] + other.height)
    return [*first, *(group.moved(*place) for group in second)], Rect(0, 0, *box)


def _structural(told: Told) -> bool:
    return any(
        one is not None and other is not None and (one.op, one.params) != (other.op, other.params)
        for one, other in (c.nodes for c in told.nodes)
    )


def _note(one: Pass) -> str:
    dtypes = {node.dtype for node in one if node.value is not None and "float" in node.dtype}
    return ", ".join([f"{len(one)} nodes", *sorted(dtypes)])


def _legend(told: Told, selection: Selection, y: float) -> Group:
    head = "both laid over each other"
    if len(selection.cards) < selection.total:
        head += f": {len(selection.cards)} of {selection.total} cards"
    shapes: list[Shape] = [Text(0, y + 14, (Span(head, "ink", 15.0, bold=True),))]
    x = text_width(head, 15.0, bold=True) + 30
    for style, width, text in (
        ("muted", 1.4, "equal in both, to rounding"),
        ("difference", 4.0, "the difference of values (to the right) and gradients (to the left)"),
    ):
        shapes.append(Path((x, y + 9), ((x + 42, y + 9),), f"{style}-lane", width))
        if style == "difference":
            points = ((x - 6, y + 9), (x + 4, y + 3), (x + 4, y + 15))
            shapes.append(Polygon(points, "difference"))
        shapes.append(Text(x + 52, y + 13.5, (Span(text, "muted", LEGEND),)))
        x += 52 + text_width(text, LEGEND) + 34
    text = "numbers are rms"
    if short(told.labels) != told.labels:
        text += f"; a: {told.labels[0]}, b: {told.labels[1]}"
    shapes.append(Text(x, y + 13.5, (Span(text, "muted", LEGEND),)))
    return Group("legend", tuple(shapes))


def _below(told: Told, first: Finding | None, room: float) -> tuple[list[Group], Rect]:
    """The user's lines at the left, the stems at the right."""
    origin, remark = _origin(told, first)
    source, box = draw_source(origin, remark)
    indent = box.width + 2 * GAP if source else 0.0
    forward = bool(first and first.forward)
    stems, frame = draw_stems(told.nodes, forward, max(room - indent, 420.0))
    groups = [*source, *(group.moved(indent, 0) for group in stems)]
    return groups, Rect(0, 0, indent + frame.width, max(box.height, frame.height))


def _origin(told: Told, first: Finding | None) -> tuple[tuple[str, int] | None, str]:
    if first is None:
        return None, ""
    c = told.nodes[first.place]
    one, other = c.nodes
    if other is None and one is not None:
        return one.origin, f"runs in {told.labels[0]} only"
    if one is None and other is not None:
        return other.origin, f"runs in {told.labels[1]} only"
    for label, node in ((told.labels[1], other), (told.labels[0], one)):
        if node is not None and node.cut_at is not None:
            return node.cut_at, f"runs in {label} only"
    for node in (other, one):
        if node is not None and node.origin is not None:
            return node.origin, ""
    readers = [told.nodes[reader].shown for reader in c.readers]
    return next((r.origin for r in readers if r.origin is not None), None), ""
