"""A picture fits a page: rows, what hangs below, loops, and cut columns."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.viz.geometry import faults, within
from tests.viz.samples import mlp, neuron, scattered, tensor_card
from viz import Drawing
from viz.cards.compose import measure
from viz.layout import Layout, layout
from viz.layout.levels import Shape
from viz.model import Card, Cluster, Edge, Graph


def chain(length: int) -> Graph:
    cards = tuple(
        Card(f"n{i}", f"v{i}", gradient_label=f"∂L/∂v{i}", value="0.4794") for i in range(length)
    )
    edges = tuple(
        Edge(a.id, b.id, 0, "∂v/∂u = cos u = 0.8776", rms=1.0) for a, b in pairwise(cards)
    )
    return Graph(cards, edges)


def fan(width: int) -> Graph:
    """Very many operands of one sum."""
    cards = [Card(f"n{i}", f"x{i}", "input", gradient_label="∂L/∂x") for i in range(width)]
    cards.append(Card(f"n{width}", "s", "output"))
    edges = [Edge(f"n{i}", f"n{width}", i, "1", rms=1.0) for i in range(width)]
    return Graph(tuple(cards), tuple(edges))


def network(layers: int) -> Graph:
    """Modules of a linear map, a norm and a slope, each with its parameters."""
    cards = [tensor_card(0, "x", "input")]
    edges: list[Edge] = []
    clusters = [Cluster(("net",), "net", "Sequential")]
    flow = "n0"
    for layer in range(layers):
        path = ("net", f"hidden{layer}")
        clusters.append(Cluster(path, path[1], "64 → 256 · 16 896 parameters"))
        for name, leaves in (("Linear", 1), ("BatchNorm", 2), ("ReLU", 0)):
            number = len(cards)
            for leaf in range(leaves):
                cards.append(tensor_card(number + leaf, f"p{leaf}", "parameter", cluster=path))
            cards.append(tensor_card(number + leaves, name, "group", cluster=path))
            here = cards[-1].id
            edges.append(Edge(flow, here, 0, "· W", rms=0.1))
            edges += [
                Edge(f"n{number + leaf}", here, leaf + 1, "δᵀ · x", rms=0.3)
                for leaf in range(leaves)
            ]
            flow = here
    return Graph(tuple(cards), tuple(edges), tuple(clusters))


def recurrent() -> Graph:
    """A step of a network with its loop; parameters and the first state come from outside."""
    path = ("step",)
    names = ["W", "h₀", "x", "h", "m", "z", "L"]
    inside = {"x", "h", "m", "z"}
    cards = tuple(
        tensor_card(i, name, cluster=path if name in inside else ()) for i, name in enumerate(names)
    )
    wires = [(1, 3), (3, 4), (0, 4), (2, 5), (4, 5), (5, 6)]
    edges = [Edge(f"n{a}", f"n{b}", i % 2, "· Wᵀ", rms=0.1) for i, (a, b) in enumerate(wires)]
    edges.append(Edge("n5", "n3", 0, "× 0.59 on average", rms=0.1, loop=True))
    return Graph(cards, tuple(edges), (Cluster(path, "step", "the same W", 10),))


@pytest.mark.parametrize(
    "graph",
    [
        chain(45),
        chain(300),
        fan(60),
        fan(150),
        network(3),
        network(8),
        recurrent(),
        mlp(),
        neuron(),
    ],
    ids=["chain45", "chain300", "fan60", "fan150", "net3", "net8", "rnn", "mlp", "neuron"],
)
def test_every_picture_has_the_proportions_of_a_page(graph: Graph) -> None:
    drawing = Drawing(graph, engine="builtin")
    assert 0.5 <= drawing.scene.width / drawing.scene.height <= 3.0
    assert faults(graph, drawing.layout) == []


def test_a_small_picture_stays_as_it_is() -> None:
    for graph in (neuron(), chain(4)):
        auto = Drawing(graph, engine="builtin").layout
        assert auto == Drawing(graph, engine="builtin", direction="right").layout
        assert not auto.small


def test_rows_are_read_like_text() -> None:
    graph = chain(45)
    placed = Drawing(graph, engine="builtin").layout
    steps = list(pairwise(placed.cards))
    breaks = [(a, b) for a, b in steps if b.x < a.x]
    assert len(breaks) >= 3
    assert all(b.y > a.bottom for a, b in breaks)
    assert all(a.y == pytest.approx(b.y, abs=2) for a, b in steps if b.x > a.x)


def test_a_module_is_not_torn_where_it_fits_a_row() -> None:
    graph = network(3)
    placed = Drawing(graph, engine="builtin").layout
    for frame in placed.frames:
        if len(frame.path) == 2:
            inside = [
                rect
                for card, rect, number in zip(
                    graph.cards, placed.cards, range(len(graph.cards)), strict=True
                )
                if card.cluster == frame.path and number not in placed.small
            ]
            assert all(a.x < b.x for a, b in pairwise(inside))


def test_parameters_hang_below_what_uses_them() -> None:
    graph = network(3)
    placed = Drawing(graph, engine="builtin").layout
    number = {card.id: i for i, card in enumerate(graph.cards)}
    parameters = {i for i, card in enumerate(graph.cards) if card.role == "parameter"}
    assert placed.small == parameters
    for edge, runs in zip(graph.edges, placed.routes, strict=True):
        if number[edge.source] in parameters:
            small, card = placed.cards[number[edge.source]], placed.cards[number[edge.target]]
            assert small.y > card.bottom
            assert [run.x0 for run in runs] == [run.x1 for run in runs]
            assert card.x < runs[0].x0 < card.right
            assert small.x < runs[0].x0 < small.right


def test_the_flow_does_not_hang() -> None:
    """Of operands that are all leaves, the input stays where the flow comes from."""
    graph = network(6)
    placed = Drawing(graph, engine="builtin").layout
    assert 0 not in placed.small


def test_a_loop_leads_around_its_frame() -> None:
    graph = recurrent()
    placed = Drawing(graph, engine="builtin").layout
    (frame,) = placed.frames
    runs = placed.routes[-1]
    back = [run for run in runs if run.x1 < run.x0]
    assert len(back) == 1
    assert back[0].y > frame.rect.bottom
    assert back[0].x0 > frame.rect.right
    assert back[0].x1 < frame.rect.x
    assert frame.pill is not None
    assert frame.pill.y < back[0].y < frame.pill.bottom
    svg = Drawing(graph, engine="builtin").svg
    assert ">× 10</tspan>" in svg


@pytest.mark.parametrize("turns", [1, 3])
def test_loops_of_nested_frames(turns: int) -> None:
    inner, outer = ("a", "b"), ("a",)
    cards = tuple(
        tensor_card(i, f"v{i}", cluster=inner if 1 <= i <= 3 else outer) for i in range(5)
    )
    edges = [Edge(a.id, b.id, rms=0.1) for a, b in pairwise(cards)]
    edges += [Edge("n3", "n1", n, "· A", rms=0.1, loop=True) for n in range(turns)]
    edges.append(Edge("n4", "n0", 0, "· B", "0.5", rms=0.1, loop=True))
    clusters = (Cluster(outer, "a", "outer", 4), Cluster(inner, "b", "inner", 7))
    graph = Graph(cards, tuple(edges), clusters)
    for direction in ("right", "down"):
        placed = layout(graph, measure(graph, direction), "builtin", direction=direction)
        assert faults(graph, placed) == []
        assert sum(frame.pill is not None for frame in placed.frames) == 2


def with_parameters(graph: Graph, seed: int) -> Graph:
    """The graph, and before some of its cards up to three leaves that nothing else reads."""
    rng = random.Random(seed)
    leaves: list[Card] = []
    edges: list[Edge] = []
    for card in graph.cards:
        for _ in range(rng.choice((0, 0, 1, 2, 3))):
            leaf = tensor_card(1_000 + len(leaves), f"p{len(leaves)}", "parameter")
            leaves.append(replace(leaf, cluster=rng.choice((card.cluster, ()))))
            edges.append(Edge(leaf.id, card.id, 9, rng.choice(("", "Σ rows", "δᵀ · x")), rms=0.1))
    return Graph((*leaves, *graph.cards), (*graph.edges, *edges), graph.clusters)


def _shaped(graph: Graph, shape: Shape) -> Layout:
    return layout(graph, measure(graph), "builtin", shape=shape)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    size=st.integers(1, 40),
    width=st.sampled_from([300.0, 700.0, 1500.0]),
    height=st.sampled_from([200.0, 500.0, float("inf")]),
    hang=st.booleans(),
    loops=st.integers(0, 2),
)
def test_nothing_overlaps_in_any_shape(
    seed: int, size: int, width: float, height: float, hang: bool, loops: int
) -> None:
    graph = scattered(seed, size)
    back = tuple(
        Edge(f"n{size - 1 - n}", f"n{n}", 0, "back", rms=1.0, loop=True)
        for n in range(min(loops, size))
    )
    graph = Graph(graph.cards, (*graph.edges, *back), graph.clusters)
    graph = with_parameters(graph, seed)
    assert faults(graph, _shaped(graph, Shape(width, height, hang))) == []


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(20, 50))
def test_random_graphs_fit_a_page(seed: int, size: int) -> None:
    graph = scattered(seed, size)
    scene = Drawing(graph, engine="builtin").scene
    assert 0.5 <= scene.width / scene.height <= 3.0


def test_two_wires_turn_back_without_crossing() -> None:
    """Where two chains run side by side, the turn keeps the upper one above."""
    cards = tuple(Card(f"n{i}", f"v{i}") for i in range(24))
    edges = tuple(Edge(f"n{i}", f"n{i + 2}") for i in range(22))
    graph = Graph(cards, edges)
    placed = _shaped(graph, Shape(700.0))
    assert faults(graph, placed) == []
    upper = [placed.cards[i].y for i in range(0, 24, 2)]
    lower = [placed.cards[i].y for i in range(1, 24, 2)]
    assert all(a < b for a, b in zip(upper, lower, strict=True))


def test_every_card_of_rows_stands_in_the_frame_of_its_module() -> None:
    graph = network(5)
    placed = _shaped(graph, Shape(700.0, hang=True))
    assert faults(graph, placed) == []
    for card, rect in zip(graph.cards, placed.cards, strict=True):
        inside = {f.path for f in placed.frames if within(rect, f.rect)}
        assert inside == {card.cluster[:depth] for depth in range(1, len(card.cluster) + 1)}
