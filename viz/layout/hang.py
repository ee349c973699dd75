"""Parameters below what uses them: small cards that take no column of their own.

A leaf that a single card reads hangs below that card, unless it is the operand that the flow
comes from or stands in the frame of another module. The wire leads straight up, its label stands
beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from viz.geometry import Rect
from viz.layout.nesting import Group
from viz.layout.place import Run
from viz.layout.result import Sizes
from viz.model import Card, Graph

__all__ = ["Block", "Hung", "block", "hangers"]

MOST = 4
"""More than so many leaves do not hang below one card."""
STEM = 18.0
"""How far from its left side a small card has its wire."""
BESIDE = 8.0
"""Room between the wire and its label."""
APART = 8.0
"""Room between two small cards."""
SHORTEST = 26.0
"""The least length of a stem."""
FOOT = 6.0
"""Room below the small cards, so that they are not taken for those of the next card."""


@dataclass(frozen=True, slots=True)
class Hung:
    """One small card, in coordinates from the lower left corner of the card above it."""

    card: int
    key: int
    rect: Rect
    label: Rect | None

    def route(self, x: float, y: float) -> tuple[Run, ...]:
        """The wire, with the lower left corner of the card above at ``x`` and ``y``."""
        stem = x + self.rect.x + STEM
        return Run(stem, stem, y + self.rect.y), Run(stem, stem, y)


@dataclass(frozen=True, slots=True)
class Block:
    """What a card and those below it need: the width of all, of the card, and the height below."""

    width: float
    own: float
    below: float
    items: tuple[Hung, ...]


def hangers(graph: Graph, root: Group) -> dict[int, list[tuple[int, int]]]:
    """Per card that has any: the leaves to hang below it, each with its edge's number."""
    index = {card.id: number for number, card in enumerate(graph.cards)}
    home: dict[int, Group] = {}
    groups = [root]
    for group in groups:
        groups.extend(group.groups)
        home.update(dict.fromkeys(group.cards, group))
    readers: dict[int, int] = {}
    operands: dict[int, list[tuple[int, int]]] = {}
    inner = [False] * len(graph.cards)
    for key, edge in enumerate(graph.edges):
        source, target = index[edge.source], index[edge.target]
        inner[target] = True
        readers[source] = readers.get(source, 0) + 1
        operands.setdefault(target, []).append((source, key))
    found: dict[int, list[tuple[int, int]]] = {}
    for target, entries in operands.items():
        leaves = [
            (source, key)
            for source, key in entries
            if not inner[source]
            and readers[source] == 1
            and _may_enter(graph.cards[source], home[source], home[target])
        ]
        if len(leaves) == len(entries):
            leaves.remove(min(leaves, key=lambda leaf: _stays(graph.cards[leaf[0]])))
        if leaves and len(leaves) <= MOST:
            found[target] = leaves
    return found


def _may_enter(leaf: Card, its: Group, readers: Group) -> bool:
    """Whether a leaf may hang in the frame of its reader: its own one, or one inside that."""
    return its is readers or leaf.cluster == readers.path[: len(leaf.cluster)]


def _stays(card: Card) -> int:
    """Where all operands are leaves, the flow comes from an input rather than a parameter."""
    if card.twin:
        return 3
    return {"input": 0, "constant": 2}.get(card.role, 1 if card.role != "parameter" else 2)


def block(size: tuple[float, float], leaves: list[tuple[int, int]], sizes: Sizes) -> Block:
    """Where the leaves of one card hang."""
    tallest = max((label[1] for _, key in leaves if (label := sizes.labels[key])), default=0.0)
    stem = max(SHORTEST, tallest + 8.0)
    items: list[Hung] = []
    x = last = 0.0
    for leaf, key in leaves:
        width, height = sizes.small[leaf]
        label = sizes.labels[key]
        room = None
        needed = width
        if label is not None:
            top = (stem - label[1]) / 2
            room = Rect(x + STEM + BESIDE, top, *label)
            needed = max(width, STEM + BESIDE + label[0])
        items.append(Hung(leaf, key, Rect(x, stem, width, height), room))
        last = x + STEM
        x += needed + APART
    own = max(size[0], last + 12.0)
    below = stem + max(item.rect.height for item in items) + FOOT
    return Block(max(own, x - APART), own, below, tuple(items))
