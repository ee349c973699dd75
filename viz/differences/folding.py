"""Nodes of a comparison that share a card: what is read once and has no name joins its reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from viz.differences.compare import Compared

__all__ = ["Folded", "fold"]

LONGEST = 26
"""So many characters a formula may have."""


@dataclass(slots=True)
class Folded:
    """Nodes on one card.

    Attributes:
        head: the place of the node that the card shows.
        formula: what it computes from other cards; empty for a leaf.
        operands: numbers of the cards it reads.
        readers: numbers of the cards that read it.
        count: how many nodes are on it.
    """

    head: int
    formula: str
    operands: list[int]
    readers: list[int]
    count: int = 1


def fold(compared: list[Compared], kept: Collection[int]) -> list[Folded]:
    """Cards in topological order.

    Args:
        compared: the comparison.
        kept: places of nodes that keep a card in any case.
    """
    texts = [c.shown.formula for c in compared]
    into: dict[int, int] = {}
    counts = [1] * len(compared)
    for place, c in enumerate(compared):
        if place in kept or c.shown.is_leaf or c.shown.called or len(c.readers) != 1:
            continue
        reader = compared[c.readers[0]]
        if reader.shown.is_leaf or c.readers[0] <= place or not _together(c, reader):
            continue
        written = _written(texts[c.readers[0]], c.shown.name, texts[place])
        if written and len(written) <= LONGEST:
            texts[c.readers[0]] = written
            into[place] = c.readers[0]
            counts[c.readers[0]] += counts[place]
    heads = [place for place in range(len(compared)) if place not in into]
    heads = [place for place in heads if _shown(compared, place)]
    number = {place: index for index, place in enumerate(heads)}

    def card(place: int) -> int | None:
        while place in into:
            place = into[place]
        return number.get(place)

    cards = [Folded(place, texts[place], [], [], counts[place]) for place in heads]
    for place, c in enumerate(compared):
        target = card(place)
        for operand in c.operands:
            source = card(operand)
            if source is None or target is None or source == target:
                continue
            if source not in cards[target].operands:
                cards[target].operands.append(source)
                cards[source].readers.append(target)
    return cards


def _together(c: Compared, reader: Compared) -> bool:
    """Whether two nodes stand in the same passes, or one where the other is cut off."""
    if c.single == reader.single:
        return True
    side = c.nodes[0] is None
    ends = reader.nodes[1 - side]
    return ends is not None and ends.is_leaf and reader.nodes[side] is not None


def _shown(compared: list[Compared], place: int) -> bool:
    """Plain numbers stand in the formulas, unless they are what differs."""
    c = compared[place]
    plain = c.shown.is_leaf and not c.shown.called and c.shown.role == "constant"
    plain = plain and (c.shown.value is None or c.shown.value.size == 1)
    return not plain or not (c.value.equal and not c.single) or place == len(compared) - 1


def _written(text: str, name: str, inside: str) -> str:
    """A formula with another one in the place of a name; empty if the name is not there once."""
    if not inside or text.count(name) != 1:
        return ""
    start = text.index(name)
    before, after = text[:start], text[start + len(name) :]
    if (before[-1:].isalnum() and before[-1:].isascii()) or after[:1].isalnum():
        return ""
    call = inside.endswith(")") and inside.count("(") == 1 and " " not in inside.split("(")[0]
    simple = " " not in inside or call
    if simple or (before.endswith("(") and after.startswith(")")):
        return f"{before}{inside}{after}"
    return f"{before}({inside}){after}"
