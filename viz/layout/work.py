"""The levels of a graph before anything is placed: boxes and links, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from viz.layout.hang import Block, block, hangers
from viz.layout.nesting import Group, nest, reading_order
from viz.layout.place import Level
from viz.layout.result import Sizes
from viz.layout.slots import WIRE, Box, Link
from viz.model import Graph

__all__ = ["Work", "works_of"]

PORT_ROOM = 9.0
"""A card grows so that two of its ports are never nearer than this."""


@dataclass(slots=True)
class Work:
    """One group on its way to a `Level`.

    Attributes:
        group: the cards and frames inside.
        depth: of nesting.
        boxes: one per card that does not hang, per frame inside, and per border crossed.
        links: between the boxes.
        keys: the reading order of the boxes.
        cards: per card its box; those that hang have none.
        children: the frames inside, each with its box.
        blocks: by box, what hangs below a card.
        loops: keys of the edges that lead around this group.
        level: the result.
    """

    group: Group
    depth: int
    boxes: list[Box] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    cards: dict[int, int] = field(default_factory=dict)
    children: list[tuple[Work, int]] = field(default_factory=list)
    blocks: dict[int, Block] = field(default_factory=dict)
    loops: list[int] = field(default_factory=list)
    level: Level = field(default_factory=Level)


def works_of(graph: Graph, sizes: Sizes, hang: bool) -> list[Work]:
    """Boxes and links of every level, the whole picture first, outer frames before inner ones.

    Args:
        graph: what to place.
        sizes: the room that each piece needs.
        hang: whether leaves hang below what uses them.
    """
    root = nest(graph)
    works = [Work(root, 0)]
    hung = hangers(graph, root) if hang and sizes.small else {}
    heights = _heights(graph, sizes)
    order = reading_order(graph)
    below = {leaf for leaves in hung.values() for leaf, _ in leaves}
    home: dict[int, list[tuple[Work, int]]] = {}
    parent: dict[int, tuple[Work, int]] = {}
    for work in works:
        for card in work.group.cards:
            if card in below:
                continue
            box = Box(sizes.cards[card][0], heights[card])
            if card in hung:
                found = block((box.width, box.height), hung[card], sizes)
                box.width, box.own, box.below = found.width, found.own, found.below
                work.blocks[len(work.boxes)] = found
            home[card] = [(work, len(work.boxes))]
            work.cards[card] = len(work.boxes)
            work.boxes.append(box)
            work.keys.append(float(order[card]))
        for inner in work.group.groups:
            child = Work(inner, work.depth + 1)
            works.append(child)
            parent[id(child)] = (work, len(work.boxes))
            work.children.append((child, len(work.boxes)))
            work.boxes.append(Box(0.0, 0.0, "frame"))
            work.keys.append(0.0)
    for chain in home.values():
        while id(chain[-1][0]) in parent:
            chain.append(parent[id(chain[-1][0])])
        own_work, own_box = chain[0]
        for work, place in chain[1:]:
            work.keys[place] = max(work.keys[place], own_work.keys[own_box])
    _link(graph, sizes, home, order, below, hang)
    return works


def _heights(graph: Graph, sizes: Sizes) -> list[float]:
    number = {card.id: i for i, card in enumerate(graph.cards)}
    into, out = [0] * len(graph.cards), [0] * len(graph.cards)
    for edge in graph.edges:
        into[number[edge.target]] += 1
        out[number[edge.source]] += 1
    return [
        max(height, 20 + PORT_ROOM * (max(into[i], out[i]) - 1))
        for i, (_, height) in enumerate(sizes.cards)
    ]


def _link(
    graph: Graph,
    sizes: Sizes,
    home: dict[int, list[tuple[Work, int]]],
    order: list[int],
    below: set[int],
    outside: bool,
) -> None:
    """Links of every level; borders that an edge crosses become boxes.

    A label stands beside the card that its wire leads to, or ``outside`` all frames between.
    """
    number = {card.id: i for i, card in enumerate(graph.cards)}
    repeated = {cluster.path for cluster in graph.clusters if cluster.copies > 1}
    for key, edge in enumerate(graph.edges):
        if number[edge.source] in below:
            continue
        source, target = home[number[edge.source]], home[number[edge.target]]
        place = order[number[edge.source]] + edge.position / 1024
        inside = {id(work) for work, _ in source}
        common = [work for work, _ in target if id(work) in inside]
        if edge.loop:
            meeting = next((w for w in common if w.group.path in repeated), common[0])
            meeting.loops.append(key)
            _leave(source, meeting, key, place, whole=True)
            back = len(graph.edges) + key
            _enter(target, meeting, back, place, None, whole=True)
            continue
        meeting, inner, label = common[0], target[0][0], sizes.labels[key]
        left = _leave(source, meeting, key, place)
        right = next(box for work, box in target if work is meeting)
        here = label if outside or inner is meeting else None
        meeting.links.append(Link(left, right, key, here))
        _enter(target, meeting, key, place, None if outside else label)


def _leave(
    source: list[tuple[Work, int]], meeting: Work, key: int, place: float, whole: bool = False
) -> int:
    """Links from a card to the border of each frame around it, up to the meeting place."""
    for work, box in source:
        if work is meeting and not whole:
            return box
        work.links.append(Link(box, len(work.boxes), key))
        work.boxes.append(Box(0.0, WIRE, "outlet"))
        work.keys.append(place)
        if work is meeting:
            break
    return -1


def _enter(
    target: list[tuple[Work, int]],
    meeting: Work,
    key: int,
    place: float,
    label: tuple[float, float] | None,
    whole: bool = False,
) -> None:
    """Links from the border of each frame around a card to the card."""
    for work, box in target:
        if work is meeting and not whole:
            return
        inner = work is target[0][0]
        work.links.append(Link(len(work.boxes), box, key, label if inner else None))
        work.boxes.append(Box(0.0, WIRE, "inlet"))
        work.keys.append(place)
        if work is meeting:
            return
