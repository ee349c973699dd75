"""A level that is too wide turns back like text: its ranks stand in several rows.

`split` cuts a level between two of its ranks into rows, each a smaller level of its own;
`join` puts the rows, once they are placed, below each other. A wire that is cut leaves its row
at the right border and enters the later one at the left; `viz.layout.returns` leads it around.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from viz.layout.place import Level, Run
from viz.layout.returns import Cut, lead_back
from viz.layout.slots import WIRE, Box, Link

__all__ = ["Row", "join", "split"]

GAP = 30.0
"""About how far apart two ranks stand, and a label from the cards on both sides of it."""
CROSSING = 0.06
"""What a wire that is cut costs, where a row left half empty costs 0.25."""


OVER = 1.3
"""A row may be so many times wider than asked for, at a cost."""


@dataclass(slots=True)
class Row:
    """One row, with boxes and links as a level has them.

    ``origin`` is each box's number in the level, -1 for an end of a wire that was cut.
    """

    boxes: list[Box] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)


def split(boxes: list[Box], links: list[Link], keys: list[float], limit: float) -> list[Row]:
    """The rows of a level, none of them much wider than ``limit`` if that can be.

    Args:
        boxes: of the level, with their ranks set and the sizes of frames known.
        links: between them.
        keys: the reading order of the boxes.
        limit: how wide a row may be.
    """
    row_of_rank = _breaks(boxes, links, limit)
    rows = [Row() for _ in range(max(row_of_rank, default=0) + 1)]
    if len(rows) == 1:
        return [Row(boxes, links, keys, list(range(len(boxes))))]
    row_of = [row_of_rank[box.rank] for box in boxes]
    for leaf, readers in _leaves(boxes, links).items():
        row_of[leaf] = min(row_of[reader] for reader in readers)
    for link in links:
        # A wire through the border belongs to the row of the card that it leads to or from.
        if boxes[link.source].kind == "inlet":
            row_of[link.source] = row_of[link.target]
        if boxes[link.target].kind == "outlet":
            row_of[link.target] = row_of[link.source]
    local: list[int] = []
    for number, box in enumerate(boxes):
        row = rows[row_of[number]]
        local.append(len(row.boxes))
        row.boxes.append(box)
        row.keys.append(keys[number])
        row.origin.append(number)
    for link in links:
        first, second = rows[row_of[link.source]], rows[row_of[link.target]]
        source, target = local[link.source], local[link.target]
        if first is second:
            first.links.append(Link(source, target, link.key, link.label))
            continue
        first.links.append(Link(source, len(first.boxes), link.key))
        second.links.append(Link(len(second.boxes), target, link.key, link.label))
        for row, kind in ((first, "outlet"), (second, "inlet")):
            row.boxes.append(Box(0.0, WIRE, kind))
            row.keys.append(keys[link.source])
            row.origin.append(-1)
    return rows


def _leaves(boxes: list[Box], links: list[Link]) -> dict[int, list[int]]:
    """Cards that nothing leads to, with what reads them: they may stand in any earlier rank."""
    inner = {link.target for link in links}
    found: dict[int, list[int]] = {}
    for link in links:
        if link.source not in inner and boxes[link.source].kind == "card":
            found.setdefault(link.source, []).append(link.target)
    return found


def _breaks(boxes: list[Box], links: list[Link], limit: float) -> list[int]:
    """For each rank its row: rows are well filled, and few wires are cut."""
    ranks = max((box.rank for box in boxes), default=-1) + 1
    leaves = _leaves(boxes, links)
    widths = [0.0] * ranks
    before = [0.0] * ranks
    for number, box in enumerate(boxes):
        if number in leaves:
            first = min(boxes[reader].rank for reader in leaves[number])
            before[first] = max(before[first], box.width + GAP)
        else:
            widths[box.rank] = max(widths[box.rank], box.width)
    labels = [0.0] * ranks
    crossing = [0] * (ranks + 1)
    for link in links:
        first, last = boxes[link.source].rank, boxes[link.target].rank
        if link.source in leaves:
            first = min(boxes[reader].rank for reader in leaves[link.source])
        if link.label is not None:
            labels[last] = max(labels[last], link.label[0] + GAP)
        if boxes[link.source].kind != "inlet" and boxes[link.target].kind != "outlet":
            crossing[first + 1] += 1
            crossing[last + 1] -= 1
    for rank in range(1, ranks + 1):
        crossing[rank] += crossing[rank - 1]
    # Leaves take room of their own only where no other card stands in the rank before.
    own = [0.0 if r and widths[r - 1] else before[r] for r in range(ranks)]
    wide = [
        w + label + GAP + leaf if w else leaf
        for w, label, leaf in zip(widths, labels, own, strict=True)
    ]
    if sum(wide) <= limit:
        return [0] * ranks
    # best[r]: what the rows before rank r cost, and where the last of them begins.
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, ranks + 1):
        used, found = 0.0, (float("inf"), end - 1)
        for start in range(end - 1, -1, -1):
            used += wide[start]
            if used > limit * OVER and start < end - 1:
                break
            slack = (used + before[start] - own[start]) / limit - 1.0
            weight = 2.0 if slack > 0 else 0.4 if end == ranks else 1.0
            cost = best[start][0] + weight * slack * slack
            cost += 0.02 + (CROSSING * crossing[start] if start else 0.0)
            if cost < found[0]:
                found = (cost, start)
        best.append(found)
    rows = [0] * ranks
    starts: list[int] = []
    end = ranks
    while end:
        end = best[end][1]
        starts.append(end)
    for row, start in enumerate(reversed(starts)):
        rows[start:] = [row] * (ranks - start)
    return rows


def join(rows: list[Row], placed: list[Level], boxes: list[Box], links: list[Link]) -> Level:
    """One level of all rows.

    Args:
        rows: as made by `split`.
        placed: each row by itself.
        boxes: of the whole level.
        links: of the whole level.
    """
    if len(rows) == 1:
        return placed[0]
    where = {
        number: (row, place)
        for row in range(len(rows))
        for place, number in enumerate(rows[row].origin)
        if number >= 0
    }
    cuts: list[Cut] = []
    for link in links:
        first, second = where[link.source][0], where[link.target][0]
        if first != second:
            leaves = placed[first].runs[link.key][-1].y - placed[first].top
            enters = placed[second].runs[link.key][0].y - placed[second].top
            cuts.append(Cut(link.key, first, second, leaves, enters))
    widest = max(level.width for level in placed)
    returns = lead_back(cuts, [level.bottom - level.top for level in placed], widest)
    whole = Level()
    for level, top in zip(placed, returns.tops, strict=True):
        level.moved(returns.left, top - level.top)
        whole.labels.update(level.labels)
    whole.width = returns.left + widest + returns.right
    whole.bottom = returns.tops[-1] + placed[-1].bottom - placed[-1].top
    for number in range(len(boxes)):
        row, place = where[number]
        whole.boxes.append(placed[row].boxes[place])
    for link in links:
        first, second = where[link.source][0], where[link.target][0]
        runs = list(placed[first].runs[link.key])
        if first != second:
            right, y, turn = returns.tracks[link.key]
            onward = placed[second].runs[link.key]
            runs[-1] = Run(runs[-1].x0, right, runs[-1].y)
            runs += [Run(right, turn, y), Run(turn, onward[0].x1, onward[0].y), *onward[1:]]
        if boxes[link.source].kind == "inlet":
            runs[0] = Run(0.0, runs[0].x1, runs[0].y)
        if boxes[link.target].kind == "outlet":
            runs[-1] = Run(runs[-1].x0, whole.width, runs[-1].y)
        whole.runs[link.key] = runs
    return whole
