"""The first step of a loop, of which operations may be missing because nothing varied yet.

Where a loop begins with zeros, what it makes of them alone is a number like any other: it was
computed, but no operation was recorded for it. Then the first step is like the others but for
some operations, in the place of which there are leaves.
"""

from __future__ import annotations

from typing import NamedTuple

from viz.plan.sequence import Sequence

__all__ = ["Stretch", "first_step"]


class Stretch(NamedTuple):
    """Where steps stand in a sequence.

    Attributes:
        start: the place of the first one.
        period: how many operations a step has.
        steps: how many there are.
    """

    start: int
    period: int
    steps: int


def first_step(sequence: Sequence, stretch: Stretch) -> dict[int, int]:
    """The step before the first one of a stretch, if it is one with operations missing.

    Args:
        sequence: the operations.
        stretch: the whole steps.

    Returns:
        For each position of a step the node that stands there, a leaf where the operation is
        missing; empty if there is no such step.
    """
    start, period, count = stretch
    kinds, last = sequence.kinds, start + (count - 1) * period
    found: dict[int, int] = {}
    place = start - 1
    for position in range(period - 1, -1, -1):
        if place >= 0 and kinds[place] == kinds[last + position]:
            found[position] = sequence.order[place]
            place -= 1
    if not period // 2 < len(found) < period:
        return {}
    for position, node in sorted(found.items()):
        if not _fits(sequence, stretch, found, position, node):
            return {}
    return found if _complete(sequence, stretch, found) else {}


def _fits(
    sequence: Sequence, stretch: Stretch, found: dict[int, int], position: int, node: int
) -> bool:
    """Whether an operation reads what it reads in all steps; leaves fill what is missing."""
    start, period, count = stretch
    last = sequence.relations(start, period, count - 1, position)
    other = sequence.relations(start, period, max(0, count - 2), position)
    for slot, operand in enumerate(sequence.operands[sequence.place[node]]):
        back, where = last[slot]
        if back == 0:
            if where not in found and operand >= 0 and sequence.view.graph.nodes[operand].is_leaf:
                found[where] = operand
            if found.get(where) != operand:
                return False
            continue
        shared = back == -1 and other[slot] == last[slot]
        if (shared and operand != where) or (back > 0 and operand in found.values()):
            return False
    return True


def _complete(sequence: Sequence, stretch: Stretch, found: dict[int, int]) -> bool:
    """Whether every position is filled, for this step alone, and the next step goes on from it."""
    graph = sequence.view.graph
    own = set(found.values())
    if len(own) != stretch.period:
        return False
    for node in own - sequence.place.keys():
        if graph.nodes[node].requires_grad or not own.issuperset(graph.readers[node]):
            return False
    start, period, count = stretch
    for position in range(period):
        first = sequence.operands[start + position]
        last = sequence.relations(start, period, count - 1, position)
        for operand, (back, where) in zip(first, last, strict=True):
            if back == 1 and found[where] != operand:
                return False
    return True
