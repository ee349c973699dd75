"""Frames: which card stands in which, with no frame both before and after another.

A module that is called twice would make one frame that other nodes both follow and
precede. Such a frame is split into one per call, so that at every level frames and
cards can be put in order from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from viz.model import Graph

__all__ = ["Group", "nest", "reading_order", "split_apart"]


@dataclass(slots=True)
class Group:
    """The inside of one frame, or of the whole picture when ``path`` is empty.

    Attributes:
        path: the cluster's path in the graph.
        call: 0 when the frame is whole, else which of its parts this is, from 1.
        cards: indices of the cards directly inside.
        groups: the frames directly inside.
    """

    path: tuple[str, ...] = ()
    call: int = 0
    cards: list[int] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


def reading_order(graph: Graph) -> list[int]:
    """For each card its place in a walk from the results down, first operand first."""
    index = {card.id: number for number, card in enumerate(graph.cards)}
    operands: list[list[int]] = [[] for _ in graph.cards]
    read = [False] * len(graph.cards)
    for edge in graph.edges:
        if not edge.loop:
            operands[index[edge.target]].append(index[edge.source])
            read[index[edge.source]] = True
    place = [-1] * len(graph.cards)
    entered = [False] * len(graph.cards)
    count = 0
    roots = [i for i, used in enumerate(read) if not used]
    for root in [*roots, *range(len(graph.cards))]:
        stack = [root]
        while stack:
            card = stack[-1]
            if not entered[card]:
                entered[card] = True
                stack.extend(o for o in reversed(operands[card]) if not entered[o])
                continue
            stack.pop()
            if place[card] < 0:
                place[card] = count
                count += 1
    return place


def nest(graph: Graph) -> Group:
    """The tree of frames. A frame around a single card is left out."""
    index = {card.id: number for number, card in enumerate(graph.cards)}
    links = [(index[edge.source], index[edge.target]) for edge in graph.edges if not edge.loop]
    return _inside(graph, (), 0, list(range(len(graph.cards))), links)


def _inside(
    graph: Graph,
    path: tuple[str, ...],
    call: int,
    cards: list[int],
    links: list[tuple[int, int]],
) -> Group:
    depth = len(path)
    group = Group(path, call)
    names = {c: graph.cards[c].cluster[depth : depth + 1] for c in cards}
    part = split_apart(cards, names, links)
    members: dict[tuple[tuple[str, ...], int], list[int]] = {}
    for card in cards:
        if names[card]:
            members.setdefault((names[card], part[card]), []).append(card)
        else:
            group.cards.append(card)
    calls: dict[tuple[str, ...], int] = {}
    for name, _ in members:
        calls[name] = calls.get(name, 0) + 1
    seen: dict[tuple[str, ...], int] = {}
    for (name, _), inner in members.items():
        seen[name] = seen.get(name, 0) + 1
        if len(inner) == 1:
            group.cards.append(inner[0])
            continue
        own = set(inner)
        kept = [link for link in links if link[0] in own and link[1] in own]
        number = seen[name] if calls[name] > 1 else 0
        group.groups.append(_inside(graph, path + name, number, inner, kept))
    return group


def split_apart(
    cards: list[int], names: dict[int, tuple[str, ...]], links: list[tuple[int, int]]
) -> dict[int, int]:
    """A part number per card, so that frames cut into these parts have an order.

    Args:
        cards: numbers in topological order.
        names: for each card the frame it stands in; empty for none.
        links: (operand, reader) pairs between the cards.

    Returns:
        For each card its part; all 0 where no frame needs cutting.
    """
    part = dict.fromkeys(cards, 0)
    if _orderable(cards, names, part, links):
        return part
    into: dict[int, list[int]] = {card: [] for card in cards}
    out: dict[int, list[int]] = {card: [] for card in cards}
    for source, target in links:
        into[target].append(source)
        out[source].append(target)
    for name in dict.fromkeys(n for n in names.values() if n):
        entered: dict[int, int] = {}
        for card in cards:
            inside = names[card] == name
            entered[card] = int(inside)
            for operand in into[card]:
                step = int(inside and names[operand] != name)
                entered[card] = max(entered[card], entered[operand] + step)
        for card in reversed(cards):
            if names[card] == name:
                readers = [part[r] for r in out[card] if names[r] == name]
                leaf = not into[card] and readers
                part[card] = min(readers) if leaf else entered[card]
    if _orderable(cards, names, part, links):
        return part
    stretch, before = 0, None
    for card in cards:
        stretch += int(names[card] != before)
        before = names[card]
        part[card] = stretch
    return part


def _orderable(
    cards: list[int],
    names: dict[int, tuple[str, ...]],
    part: dict[int, int],
    links: list[tuple[int, int]],
) -> bool:
    """Whether frames and single cards, seen as wholes, have an order from left to right."""
    whole: dict[int, object] = {c: (names[c], part[c]) if names[c] else c for c in cards}
    after: dict[object, list[object]] = {w: [] for w in whole.values()}
    waiting = dict.fromkeys(after, 0)
    for source, target in links:
        if whole[source] != whole[target]:
            after[whole[source]].append(whole[target])
            waiting[whole[target]] += 1
    ready = [w for w, count in waiting.items() if not count]
    for w in ready:
        for reader in after[w]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    return len(ready) == len(after)
