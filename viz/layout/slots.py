"""The layered problem: boxes in ranks, and everything that takes up room between them.

A level of the picture (the whole of it, or the inside of one frame) is a list of `Box`es
and `Link`s. `expand` turns it into columns of slots: besides the boxes, each label has a
slot in a column of its own, and a link that passes a column has one there for its wire.
Once no two slots of a column overlap, no wire can run through a card or a label, because
between the columns there is nothing but wires.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

__all__ = ["WIRE", "Box", "Columns", "Link", "Segment", "Slot", "expand", "separation"]

WIRE = 15.0
"""Height of the strip that the two lanes of a wire run in."""


@dataclass(slots=True)
class Box:
    """A card, a frame already laid out, or a point on the border where a wire enters.

    Attributes:
        width: in pixels.
        height: in pixels.
        rank: its place from left to right, set by `viz.layout.ranks`.
        inlets: for a frame, the height above or below its middle at which each link
            enters; for a card, empty, as cards choose their ports last.
        outlets: the same for links that leave.
        kind: ``card``, ``frame``, ``inlet`` or ``outlet``.
        own: the width of the card itself, where what hangs below it needs more; else 0.
        below: the height of what hangs below it.
    """

    width: float
    height: float
    kind: str = "card"
    rank: int = 0
    own: float = 0.0
    below: float = 0.0
    inlets: dict[int, float] = field(default_factory=dict)
    outlets: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Link:
    """One edge as far as this level sees it: ``key`` is the edge's number in the graph."""

    source: int
    target: int
    key: int
    label: tuple[float, float] | None = None


@dataclass(slots=True)
class Slot:
    """One thing in one column. ``owner`` is the box, or the link it is a part of.

    ``y`` is the middle of the thing itself; what hangs ``below`` it comes on top of that.
    """

    width: float
    height: float
    column: int
    kind: str
    owner: int
    y: float = 0.0
    below: float = 0.0


@dataclass(slots=True)
class Segment:
    """The piece of a link between two neighbouring columns, with its two port offsets."""

    left: int
    right: int
    link: int
    left_port: float = 0.0
    right_port: float = 0.0
    weight: float = 1.0


@dataclass(slots=True)
class Columns:
    """The expanded level: slots, the segments between them, and each column's order.

    ``label_first`` says on which side of its wire a label stands: before it in the order
    of the column, as above a wire that runs to the right, or after it, as to the right of
    a wire that runs down.
    """

    slots: list[Slot]
    segments: list[Segment]
    order: list[list[int]]
    box_slot: list[int]
    chains: list[list[int]]
    into: list[list[int]]
    out: list[list[int]]
    label_first: bool = True


def separation(upper: Slot, lower: Slot) -> float:
    """The least distance between the middles of two neighbours in a column."""
    kinds = {upper.kind, lower.kind}
    if kinds <= {"wire", "inlet", "outlet"}:
        gap = 3.0
    elif kinds <= {"card", "frame"}:
        gap = 18.0
    else:
        gap = 8.0
    return (upper.height + lower.height) / 2 + gap + upper.below


def expand(boxes: list[Box], links: list[Link], label_first: bool = True) -> Columns:
    """Columns for ranked boxes: one per rank, and one before it where labels stand.

    Args:
        boxes: with their ranks set; every link leads to a higher rank.
        links: in the order in which they should be drawn from top to bottom.
        label_first: whether a label stands before its wire or after it.

    Returns:
        The columns, in the order of the given boxes and links.
    """
    labelled = {boxes[link.target].rank for link in links if link.label is not None}
    last = max((box.rank for box in boxes), default=0)
    column_of_rank: list[int] = []
    columns = 0
    for rank in range(last + 1):
        if rank in labelled:
            columns += 1
        column_of_rank.append(columns)
        columns += 1

    slots: list[Slot] = []
    order: list[list[int]] = [[] for _ in range(columns)]

    def add(slot: Slot) -> int:
        slots.append(slot)
        order[slot.column].append(len(slots) - 1)
        return len(slots) - 1

    box_slot = [
        add(Slot(box.width, box.height, column_of_rank[box.rank], box.kind, index, 0.0, box.below))
        for index, box in enumerate(boxes)
    ]
    segments: list[Segment] = []
    chains: list[list[int]] = []
    for index, link in enumerate(links):
        start, end = box_slot[link.source], box_slot[link.target]
        path = [start]
        for column in range(slots[start].column + 1, slots[end].column):
            if link.label is not None and column == slots[end].column - 1:
                width, height = link.label
                path.append(add(Slot(width, height + WIRE, column, "label", index)))
            else:
                path.append(add(Slot(0.0, WIRE, column, "wire", index)))
        path.append(end)
        chains.append([])
        for left, right in pairwise(path):
            chains[-1].append(len(segments))
            segments.append(Segment(left, right, index))
    into: list[list[int]] = [[] for _ in slots]
    out: list[list[int]] = [[] for _ in slots]
    for number, segment in enumerate(segments):
        out[segment.left].append(number)
        into[segment.right].append(number)
    columns_ = Columns(slots, segments, order, box_slot, chains, into, out, label_first)
    _fix_ports(columns_, boxes, links)
    return columns_


def _fix_ports(columns: Columns, boxes: list[Box], links: list[Link]) -> None:
    """Ports that are known beforehand: those of frames, and wires beside their labels."""
    side = 0.5 if columns.label_first else -0.5
    for segment in columns.segments:
        key = links[segment.link].key
        left, right = columns.slots[segment.left], columns.slots[segment.right]
        if left.kind == "label":
            segment.left_port = (left.height - WIRE) * side
        elif left.kind == "frame":
            segment.left_port = boxes[left.owner].outlets[key]
        if right.kind == "label":
            segment.right_port = (right.height - WIRE) * side
        elif right.kind == "frame":
            segment.right_port = boxes[right.owner].inlets[key]
