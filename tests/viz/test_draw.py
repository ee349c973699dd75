"""`draw` on live graphs: names, roles, derivatives, gradients, frames."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from tests.viz.geometry import faults
from tests.viz.samples import card, edge, parsed, texts
from viz import Card, Graph, draw


def neuron(named: bool = True) -> ad.Value:
    x1, x2 = ad.Value(2.0, name="x1"), ad.Value(0.0, name="x2")
    w1, w2 = ad.Value(-3.0, name="w1"), ad.Value(1.0, name="w2")
    b = ad.Value(6.8813735870195432, name="b")
    o = ad.tanh(w1 * x1 + w2 * x2 + b)
    if named:
        o.name = "o"
    return o


def test_the_neuron_of_the_documentation() -> None:
    o = neuron()
    o.backward()
    drawing = draw(o, engine="builtin")
    rows = [(c.name, c.role, c.formula, c.value, c.gradient) for c in drawing.graph.cards]
    assert rows == [
        ("x₁", "variable", "", "2", "−1.5"),
        ("x₂", "variable", "", "0", "0.5"),
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
    assert [c.name for c in drawing.graph.cards][-5:] == ["p₁", "p₂", "s", "z", "o"]


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
    assert [(c.name, c.role, c.value) for c in drawing.graph.cards] == [("x", "variable", "1.5")]
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
    assert draw(ad.dot(w, [1.0, 2.0, 3.0], b)).graph.cards[-1].formula == (
        "= w₁ · 1 + w₂ · 2 + w₃ · 3 + b"
    )
    assert draw(ad.dot(w[:1], [2.0])).graph.cards[-1].formula == "= w₁ · 2"
    assert draw(ad.total(w)).graph.cards[-1].formula == "= w₁ + w₂ + w₃"
    assert draw(ad.total([*w, b, b])).graph.cards[-1].formula == "= Σ w₁ … b"


def test_a_derivative_by_cases_is_written_with_a_bracket() -> None:
    z = ad.Value(2.0, name="z")
    (wire,) = draw(ad.relu(z), engine="builtin").graph.edges
    assert wire.local == "∂L/∂z = [z > 0] = 1"
    assert "[ … ] is 1 where it holds, else 0" in draw(ad.relu(z)).svg
    t = ad.Tensor(np.ones(3), requires_grad=True, name="t")
    assert edge(draw(ad.relu(t), engine="builtin"), "t", "L").local == "⊙ [t > 0]"


def test_other_cases_keep_their_words() -> None:
    x, y = ad.Value(2.0, name="x"), ad.Value(2.0, name="y")
    assert [e.local for e in draw(ad.leaky_relu(x), engine="builtin").graph.edges] == [
        "∂L/∂x = (1 if x > 0, else 0.01) = 1"
    ]
    tied = draw(ad.maximum(x, y), engine="builtin").graph.edges
    assert tied[0].tooltip.endswith("∂L/∂x = ([x > y] + 0.5 · [x = y]) = 0.5")
    assert "[ … ]" not in draw(ad.tanh(x), engine="builtin").svg


def test_roles_can_be_set_by_name_and_by_node() -> None:
    o = neuron()
    x1 = next(n for n in ad.topological_order(o) if n.name == "x1")
    drawing = draw(o, roles={x1: "parameter", "b": "constant"}, engine="builtin")
    assert card(drawing, "x₁").role == "parameter"
    assert card(drawing, "b").role == "constant"
    with pytest.raises(ValueError, match=r"roles gives 'b' the role 'thing'; expected one of in"):
        draw(o, roles={"b": "thing"})


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
