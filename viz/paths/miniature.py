"""A graph in a few centimetres, one of its paths in colour."""

from __future__ import annotations

import math
from collections.abc import Collection
from itertools import combinations, pairwise

from viz.cards.bends import lane, stretches
from viz.draw.arrows import arrow_head
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Polygon, Shape, Span, Text
from viz.geometry import Rect
from viz.layout import Layout
from viz.model import Graph

__all__ = ["RADIUS", "STUB", "Miniature", "chain", "node_size"]

SIZE, RADIUS, WIDEST = 12.0, 12.0, 64.0
HEAD, HALF, STUB = 8.0, 4.0, 13.0

Point = tuple[float, float]


def node_size(name: str) -> tuple[float, float]:
    """Width and height of a node: a circle, or a pill for a longer name."""
    return max(2 * RADIUS, min(WIDEST, text_width(name, SIZE, bold=True) + 10)), 2 * RADIUS


class Miniature:
    """The small picture of a graph, drawn once for each path.

    Args:
        graph: what to show.
        placed: where its cards stand, at any size.
        room: width and height that there is.
    """

    def __init__(self, graph: Graph, placed: Layout, room: tuple[float, float]) -> None:
        self.graph: Graph = graph
        self.width: float = room[0]
        sizes = [node_size(card.name) for card in graph.cards]
        centres = [rect.middle for rect in placed.cards]
        self._routes = [lane(stretches(runs), 0.0, 0.0, 0.0) for runs in placed.routes]
        points = [*centres, *(p for start, steps in self._routes for p in _ends(start, steps))]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        wide = max(x for x, _ in points) - left or 1.0
        high = max(y for _, y in points) - top or 1.0
        widest = max(width for width, _ in sizes)
        across = min(1.0, (room[0] - widest) / wide)
        down = min(1.0, (room[1] - 2 * RADIUS) / high)
        # A graph of one row stands in the middle.
        lower = (room[1] - high * down) / 2 if high * down < 1 else RADIUS

        def at(point: Point) -> Point:
            return (point[0] - left) * across + widest / 2, (point[1] - top) * down + lower

        self._at = at
        self.boxes: list[Rect] = [
            Rect(x - w / 2, y - h / 2, w, h)
            for (x, y), (w, h) in zip(map(at, centres), sizes, strict=True)
        ]
        self.height: float = max(high * down + 2 * RADIUS, 2 * RADIUS)

    @property
    def readable(self) -> bool:
        """Whether no node lies on another, with room for arrows between them."""
        return not any(
            a.overlaps(b, gap=3.0)
            or (a.grown(HEAD / 2).overlaps(b.grown(HEAD / 2)) and _level(a, b))
            for a, b in combinations(self.boxes, 2)
        )

    def draw(self, edges: Collection[int], cards: Collection[int], x: float, y: float) -> Group:
        """The graph with some of its edges and cards in colour.

        Args:
            edges: the numbers of the edges on the path.
            cards: those of the cards on it.
            x: of the left border.
            y: of the upper border.
        """
        shapes: list[Shape] = []
        numbers = range(len(self.graph.edges))
        for number in sorted(numbers, key=lambda n: n in edges):
            shapes += self._wire(number, number in edges)
        for number, card in enumerate(self.graph.cards):
            shapes += _node(card.name, self.boxes[number], number in cards)
        return Group("miniature", tuple(shapes)).moved(x, y)

    def _wire(self, number: int, lit: bool) -> list[Shape]:
        edge = self.graph.edges[number]
        index = {card.id: i for i, card in enumerate(self.graph.cards)}
        source, target = self.boxes[index[edge.source]], self.boxes[index[edge.target]]
        start, steps = self._routes[number]
        first = self._at(start)
        along = tuple(
            tuple(v for i in range(0, len(step), 2) for v in self._at((step[i], step[i + 1])))
            for step in steps
        )
        tip = _border(source, first)
        back = _towards(tip, first, HEAD - 1) if lit else source.middle
        path = Path(back, (first, *along, target.middle), *_look(lit))
        if not lit:
            return [path]
        return [path, _head(tip, back)]


def chain(names: tuple[str, ...], x: float, y: float, room: float) -> Group:
    """A path alone: its nodes in a row, the first and the last if there are many.

    Args:
        names: of its nodes, the result first.
        x: of the left border.
        y: of the middle.
        room: the width that there is.
    """
    sizes = [node_size(name)[0] for name in names]
    gap = 22.0
    whole = sum(sizes) + gap * (len(names) - 1) <= room
    shown = list(range(len(names))) if whole else [0, len(names) - 1]
    shapes: list[Shape] = []
    boxes: list[Rect] = []
    pitch = gap if whole else room - sizes[0] - sizes[-1]
    # The result stands on the right, as in the graph.
    for number in reversed(shown):
        boxes.append(Rect(x, y - RADIUS, sizes[number], 2 * RADIUS))
        x += sizes[number] + pitch
    for one, other in pairwise(boxes):
        back = (one.right + HEAD - 1, y)
        shapes.append(Path(back, ((other.x, y),), *_look(True)))
        shapes.append(_head((one.right, y), back))
    if not whole:
        text = f"{len(names) - 1} steps"
        middle = (boxes[0].right + boxes[1].x) / 2
        shapes.append(Text(middle, y - 8, (Span(text, "muted", SIZE),), "middle"))
    for number, box in zip(reversed(shown), boxes, strict=True):
        shapes += _node(names[number], box, lit=True)
    return Group("miniature", tuple(shapes))


def _level(a: Rect, b: Rect) -> bool:
    """Whether two nodes stand side by side."""
    return abs(a.middle[1] - b.middle[1]) < RADIUS


def _look(lit: bool) -> tuple[str, float]:
    return ("backward-lane", 2.4) if lit else ("muted-lane", 1.0)


def _node(name: str, box: Rect, lit: bool) -> list[Shape]:
    style = "backward-outline" if lit else "muted-outline"
    text = fit(name, SIZE, box.width - 6, bold=lit)
    span = Span(text, "ink" if lit else "muted", SIZE, bold=lit)
    x, y = box.middle
    return [Block(box, style, radius=RADIUS), Text(x, y + 4, (span,), "middle")]


def _ends(start: Point, steps: tuple[tuple[float, ...], ...]) -> list[Point]:
    return [start, *((step[-2], step[-1]) for step in steps)]


def _towards(start: Point, end: Point, by: float) -> Point:
    far = math.dist(start, end) or 1.0
    share = min(1.0, by / far)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _border(box: Rect, outside: Point) -> Point:
    """Where a line from the middle of a node to a point leaves the node."""
    x, y = box.middle
    dx, dy = outside[0] - x, outside[1] - y
    far = math.hypot(dx, dy) or 1.0
    inner = max(0.0, box.width / 2 - RADIUS)
    reach = min(RADIUS + inner * abs(dx) / far, far)
    return x + dx / far * reach, y + dy / far * reach


def _head(tip: Point, back: Point) -> Polygon:
    far = math.dist(tip, back) or 1.0
    along = (tip[0] - back[0]) / far, (tip[1] - back[1]) / far
    return arrow_head(tip, along, HEAD, HALF, "backward")
