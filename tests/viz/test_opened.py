"""Cards that are opened beside the picture, and the paths of their factor."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import nn
from viz import draw
from viz.model import Graph, Inset
from viz.plan.build import Builder
from viz.plan.routes import routes
from viz.read.contributions import contributions
from viz.read.gradients import picture_gradients
from viz.read.skeleton import skeleton
from viz.read.statistics import rms


def network(depth: int = 4) -> tuple[ad.Tensor, nn.Sequential]:
    rng = np.random.default_rng(0)
    parts = {
        f"hidden{i}": nn.Sequential(
            {"linear": nn.Linear(6, 6, rng=rng), "norm": nn.BatchNorm1d(6), "act": nn.ReLU()}
        )
        for i in range(1, depth + 1)
    }
    model = nn.Sequential({**parts, "output": nn.Linear(6, 3, rng=rng)})
    x = ad.Tensor(rng.normal(size=(16, 6)).astype(np.float32), name="x")
    loss = nn.CrossEntropyLoss()(model(x), rng.integers(0, 3, 16))
    return loss, model


def opened(root: ad.Node, name: str) -> tuple[Graph, Inset]:
    graph = draw(root, gradients=True, opened=name, engine="builtin").graph
    (inset,) = graph.insets
    return graph, inset


def test_a_batch_norm_opens_with_the_three_paths_of_its_factor() -> None:
    loss, _ = network()
    graph, inset = opened(loss, "hidden2.norm")
    card = next(one for one in graph.cards if one.id == inset.card)
    assert (card.name, card.opens) == ("BatchNorm1d", "opened='hidden2.norm'")
    known = ad.gradients(loss)
    norm = [n for n in known if n.op and n.scope[-1][0] == "norm" and "hidden2" in str(n.scope)]
    by = {n.op.name: n for n in sorted(norm, key=lambda n: n.sequence) if n.op}
    a = by["subtract"].parents[0]
    n, s, delta = by["divide"].data, by["sqrt"].data, known[by["add"]]
    gamma = by["multiply"].parents[1].data
    g = gamma * delta / s
    parts = {
        "straight": g,
        "through the deviation": -n * np.mean(g * n, 0),
        "through the mean": -np.mean(g, 0) + 0 * g,
    }
    sizes = sorted(rms(part) for part in parts.values())
    bars = dict(inset.bars)
    total = bars.pop("sum")
    assert sorted(bars.values()) == pytest.approx(sizes, rel=1e-4)
    assert bars["straight"] == pytest.approx(rms(g), rel=1e-5)
    assert total == pytest.approx(rms(known[a]), rel=1e-5)
    assert rms(sum(parts.values())) == pytest.approx(total, rel=1e-4)
    assert "three paths lead back" in inset.lines[0]
    assert "one more brings nothing" in inset.lines
    assert sum(one.role == "parameter" for one in inset.graph) == 2
    assert next(one for one in inset.graph if one.role == "input").formula == "from Linear"


def test_ways_add_up_to_what_a_part_sends_back() -> None:
    rng = np.random.default_rng(1)
    x = ad.Tensor(rng.normal(size=(3, 5, 4)), requires_grad=True, name="x")
    q, k, v = (x @ ad.Tensor(rng.normal(size=(4, 4)), requires_grad=True) for _ in range(3))
    out = ad.softmax(q @ ad.transpose(k, (0, 2, 1)), axis=-1) @ v
    loss = ad.sum(ad.tanh(out + 0.3 * x))
    graph = skeleton(loss, {}, False)
    builder = Builder(graph, picture_gradients(loss, graph.nodes, True))
    members = [i for i, node in enumerate(graph.nodes) if not node.is_leaf]
    members = [i for i in members if graph.nodes[i].sequence <= out.sequence]
    number = {id(node): index for index, node in enumerate(graph.nodes)}
    result, source = number[id(out)], number[id(x)]
    found = routes(graph, members, result, source, builder.gradient(result))
    assert len(found) == 3
    (sent,) = ad.gradients(out, builder.gradient(result), inputs=[x])
    assert sum(found.values()) == pytest.approx(sent, rel=1e-12)


def test_contributions_are_the_terms_of_a_gradient() -> None:
    x = ad.Tensor(np.arange(1.0, 7.0).reshape(2, 3), requires_grad=True)
    loss = ad.sum(x * x + ad.exp(x[0]) * x[1]) + ad.mean(x.T @ x)
    parts = contributions(loss, lambda node, position: node.parents[position] is x)
    assert len(parts) == 6
    assert sum(parts.values()) == pytest.approx(ad.gradients(loss)[x], rel=1e-12)


def test_what_cannot_be_opened_is_refused_with_what_can() -> None:
    loss, _ = network()
    with pytest.raises(ValueError, match=r"'bias' is no module .* modules are: .*hidden1.norm"):
        draw(loss, opened="bias")
    with pytest.raises(ValueError, match=r"may be any of hidden1.norm, hidden2.norm"):
        draw(loss, opened="norm")
    with pytest.raises(ValueError, match=r"not folded: it is a single operation"):
        draw(loss, opened="hidden1.act")
    with pytest.raises(ValueError, match=r"not folded: its operations have cards already"):
        draw(loss, opened="hidden1.norm", roll_up=False)


def test_other_cards_of_several_nodes_open_by_their_name() -> None:
    h = ad.Tensor(np.zeros((2, 3)), name="h")
    w = ad.Tensor(np.eye(3), requires_grad=True, name="w")
    for _ in range(15):
        h = ad.tanh(h @ w + 1.0)
    loss = 0.5 * ad.sum((h - 2.0) ** 2)
    loss.name = "L"
    _, inset = opened(loss, "L")
    assert [one.role for one in inset.graph if one.role == "output"] == ["output"]
    assert inset.title == "L"
    assert inset.bars == ()


def test_several_are_opened_in_the_order_given() -> None:
    loss, _ = network()
    names = ("hidden3.norm", "hidden1.norm")
    graph = draw(loss, gradients=True, opened=names, engine="builtin").graph
    assert [inset.title.split()[0] for inset in graph.insets] == list(names)


def test_without_gradients_an_opened_card_has_no_bars() -> None:
    loss, _ = network()
    (inset,) = draw(loss, gradients=False, opened="hidden1.norm", engine="builtin").graph.insets
    assert inset.bars == ()
    assert len(inset.graph) == 8
