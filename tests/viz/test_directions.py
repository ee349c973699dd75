"""Pictures that run down: the same rules as for those that run to the right."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.sampled import sampled
from tests.viz.geometry import faults
from tests.viz.samples import mlp, neuron, scattered
from viz import Drawing
from viz.cards.compose import measure
from viz.cards.lanes import draw_wire
from viz.draw.scene import Path, Polygon, Text
from viz.layout import Layout, Rect, Run, graphviz, layout
from viz.layout.direction import turned
from viz.layout.frames import close_down
from viz.layout.place import Level
from viz.model import Card, Cluster, Edge, Graph

INSTALLED = ["builtin", *graphviz.available()]


def down(graph: Graph, engine: str = "builtin") -> Layout:
    return layout(graph, measure(graph, "down"), engine, direction="down")


def chain(length: int) -> Graph:
    cards = tuple(Card(f"n{i}", f"v{i}", gradient_label="∂L/∂v") for i in range(length))
    edges = tuple(Edge(a.id, b.id, 0, "∂v₂/∂v₁ = 1 − v₂²", rms=1.0) for a, b in pairwise(cards))
    return Graph(cards, edges)


@pytest.mark.parametrize("engine", INSTALLED)
@pytest.mark.parametrize("graph", [neuron(), mlp(), scattered(7)], ids=["neuron", "mlp", "random"])
def test_nothing_overlaps(graph: Graph, engine: str) -> None:
    placed = down(graph, engine)
    assert placed.direction == "down"
    assert faults(graph, placed) == []


@pytest.mark.parametrize("seed", sampled(range(25), 6))
def test_nothing_overlaps_in_random_graphs(seed: int) -> None:
    graph = scattered(seed, size=10 + seed)
    assert faults(graph, down(graph)) == []


@pytest.mark.parametrize("graph", [mlp(), scattered(3)], ids=["mlp", "random"])
def test_what_is_computed_stands_below_its_operands(graph: Graph) -> None:
    placed = down(graph)
    rects = {card.id: rect for card, rect in zip(graph.cards, placed.cards, strict=True)}
    for edge in graph.edges:
        assert rects[edge.source].bottom < rects[edge.target].y


def test_the_first_operand_stands_left_of_the_second() -> None:
    graph = neuron()
    lefts = {c.name: r.x for c, r in zip(graph.cards, down(graph).cards, strict=True)}
    assert lefts["w₁"] < lefts["x₁"] < lefts["w₂"] < lefts["x₂"]


def test_cards_and_labels_are_as_large_as_in_the_other_direction() -> None:
    graph = mlp()
    sizes = measure(graph, "down")
    placed = down(graph)
    assert [(r.width, r.height) for r in placed.cards] == list(sizes.cards)
    labels = [None if r is None else (r.width, r.height) for r in placed.labels]
    assert labels == list(sizes.labels)


def test_wires_enter_a_frame_at_its_top_and_leave_it_at_its_bottom() -> None:
    graph = mlp()
    placed = down(graph)
    frames = {frame.path: frame.rect for frame in placed.frames}
    first = frames["MLP", "layers[0]"]
    ends = {(e.source, e.target): r for e, r in zip(graph.edges, placed.routes, strict=True)}
    entering = ends["n0", "n2"]
    assert entering[0].x0 < first.y < entering[-1].x1
    assert all(first.x < run.y < first.right for run in entering if run.x1 > first.y)
    leaving = ends["n4", "n5"]
    assert leaving[0].x0 < first.bottom < leaving[-1].x1
    assert all(first.x < run.y < first.right for run in leaving if run.x0 < first.bottom)


@pytest.mark.parametrize("wires", [[], [40.0], [0.0, 150.0], [40.0, 60.0, 80.0], [10.0, 390.0]])
@pytest.mark.parametrize("width", [60.0, 150.0, 420.0])
def test_a_title_stands_beside_every_wire(wires: list[float], width: float) -> None:
    runs = {key: [Run(0.0, 50.0, y)] for key, y in enumerate(wires)}
    level = Level([Rect(0.0, 0.0, 100.0, 400.0)], runs, {}, 100.0, 0.0, 400.0)
    close_down(level, list(runs), [], (width, 13.0))
    title = level.title
    assert (title.width, title.height) == (13.0, width)
    assert level.top < title.y
    assert title.bottom < level.bottom
    assert title.right < level.boxes[0].x
    for y in wires:
        assert y + 8 < title.y or title.bottom < y - 8
        assert level.runs[wires.index(y)][0].x0 == 0.0


def test_a_long_chain_is_a_page_to_scroll_down_if_asked_for() -> None:
    graph = chain(45)
    drawing = Drawing(graph, engine="builtin", direction="down")
    assert drawing.layout.direction == "down"
    assert drawing.layout.width < 400
    assert drawing.layout.height > 3_000
    assert faults(graph, drawing.layout) == []


def test_a_chain_with_parameters_from_the_side_does_not_drift_away() -> None:
    cards, edges = [Card("n0", "x", "input")], []
    for i in range(1, 61, 2):
        cards += [Card(f"n{i}", f"w{i}", "parameter"), Card(f"n{i + 1}", f"v{i}")]
        edges += [Edge(f"n{i - 1}", f"n{i + 1}", 0, "· w"), Edge(f"n{i}", f"n{i + 1}", 1, "v ·")]
    graph = Graph(tuple(cards), tuple(edges))
    for engine in INSTALLED:
        placed = down(graph, engine)
        assert faults(graph, placed) == []
        assert placed.width < 800


def test_auto_keeps_what_fits_a_page() -> None:
    assert Drawing(neuron(), engine="builtin").layout.direction == "right"
    assert Drawing(chain(8), engine="builtin").layout.direction == "right"
    wide = Drawing(chain(45), engine="builtin", direction="right").layout
    assert wide.direction == "right"
    assert wide.width > 7_000


def test_a_small_graph_runs_down_if_asked_to() -> None:
    right = Drawing(neuron(), engine="builtin", direction="right")
    below = Drawing(neuron(), engine="builtin", direction="down")
    assert right.svg == Drawing(neuron(), engine="builtin").svg
    assert below.svg == Drawing(neuron(), engine="builtin", direction="down").svg
    assert below.layout.height > right.layout.height
    assert "rankdir=TB" in below.dot().source
    assert "rankdir=LR" in right.dot().source
    assert set(re.findall(r">([^<]+)</tspan>", below.svg)) == set(
        re.findall(r">([^<]+)</tspan>", right.svg)
    )


def test_an_unknown_direction_is_refused() -> None:
    with pytest.raises(ValueError, match=r"direction='up' is not known; expected one of auto, ri"):
        Drawing(neuron(), direction="up")


def test_turning_twice_changes_nothing() -> None:
    placed = down(mlp())
    assert turned(placed).direction == "right"
    assert turned(turned(placed)) == placed


def test_the_forward_lane_points_down_and_the_backward_lane_up() -> None:
    runs = (Run(0.0, 40.0, 10.0), Run(60.0, 100.0, 90.0))
    group = draw_wire(Edge("n0", "n1", rms=1.0), 0, runs, 1.5, down=True)
    forward, head, backward, tail = group.shapes
    assert isinstance(forward, Path)
    assert isinstance(backward, Path)
    assert isinstance(head, Polygon)
    assert isinstance(tail, Polygon)
    assert forward.start[1] == 0.0
    assert forward.steps[-1][1] == pytest.approx(93.0)
    assert head.points[0][1] == 100.0
    assert tail.points[0][1] == 0.0
    # Whoever follows a lane has the other one on the left.
    assert forward.start[0] < 10.0 < backward.start[0]


def test_long_titles_are_broken_in_two_lines_beside_wires() -> None:
    path = ("m",)
    cards = (Card("n0", "x"), Card("n1", "a", cluster=path), Card("n2", "b", cluster=path))
    graph = Graph(
        cards,
        (Edge("n0", "n1"), Edge("n1", "n2")),
        (Cluster(path, "encoder", "TransformerEncoderLayer · 1 000 000 parameters"),),
    )
    across, below = measure(graph).titles[path], measure(graph, "down").titles[path]
    assert below[0] < across[0]
    assert below[1] > across[1]
    assert faults(graph, down(graph)) == []
    texts = re.findall(
        r"<text[^>]*>(.*?)</text>", Drawing(graph, engine="builtin", direction="down").svg
    )
    assert any("encoder<" in text and "Transformer" not in text for text in texts)


def test_the_legend_takes_as_many_lines_as_a_narrow_picture_needs() -> None:
    cards = tuple(Card(f"n{i}", f"v{i}", shape="4", gradient_label="rms") for i in range(9))
    edges = tuple(Edge(a.id, b.id, 0, "⊙ [z > 0]", rms=1.0) for a, b in pairwise(cards))
    edges = (*edges[:-1], Edge("n7", "n8", 0, "gᵀ · x", zero=True))
    graph = Graph(cards, edges)
    heights = {}
    for direction in ("right", "down"):
        drawing = Drawing(graph, engine="builtin", direction=direction)
        legend = next(group for group in drawing.scene.groups if group.kind == "legend")
        heights[direction] = {shape.y for shape in legend.shapes if isinstance(shape, Text)}
        assert max(heights[direction]) + 8 < drawing.scene.height
    assert len(heights["right"]) == 1
    assert len(heights["down"]) > 1
    assert drawing.scene.width < 500
