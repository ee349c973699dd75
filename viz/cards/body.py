"""The drawing of a placed graph: frames behind, wires over them, then cards and labels."""

from __future__ import annotations

from viz.cards.brief import brief_size, draw_brief
from viz.cards.card import card_sizes, draw_card
from viz.cards.frames import draw_frame, draw_pill, title_size
from viz.cards.lanes import draw_wire
from viz.cards.scale import Scale
from viz.cards.small import small_size
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Group, Shape, Span, Text
from viz.layout import Layout, Rect, Sizes
from viz.model import Edge, Graph

__all__ = ["draw_body", "measure"]

LABEL, LINE = 12.0, 15.0
LABEL_ROOM = 300.0
LABELLED_EDGES = 900


def measure(graph: Graph, direction: str = "right", brief: bool = False) -> Sizes:
    """How much room the layout must leave for each piece of the picture.

    Args:
        graph: what to show.
        direction: which way it runs.
        brief: whether its cards are those of two lines.
    """
    down = direction == "down"
    crowded = len(graph.edges) > LABELLED_EDGES
    labels = tuple(None if crowded else _label_size(edge) for edge in graph.edges)
    titles = {cluster.path: title_size(cluster, down) for cluster in graph.clusters}
    small = tuple(small_size(card) for card in graph.cards)
    cards = [brief_size(card) for card in graph.cards] if brief else card_sizes(graph.cards)
    return Sizes(tuple(cards), labels, titles, small)


def _lines(edge: Edge) -> list[tuple[str, str]]:
    lines = [(edge.local, "ink"), (edge.flow, "backward")]
    return [(fit(text, LABEL, LABEL_ROOM), style) for text, style in lines if text]


def _label_size(edge: Edge) -> tuple[float, float] | None:
    lines = _lines(edge)
    if not lines:
        return None
    return max(text_width(text, LABEL) for text, _ in lines) + 6, LINE * len(lines) + 2


def draw_body(
    graph: Graph,
    layout: Layout,
    marked: frozenset[str] = frozenset(),
    brief: bool = False,
) -> list[Group]:
    """Everything of a placed graph, back to front.

    Args:
        graph: what to show.
        layout: where it stands, made for this graph with the sizes of `measure`.
        marked: ids of the cards that are opened beside the picture.
        brief: whether the cards are those of two lines.
    """
    clusters = {cluster.path: cluster for cluster in graph.clusters}
    scale = Scale(graph)
    down = layout.direction == "down"
    groups = [
        draw_frame(clusters[frame.path], frame, number, down)
        for number, frame in enumerate(layout.frames)
    ]
    widths = [scale.lane(edge) for edge in graph.edges]
    # Weak wires lie behind strong ones.
    for number in sorted(range(len(widths)), key=lambda n: widths[n] or 0.0):
        runs = layout.routes[number]
        groups.append(draw_wire(graph.edges[number], number, runs, widths[number], down))
    groups += [
        draw_pill(clusters[frame.path].copies, frame.pill)
        for frame in layout.frames
        if frame.pill is not None
    ]
    for number, (card, rect) in enumerate(zip(graph.cards, layout.cards, strict=True)):
        heat = scale.heat(card.gradient_rms, bool(card.shape))
        small = number in layout.small
        if brief:
            groups.append(draw_brief(card, rect))
        else:
            groups.append(draw_card(card, rect, heat, small, card.id in marked))
    for number, (edge, room) in enumerate(zip(graph.edges, layout.labels, strict=True)):
        if room is not None:
            hangs = _hangs(layout, number)
            groups.append(_label(edge, room, down or hangs or edge.loop))
    return groups


def _hangs(layout: Layout, number: int) -> bool:
    """Whether the wire leads straight up from a small card below its reader."""
    runs = layout.routes[number]
    return len(runs) == 2 and runs[0].x0 == runs[1].x1


def _label(edge: Edge, room: Rect, beside: bool) -> Group:
    x, anchor = (room.x + 3, "start") if beside else (room.x + room.width / 2, "middle")
    shapes: list[Shape] = []
    for index, (text, style) in enumerate(_lines(edge)):
        baseline = room.y + LINE * (index + 1) - 3
        shapes.append(Text(x, baseline, (Span(text, style, LABEL),), anchor))
    # Who points at a word wants to know what it means.
    return Group("label", tuple(shapes), label=edge.tooltip)
