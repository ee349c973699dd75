"""The drawing of very many cards: two lines on each, and the wires behind them."""

from __future__ import annotations

from viz.cards.brief import draw_brief
from viz.draw.scene import Group, Path, Stroke
from viz.layout import Layout, Rect
from viz.layout.sheet import CARD, GAP
from viz.model import Card, Graph

__all__ = ["NOTE", "draw_sheet"]

NOTE = (
    "Too many cards for full ones: each has its value in blue and its gradient in orange; wires "
    "run behind the cards, of those that lead far only the ends; the factors on them are left out."
)
FAR = 3
WIDE = 16
"""Of a wire over more rows or columns than this there are only the ends."""
STUB = 8.0
BAND = 300.0
TOGETHER = 400
"""So many wires are one path of the file."""


def draw_sheet(graph: Graph, layout: Layout, dx: float, dy: float) -> list[Group]:
    """The wires, and over them the cards.

    Args:
        graph: what to show.
        layout: where it stands.
        dx: how far to the right of that it is drawn.
        dy: how far below it.
    """
    places = [rect.moved(dx, dy) for rect in layout.cards]
    return [*_wires(graph, places), *map(_card, graph.cards, places)]


def _card(card: Card, rect: Rect) -> Group:
    return draw_brief(card, rect, "small card")


def _wires(graph: Graph, places: list[Rect]) -> list[Group]:
    index = {card.id: number for number, card in enumerate(graph.cards)}
    kinds: dict[str, list[Stroke]] = {"forward-lane": [], "backward-lane": [], "zero-lane": []}
    used: dict[str, int] = {}
    for edge in graph.edges:
        source, target = places[index[edge.source]], places[index[edge.target]]
        port = used[edge.target] = used.get(edge.target, -1) + 1
        kinds["forward-lane"] += _strokes(source, target, port, 0.0)
        if edge.differentiable and (edge.rms is not None or edge.zero):
            style = "zero-lane" if edge.zero else "backward-lane"
            kinds[style] += _strokes(source, target, port, 3.0)
    groups: list[Group] = []
    for style, strokes in kinds.items():
        # Neighbours together, so that a viewer need not draw what is not seen.
        strokes.sort(key=lambda stroke: (stroke[0][1] // BAND, stroke[0][0]))
        shapes = [
            Path(*strokes[start], style, 1.0, more=tuple(strokes[start + 1 : start + TOGETHER]))
            for start in range(0, len(strokes), TOGETHER)
        ]
        groups.append(Group("wires", tuple(shapes)))
    return groups


def _strokes(source: Rect, target: Rect, port: int, aside: float) -> list[Stroke]:
    """One wire: whole, or of a long one its two ends."""
    near = abs(target.x - source.x) <= WIDE * (CARD[0] + GAP[0])
    if near and abs(target.y - source.y) <= FAR * (CARD[1] + GAP[1]):
        return [_stroke(source, target, port, aside)]
    start, end = source.x + CARD[0] / 2 + aside, target.x + _shift(port) + aside
    return [
        ((start, source.bottom), ((start, source.bottom + STUB),)),
        ((end, target.y - STUB), ((end, target.y),)),
    ]


def _shift(port: int) -> float:
    return min(10.0 + 9.0 * port, CARD[0] - 10)


def _stroke(source: Rect, target: Rect, port: int, aside: float) -> Stroke:
    """From one card to another: straight to the next one, else by an arc or a curve."""
    shift = _shift(port)
    if source.y == target.y and 0 < target.x - source.right <= GAP[0]:
        y = source.y + CARD[1] / 2 - aside + 5 * port
        return (source.right, y), ((target.x, y),)
    if source.y == target.y and target.x > source.x:
        start, end = source.right - 16 + aside, target.x + shift - aside
        near = (target.x - source.x) / (CARD[0] + GAP[0])
        low = source.bottom + min(GAP[1] - 4, 5 + 3 * near) - aside
        low = source.bottom + (low - source.bottom) * 4 / 3
        return (start, source.bottom), ((start, low, end, low, end, target.bottom),)
    start, end = source.x + CARD[0] / 2 + aside, target.x + shift + aside
    y0, y1 = (source.bottom, target.y) if target.y > source.y else (source.y, target.bottom)
    bend = (y1 - y0) / 2 if abs(y1 - y0) < 200 else 100 * (1 if y1 > y0 else -1)
    return (start, y0), ((start, y0 + bend, end, y1 - bend, end, y1),)
