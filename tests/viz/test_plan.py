"""What holds for the plan and the picture of any graph."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff as ad
import nn
from tests.viz.unrolled import LOOPS, rnn
from viz import draw
from viz.model import Graph
from viz.networks.places import place_neurons
from viz.plan.build import Builder
from viz.plan.flows import Flows
from viz.plan.rollup import LIMIT, WHOLE, make_plan
from viz.plan.units import Plan, in_order
from viz.read.gradients import picture_gradients
from viz.read.skeleton import skeleton
from viz.read.statistics import rms


def grown(choices: list[int], tensors: bool) -> ad.Node:
    """A graph grown by a list of numbers: operations, scopes and repeated stretches."""
    rng = np.random.default_rng(len(choices))

    def leaf(number: int) -> ad.Node:
        name = f"{'xwb'[number % 3]}{number}"
        if not tensors:
            return ad.Value(0.5 + 0.1 * number, name=name)
        return ad.Tensor(rng.normal(size=3), requires_grad=number % 3 > 0, name=name)

    nodes: list[ad.Node] = [leaf(number) for number in range(4)]
    operations = [ad.tanh, ad.sin, ad.add, ad.multiply, ad.subtract, ad.relu]
    for place, choice in enumerate([*choices, *choices[-6:] * (choices[0] % 5)]):
        operation = operations[choice % 6]
        first, second = nodes[-1 - choice % 3], nodes[(choice * 7 + place) % len(nodes)]
        both = operation in (ad.add, ad.multiply, ad.subtract)
        with ad.scope(f"part{choice % 2}", "Part") if choice % 5 == 0 else ad.enable_grad():
            nodes.append(operation(first, second) if both else operation(first))
    root = sum(nodes[-3:], start=nodes[1] * 1.0)
    return ad.sum(root) if tensors else root


def planned(root: ad.Node, **settings: object) -> tuple[Builder, Plan]:
    graph = skeleton(root, {}, False)
    place_neurons(graph, root, {})
    asked = {"depth": None, "roll_up": None, **settings}
    plan = make_plan(graph, range(len(graph.nodes)), **asked)  # type: ignore[arg-type]
    return Builder(graph, picture_gradients(root, graph.nodes, True)), plan


SETTINGS: tuple[dict[str, object], ...] = (
    {},
    {"roll_up": True},
    {"roll_up": False},
    {"depth": 0},
    {"depth": 1},
)


GROWN = st.lists(st.integers(0, 29), min_size=1, max_size=40)


@settings(max_examples=6, deadline=None)
@given(GROWN, st.booleans(), st.sampled_from(SETTINGS))
def test_every_node_is_on_one_card_and_no_card_before_what_it_needs(
    choices: list[int], tensors: bool, asked: dict[str, object]
) -> None:
    _check(grown(choices, tensors), [asked])


@pytest.mark.exhaustive
@settings(max_examples=150, deadline=None)
@given(GROWN, st.booleans())
def test_that_holds_in_every_way_of_drawing(choices: list[int], tensors: bool) -> None:
    _check(grown(choices, tensors), SETTINGS)


def _check(root: ad.Node, ways: Iterable[dict[str, object]]) -> None:
    for asked in ways:
        builder, plan = planned(root, **asked)
        members = [i for unit in plan.units for i in unit.members]
        assert sorted(members) == plan.view.nodes
        behind = [plan.unit(i) for i in range(len(builder.graph.nodes))]
        assert set(behind) == {n for n, unit in enumerate(plan.units) if unit.members}
        assert min(behind) >= 0
        for number, unit in enumerate(plan.units):
            for member in unit.members:
                for position in range(len(plan.view.operands[member])):
                    assert plan.source(member, position) <= number
        graph = draw(root, gradients=True, engine="builtin", **asked).graph  # type: ignore[arg-type]
        assert len(graph) == len(plan.units)
        _check_notice(graph, len(builder.graph.nodes))
        _check_gradients(builder, plan, graph)


def _check_notice(graph: Graph, total: int) -> None:
    if len(graph) < total:
        found = re.match(r"Rolled up: (\d+) nodes as (\d+) cards", graph.notice)
        assert found is not None
        assert (int(found[1]), int(found[2])) == (total, len(graph))
    else:
        assert "Rolled up" not in graph.notice


def _check_gradients(builder: Builder, plan: Plan, graph: Graph) -> None:
    """Of every node that has a card, and on every wire that alone leads back to one."""
    for unit, card in zip(plan.units, graph.cards, strict=True):
        if unit.kind == "node":
            gradient = builder.gradient(unit.members[0])
            expected = None if gradient is None else pytest.approx(rms(gradient))
            assert card.gradient_rms == expected
            wires = [w for w in graph.edges if w.source == card.id and w.differentiable]
            if len(wires) == 1 and gradient is not None and not wires[0].loop:
                target = plan.units[int(wires[0].target[1:])].members[0]
                several = {w.source for w in graph.edges if w.loop} | {c.twin for c in graph.cards}
                entries = plan.view.entries
                if entries.isdisjoint((target, unit.members[0])) and card.id not in several:
                    assert wires[0].rms == pytest.approx(rms(gradient), abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 29), min_size=1, max_size=25))
def test_what_all_uses_send_back_is_the_gradient(choices: list[int]) -> None:
    for tensors in (True, False):
        builder, plan = planned(grown(choices, tensors))
        flows, graph = Flows(builder, plan), builder.graph
        for index, readers in enumerate(graph.readers):
            uses = {
                (reader, position)
                for reader in readers
                for position, operand in enumerate(graph.operands[reader])
                if operand == index
            }
            gradient = builder.gradient(index)
            if gradient is not None and len(uses) > 1:
                assert flows.total(sorted(uses)) == pytest.approx(gradient, rel=1e-9, abs=1e-12)


def test_a_matrix_used_as_its_transpose_receives_the_transpose() -> None:
    w = ad.Tensor(np.arange(9.0).reshape(3, 3) / 10, requires_grad=True, name="W")
    x = ad.Tensor(np.eye(3)[:2], name="x")
    builder, plan = planned(ad.sum(ad.tanh(ad.sin(x @ w.T) @ w.T)))
    graph = builder.graph
    leaf = graph.roles.index("parameter")
    uses = [(i, row.index(leaf)) for i, row in enumerate(graph.operands) if leaf in row]
    assert len(graph.through) == len(uses) == 2
    assert Flows(builder, plan).total(uses) == pytest.approx(builder.gradient(leaf), rel=1e-12)


def chained(count: int) -> ad.Value:
    node = ad.Value(0.5, name="x")
    for number in range(count):
        node = ad.sin(node) if number % 2 else ad.exp(-node)
    return node


def diamonds(count: int) -> ad.Value:
    node = ad.Value(0.5, name="x")
    for _ in range(count):
        node = ad.tanh(node) * ad.sin(node)
    return node


def fan(count: int) -> ad.Value:
    x = ad.Value(0.5, name="x")
    return ad.total([ad.sin(x * float(number)) for number in range(count)])


SHAPES = {
    "one node": (lambda: ad.Value(1.0, name="x"), 1),
    "a chain": (lambda: chained(300), 5),
    "diamonds": (lambda: diamonds(60), 6),
    "a wide fan": (lambda: fan(80), LIMIT),
    "a step that leaves nothing": (lambda: ad.Value(1.0) + 1.0, 2),
    "very long": (lambda: chained(5_000), 5),
}


@pytest.mark.parametrize("name", SHAPES)
def test_graphs_of_every_shape_become_readable(name: str) -> None:
    program, most = SHAPES[name]
    graph = draw(program(), gradients=True, engine="builtin").graph
    assert len(graph) <= most


@pytest.mark.parametrize("name", LOOPS)
def test_a_picture_has_at_most_sixty_cards(name: str) -> None:
    root = LOOPS[name][0]()
    assert len(ad.topological_order(root)) > WHOLE
    assert len(draw(root, engine="builtin").graph) <= LIMIT


def test_parameters_read_far_apart_are_drawn_where_they_are_used() -> None:
    graph = draw(rnn(5)[0], gradients=True, engine="builtin").graph
    ids = {card.id: card for card in graph.cards}
    twins = [card for card in graph.cards if card.twin]
    assert {ids[card.twin].name for card in twins} == {"Wx", "Wh", "b"}
    assert len(twins) == 12
    for card in twins:
        (wire,) = [edge for edge in graph.edges if card.id in (edge.source, edge.target)]
        assert (wire.source, card.name) == (card.id, ids[card.twin].name)
    sizes = [wire.rms for wire in graph.edges if ids[wire.source].name == "Wh"]
    assert len(set(sizes)) == 5
    assert not any(card.twin for card in draw(rnn(5)[0], roll_up=False).graph.cards)


def test_folded_modules_say_what_they_compute_and_what_a_gradient_meets() -> None:
    rng = np.random.default_rng(0)
    layers = [part for _ in range(9) for part in (nn.Linear(4, 4, rng=rng), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Linear(4, 3, rng=rng))
    loss = nn.CrossEntropyLoss()(model(ad.Tensor(rng.normal(size=(8, 4)))), np.arange(8) % 3)
    graph = draw(loss, gradients=True, engine="builtin").graph
    last = [card for card in graph.cards if card.role == "group"][-1]
    assert last.name == "Linear"
    assert re.fullmatch(r"\w+ = a₉ @ W₁₀ᵀ \+ b₁₀", last.formula)
    into = {edge.source: edge for edge in graph.edges if edge.target == last.id}
    ids = {card.id: card.name for card in graph.cards}
    assert {ids[one]: edge.local for one, edge in into.items()} == {
        "ReLU": "· W₁₀", "W₁₀": "gᵀ · a₉", "b₁₀": "Σ rows",
    }  # fmt: skip
    (wire,) = [edge for edge in graph.edges if edge.source == last.id]
    assert wire.local == "(p − y)/n"
    assert wire.rms == pytest.approx(last.gradient_rms, rel=1e-6)
    assert [frame.title for frame in graph.clusters] == ["Sequential"]


def test_units_in_any_order_come_out_in_the_same_order() -> None:
    _, plan = planned(rnn(3)[0])
    assert [u.members for u in in_order(plan.view, plan.units[::-1]).units] == [
        unit.members for unit in in_order(plan.view, plan.units).units
    ]


def test_a_network_of_values_has_levels() -> None:
    from nn.scalar import MLP

    model = MLP(2, [3, 3, 1], rng=np.random.default_rng(0))
    root = (model([ad.Value(1.0, name="x1"), ad.Value(-2.0, name="x2")]) - 1.0) ** 2
    names = [
        [card.name for card in draw(root, depth=depth, engine="builtin").graph.cards]
        for depth in (0, 1)
    ]
    assert [name for name in names[0] if name.startswith("layer")] == [
        "layer 1",
        "layer 2",
        "layer 3",
    ]
    assert sum(name.startswith("neuron") for name in names[1]) == 7
