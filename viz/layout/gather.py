"""From the levels of all frames to one layout: everything moves to where its frame stands."""

from __future__ import annotations

from viz.geometry import Rect
from viz.layout.place import Run
from viz.layout.result import Frame, Layout
from viz.layout.work import Work
from viz.model import Graph

__all__ = ["gathered"]


def gathered(graph: Graph, works: list[Work], engine: str) -> Layout:
    """The layout of a graph, from its finished levels, outer ones first."""
    count = len(graph.edges)
    cards: list[Rect] = [Rect(0, 0, 0, 0)] * len(graph.cards)
    pieces: list[list[tuple[int, list[Run]]]] = [[] for _ in range(2 * count)]
    around: dict[int, list[Run]] = {}
    labels: list[Rect | None] = [None] * count
    frames: list[Frame] = []
    small: set[int] = set()
    root = works[0]
    offset = {id(root): (0.0, -root.level.top)}
    for work in works:
        dx, dy = offset[id(work)]
        level = work.level
        if work.group.path:
            inner = level.frame or Rect(0.0, level.top, level.width, level.bottom - level.top)
            pill = None if level.pill is None else level.pill.moved(dx, dy)
            title = level.title.moved(dx, dy)
            frames.append(Frame(work.group.path, work.group.call, inner.moved(dx, dy), title, pill))
        for card, box in work.cards.items():
            cards[card] = level.boxes[box].moved(dx, dy)
        for box, block in work.blocks.items():
            above = level.boxes[box].moved(dx, dy)
            for item in block.items:
                cards[item.card] = item.rect.moved(above.x, above.bottom)
                small.add(item.card)
                route = list(item.route(above.x, above.bottom))
                pieces[item.key].append((0, route))
                if item.label is not None:
                    labels[item.key] = item.label.moved(above.x, above.bottom)
        for child, box in work.children:
            rect = level.boxes[box]
            offset[id(child)] = (rect.x + dx, rect.y + dy - child.level.top)
        for key, label in level.labels.items():
            labels[key % count] = label.moved(dx, dy)
        for key, runs in level.loops.items():
            around[key] = [run.moved(dx, dy) for run in runs]
        for link in work.links:
            moved = [run.moved(dx, dy) for run in level.runs[link.key]]
            leaves = work.boxes[link.target].kind == "outlet"
            step = -work.depth if not leaves else -1_000_000 - work.depth
            enters = work.boxes[link.source].kind == "inlet"
            pieces[link.key].append((work.depth if enters else step, moved))
    joined = [
        [run for _, runs in sorted(parts, key=lambda part: part[0]) for run in runs]
        for parts in pieces
    ]
    routes = tuple(
        (*joined[key], *around.get(key, ()), *joined[count + key]) for key in range(count)
    )
    height = root.level.bottom - root.level.top
    return Layout(
        root.level.width, height, tuple(cards), routes, tuple(labels), tuple(frames), engine,
        small=frozenset(small),
    )  # fmt: skip
