"""`draw` on live graphs: names, roles, derivatives, gradients, frames."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import FreedGraphError, NonScalarBackwardError
from nn.parameter import Buffer
from tests.viz.samples import faults, parsed, texts, wire_crossings
from viz import Card, Drawing, Edge, Graph, draw


def neuron(named: bool = True) -> ad.Value:
    x1, x2 = ad.Value(2.0, name="x1"), ad.Value(0.0, name="x2")
    w1, w2 = ad.Value(-3.0, name="w1"), ad.Value(1.0, name="w2")
    b = ad.Value(6.8813735870195432, name="b")
    o = ad.tanh(w1 * x1 + w2 * x2 + b)
    if named:
        o.name = "o"
    return o


def digits_like() -> tuple[nn.Module, ad.Tensor]:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(2, 16, rng=rng), nn.Tanh(), nn.Linear(16, 2, rng=rng))
    x = ad.Tensor(rng.normal(size=(32, 2)).astype(np.float32), name="X")
    return model, nn.CrossEntropyLoss()(model(x), rng.integers(0, 2, 32))


def card(drawing: Drawing, name: str) -> Card:
    return next(c for c in drawing.graph.cards if c.name == name)


def edge(drawing: Drawing, source: str, target: str) -> Edge:
    names = {c.id: c.name for c in drawing.graph.cards}
    return next(
        e for e in drawing.graph.edges if (names[e.source], names[e.target]) == (source, target)
    )


def test_the_neuron_of_the_documentation() -> None:
    o = neuron()
    o.backward()
    drawing = draw(o, engine="builtin")
    rows = [(c.name, c.role, c.formula, c.value, c.gradient) for c in drawing.graph.cards]
    assert rows == [
        ("x₁", "input", "", "2", "−1.5"),
        ("x₂", "input", "", "0", "0.5"),
        ("w₁", "parameter", "", "−3", "1"),
        ("w₂", "parameter", "", "1", "0"),
        ("b", "parameter", "", "6.881", "0.5"),
        ("p₁", "op", "= w₁ · x₁", "−6", "0.5"),
        ("p₂", "op", "= w₂ · x₂", "0", "0.5"),
        ("s", "op", "= p₁ + p₂", "−6", "0.5"),
        ("z", "op", "= s + b", "0.8814", "0.5"),
        ("o", "output", "= tanh(z)", "0.7071", "1"),
    ]
    labels = [(e.local, e.flow, e.zero) for e in drawing.graph.edges]
    assert labels == [
        ("∂p₁/∂w₁ = x₁ = 2", "0.5 × 2 = 1", False),
        ("∂p₁/∂x₁ = w₁ = −3", "0.5 × (−3) = −1.5", False),
        ("∂p₂/∂w₂ = x₂ = 0", "0.5 × 0 = 0", True),
        ("∂p₂/∂x₂ = w₂ = 1", "0.5 × 1 = 0.5", False),
        ("∂s/∂p₁ = 1", "0.5 × 1 = 0.5", False),
        ("∂s/∂p₂ = 1", "0.5 × 1 = 0.5", False),
        ("∂z/∂s = 1", "0.5 × 1 = 0.5", False),
        ("∂z/∂b = 1", "0.5 × 1 = 0.5", False),
        ("∂o/∂z = 1 − o² = 0.5", "1 × 0.5 = 0.5", False),
    ]
    assert card(drawing, "w₁").gradient_label == "∂o/∂w₁"
    assert card(drawing, "z").tooltip.startswith("test_draw.py:")
    assert faults(drawing.graph, drawing.layout) == []
    assert set(texts(parsed(drawing.svg))) >= {"∂o/∂z = 1 − o² = 0.5", "0.7071"}


def test_before_backward_gradients_are_not_known() -> None:
    o = neuron()
    drawing = draw(o, engine="builtin")
    assert {c.gradient for c in drawing.graph.cards} == {"—"}
    assert {e.flow for e in drawing.graph.edges} == {""}
    assert edge(drawing, "z", "o").local == "∂o/∂z = 1 − o² = 0.5"


def test_gradients_can_be_asked_for_or_left_out_and_grad_stays_as_it_was() -> None:
    o = neuron()
    drawing = draw(o, gradients=True, engine="builtin")
    assert card(drawing, "w₁").gradient == "1"
    assert all(node.grad is None for node in ad.topological_order(o))
    o.backward()
    before = [node.grad for node in ad.topological_order(o)]
    assert card(draw(o, gradients=False, engine="builtin"), "w₁").gradient == "—"
    draw(o, engine="builtin")
    assert [node.grad for node in ad.topological_order(o)] == before


def test_gradients_accumulated_by_two_passes_do_not_change_the_picture() -> None:
    o = neuron()
    o.backward(retain_graph=True)
    o.backward()
    assert card(draw(o, engine="builtin"), "w₁").gradient == "1"


def test_names_that_are_missing_are_made_up() -> None:
    drawing = draw(neuron(named=False), engine="builtin")
    assert [c.name for c in drawing.graph.cards][-5:] == ["p₁", "p₂", "s", "z", "L"]


def test_made_up_names_avoid_those_of_the_user() -> None:
    p, q = ad.Value(2.0, name="p1"), ad.Value(3.0, name="L")
    drawing = draw((p * q) * (q * p) + 1.0, engine="builtin")
    names = [c.name for c in drawing.graph.cards]
    assert names == ["p₁", "L", "p₂", "p₃", "p₄", "L₁"]
    assert len(set(names)) == len(names)


def test_numbers_are_written_into_formulas() -> None:
    x = ad.Value(3.0, name="x")
    drawing = draw(2 * x + x**2 - 0.5, engine="builtin")
    assert [c.formula for c in drawing.graph.cards][1:] == [
        "= 2 · x", "= x²", "= p + q", "= s − 0.5",
    ]  # fmt: skip
    assert edge(drawing, "x", "q").local == "∂q/∂x = 2 · x = 6"
    cards = draw(2 * x, constants=True, engine="builtin").graph.cards
    assert [(c.role, c.value, c.gradient_label) for c in cards if c.role == "constant"] == [
        ("constant", "2", "")
    ]


def test_a_square_written_as_a_product_has_two_wires() -> None:
    x = ad.Value(3.0, name="x")
    y = x * x
    y.backward()
    drawing = draw(y, engine="builtin")
    assert [(e.position, e.local, e.flow) for e in drawing.graph.edges] == [
        (0, "∂L/∂x = x = 3", "1 × 3 = 3"),
        (1, "∂L/∂x = x = 3", "1 × 3 = 3"),
    ]
    assert card(drawing, "x").gradient == "6"
    assert faults(drawing.graph, drawing.layout) == []


def test_a_long_derivative_moves_to_the_tooltip() -> None:
    x = ad.Value(0.5, name="x")
    drawing = draw(ad.gelu(x), engine="builtin")
    (wire,) = drawing.graph.edges
    assert wire.local.startswith("∂L/∂x = ")
    assert len(wire.local) <= 36
    assert "x" in wire.tooltip


def test_a_leaf_alone_can_be_drawn() -> None:
    drawing = draw(ad.Value(1.5, name="x"), engine="builtin")
    assert [(c.name, c.role, c.value) for c in drawing.graph.cards] == [("x", "input", "1.5")]
    parsed(drawing.svg)


def test_weighted_sums_show_every_product() -> None:
    w = [ad.Value(2.0, name="w1"), ad.Value(-1.0, name="w2")]
    x = [ad.Value(3.0, name="x1"), ad.Value(4.0, name="x2")]
    b = ad.Value(0.5, name="b")
    z = ad.dot(w, x, b)
    z.backward()
    drawing = draw(z, engine="builtin")
    assert drawing.graph.cards[-1].formula == "= w₁ · x₁ + w₂ · x₂ + b"
    assert edge(drawing, "w₁", "L").local == "∂L/∂w₁ = x₁ = 3"
    assert edge(drawing, "x₂", "L").local == "∂L/∂x₂ = w₂ = −1"
    assert edge(drawing, "b", "L").local == "∂L/∂b = 1"
    assert faults(drawing.graph, drawing.layout) == []


def test_long_sums_are_shortened_on_the_card() -> None:
    w = [ad.Value(1.0, name=f"w{i}") for i in range(1, 4)]
    b = ad.Value(0.0, name="b")
    assert draw(ad.dot(w, [1.0, 2.0, 3.0], b)).graph.cards[-1].formula == "= Σ w₁ · 1 … + b"
    assert draw(ad.dot(w[:1], [2.0])).graph.cards[-1].formula == "= w₁ · 2"
    assert draw(ad.total(w)).graph.cards[-1].formula == "= w₁ + w₂ + w₃"
    assert draw(ad.total([*w, b, b])).graph.cards[-1].formula == "= Σ w₁ … b"


def test_operations_without_a_notation_are_called_by_name() -> None:
    parts = [ad.Tensor(np.ones((2, 2)), requires_grad=True, name=f"T{i}") for i in range(1, 7)]
    cards = draw(ad.concatenate(parts[:2]), engine="builtin").graph.cards
    assert cards[-1].formula == "= concatenate(T₁, T₂)"
    cards = draw(ad.concatenate(parts), engine="builtin").graph.cards
    assert cards[-1].formula == "= concatenate(T₁ … T₆)"


def test_a_derivative_by_cases_stands_in_brackets() -> None:
    z = ad.Value(2.0, name="z")
    (wire,) = draw(ad.relu(z), engine="builtin").graph.edges
    assert wire.local == "∂L/∂z = (1 if z > 0, else 0) = 1"
    t = ad.Tensor(np.ones(3), requires_grad=True, name="t")
    assert edge(draw(ad.relu(t), engine="builtin"), "t", "L").local == "⊙ (1 if t > 0, else 0)"


def test_buffers_of_modules_are_constants() -> None:
    x = ad.Tensor(np.ones(4), requires_grad=True, name="x")
    mean = Buffer(np.full(4, 0.5), name="running_mean")
    drawing = draw(x - mean, engine="builtin")
    assert [(c.name, c.role) for c in drawing.graph.cards[:2]] == [
        ("x", "input"), ("running_mean", "constant"),
    ]  # fmt: skip


def test_parts_of_two_modules_stand_in_the_frame_around_both() -> None:
    shared = ad.Tensor(np.ones((3, 3)), requires_grad=True, name="W")
    x = ad.Tensor(np.ones((2, 3)), name="x")
    with ad.scope("net", "Net"):
        with ad.scope("a", "Layer"):
            h = ad.tanh(x @ shared)
        with ad.scope("b", "Layer"):
            y = ad.tanh(h @ shared)
    drawing = draw(y, engine="builtin")
    assert card(drawing, "W").cluster == ("net Net",)
    assert faults(drawing.graph, drawing.layout) == []


def test_roles_can_be_set_by_name_and_by_node() -> None:
    o = neuron()
    x1 = next(n for n in ad.topological_order(o) if n.name == "x1")
    drawing = draw(o, roles={x1: "parameter", "b": "constant"}, engine="builtin")
    assert card(drawing, "x₁").role == "parameter"
    assert card(drawing, "b").role == "constant"
    with pytest.raises(ValueError, match=r"roles gives 'b' the role 'thing'; expected one of in"):
        draw(o, roles={"b": "thing"})


def test_two_layers_with_frames_and_factors() -> None:
    _, loss = digits_like()
    loss.backward(retain_graph=True)
    drawing = draw(loss, engine="builtin")
    assert faults(drawing.graph, drawing.layout) == []
    titles = [(c.title, c.description) for c in drawing.graph.clusters]
    assert ("Sequential", "82 parameters") in titles
    assert ("[0]", "Linear(2, 16) · 48 parameters") in titles
    names = [c.name for c in drawing.graph.cards]
    assert {"X", "W₁", "b₁", "W₂", "b₂", "m₁", "z₁", "a", "m₂", "z₂", "L"} <= set(names)
    assert edge(drawing, "z₁", "a").local == "⊙ (1 − a²)"
    assert edge(drawing, "a", "m₂").local == "· W₂"
    assert edge(drawing, "b₁", "z₁").local == "Σ rows"
    assert edge(drawing, "m₁", "z₁").local == "1"
    assert not edge(drawing, "X", "m₁").differentiable
    w = card(drawing, "W₁")
    assert (w.role, w.shape, w.dtype, w.value_label, w.gradient_label) == (
        "parameter", "16×2", "float32", "σ", "rms",
    )  # fmt: skip
    assert w.cluster == card(drawing, "m₁").cluster
    assert card(drawing, "X").cluster == ()
    assert w.value_histogram is not None
    assert sum(w.value_histogram.counts) == 32
    assert drawing.graph.cards[-1].gradient == "1"


def test_the_gradient_of_an_inner_tensor_is_that_of_the_loss() -> None:
    x = ad.Tensor(np.array([1.0, 2.0, 3.0]), requires_grad=True, name="x")
    y = x * 3.0
    loss = ad.sum(y * y)
    drawing = draw(loss, gradients=True, engine="builtin")
    inner = next(c for c in drawing.graph.cards if c.formula == "= x · 3")
    assert inner.gradient_rms == pytest.approx(math.sqrt(np.mean((6.0 * np.array([1, 2, 3])) ** 2)))
    assert edge(drawing, "x", inner.name).local == "· 3"


@pytest.mark.parametrize(
    ("shape", "label"),
    [((4,), "Σ rows"), ((3, 1), "Σ columns"), ((), "Σ"), ((1, 1), "Σ"), ((3, 4), "1")],
)
def test_sums_of_broadcasting_are_named(shape: tuple[int, ...], label: str) -> None:
    x = ad.Tensor(np.ones((3, 4)), requires_grad=True, name="x")
    c = ad.Tensor(np.ones(shape), requires_grad=True, name="c")
    drawing = draw(ad.add(x, c), engine="builtin")
    assert edge(drawing, "c", "L").local == label
    assert edge(drawing, "x", "L").local == "1"


def test_a_graph_of_several_axes_names_the_axes() -> None:
    x = ad.Tensor(np.ones((2, 3, 4)), name="x")
    c = ad.Tensor(np.full((3, 1), 2.0), requires_grad=True, name="c")
    assert edge(draw(x * c, engine="builtin"), "c", "L").local == "⊙ x, Σ axes 0, 2"
    assert edge(draw(x - c, engine="builtin"), "c", "L").local == "−Σ axes 0, 2"


def test_cards_say_what_is_wrong_with_an_array() -> None:
    bad = ad.Tensor(np.array([1.0, np.nan, np.inf, 2.0]), requires_grad=True, name="bad")
    with np.errstate(all="ignore"):
        drawing = draw(ad.sum(bad), engine="builtin")
    assert (card(drawing, "bad").value_label, card(drawing, "bad").value) == (
        "not finite", "2 of 4",
    )  # fmt: skip
    parsed(drawing.svg)


def test_cards_of_integers_booleans_and_nothing() -> None:
    from viz.statistics import histogram, rms, summary

    assert summary(np.array([-3, 9])) == ("", "−3 … 9")
    assert summary(np.array([True, False, True, True])) == ("true", "75 %")
    assert summary(np.zeros((0, 3))) == ("", "empty")
    assert sum(histogram(np.zeros((0, 3))).counts) == 0
    assert sum(histogram(np.full(7, 2.5)).counts) == 7
    assert sum(histogram(np.arange(10**6)).counts) <= 2**18
    assert sum(histogram(np.array([-1e308, 1e308])).counts) == 2
    assert rms(np.array([1e-200, 1e-200])) == pytest.approx(1e-200)
    assert rms(np.array([3e300, 4e300])) == pytest.approx(math.sqrt(12.5) * 1e300)


def test_values_and_tensors_in_one_graph() -> None:
    a, b = ad.Value(1.0, name="a"), ad.Value(2.0, name="b")
    t = ad.stack([a, b])
    loss = ad.sum(t * t)
    drawing = draw(loss, gradients=True, engine="builtin")
    assert card(drawing, "a").gradient == "2"
    assert card(drawing, "b").gradient == "4"
    assert faults(drawing.graph, drawing.layout) == []


def test_a_released_graph_says_how_to_keep_it() -> None:
    _, loss = digits_like()
    loss.backward()
    with pytest.raises(FreedGraphError, match=r"backward\(retain_graph=True\)"):
        draw(loss)


def test_gradients_of_a_tensor_need_a_single_number() -> None:
    x = ad.Tensor(np.ones(3), requires_grad=True, name="x")
    with pytest.raises(NonScalarBackwardError):
        draw(x * 2.0, gradients=True)
    assert draw(x * 2.0, engine="builtin").graph.cards[-1].gradient == "—"


def test_after_an_update_the_stored_gradients_are_shown() -> None:
    x = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True, name="x")
    loss = ad.sum(x * x)
    loss.backward(retain_graph=True)
    x.data = x.data - 0.1 * x.grad
    drawing = draw(loss, engine="builtin")
    assert card(drawing, "x").gradient == "3.162"
    assert drawing.graph.cards[-1].gradient == "—"


def test_a_module_called_twice_is_drawn() -> None:
    layer = nn.Linear(3, 3, rng=np.random.default_rng(1))
    x = ad.Tensor(np.ones((2, 3)), name="x")
    drawing = draw(ad.sum(layer(ad.tanh(layer(x)))), engine="builtin")
    assert faults(drawing.graph, drawing.layout) == []
    assert sorted(frame.call for frame in drawing.layout.frames) == [1, 2]


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(4, 4, rng=np.random.default_rng(0))
        self.fc2 = nn.Linear(4, 4, rng=np.random.default_rng(1))

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        return x + self.fc2(ad.tanh(self.fc1(x)))


@pytest.mark.parametrize("engine", ["builtin", "auto"])
def test_wires_do_not_cross_where_they_need_not(engine: str) -> None:
    x = ad.Tensor(np.ones((2, 4)), name="x")
    model = nn.Sequential(Residual(), Residual(), nn.BatchNorm1d(4))
    drawing = draw(ad.sum(model(x)), gradients=True, engine=engine)
    assert faults(drawing.graph, drawing.layout) == []
    assert wire_crossings(drawing.layout) == 0


def test_an_array_made_on_the_way_is_a_constant_of_its_module() -> None:
    dropout = nn.Dropout(0.5, rng=np.random.default_rng(0))
    x = ad.Tensor(np.ones((3, 4)), requires_grad=True, name="x")
    drawing = draw(ad.sum(dropout(x * 2.0)), engine="builtin")
    mask = next(c for c in drawing.graph.cards if c.role == "constant")
    assert mask.shape == "3×4"
    assert mask.gradient_label == ""
    assert mask.cluster == ("Dropout Dropout(p=0.5)",)


def test_what_is_not_a_node_is_refused() -> None:
    with pytest.raises(TypeError, match=r"draw\(\) was given 'float'; give a Value or a Tensor"):
        draw(1.0)


def test_plain_data_can_be_drawn() -> None:
    graph = Graph((Card("n0", "x"),))
    assert draw(graph, title="t").graph is graph


def test_hostile_names_of_nodes() -> None:
    x = ad.Value(1.0, name="<script>alert(1)</script>")
    y = ad.Value(2.0, name="\\N:p{} \u202e\x00\"'&")
    drawing = draw(x * y, gradients=True, title="</svg>", engine="builtin")
    root = parsed(drawing.svg)
    assert any(text.startswith("<script>") for text in texts(root))
    assert card(drawing, "\\N:p{} \"'&").formula == ""


def test_the_same_graph_gives_the_same_bytes() -> None:
    first, second = neuron(), neuron()
    first.backward()
    second.backward()
    # Only the lines of the source differ from one call to the next, and these are one line.
    assert draw(first, engine="builtin").svg == draw(second, engine="builtin").svg
