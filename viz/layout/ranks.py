"""Which rank each box stands in.

Longest path from the left. What only serves one later box (a parameter, or a whole
sub-expression that nothing else reads) hangs directly before the box that reads it.
"""

from __future__ import annotations

import math

from viz.layout.slots import Box, Link

__all__ = ["rank"]

GAP = 18.0
"""Room between two boxes of a rank."""


def rank(boxes: list[Box], links: list[Link], tallest: float = math.inf) -> None:
    """Set ``Box.rank`` for every box, so that each link leads to a higher rank.

    Args:
        boxes: those of one level.
        links: between them; they form no cycle.
        tallest: where the boxes of a rank would need more height than this, some of them move
            to an earlier rank.
    """
    before: list[list[int]] = [[] for _ in boxes]
    after: list[list[int]] = [[] for _ in boxes]
    for link in links:
        before[link.target].append(link.source)
        after[link.source].append(link.target)
    order = _topological(before, after)

    first = 1 if any(box.kind == "inlet" for box in boxes) else 0
    for index in order:
        box = boxes[index]
        if box.kind == "inlet":
            box.rank = 0
        else:
            box.rank = max((boxes[i].rank + 1 for i in before[index]), default=first)

    movable = [False] * len(boxes)
    for index in order:
        readers = set(after[index])
        owned = all(movable[i] for i in before[index])
        free = boxes[index].kind in ("card", "frame") and owned
        movable[index] = free and (len(readers) == 1 or (not before[index] and bool(readers)))
    for index in reversed(order):
        if movable[index]:
            boxes[index].rank = min(boxes[i].rank for i in after[index]) - 1

    if tallest < math.inf:
        _spill(boxes, after, order, tallest, first)
    last = max((box.rank for box in boxes if box.kind != "outlet"), default=0)
    for box in boxes:
        if box.kind == "outlet":
            box.rank = last + 1


def _spill(
    boxes: list[Box], after: list[list[int]], order: list[int], tallest: float, first: int
) -> None:
    """Give every rank no more than fits into its column, from the last one to the first.

    What could stand in an earlier rank than it does now waits longest for its place.
    """
    inner = [index for index in order if boxes[index].kind in ("card", "frame")]
    heights: dict[int, float] = {}
    for index in inner:
        rank, height = boxes[index].rank, boxes[index].height + boxes[index].below + GAP
        heights[rank] = heights.get(rank, 0.0) + height
    if max(heights.values(), default=0.0) <= tallest:
        return
    found: dict[int, int] = {}
    used: dict[int, float] = {}
    top = max(boxes[index].rank for index in inner)
    place = {index: number for number, index in enumerate(order)}
    for index in sorted(inner, key=lambda i: (-boxes[i].rank, -place[i])):
        height = boxes[index].height + boxes[index].below + GAP
        rank = min((found[i] - 1 for i in after[index] if i in found), default=top)
        rank = min(rank, boxes[index].rank)
        while used.get(rank, 0.0) and used[rank] + height > tallest:
            rank -= 1
        used[rank] = used.get(rank, 0.0) + height
        found[index] = rank
    lowest = min(found.values())
    for index, rank in found.items():
        boxes[index].rank = rank - lowest + first


def _topological(before: list[list[int]], after: list[list[int]]) -> list[int]:
    waiting = [len(sources) for sources in before]
    ready = [index for index, count in enumerate(waiting) if not count]
    for index in ready:
        for target in after[index]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ready
