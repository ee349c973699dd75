"""Which rank each box stands in.

Longest path from the left. What only serves one later box (a parameter, or a whole
sub-expression that nothing else reads) hangs directly before the box that reads it.
"""

from __future__ import annotations

from viz.layout.slots import Box, Link

__all__ = ["rank"]


def rank(boxes: list[Box], links: list[Link]) -> None:
    """Set ``Box.rank`` for every box, so that each link leads to a higher rank.

    Args:
        boxes: those of one level.
        links: between them; they form no cycle.
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

    last = max((box.rank for box in boxes if box.kind != "outlet"), default=0)
    for box in boxes:
        if box.kind == "outlet":
            box.rank = last + 1


def _topological(before: list[list[int]], after: list[list[int]]) -> list[int]:
    waiting = [len(sources) for sources in before]
    ready = [index for index, count in enumerate(waiting) if not count]
    for index in ready:
        for target in after[index]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ready
