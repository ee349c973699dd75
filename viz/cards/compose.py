"""The scene of a whole graph: the picture, what is opened beside it, and what stands below."""

from __future__ import annotations

from collections.abc import Sequence

from viz.cards.body import draw_body, measure
from viz.cards.insets import Panel, tie
from viz.cards.legend import draw_legend
from viz.cards.series import draw_series, series_size
from viz.cards.sheet import NOTE, draw_sheet
from viz.draw.metrics import fit, text_width, wrap
from viz.draw.scene import Group, Scene, Span, Text
from viz.layout import Layout
from viz.model import Graph

__all__ = ["compose", "extent", "measure"]

MARGIN = 20.0
LEGEND_ROOM = 420.0
BESIDE = 44.0
"""Room between the picture and what is opened beside it."""
BELOW = 34.0
"""Room between the picture and what stands below it."""
HEADING, NOTICE = 18.0, 12.0
NOTICE_ROOM = 1_200.0


def extent(
    graph: Graph, size: tuple[float, float], panels: Sequence[Panel] = ()
) -> tuple[float, float]:
    """About how large the scene becomes around a layout of that size."""
    width, height = size
    if panels:
        width += BESIDE + max(panel.width for panel in panels)
        height = max(height, sum(panel.height + BELOW for panel in panels) - BELOW)
    for series in graph.series:
        needed = series_size(series, width)
        width, height = max(width, needed[0]), height + BELOW + needed[1]
    return width + 2 * MARGIN, height + 50.0 + 2 * MARGIN


def compose(
    graph: Graph, layout: Layout, title: str, heading: str = "", panels: Sequence[Panel] = ()
) -> Scene:
    """Turn a placed graph into shapes.

    Args:
        graph: what to show.
        layout: where it stands, made for this graph with the sizes of `measure`.
        title: the picture's title for screen readers and tooltips.
        heading: a line printed over the picture; empty for none.
        panels: the cards that are opened beside it.
    """
    marked = frozenset(panel.card for panel in panels)
    groups = [] if layout.sheet else draw_body(graph, layout, marked)
    width, height, top = layout.width, layout.height, 0.0
    if panels:
        ties = [
            tie(graph, layout, panel.card, place, width + BESIDE)
            for place, panel in enumerate(panels)
        ]
        top = min(route.top for route in ties)
        groups += [route.group for route in ties]
        y = 0.0
        for panel in panels:
            groups += [group.moved(width + BESIDE, y) for group in panel.groups]
            y += panel.height + BELOW
        width += BESIDE + max(panel.width for panel in panels)
        height = max(height, y - BELOW)
    for series in graph.series:
        needed = series_size(series, width)
        drawn = draw_series(series, needed[0])
        groups.append(drawn.moved(0.0, height + BELOW))
        width, height = max(width, needed[0]), height + BELOW + needed[1]
    return _finished(graph, layout, groups, (width, height, top), (title, heading))


def _finished(
    graph: Graph,
    layout: Layout,
    groups: list[Group],
    size: tuple[float, float, float],
    titles: tuple[str, str],
) -> Scene:
    """Heading above, legend and notice below, margins all round."""
    width, height, over = size
    title, heading = titles
    top = MARGIN - over + (30.0 if heading else 0.0)
    below: list[Group] = []
    y = height + BELOW
    if graph.edges:
        legend, used, y = draw_legend(graph, y, max(width, LEGEND_ROOM))
        below.append(legend)
        width = max(width, used)
        y += 22
    notice = f"{graph.notice}\n{NOTE}".strip() if layout.sheet else graph.notice
    for line in notice.splitlines():
        room = min(NOTICE_ROOM, max(width, LEGEND_ROOM))
        for words in wrap(line, NOTICE, room, bold=True):
            text = fit(words, NOTICE, room, bold=True)
            span = Span(text, "ink", NOTICE, bold=True)
            below.append(Group("notice", (Text(0, y, (span,)),)))
            width = max(width, text_width(text, NOTICE, bold=True))
            y += 19
    shown: list[Group] = []
    if heading:
        text = fit(heading, HEADING, 1200, bold=True)
        width = max(width, text_width(text, HEADING, bold=True))
        span = Span(text, "ink", HEADING, bold=True)
        shown.append(Group("heading", (Text(0, over - 16, (span,)),)))
    everything = [group.moved(MARGIN, top) for group in [*shown, *groups, *below]]
    if layout.sheet:
        # Drawn in place: to move so many shapes afterwards would take as long again.
        everything += draw_sheet(graph, layout, MARGIN, top)
    bottom = y - 15 if below else height
    description = (
        f"Computation graph of {len(graph.cards)} nodes and {len(graph.edges)} edges; "
        "values are blue, gradients orange. Each edge carries the local derivative and "
        f"what flows back through it. Layout: {layout.engine}."
    )
    if notice:
        description += " " + " ".join(notice.splitlines())
    total = (width + 2 * MARGIN, bottom + top + MARGIN)
    return Scene(*total, tuple(everything), title, description)
