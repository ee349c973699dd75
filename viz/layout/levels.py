"""The whole layout: every frame laid out from the inside, then used as one box outside.

Wires enter a frame at the border they come to first and leave it at the opposite one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from viz.layout.coordinates import assign, settle
from viz.layout.direction import turned, turned_sizes
from viz.layout.frames import PAD, close_down, close_right
from viz.layout.gather import gathered
from viz.layout.loops import go_around, stack
from viz.layout.place import Level, place
from viz.layout.ranks import rank
from viz.layout.result import Layout, Sizes
from viz.layout.rows import Row, join, split
from viz.layout.slots import Columns, expand
from viz.layout.untangle import untangle
from viz.layout.work import Work, works_of
from viz.model import Graph

__all__ = ["Shape", "arrange"]

Solver = Callable[[list[Columns]], str]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a layout may make a picture fit its page.

    Attributes:
        widest: a level wider than this turns back in rows.
        tallest: a column higher than this spills over into one before it.
        hang: whether parameters hang below what uses them.
    """

    widest: float = float("inf")
    tallest: float = float("inf")
    hang: bool = False


def arrange(
    graph: Graph, sizes: Sizes, solver: Solver, down: bool = False, shape: Shape | None = None
) -> Layout:
    """Lay out a graph.

    Args:
        graph: what to place.
        sizes: the room that each piece needs.
        solver: orders the slots of each column and gives them heights; called once per
            depth of nesting with all the levels of that depth. Returns its own name.
        down: whether the picture runs down instead of to the right.
        shape: what else may be done; by default nothing.

    Returns:
        The layout, with no card over another, no label over a card or another label,
        and no wire through any of them.
    """
    shape = shape or Shape()
    sizes = turned_sizes(sizes) if down else sizes
    works = works_of(graph, sizes, shape.hang)
    names: list[str] = []
    for depth in range(max(work.depth for work in works), -1, -1):
        batch = [work for work in works if work.depth == depth]
        rows = [_rows(work, shape) for work in batch]
        columns = [[_expanded(row, down) for row in parts] for parts in rows]
        names.append(solver([part for parts in columns for part in parts]))
        for work, parts, expanded in zip(batch, rows, columns, strict=True):
            placed = [
                _placed(graph, work, row, part, down)
                for row, part in zip(parts, expanded, strict=True)
            ]
            work.level = join(parts, placed, work.boxes, work.links)
            _close(graph, work, sizes, down)
    engine = " and ".join(dict.fromkeys(names))
    result = gathered(graph, works, engine)
    return turned(result) if down else result


def _rows(work: Work, shape: Shape) -> list[Row]:
    """The rows of a level, with the sizes and ports of the frames in it."""
    for child, number in work.children:
        box, frame = work.boxes[number], child.level
        box.width, box.height = frame.width, frame.bottom - frame.top
        middle = (frame.top + frame.bottom) / 2
        for link in child.links:
            if child.boxes[link.source].kind == "inlet":
                box.inlets[link.key] = frame.runs[link.key][0].y - middle
            if child.boxes[link.target].kind == "outlet":
                box.outlets[link.key] = frame.runs[link.key][-1].y - middle
    rank(work.boxes, work.links, shape.tallest)
    # A frame is as much narrower than the page as the frames around it need.
    parts = split(work.boxes, work.links, work.keys, shape.widest - 4 * PAD * work.depth)
    if len(parts) > 1:
        for row in parts:
            rank(row.boxes, row.links, shape.tallest)
    return parts


def _expanded(row: Row, down: bool) -> Columns:
    columns = expand(row.boxes, row.links, label_first=not down)

    def key(slot: int) -> float:
        entry = columns.slots[slot]
        if entry.kind in ("wire", "label"):
            return row.keys[row.links[entry.owner].source]
        return row.keys[entry.owner]

    for column in columns.order:
        column.sort(key=key)
    return columns


def _placed(graph: Graph, work: Work, row: Row, columns: Columns, down: bool) -> Level:
    count = len(graph.edges)
    local = {number: place_ for place_, number in enumerate(row.origin)}
    for child, number in work.children:
        if number in local:
            trades = untangle(
                columns, row.links, local[number], lambda key: graph.edges[key % count].source
            )
            _trade(child, trades)
    sweeps = 6 if len(columns.slots) < 3_000 else 2
    if down:
        # Graphviz lets a long chain drift to one side; its order is what counts.
        assign(columns, sweeps)
    else:
        settle(columns, sweeps)
    return place(columns, row.boxes, row.links)


def _trade(work: Work, trades: dict[int, int]) -> None:
    """Let wires take each other's paths, in a frame and in those inside it."""
    if not trades:
        return
    runs = work.level.runs
    work.level.runs = {key: runs[trades.get(key, key)] for key in runs}
    for child, _ in work.children:
        inside = child.level.runs
        _trade(child, {k: v for k, v in trades.items() if k in inside and v in inside})


def _close(graph: Graph, work: Work, sizes: Sizes, down: bool) -> None:
    """Put the frame around a finished level, and its loops around the frame."""
    inlets = [link.key for link in work.links if work.boxes[link.source].kind == "inlet"]
    outlets = [link.key for link in work.links if work.boxes[link.target].kind == "outlet"]
    path = work.group.path
    papers = any(cluster.copies > 1 for cluster in graph.clusters if cluster.path == path)
    if path:
        close = close_down if down else close_right
        close(work.level, inlets, outlets, sizes.titles[path])
    if papers:
        stack(work.level, outlets)
    if work.loops:
        labels = {key: size for key in work.loops if (size := sizes.labels[key]) is not None}
        count = len(graph.edges)
        go_around(work.level, work.loops, count, (inlets, outlets), labels, papers)
