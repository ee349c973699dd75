"""Unrolled loops are drawn as one step, with what happens from step to step."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autodiff as ad
from tests.viz.geometry import faults
from tests.viz.samples import card, edge
from tests.viz.unrolled import LOOPS, layers, momentum, newton, rnn, row, samples
from viz import draw
from viz.model import Graph
from viz.read.statistics import rms


def drawn(root: ad.Node, **settings: object) -> Graph:
    return draw(root, gradients=True, engine="builtin", **settings).graph  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LOOPS)
def test_steps_are_one_step(name: str) -> None:
    program, copies, states, cards = LOOPS[name]
    graph = drawn(program())
    assert [frame.copies for frame in graph.clusters if frame.copies > 1] == [copies]
    assert sum(wire.loop for wire in graph.edges) == states
    assert len(graph) == cards
    assert f"{copies} {'steps' if states else 'samples'} are drawn as one" in graph.notice
    places = {one.id: number for number, one in enumerate(graph.cards)}
    for wire in graph.edges:
        assert wire.loop == (places[wire.source] > places[wire.target])


@pytest.mark.parametrize("name", ["rnn", "newton", "samples"])
def test_the_picture_of_a_loop_is_laid_out(name: str) -> None:
    drawing = draw(LOOPS[name][0](), gradients=True, engine="builtin")
    assert faults(drawing.graph, drawing.layout) == []


def test_the_last_step_is_shown_with_its_numbers() -> None:
    loss, states, (weight,) = rnn()
    drawing = draw(loss, gradients=True, engine="builtin")
    known = ad.gradients(loss)
    for name, node in [("hₜ", states[-1]), ("hₜ₋₁", states[-2]), ("Wh", weight)]:
        assert card(drawing, name).gradient_rms == pytest.approx(rms(known[node]), rel=1e-12)
    assert edge(drawing, "hₜ", "hₜ₋₁").rms == pytest.approx(rms(known[states[-2]]), rel=1e-12)
    assert edge(drawing, "hₜ", "hₜ₋₁").loop
    assert edge(drawing, "h₀", "hₜ₋₁").differentiable is False
    assert [c.name for c in drawing.graph if c.role == "parameter"] == ["Wx", "Wh", "b"]
    assert rms(known[weight]) == card(drawing, "Wh").gradient_rms
    for name in ("Wx", "Wh", "b"):
        (wire,) = [e for e in drawing.graph.edges if e.source == card(drawing, name).id]
        assert wire.rms == pytest.approx(card(drawing, name).gradient_rms, rel=1e-12)
        assert wire.local.startswith("Σₜ ")
    assert card(drawing, "L").formula == "= 0.5 · Σ (hₜ − y)² / 8"
    assert edge(drawing, "hₜ", "L").local == "(hₜ − y) / 8"


def test_a_step_that_reads_something_else_ends_the_loop() -> None:
    w = ad.Tensor(np.eye(3), requires_grad=True, name="w")
    h = [ad.Tensor(np.full((2, 3), 0.1 * number), name=f"h{number}") for number in range(3)]
    for step in range(30):
        h.append(ad.tanh(h[-1] @ w + h[-3 if step == 11 else -2]))
    graph = drawn(ad.sum(h[-1] ** 2))
    assert sorted(frame.copies for frame in graph.clusters) == [11, 18]
    assert sum(wire.loop for wire in graph.edges) == 4


def test_the_gradient_at_each_step_is_that_of_the_engine() -> None:
    loss, states, _ = rnn()
    (series,) = drawn(loss).series
    known = ad.gradients(loss)
    assert series.values == pytest.approx([rms(known[state]) for state in states], rel=1e-12)
    times = rms(known[states[-1]]) / rms(known[states[0]])
    assert series.remark.startswith(f"{times:.2g} times smaller")
    mean = (1 / times) ** (1 / 9)
    wire = next(wire for wire in drawn(loss).edges if wire.loop)
    assert wire.local == f"× {mean:.2g} a step"


def test_shares_are_those_of_a_parameter_for_each_step() -> None:
    (series,) = drawn(rnn()[0]).series
    loss, _, own = rnn(shared=False)
    parts = ad.gradients(loss, inputs=own)
    whole = sum(parts)
    shares = [round(100 * float(np.vdot(part, whole) / np.vdot(whole, whole))) for part in parts]
    rows = dict(series.rows)
    assert [int(text.split()[0]) for text in rows["its share in ∂L/∂Wh"]] == shares
    assert abs(sum(shares) - 100) <= 5
    assert max(shares) > 50


def test_a_share_against_the_others_is_negative() -> None:
    series = drawn(momentum()).series
    shares = [
        int(t.split()[0].replace("−", "-")) for t in dict(series[0].rows)["its share in ∂L/∂η"]
    ]
    assert min(shares) < -10
    assert abs(sum(shares) - 100) <= 6


def test_where_no_gradient_comes_the_series_says_so() -> None:
    (series,) = drawn(newton()).series
    assert series.values[-1] == 1.0
    assert re.fullmatch(r"no gradient at \d of 9 steps", series.remark)


def test_operations_of_one_kind_in_a_row_are_one_card() -> None:
    result = row()
    graph = drawn(result)
    start, last = graph.cards
    assert (start.name, last.copies, last.formula) == ("x", 200, "= sin, 200 times")
    first = ad.topological_order(result)[0]
    slope = ad.gradients(result)[first]
    assert start.gradient_rms == pytest.approx(abs(slope), rel=1e-12)
    assert graph.edges[0].rms == pytest.approx(abs(slope), rel=1e-12)
    (series,) = graph.series
    assert len(series.values) == 24
    assert series.labels[0] == "1"
    assert series.labels[-1] == "200"


def test_samples_are_one_sample_and_their_losses_stand_with_them() -> None:
    root = samples()
    graph = drawn(root)
    (frame,) = graph.clusters
    assert frame.title == "one sample"
    assert "the same 37 parameters" in frame.description
    inside = [one for one in graph.cards if one.cluster == frame.path]
    assert "= ReLU(1 + 1 · z⁽³⁾)" in {one.formula for one in inside}
    assert {f"a⁽²⁾{digit}" for digit in "₁₂₃₄"} <= {one.name for one in inside}
    parameters = [one for one in graph.cards if one.role == "parameter"]
    assert sum(int(one.name.split()[0]) for one in parameters) == 37
    assert all(one.cluster == () for one in parameters)


def test_layers_are_no_loop_unless_asked_for() -> None:
    graph = drawn(layers())
    assert not any(frame.copies > 1 for frame in graph.clusters)
    assert not any(wire.loop for wire in graph.edges)
    asked = drawn(layers(), roll_up=True)
    assert [frame.copies for frame in asked.clusters] == [12]


def test_what_depends_on_the_end_of_a_loop_stands_outside_of_its_frame() -> None:
    _, states, _ = rnn()
    query = ad.tanh(2.0 * states[-1])
    scores = [ad.sum(ad.sin(state * query)) for state in states]
    graph = drawn(sum(scores, start=ad.Tensor(0.0)))
    frames = [frame.path for frame in graph.clusters if frame.copies == 10]
    (asked,) = [one for one in graph.cards if "2 ·" in one.formula]
    inside = {one.id for one in graph.cards if one.cluster == frames[0]}
    behind = {wire.target for wire in graph.edges if wire.source == asked.id}
    assert asked.id not in inside
    assert behind
    assert not behind & inside


@pytest.mark.parametrize("name", LOOPS)
def test_everything_can_still_be_seen(name: str) -> None:
    root = LOOPS[name][0]()
    whole = drawn(root, roll_up=False, fold=False, constants=True)
    assert len(whole) == len(ad.topological_order(root))
    assert not any(wire.loop for wire in whole.edges)
    assert whole.notice == ""
    assert whole.series == ()


def test_without_gradients_a_loop_has_no_numbers_of_them() -> None:
    graph = draw(rnn()[0], gradients=False, engine="builtin").graph
    assert graph.series == ()
    wire = next(wire for wire in graph.edges if wire.loop)
    assert wire.rms is None
    assert wire.local == ""


def test_after_backward_the_structure_is_still_drawn() -> None:
    loss, _, _ = rnn()
    loss.backward()
    graph = draw(loss, engine="builtin").graph
    assert [frame.copies for frame in graph.clusters] == [10]
    assert sum(wire.loop for wire in graph.edges) == 1


def descended(rate: float) -> ad.Value:
    """A loss after five steps of gradient descent, and their rate."""
    w, step = ad.Value(2.0, name="w0"), ad.Value(rate, name="lr")
    for _ in range(5):
        (g,) = ad.gradients((w * 3 - 1) ** 2, inputs=[w], create_graph=True)
        w = w - step * g
    return (w * 3 - 1) ** 2


def test_wires_of_numbers_that_all_steps_use_add_up_to_their_gradient() -> None:
    graph = drawn(descended(0.1))
    name = {one.id: one.name for one in graph.cards}
    assert all(text.count("⁽") == text.count("⁾") for text in name.values())
    wire = next(one for one in graph.edges if name[one.source] == "lr")
    slope = (descended(0.1 + 1e-6).data - descended(0.1 - 1e-6).data) / 2e-6
    assert wire.rms == pytest.approx(abs(slope), rel=1e-6)
    assert wire.flow.endswith(f" + 4 more = {slope:.4g}")
    assert next(one for one in graph.cards if one.name == "lr").gradient == f"{slope:.4g}"
