"""Transposes of leaves, written into the formulas that use them."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops.notation import Place
from autodiff.ops.primitive import TABLE
from tests.viz.geometry import faults
from tests.viz.samples import card, edge
from viz import draw
from viz.text.factors import received


def product() -> tuple[ad.Tensor, ad.Tensor, ad.Tensor]:
    x = ad.Tensor(np.ones((5, 3)), requires_grad=True, name="x")
    w = ad.Tensor(np.full((2, 3), 0.5), requires_grad=True, name="W1")
    return x, w, x @ w.T


def test_the_transpose_of_a_leaf_has_no_card() -> None:
    _, _, y = product()
    drawing = draw(ad.sum(y), gradients=True, engine="builtin")
    assert [c.name for c in drawing.graph.cards] == ["x", "W₁", "m", "L"]
    assert card(drawing, "m").formula == "= x @ W₁ᵀ"
    assert edge(drawing, "x", "m").local == "· W₁"
    assert edge(drawing, "W₁", "m").local == "gᵀ · x"
    assert edge(drawing, "W₁", "m").rms == pytest.approx(5.0)
    assert card(drawing, "W₁").gradient == "5"
    assert "g is the gradient that comes in" in drawing.svg
    assert faults(drawing.graph, drawing.layout) == []


def test_it_can_have_a_card() -> None:
    _, _, y = product()
    drawing = draw(ad.sum(y), fold=False, engine="builtin")
    assert [c.name for c in drawing.graph.cards] == ["x", "W₁", "W₁ᵀ", "m", "L"]
    assert edge(drawing, "W₁ᵀ", "m").local == "xᵀ ·"
    assert edge(drawing, "W₁", "W₁ᵀ").local == "gᵀ"
    assert "g is the gradient" in drawing.svg


def test_the_label_is_what_the_gradient_really_is() -> None:
    rng = np.random.default_rng(0)
    x = ad.Tensor(rng.normal(size=(5, 3)), requires_grad=True)
    w = ad.Tensor(rng.normal(size=(2, 3)), requires_grad=True)
    g = rng.normal(size=(5, 2))
    (x @ w.T).backward(g)
    np.testing.assert_allclose(w.grad, g.T @ x.data)
    left = ad.Tensor(rng.normal(size=(3, 5)), requires_grad=True, name="A")
    right = ad.Tensor(rng.normal(size=(3, 2)), requires_grad=True, name="B")
    y = left.T @ right
    assert edge(draw(y, engine="builtin"), "A", "L").local == "B · gᵀ"
    assert edge(draw(y, engine="builtin"), "B", "L").local == "A ·"
    y.backward(g)
    np.testing.assert_allclose(left.grad, right.data @ g.T)
    np.testing.assert_allclose(right.grad, left.data @ g)


@pytest.mark.parametrize(
    ("function", "formula", "local"),
    [
        (lambda x, w: x + w.T, "= x + Wᵀ", "gᵀ"),
        (lambda x, w: x * w.T, "= x · Wᵀ", "(⊙ x)ᵀ"),
        (lambda x, w: ad.mean(w.T), "= mean Wᵀ", "(· 1/9)ᵀ"),
        (lambda x, w: ad.tanh(w.T), "= tanh(Wᵀ)", "(⊙ (1 − L²))ᵀ"),
        (lambda x, w: ad.stack([x, x, w.T]), "= stack(x, x, Wᵀ)", "g[2]ᵀ"),
    ],
)
def test_other_operations_on_a_transpose(function: object, formula: str, local: str) -> None:
    x = ad.Tensor(np.ones((3, 3)), requires_grad=True, name="x")
    w = ad.Tensor(np.full((3, 3), 0.5), requires_grad=True, name="W")
    drawing = draw(function(x, w), engine="builtin")  # type: ignore[operator]
    assert card(drawing, "L").formula == formula
    assert edge(drawing, "W", "L").local == local


def test_sums_of_broadcasting_see_the_shape_of_the_transpose() -> None:
    x = ad.Tensor(np.ones((4, 3)), requires_grad=True, name="x")
    column = ad.Tensor(np.ones((3, 1)), requires_grad=True, name="c")
    assert edge(draw(x + column.T, engine="builtin"), "c", "L").local == "(Σ rows)ᵀ"


def test_a_leaf_used_both_ways_has_a_wire_for_each() -> None:
    w = ad.Tensor(np.ones((3, 3)), requires_grad=True, name="W")
    drawing = draw(w @ w.T, engine="builtin")
    assert [e.local for e in drawing.graph.edges] == ["· W", "gᵀ · W"]
    assert card(drawing, "L").formula == "= W @ Wᵀ"
    assert faults(drawing.graph, drawing.layout) == []


def test_what_is_named_asked_for_or_computed_keeps_its_card() -> None:
    x, w, _ = product()
    turned = w.T
    turned.name = "V"
    assert "V" in [c.name for c in draw(x @ turned, engine="builtin").graph.cards]
    turned = w.T
    y = x @ turned
    assert len(draw(y, focus=turned, hops=9, engine="builtin").graph.cards) == 4
    assert len(draw(y, roles={turned: "op"}, engine="builtin").graph.cards) == 4
    assert len(draw(y, engine="builtin").graph.cards) == 3
    assert [c.name for c in draw(w.T, engine="builtin").graph.cards] == ["W₁", "L"]
    assert len(draw(x @ (w * 2.0).T, engine="builtin").graph.cards) == 5
    cube = ad.Tensor(np.ones((2, 3, 4)), requires_grad=True, name="C")
    assert len(draw(ad.sum(cube.transpose(2, 0, 1)), engine="builtin").graph.cards) == 3


def test_long_names_are_transposed_in_brackets() -> None:
    w = ad.Tensor(np.ones((2, 3)), requires_grad=True, name="my weights")
    y = ad.Tensor(np.ones((4, 3)), name="x") @ w.T
    assert draw(y, engine="builtin").graph.cards[-1].formula == "= x @ (my weights)ᵀ"


def test_a_factor_is_derived_from_the_table() -> None:
    op = TABLE["matmul"]
    shapes = ((2, 2), (2, 2))
    found = [
        received(op, Place(shapes, (2, 2), {}, i), ["A", "B"], "y", transposed=True) for i in (0, 1)
    ]
    assert found == [("B · gᵀ", "B · gᵀ"), ("gᵀ · A", "gᵀ · A")]
