"""Very many cards: side by side like the words of a text, operands before what uses them.

No column, no frame and no way around cards: the wires run behind them. It takes time in
proportion to the number of cards, and always has the proportions of a page.
"""

from __future__ import annotations

import math
from collections import Counter

from viz.geometry import Rect
from viz.layout.nesting import reading_order
from viz.layout.result import Layout
from viz.model import Graph

__all__ = ["CARD", "GAP", "lay_out", "too_large"]

CARD = (160.0, 46.0)
GAP = (28.0, 26.0)
RATIO = 1.75
MOST_CARDS = 1_500
FEW = 300
"""So few cards and wires never make a sheet."""
LONG = 3
"""Columns that a wire of a layered picture may span on average, seen from its cards."""
TALL = 150
"""Cards that may stand in one column."""


def too_large(graph: Graph) -> bool:
    """Whether a layered picture would be too large to be of use, or take too long to make."""
    if len(graph.cards) > MOST_CARDS:
        return True
    if len(graph.edges) < FEW:
        return False
    index = {card.id: number for number, card in enumerate(graph.cards)}
    rank = [0] * len(graph.cards)
    links = [(index[e.source], index[e.target]) for e in graph.edges if not e.loop]
    links.sort(key=lambda link: link[1])
    for source, target in links:
        rank[target] = max(rank[target], rank[source] + 1)
    # A leaf stands before the first card that reads it.
    inner = {target for _, target in links}
    for source, target in reversed(links):
        if source not in inner:
            before = rank[target] - 1
            rank[source] = min(rank[source], before) if rank[source] else before
    spans = sum(rank[target] - rank[source] for source, target in links)
    tallest = max(Counter(rank).values(), default=0)
    return spans > LONG * len(rank) + FEW or (tallest > TALL and len(rank) > FEW)


def lay_out(graph: Graph) -> Layout:
    """Place every card of a graph, in rows."""
    order = reading_order(graph)
    width, height = CARD[0] + GAP[0], CARD[1] + GAP[1]
    count = len(graph.cards)
    columns = max(1, math.ceil(math.sqrt(count * RATIO * height / width)))
    cards = tuple(
        Rect(place % columns * width, place // columns * height, *CARD) for place in order
    )
    rows = -(-count // columns)
    return Layout(
        columns * width - GAP[0],
        rows * height - GAP[1] + GAP[1] / 2,
        cards,
        ((),) * len(graph.edges),
        (None,) * len(graph.edges),
        (),
        "rows of cards in reading order",
        sheet=True,
    )
