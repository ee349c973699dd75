"""The graph above the rows: the cards that `viz.draw` makes, somewhat larger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from viz.cards.compose import compose, measure
from viz.draw.scene import Block, Group, Path, Polygon, Shape, Text
from viz.geometry import Rect
from viz.layout import Layout, Sizes, layout
from viz.model import Graph
from viz.paths.between import Between
from viz.plan.assemble import assemble
from viz.plan.build import Builder
from viz.plan.rollup import make_plan
from viz.read.gradients import picture_gradients
from viz.read.skeleton import skeleton

__all__ = ["Cards", "bounds", "cards", "groups_of", "scaled", "small_layout"]

MOST = 12
"""More cards than this are not drawn."""

LARGER, SMALLEST = 1.25, 1.05
"""So much larger than in a drawing of the graph alone, whose labels are small."""


class Cards(NamedTuple):
    """A graph to be drawn.

    Attributes:
        graph: as plain data.
        place: which card each node has.
    """

    graph: Graph
    place: dict[Any, int]


def cards(root: Any, part: Between, most: int = MOST, whole: bool = True) -> Cards | None:
    """The whole graph behind a result if it is small, else what lies between, or nothing.

    Args:
        root: the result.
        part: what lies between it and what it is differentiated by.
        most: how many cards there may be.
        whole: false for what lies between in any case.
    """
    if len(part.nodes) > most:
        return None
    structure = skeleton(root, {}, constants=False)
    shown = set(range(len(structure.nodes)))
    if len(shown) > most or not whole:
        wanted = set(part.nodes)
        shown = {i for i, node in enumerate(structure.nodes) if node in wanted}
    builder = Builder(structure, picture_gradients(root, structure.nodes, True))
    plan = make_plan(structure, shown, depth=None, roll_up=False)
    graph = assemble(builder, plan)
    bare = tuple(replace(card, cluster=()) for card in graph.cards)
    place = {structure.nodes[unit.members[0]]: i for i, unit in enumerate(plan.units)}
    return Cards(Graph(bare, graph.edges), place)


def groups_of(graph: Graph, engine: str, room: float) -> list[Group]:
    """The cards and wires of a graph from (0, 0) on; none if they need more room than there is."""
    placed = layout(graph, measure(graph), engine)
    scene = compose(graph, placed, "")
    kept = [group for group in scene.groups if group.kind in ("wire", "card", "label")]
    corner = bounds(kept)
    scale = min(LARGER, room / max(corner.width, 1.0))
    if scale < SMALLEST:
        return []
    return [scaled(group.moved(-corner.x, -corner.y), scale) for group in kept]


def small_layout(graph: Graph, sizes: list[tuple[float, float]], engine: str) -> Layout:
    """Where the cards stand if they are as small as that and no wire has a label."""
    bare = Sizes(tuple(sizes), (None,) * len(graph.edges), {})
    return layout(graph, bare, engine)


def scaled(group: Group, by: float) -> Group:
    """The same group, larger by a factor."""
    return replace(group, shapes=tuple(_scaled(shape, by) for shape in group.shapes))


def _scaled(shape: Shape, by: float) -> Shape:
    if isinstance(shape, Block):
        r = shape.rect
        rect = Rect(r.x * by, r.y * by, r.width * by, r.height * by)
        return replace(shape, rect=rect, radius=shape.radius * by)
    if isinstance(shape, Polygon):
        return replace(shape, points=tuple((x * by, y * by) for x, y in shape.points))
    if isinstance(shape, Text):
        spans = tuple(
            replace(span, size=span.size * by, gap=span.gap * by, rise=span.rise * by)
            for span in shape.spans
        )
        return replace(shape, x=shape.x * by, y=shape.y * by, spans=spans)
    steps = tuple(tuple(v * by for v in step) for step in shape.steps)
    start = (shape.start[0] * by, shape.start[1] * by)
    return replace(shape, start=start, steps=steps, width=round(shape.width * by, 2))


def bounds(groups: list[Group]) -> Rect:
    """The rectangle around all shapes but texts, which stand within or beside these."""
    points: list[tuple[float, float]] = []
    for group in groups:
        for shape in group.shapes:
            if isinstance(shape, Block):
                points += [(shape.rect.x, shape.rect.y), (shape.rect.right, shape.rect.bottom)]
            elif isinstance(shape, Polygon):
                points += shape.points
            elif isinstance(shape, Path):
                points.append(shape.start)
                points += [(step[-2], step[-1]) for step in shape.steps]
            else:
                size = max(span.size for span in shape.spans)
                points += [(shape.x, shape.y - size), (shape.x, shape.y + 0.3 * size)]
    if not points:
        return Rect(0.0, 0.0, 0.0, 0.0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
