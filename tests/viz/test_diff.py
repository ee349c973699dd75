"""Two passes compared: what is planted is found, and what is equal is called so."""

from __future__ import annotations

import itertools
import json
import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest

import autodiff as ad
import viz
from tests.viz.planted_changes import KINDS, Planted, plant
from viz.draw.scene import Path
from viz.text.formatting import number, percent

WANTED = 26
"""Planted changes of each kind."""


def planted(kind: str) -> list[Planted]:
    found = (plant(kind, seed, bool(seed % 2)) for seed in itertools.count())
    return list(itertools.islice((one for one in found if one is not None), WANTED))


def located(change: Planted) -> str:
    """Empty if the first finding is the change that was planted; else what went wrong."""
    d = viz.diff(change.a, change.b)
    if d.first is None:
        return "nothing found"
    side = 0 if change.kind == "missing" else 1
    number = d.nodes[d.first.place].pair[side]
    graph = ad.topological_order(change.a if side == 0 else change.b)
    if number is None or graph[number] is not change.node:
        return f"{d.first.kind} elsewhere"
    return "" if d.first.kind == change.kind else f"called {d.first.kind}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_change_is_located(kind: str) -> None:
    verdicts = Counter(located(change) for change in planted(kind))
    assert verdicts == {"": WANTED}


def network(dtype: type = np.float64, *, cut: bool = False, scale: float = 1.0) -> ad.Tensor:
    """Two branches of one hidden layer; in one of them the gradient may be cut."""
    rng = np.random.default_rng(0)
    numbers = {"Wh": (6, 12), "Wu": (12, 12), "Wr": (12, 12), "Wo": (12, 2)}
    w = {
        name: ad.Tensor(
            (rng.standard_normal(shape) / 2).astype(dtype), requires_grad=True, name=name
        )
        for name, shape in numbers.items()
    }
    x = ad.Tensor(rng.standard_normal((32, 6)).astype(dtype), name="x")
    h = ad.tanh(x @ w["Wh"])
    u = ad.tanh(h @ w["Wu"]) * scale
    r = ad.relu(h @ w["Wr"])
    out = (u + (r.detach() if cut else r)) @ w["Wo"]
    return (out * out).mean()


def test_equal_passes_are_called_equal() -> None:
    for d in (viz.diff(network(), network()), viz.diff(network(np.float32), network())):
        assert d.equal
        assert d.first is None
        assert d.headline == "the two passes agree in every value and every gradient"
        assert not d.name
    # The roundings of float32 are not those of float64.
    assert not viz.diff(network(np.float32), network(), rtol=1e-12).equal


def test_what_follows_from_a_cut_is_said_and_measured() -> None:
    d = viz.diff(network(np.float32), network(cut=True), labels=("ours", "theirs"))
    assert d.first is not None
    assert (d.first.kind, d.first.forward, len(d.findings)) == ("cut", False, 1)
    by_name = {c.shown.name: c for c in d.nodes}
    cut = d.nodes[d.first.place]
    assert cut.shown.op == "relu"
    assert cut.gradient.missing
    assert by_name["Wu"].equal
    assert by_name["Wr"].single
    # Δ of Wh, once more from two sweeps of the engine.
    whole, part = network(), network(cut=True)
    grads = []
    for loss in (whole, part):
        loss.backward(retain_graph=True)
        leaf = next(n for n in ad.topological_order(loss) if n.name == "Wh")
        grads.append(np.asarray(leaf.grad))
    apart = np.sqrt(np.mean((grads[0] - grads[1]) ** 2))
    assert by_name["Wh"].gradient.apart == pytest.approx(apart, rel=1e-5)
    relative = apart / max(np.sqrt(np.mean(g**2)) for g in grads)
    assert by_name["Wh"].gradient.relative == pytest.approx(relative, rel=1e-5)
    text = str(d)
    assert "in theirs, r is detached (test_diff.py:" in text
    assert f"Wh is {100 * relative:.2g} % off" in text


def test_a_snapshot_outlives_an_update_in_place() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True, name="w")
    before = viz.snapshot((w * w).sum(), "before")
    w.data = w.data - 0.1
    d = viz.diff(before, viz.snapshot((w * w).sum(), "after"))
    assert d.labels == ("before", "after")
    assert d.first is not None
    assert (d.first.kind, d.name) == ("value", "w")
    assert before.nodes[0].value is not None
    assert before.nodes[0].value.tolist() == [1.0, 2.0]


def test_numbers_from_elsewhere_are_compared_by_name() -> None:
    loss = network()
    ours = viz.snapshot(loss)
    gradients = {n.name: n.gradient for n in ours if n.is_leaf and n.needs_gradient}
    assert viz.diff(loss, gradients=gradients).equal
    wrong = {**gradients, "Wr": 1.001 * gradients["Wr"]}
    d = viz.diff(loss, gradients=wrong)
    assert d.first is not None
    assert d.name.endswith("/∂Wr")
    assert d.first.kind == "gradient"
    # What reads it is not known elsewhere, and so not that it agrees.
    assert "equal gradients" not in d.headline
    d = viz.diff(loss, values={"Wh": np.zeros((6, 12))})
    assert d.first is not None
    assert (d.first.kind, d.name) == ("value", "Wh")


def test_a_module_is_compared_by_the_paths_of_its_parameters() -> None:
    import nn

    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))
    loss = (model(ad.Tensor(np.ones((4, 3)))) ** 2).mean()
    ours = {path: p.data for path, p in model.named_parameters()}
    assert viz.diff(loss, values=ours).equal
    d = viz.diff(loss, values={**ours, "2.weight": ours["2.weight"] + 1})
    assert d.first is not None
    assert d.nodes[d.first.place].shown.dotted == "2.weight"


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda loss: viz.diff(loss), TypeError, "give another one, or numbers"),
        (lambda loss: viz.diff(loss, loss, values={"x": 1}), TypeError, "give one of them"),
        (lambda loss: viz.diff(loss, 3.0), TypeError, "was given 'float'"),
        (lambda loss: viz.diff(loss, values={"nope": 1}), ValueError, "no node is called 'nope'"),
        (lambda loss: viz.diff(loss, values={"Wh": 1}), ValueError, "the node's is (6, 12)"),
        (lambda loss: viz.diff(loss, loss, engine="x"), ValueError, "engine='x' is not known"),
        (lambda loss: viz.diff(loss, loss, labels=("a",)), ValueError, "are not two names"),
        (lambda loss: viz.diff(loss, loss, rtol=-1.0), ValueError, "from 0 on"),
        (lambda loss: viz.snapshot([loss]), TypeError, "snapshot() was given 'list'"),
    ],
)
def test_bad_calls_say_what_is_wrong(call, error, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as caught:
        call(network())
    assert said in str(caught.value)


def test_after_an_ordinary_backward_the_leaves_are_compared() -> None:
    one, other = network(), network(scale=1.5)
    one.backward()
    other.backward()
    d = viz.diff(viz.snapshot(other), network(scale=1.5))
    assert d.equal
    with pytest.raises(ad.FreedGraphError):
        viz.snapshot(one)


def test_pictures_and_files(tmp_path) -> None:  # type: ignore[no-untyped-def]
    d = viz.diff(network(), network(cut=True, scale=1.1), engine="builtin")
    for form in ("svg", "html", "txt", "json"):
        assert d.save(tmp_path / f"d.{form}").stat().st_size > 500
    assert "first difference" in d.svg
    told = json.loads((tmp_path / "d.json").read_text("utf-8"))
    assert told["findings"][0]["kind"] == "operands"
    assert d.svg == viz.diff(network(), network(cut=True, scale=1.1), engine="builtin").svg


def test_a_large_graph_is_shown_around_its_difference() -> None:
    def chain(slope: float) -> ad.Value:
        v = x = ad.Value(0.5, name="x")
        for step in range(400):
            v = ad.tanh(v * 1.1) + x * (slope if step == 150 else 0.1)
        return v

    d = viz.diff(chain(0.1), chain(0.2), engine="builtin")
    assert d.first is not None
    assert d.first.kind == "operands"
    assert "x · 0.1, b x · 0.2" in d.headline
    assert len(d.nodes) == 1604
    assert d.scene.width < 6000
    assert "cards" in d.svg


def drawn(d: viz.Difference) -> list[str]:
    root = ET.fromstring(d.svg)
    return ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]


def test_long_labels_stand_once_and_not_on_cards() -> None:
    labels = ("before the change of Monday", "after it")
    d = viz.diff(network(), network(scale=1.5), labels=labels, engine="builtin")
    assert sum(labels[0] in text for text in drawn(d)) <= 5
    assert any(text.endswith(f"a: {labels[0]}, b: {labels[1]}") for text in drawn(d))


def test_cards_say_what_is_in_one_pass_alone_and_which_shapes_differ() -> None:
    d = viz.diff(network(), network(cut=True), engine="builtin")
    wr = next(node for node in d.passes[0] if node.called == "Wr")
    assert wr.gradient is not None
    assert f"only in a{number(float(np.sqrt(np.mean(wr.gradient**2))))}" in "".join(drawn(d))
    assert "detached" in drawn(d)

    def summed(axis: int) -> ad.Tensor:
        x = ad.Tensor(np.ones((2, 3)), requires_grad=True, name="x")
        return ad.tanh(x.sum(axis=axis)).sum()

    shapes = viz.diff(summed(0), summed(1), engine="builtin")
    assert "3 ≠ 2" in "".join(drawn(shapes))


def test_a_gradient_that_differs_comes_along_a_wire_that_shows_it() -> None:
    def loss(factor: float) -> ad.Value:
        return ad.Value(2.0, name="x") * ad.Value(factor, name="w")

    d = viz.diff(loss(3.0), loss(4.0), engine="builtin")
    wires = [g for g in d.scene.groups if g.kind == "wire" and g.label.startswith("x")]
    assert "difference-lane" in {s.style for g in wires for s in g.shapes if isinstance(s, Path)}


def test_numbers_without_a_name_are_no_differences_of_their_own() -> None:
    def loss(halved: bool) -> ad.Value:
        x = ad.Value(2.0, name="x")
        return ad.tanh(x * 0.5 if halved else x / 3.0)

    d = viz.diff(loss(True), loss(False))
    assert d.headline.startswith("a computes x · 0.5, b x / 3")

    def power(exponent: int, dtype: type) -> ad.Tensor:
        x = ad.Tensor(np.array([0.5, 2.0], dtype), requires_grad=True, name="x")
        return (0.1 * ad.tanh(x) ** exponent).sum()

    d = viz.diff(power(4, np.float64), power(3, np.float64))
    assert [f.kind for f in d.findings] == ["operands"]
    assert "³" in d.headline
    # 0.1 is not the same number in float32, but no other one is meant.
    d = viz.diff(power(4, np.float32), power(3, np.float64))
    assert [f.kind for f in d.findings] == ["operands"]


def test_shares_are_written_out() -> None:
    assert [percent(share) for share in (0.9951, 1.0, 2.0, 9.0)] == [
        "100 %",
        "100 %",
        "200 %",
        "900 %",
    ]


def test_a_result_that_is_a_number_alone_differs_itself() -> None:
    d = viz.diff(ad.Tensor([1.0, 2.0]).sum(), ad.Tensor([1.0, 3.0]).sum(), engine="builtin")
    assert d.first is not None
    assert (d.first.kind, len(d.findings)) == ("value", 1)
    same = viz.diff(ad.Value(1.0), ad.Value(1.0), title="W" * 300, engine="builtin")
    assert same.summary == "Forward: the only array agrees exactly. Backward: the only array " + (
        "agrees exactly."
    )
    assert same.scene.width < 1_300
