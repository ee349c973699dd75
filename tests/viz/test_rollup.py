"""Graphs too large to read: rolled up, cut out, or refused."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.scalar import MLP
from tests.viz.geometry import faults
from tests.viz.samples import parsed, texts
from viz import GraphTooLargeError, draw
from viz.plan.rollup import LIMIT


def moons(samples: int) -> ad.Value:
    """The well-known demonstration: an MLP of Values on a few points."""
    rng = np.random.default_rng(0)
    model = MLP(2, [16, 16, 1], rng=rng)
    total = ad.Value(0.0)
    for point in rng.normal(size=(samples, 2)).tolist():
        total = total + ad.relu(1.0 - model(point))
    return total * (1.0 / samples)


def deep(layers: int) -> ad.Tensor:
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        *(nn.Sequential(nn.Linear(4, 4, rng=rng), nn.ReLU()) for _ in range(layers))
    )
    return ad.sum(model(ad.Tensor(np.ones((3, 4)), name="x")))


def test_a_small_graph_is_shown_whole() -> None:
    drawing = draw(deep(3), engine="builtin")
    assert drawing.graph.notice == ""
    assert "group" not in {card.role for card in drawing.graph.cards}


def test_a_large_graph_is_rolled_up_and_says_so() -> None:
    loss = deep(60)
    drawing = draw(loss, gradients=True, fold=False, engine="builtin")
    total = len(ad.topological_order(loss))
    assert total > LIMIT >= len(drawing.graph.cards)
    assert drawing.graph.notice.startswith(f"Rolled up: {total} nodes as ")
    assert "modules below depth 1 are one card each" in drawing.graph.notice
    assert "cards of one kind in a row are one card" in drawing.graph.notice
    assert "focus= for what is near a node or roll_up=False" in drawing.graph.notice
    assert any(text.startswith("Rolled up:") for text in texts(parsed(drawing.svg)))
    assert faults(drawing.graph, drawing.layout) == []
    group = next(card for card in drawing.graph.cards if card.role == "group")
    assert group.shape == "3×4"
    assert group.gradient_rms is not None
    assert group.copies == 60
    assert "1200 parameters" in group.tooltip


def test_neurons_of_values_are_fused_and_stacked() -> None:
    loss = moons(3)
    loss.backward()
    drawing = draw(loss, engine="builtin")
    names = [card.name for card in drawing.graph.cards]
    assert {"16 × a⁽¹⁾", "16 × a⁽²⁾"} <= set(names)
    assert {"48 × parameter", "272 × parameter", "17 × parameter"} <= set(names)
    stack = next(card for card in drawing.graph.cards if card.name == "16 × a⁽¹⁾")
    assert stack.formula == "= w · x + b → relu"
    assert stack.shape == "16"
    assert stack.value_histogram is not None
    assert stack.gradient_rms is not None
    assert "cards of one structure and depth are stacked" in drawing.graph.notice
    assert {e.local for e in drawing.graph.edges} >= {"256 wires", "3 wires"}
    (frame,) = drawing.graph.clusters
    assert frame.title == "one sample"
    assert frame.copies == 3
    assert not any(edge.loop for edge in drawing.graph.edges)
    assert faults(drawing.graph, drawing.layout) == []


def test_roll_up_can_be_forbidden_and_forced() -> None:
    loss = deep(60)
    whole = draw(loss, roll_up=False, fold=False, engine="builtin")
    assert len(whole.graph.cards) == len(ad.topological_order(loss))
    small = draw(deep(2), roll_up=True, engine="builtin")
    assert len(small.graph.cards) <= 3
    assert "Rolled up" in small.graph.notice


def test_depth_folds_modules() -> None:
    loss = deep(3)
    counts = [len(draw(loss, depth=d, fold=False).graph.cards) for d in range(4)]
    assert counts[0] == 3
    assert counts == sorted(counts)
    assert counts[3] == len(ad.topological_order(loss))
    drawing = draw(loss, depth=1, engine="builtin")
    assert [card.name for card in drawing.graph.cards if card.role == "group"] == [
        "[0]", "[1]", "[2]",
    ]  # fmt: skip
    assert faults(drawing.graph, drawing.layout) == []


def test_focus_cuts_out_what_is_near() -> None:
    x, y = ad.Value(1.0, name="x"), ad.Value(2.0, name="y")
    node = x * y
    middle = node
    for _ in range(10):
        node = ad.tanh(node)
    drawing = draw(node, focus="x", hops=2, engine="builtin")
    assert len(drawing.graph.cards) == 4
    assert "Shown: 4 of 13 nodes, those within 2 wires of x." in drawing.graph.notice
    assert len(draw(node, focus=middle, hops=1, engine="builtin").graph.cards) == 4
    assert draw(node, focus=middle, hops=50, engine="builtin").graph.notice == ""


def test_a_focus_that_is_not_there_is_refused() -> None:
    x = ad.Value(1.0, name="x")
    y = ad.tanh(x)
    with pytest.raises(ValueError, match=r"no node of the graph has the name 'q'.*names are: x"):
        draw(y, focus="q")
    with pytest.raises(ValueError, match=r"not part of the graph that is drawn; give one that"):
        draw(y, focus=ad.Value(1.0))


def test_too_many_cards_are_refused_with_the_ways_out() -> None:
    x = ad.Value(1.0, name="x")
    node = x
    for index in range(80):
        node = ad.tanh(node + x)
        node.name = f"h{index}"
    with pytest.raises(GraphTooLargeError) as caught:
        draw(node, max_nodes=50, roll_up=False)
    message = str(caught.value)
    assert "161 nodes in 161 cards, more than the 50" in message
    assert "focus=node, hops=2" in message
    assert "depth=0" in message
    assert "max_nodes=161" in message
    whole = draw(node, max_nodes=161, roll_up=False, engine="builtin")
    assert len(whole.graph.cards) == 161


def test_a_chain_of_any_length_is_one_card() -> None:
    node = ad.Value(0.1, name="x")
    for _ in range(6_000):
        node = ad.tanh(node)
    with pytest.raises(GraphTooLargeError, match=r"6001 nodes.* more than the 5000"):
        draw(node, roll_up=False)
    start, row = draw(node, engine="builtin").graph.cards
    assert (start.name, row.copies) == ("x", 6_000)


def test_a_shared_module_rolls_up_without_a_cycle() -> None:
    layer = nn.Sequential(nn.Linear(3, 3, rng=np.random.default_rng(1)), nn.Tanh())
    x = ad.Tensor(np.ones((2, 3)), name="x")
    for _ in range(4):
        x = layer(ad.exp(x) - 1.0)
    drawing = draw(ad.sum(x), depth=0, engine="builtin")
    names = [card.name for card in drawing.graph.cards if card.role == "group"]
    assert names == ["Sequential"] * 4
    assert faults(drawing.graph, drawing.layout) == []


def test_only_what_has_one_shape_is_stacked() -> None:
    rng = np.random.default_rng(0)
    shapes = [(2, 3), (2, 3), (4,), (4,), (4,), ()]
    leaves = [ad.Tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    loss = ad.Tensor(0.0, requires_grad=True, name="start")
    for leaf in leaves:
        loss = loss + ad.sum(ad.tanh(leaf))
    drawing = draw(loss, roll_up=True, engine="builtin")
    stacks = {card.name: card.shape for card in drawing.graph.cards if " × " in card.name}
    assert stacks == {"2 × a": "2×2×3", "3 × a": "3×4"}
    assert faults(drawing.graph, drawing.layout) == []


def test_a_module_with_several_results_says_which_one_it_shows() -> None:
    a, b = ad.Value(1.0, name="a"), ad.Value(2.0, name="b")
    with ad.scope("pair"):
        total, product = a + b, a * b
    drawing = draw(total / product, depth=0, engine="builtin")
    group = next(card for card in drawing.graph.cards if card.role == "group")
    assert group.name == "pair"
    assert group.value_label == "value of p"
    assert group.formula == "p = a · b"


def test_a_network_of_values_is_rolled_up_to_what_can_be_read_with_all_its_labels() -> None:
    model = MLP(3, [4, 4, 1], rng=np.random.default_rng(0))
    batch = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    loss = sum((model(x) - y) ** 2 for x, y in zip(batch, (1.0, -1.0, -1.0, 1.0), strict=True))
    assert len(draw(loss, gradients=True, engine="builtin").graph) <= 40
    assert len(draw(loss, roll_up=False, engine="builtin").graph) > 100
