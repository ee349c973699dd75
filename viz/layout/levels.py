"""The whole layout: every frame laid out from the inside, then used as one box outside.

Wires enter a frame at the border they come to first and leave it at the opposite one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from viz.geometry import Rect
from viz.layout.coordinates import assign, settle
from viz.layout.direction import turned, turned_sizes
from viz.layout.frames import close_down, close_right
from viz.layout.nesting import Group, nest, reading_order
from viz.layout.place import Level, Run, place
from viz.layout.ranks import rank
from viz.layout.result import Frame, Layout, Sizes
from viz.layout.slots import WIRE, Box, Columns, Link, expand
from viz.layout.untangle import untangle
from viz.model import Graph

__all__ = ["arrange"]

PORT_ROOM = 9.0
"""A card grows so that two of its ports are never nearer than this."""

Solver = Callable[[list[Columns]], str]


@dataclass(slots=True)
class _Work:
    """One group on its way to a `Level`."""

    group: Group
    depth: int
    boxes: list[Box] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    children: list[_Work] = field(default_factory=list)
    level: Level = field(default_factory=Level)


def arrange(graph: Graph, sizes: Sizes, solver: Solver, down: bool = False) -> Layout:
    """Lay out a graph.

    Args:
        graph: what to place.
        sizes: the room that each piece needs.
        solver: orders the slots of each column and gives them heights; called once per
            depth of nesting with all the levels of that depth. Returns its own name.
        down: whether the picture runs down instead of to the right.

    Returns:
        The layout, with no card over another, no label over a card or another label,
        and no wire through any of them.
    """
    sizes = turned_sizes(sizes) if down else sizes
    heights = _heights(graph, sizes)
    root, works = _collect(nest(graph))
    _fill(graph, sizes, heights, works)
    names: list[str] = []
    for depth in range(max(work.depth for work in works), -1, -1):
        batch = [work for work in works if work.depth == depth]
        columns = [_expanded(work, down) for work in batch]
        names.append(solver(columns))
        for work, expanded in zip(batch, columns, strict=True):
            for index, child in enumerate(work.children):
                box = len(work.group.cards) + index
                trades = untangle(expanded, work.links, box, lambda key: graph.edges[key].source)
                _trade(child, trades)
            sweeps = 6 if len(expanded.slots) < 3_000 else 2
            if down:
                # Graphviz lets a long chain drift to one side; its order is what counts.
                assign(expanded, sweeps)
            else:
                settle(expanded, sweeps)
            work.level = place(expanded, work.boxes, work.links)
            _close(work, sizes, down)
    engine = " and ".join(dict.fromkeys(names))
    placed = _collected(graph, root, works, engine)
    return turned(placed) if down else placed


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


def _collect(root: Group) -> tuple[_Work, list[_Work]]:
    first = _Work(root, 0)
    works = [first]
    for work in works:
        for inner in work.group.groups:
            child = _Work(inner, work.depth + 1)
            work.children.append(child)
            works.append(child)
    return first, works


def _fill(graph: Graph, sizes: Sizes, heights: list[float], works: list[_Work]) -> None:
    """Boxes and links of every level; borders that an edge crosses become boxes too."""
    order = reading_order(graph)
    home: dict[int, list[tuple[_Work, int]]] = {}
    parent: dict[int, tuple[_Work, int]] = {}
    for work in works:
        for card in work.group.cards:
            home[card] = [(work, len(work.boxes))]
            work.boxes.append(Box(sizes.cards[card][0], heights[card]))
            work.keys.append(float(order[card]))
        for child in work.children:
            parent[id(child)] = (work, len(work.boxes))
            work.boxes.append(Box(0.0, 0.0, "frame"))
            work.keys.append(0.0)
    for chain in home.values():
        while id(chain[-1][0]) in parent:
            chain.append(parent[id(chain[-1][0])])
        home_work, home_box = chain[0]
        for work, box in chain[1:]:
            work.keys[box] = max(work.keys[box], home_work.keys[home_box])

    number = {card.id: i for i, card in enumerate(graph.cards)}
    for key, edge in enumerate(graph.edges):
        source, target = home[number[edge.source]], home[number[edge.target]]
        shared = {id(work) for work, _ in source} & {id(work) for work, _ in target}
        place_ = order[number[edge.source]] + edge.position / 1024
        label = sizes.labels[key]
        for work, box in source:
            if id(work) in shared:
                break
            work.links.append(Link(box, len(work.boxes), key))
            work.boxes.append(Box(0.0, WIRE, "outlet"))
            work.keys.append(place_)
        meeting, left = next((w, b) for w, b in source if id(w) in shared)
        right = next(b for w, b in target if w is meeting)
        inner = target[0][0]
        meeting.links.append(Link(left, right, key, label if inner is meeting else None))
        for work, box in target:
            if work is meeting:
                break
            work.links.append(Link(len(work.boxes), box, key, label if work is inner else None))
            work.boxes.append(Box(0.0, WIRE, "inlet"))
            work.keys.append(place_)


def _expanded(work: _Work, down: bool) -> Columns:
    for index, child in enumerate(work.children):
        box = work.boxes[len(work.group.cards) + index]
        frame = child.level
        box.width, box.height = frame.width, frame.bottom - frame.top
        middle = (frame.top + frame.bottom) / 2
        for link in child.links:
            if child.boxes[link.source].kind == "inlet":
                box.inlets[link.key] = frame.runs[link.key][0].y - middle
            if child.boxes[link.target].kind == "outlet":
                box.outlets[link.key] = frame.runs[link.key][-1].y - middle
    rank(work.boxes, work.links)
    columns = expand(work.boxes, work.links, label_first=not down)

    def key(slot: int) -> float:
        entry = columns.slots[slot]
        if entry.kind in ("wire", "label"):
            return work.keys[work.links[entry.owner].source]
        return work.keys[entry.owner]

    for column in columns.order:
        column.sort(key=key)
    return columns


def _trade(work: _Work, trades: dict[int, int]) -> None:
    """Let wires take each other's paths, in a frame and in those inside it."""
    if not trades:
        return
    runs = work.level.runs
    work.level.runs = {key: runs[trades.get(key, key)] for key in runs}
    for child in work.children:
        inside = child.level.runs
        _trade(child, {k: v for k, v in trades.items() if k in inside and v in inside})


def _close(work: _Work, sizes: Sizes, down: bool) -> None:
    """Put the frame around a finished level."""
    if not work.group.path:
        return
    inlets = [link.key for link in work.links if work.boxes[link.source].kind == "inlet"]
    outlets = [link.key for link in work.links if work.boxes[link.target].kind == "outlet"]
    close = close_down if down else close_right
    close(work.level, inlets, outlets, sizes.titles[work.group.path])


def _collected(graph: Graph, root: _Work, works: list[_Work], engine: str) -> Layout:
    """Move every level to where its frame came to stand, and join the wires' pieces."""
    count = len(graph.edges)
    cards: list[Rect] = [Rect(0, 0, 0, 0)] * len(graph.cards)
    pieces: list[list[tuple[int, list[Run]]]] = [[] for _ in range(count)]
    labels: list[Rect | None] = [None] * count
    frames: list[Frame] = []
    offset = {id(root): (0.0, -root.level.top)}
    for work in works:
        dx, dy = offset[id(work)]
        level = work.level
        if work.group.path:
            rect = Rect(dx, level.top + dy, level.width, level.bottom - level.top)
            title = level.title.moved(dx, dy)
            frames.append(Frame(work.group.path, work.group.call, rect, title))
        for index, card in enumerate(work.group.cards):
            cards[card] = level.boxes[index].moved(dx, dy)
        for index, child in enumerate(work.children):
            rect = level.boxes[len(work.group.cards) + index]
            offset[id(child)] = (rect.x + dx, rect.y + dy - child.level.top)
        for key, label in level.labels.items():
            labels[key] = label.moved(dx, dy)
        for link in work.links:
            moved = [run.moved(dx, dy) for run in level.runs[link.key]]
            leaves = work.boxes[link.target].kind == "outlet"
            step = -work.depth if not leaves else -1_000_000 - work.depth
            enters = work.boxes[link.source].kind == "inlet"
            pieces[link.key].append((work.depth if enters else step, moved))
    routes = tuple(
        tuple(run for _, runs in sorted(parts, key=lambda part: part[0]) for run in runs)
        for parts in pieces
    )
    height = root.level.bottom - root.level.top
    return Layout(
        root.level.width, height, tuple(cards), routes, tuple(labels), tuple(frames), engine
    )
