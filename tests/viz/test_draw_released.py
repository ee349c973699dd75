"""`draw(loss)` after `loss.backward()`: the picture without the numbers that were released."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.viz.geometry import faults
from tests.viz.samples import card, edge, parsed, texts
from viz import Graph, draw
from viz.text.formatting import MISSING


def network(rows: int, width: int = 16) -> tuple[nn.Module, ad.Tensor, ad.Tensor]:
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.Linear(2, width, rng=rng), nn.Tanh(), nn.Linear(width, 2, rng=rng))
    x = ad.Tensor(rng.normal(size=(rows, 2)).astype(np.float32), name="X")
    h = net[:2](x)
    h.name = "h"
    return net, h, nn.functional.cross_entropy(net[2](h), rng.integers(0, 2, rows))


def bare(graph: Graph) -> Graph:
    """A graph of which only the structure, shapes, names and lines are left."""
    cards = tuple(
        replace(
            c, value="", value_label="", gradient="", value_histogram=None,
            gradient_histogram=None, gradient_rms=None,
        )
        for c in graph.cards
    )  # fmt: skip
    edges = tuple(replace(e, rms=None, zero=False, flow="") for e in graph.edges)
    return replace(graph, cards=cards, edges=edges, notice="")


@pytest.mark.parametrize("rows", [8, 4000])
def test_only_numbers_are_missing(rows: int) -> None:
    net, _, loss = network(rows)
    loss.backward(retain_graph=True)
    whole = draw(loss, engine="builtin")
    loss.backward()
    released = draw(loss, engine="builtin")
    assert bare(released.graph) == bare(whole.graph)
    for before, after in zip(whole.graph.cards, released.graph.cards, strict=True):
        if before.role in ("input", "parameter", "constant"):
            assert after.value == before.value
        assert (after.value == MISSING) is (before.role == "op")
    assert card(released, "L").value == card(whole, "L").value
    # Two passes added up.
    weight = net[0].weight
    assert card(released, "W₁").gradient_rms == pytest.approx(np.sqrt(np.mean(weight.grad**2)))
    assert card(released, "h").gradient == MISSING
    assert edge(released, "X", "m₁").rms is None
    notice = (
        "—: released by backward(); to keep these numbers call backward(retain_graph=True), "
        "or draw before backward()."
    )
    assert released.graph.notice == notice
    assert notice in " ".join(texts(parsed(released.svg)))
    assert whole.graph.notice == ""
    assert faults(released.graph, released.layout) == []


@pytest.mark.parametrize("rows", [8, 4000])
def test_nodes_that_the_user_holds_can_be_named(rows: int) -> None:
    _, h, loss = network(rows)
    loss.backward()
    near = draw(loss, focus=h, hops=1, engine="builtin")
    assert len(near.graph.cards) == 3
    assert card(near, "h").value == MISSING
    assert draw(loss, focus="h", hops=1, engine="builtin").graph == near.graph
    named = draw(loss, roles={h: "group"}, engine="builtin")
    assert card(named, "h").role == "group"


def test_gradients_cannot_be_worked_out_any_more() -> None:
    _, _, loss = network(8)
    loss.backward()
    with pytest.raises(ad.FreedGraphError, match=r"backward\(retain_graph=True\)"):
        draw(loss, gradients=True)
    without = draw(loss, gradients=False, engine="builtin")
    assert {c.gradient for c in without.graph.cards} == {MISSING}


def test_a_gradient_that_was_kept_is_shown() -> None:
    _, h, loss = network(8)
    h.retain_grad()
    loss.backward()
    assert card(draw(loss, engine="builtin"), "h").gradient != MISSING


def test_the_graph_before_the_latest_is_gone() -> None:
    _, _, first = network(8)
    first.backward()
    _, _, second = network(8)
    second.backward()
    with pytest.raises(
        ad.FreedGraphError, match=r"\(retain_graph=True\).*draw before.*`import viz` above"
    ):
        draw(first)
    assert len(draw(second, engine="builtin").graph.cards) == 14


def test_values_and_tensors_in_one_graph() -> None:
    a, b = ad.Value(1.0, name="a"), ad.Value(2.0, name="b")
    t = ad.stack([a * b, b])
    loss = ad.values(t * t)[0] * 2.0
    whole = draw(loss, engine="builtin")
    loss.backward()
    released = draw(loss, engine="builtin")
    assert [c.name for c in released.graph.cards] == [c.name for c in whole.graph.cards]
    assert card(released, "a").gradient == "16"
    assert card(released, "p₁").value == "2"
    assert faults(released.graph, released.layout) == []


@pytest.mark.parametrize("options", [{"depth": 0}, {"roll_up": True}])
def test_rolled_up(options: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    x = [ad.Tensor(rng.normal(size=(4, 3)), name=f"x{i}") for i in range(6)]
    w = ad.Tensor(rng.normal(size=(3, 3)), requires_grad=True, name="w")
    parts = []
    for one in x:
        with ad.scope("part", "Part"):
            parts.append(ad.tanh(one @ w))
    loss = ad.mean(ad.concatenate(parts))
    whole = draw(loss, engine="builtin", **options)
    loss.backward()
    released = draw(loss, engine="builtin", **options)
    assert len(released.graph.cards) == len(whole.graph.cards)
    assert "Rolled up" in released.graph.notice
    assert released.graph.notice.startswith("—: released")
    assert faults(released.graph, released.layout) == []


def test_masks_of_dropout_that_are_gone() -> None:
    x = ad.Tensor(np.ones((1500, 1000)), requires_grad=True, name="x")
    y: Any = x
    for _ in range(3):
        y = y * ad.Tensor(np.ones((1500, 1000)))
    loss = ad.sum(y)
    del y
    loss.backward()
    cards = draw(loss, engine="builtin").graph.cards
    assert [c.value for c in cards if c.role == "constant"].count(MISSING) == 2
