"""The scene of a whole graph: frames behind, wires over them, then cards and labels."""

from __future__ import annotations

import math

from viz.cards.card import card_sizes, draw_card
from viz.cards.lanes import draw_wire
from viz.cards.legend import draw_legend
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Scene, Shape, Span, Text
from viz.layout import Frame, Layout, Rect, Sizes
from viz.model import Cluster, Edge, Graph

__all__ = ["compose", "measure"]

MARGIN = 18.0
LABEL, LINE = 10.5, 13.5
TITLE = 12.0
TITLE_LEADING = 15.0
TITLE_ROOM = 640.0
TITLE_LINE = 190.0
PART = 8.0
LEGEND_ROOM = 420.0
LABEL_ROOM = 300.0
LANE, WIDEST = 1.5, 4.4
LABELLED_EDGES = 900


def measure(graph: Graph, direction: str = "right") -> Sizes:
    """How much room the layout must leave for each piece of the picture."""
    down = direction == "down"
    crowded = len(graph.edges) > LABELLED_EDGES
    labels = tuple(None if crowded else _label_size(edge) for edge in graph.edges)
    titles = {cluster.path: _title_size(_title(cluster, 0, down)) for cluster in graph.clusters}
    return Sizes(tuple(card_sizes(graph.cards)), labels, titles)


def _lines(edge: Edge) -> list[tuple[str, str]]:
    lines = [(edge.local, "ink"), (edge.flow, "backward")]
    return [(fit(text, LABEL, LABEL_ROOM), style) for text, style in lines if text]


def _label_size(edge: Edge) -> tuple[float, float] | None:
    lines = _lines(edge)
    if not lines:
        return None
    return max(text_width(text, LABEL) for text, _ in lines) + 6, LINE * len(lines) + 2


def _title(cluster: Cluster, call: int, down: bool) -> list[list[tuple[str, bool]]]:
    """The title in lines of (text, bold): one, or two where it stands beside wires."""
    room = TITLE_ROOM / 2 if down else TITLE_ROOM
    name = fit(cluster.title, TITLE, room / 3 if not down else room, bold=True)
    rest = fit(cluster.description, TITLE, room * 2 / 3 if not down else room)
    part = f"part {call}" if call else ""
    words = [(name, True), *((text, False) for text in (rest, part) if text)]
    if not down or _line_width(words) <= TITLE_LINE:
        return [words]
    return [words[:1], words[1:]] if words[1:] else [words]


def _line_width(line: list[tuple[str, bool]]) -> float:
    return sum(text_width(text, TITLE, bold) for text, bold in line) + 6.0 * (len(line) - 1)


def _title_size(lines: list[list[tuple[str, bool]]]) -> tuple[float, float]:
    width = max(_line_width(line) for line in lines)
    # A second call of the module adds its number to the title.
    return width + PART, TITLE_LEADING * len(lines) - 2.0


def compose(graph: Graph, layout: Layout, title: str, heading: str = "") -> Scene:
    """Turn a placed graph into shapes.

    Args:
        graph: what to show.
        layout: where it stands, made for this graph with the sizes of `measure`.
        title: the picture's title for screen readers and tooltips.
        heading: a line printed over the picture; empty for none.
    """
    clusters = {cluster.path: cluster for cluster in graph.clusters}
    scale = _Scale(graph)
    groups: list[Group] = []
    down = layout.direction == "down"
    groups += [_frame(clusters[f.path], f, i, down) for i, f in enumerate(layout.frames)]
    for number, (edge, runs) in enumerate(zip(graph.edges, layout.routes, strict=True)):
        groups.append(draw_wire(edge, number, runs, scale.lane(edge), down))
    for card, rect in zip(graph.cards, layout.cards, strict=True):
        groups.append(draw_card(card, rect, scale.heat(card.gradient_rms, bool(card.shape))))
    for edge, room in zip(graph.edges, layout.labels, strict=True):
        if room is not None:
            groups.append(_label(edge, room, down))
    return _finished(graph, layout, groups, title, heading)


class _Scale:
    """Gradient sizes of a picture on a logarithmic scale from 0 to 1."""

    def __init__(self, graph: Graph) -> None:
        sizes = [card.gradient_rms for card in graph.cards if card.shape]
        logs = [math.log10(s) for s in sizes if s is not None and 0 < s < math.inf]
        self.low, self.high = min(logs, default=0.0), max(logs, default=0.0)
        self.tensors = any(card.shape for card in graph.cards)

    def heat(self, rms: float | None, tensor: bool) -> float | None:
        if rms is None or not tensor or not rms < math.inf:
            return None
        if rms <= 0:
            return 0.0
        spread = self.high - self.low
        if spread < 0.05:
            return 0.5
        return min(1.0, max(0.0, (math.log10(rms) - self.low) / spread))

    def lane(self, edge: Edge) -> float | None:
        if not edge.differentiable or (edge.rms is None and not edge.zero):
            return None
        if not self.tensors or edge.zero:
            return LANE
        heat = self.heat(edge.rms, True)
        return LANE if heat is None else 1.0 + (WIDEST - 1.0) * heat


def _frame(cluster: Cluster, frame: Frame, number: int, down: bool) -> Group:
    shapes: list[Shape] = [Block(frame.rect, "frame", radius=10)]
    lines = _title(cluster, frame.call, down)
    for index, line in enumerate(lines):
        spans = tuple(
            Span(text, "ink" if bold else "muted", TITLE, bold, gap=6.0 if place else 0.0)
            for place, (text, bold) in enumerate(line)
        )
        shapes.append(Text(frame.title.x, frame.title.y + 11 + TITLE_LEADING * index, spans))
    label = " ".join(text for line in lines for text, _ in line)
    return Group("module", tuple(shapes), f"c{number}", label)


def _label(edge: Edge, room: Rect, down: bool) -> Group:
    x, anchor = (room.x + 3, "start") if down else (room.x + room.width / 2, "middle")
    shapes: list[Shape] = []
    for index, (text, style) in enumerate(_lines(edge)):
        baseline = room.y + LINE * (index + 1) - 2.5
        shapes.append(Text(x, baseline, (Span(text, style, LABEL),), anchor))
    return Group("label", tuple(shapes))


def _finished(graph: Graph, layout: Layout, groups: list[Group], title: str, heading: str) -> Scene:
    """Heading above, legend and notice below, margins all round."""
    top = MARGIN + (26.0 if heading else 0.0)
    below: list[Group] = []
    y = layout.height + 30
    width = layout.width
    if graph.edges:
        legend, used, y = draw_legend(graph, y, max(width, LEGEND_ROOM))
        below.append(legend)
        width = max(width, used)
        y += 20
    for line in graph.notice.splitlines():
        text = fit(line, 11, 1200)
        below.append(Group("notice", (Text(0, y, (Span(text, "ink", 11, bold=True),)),)))
        width = max(width, text_width(text, 11, bold=True))
        y += 18
    shown: list[Group] = []
    if heading:
        text = fit(heading, 15, 1200, bold=True)
        width = max(width, text_width(text, 15, bold=True))
        shown.append(Group("heading", (Text(0, -16, (Span(text, "ink", 15, bold=True),)),)))
    everything = [group.moved(MARGIN, top) for group in [*shown, *groups, *below]]
    bottom = y - 14 if below else layout.height
    description = (
        f"Computation graph of {len(graph.cards)} nodes and {len(graph.edges)} edges; "
        "values are blue, gradients orange. Each edge carries the local derivative and "
        f"what flows back through it. Layout: {layout.engine}."
    )
    if graph.notice:
        description += " " + " ".join(graph.notice.splitlines())
    total = (width + 2 * MARGIN, bottom + top + MARGIN)
    return Scene(*total, tuple(everything), title, description)
