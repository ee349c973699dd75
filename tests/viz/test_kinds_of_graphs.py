"""Graphs of every kind: gradients of gradients, mapped, opaque, recomputed, compiled, mixed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.viz.geometry import faults
from tests.viz.samples import card, edge
from viz import Drawing, draw

X = np.random.default_rng(0).normal(size=(4, 3))


def weights(seed: int = 1) -> ad.Tensor:
    data = np.random.default_rng(seed).normal(size=(3, 2))
    return ad.Tensor(data, requires_grad=True, name="W")


def drawn(node: Any, **settings: Any) -> Drawing:
    drawing = draw(node, gradients=True, roll_up=False, engine="builtin", **settings)
    assert faults(drawing.graph, drawing.layout) == []
    names = [c.name for c in drawing.graph.cards]
    assert len(set(names)) == len(names)
    assert all(wire.local for wire in drawing.graph.edges if wire.differentiable)
    return drawing


def test_the_gradient_of_a_gradient_between_numbers() -> None:
    x = ad.Value(2.0, name="x")
    y = x**3 * ad.sin(x)
    y.backward(create_graph=True)
    drawing = drawn(x.grad)
    second = 6 * 2 * np.sin(2.0) + 6 * 4 * np.cos(2.0) - 8 * np.sin(2.0)
    assert card(drawing, "x").gradient == f"{second:.4g}".replace("-", "−")
    assert sum(wire.source == drawing.graph.cards[0].id for wire in drawing.graph.edges) == 4


def test_the_gradient_of_a_gradient_of_tensors() -> None:
    def penalty(w: Any) -> Any:
        loss = ad.sum(ad.tanh(ad.Tensor(X) @ w) ** 2)
        loss.backward(create_graph=True)
        return ad.sum(w.grad**2)

    w = weights()
    drawing = drawn(penalty(w))
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = w.data.copy()
            moved[place] += step
            ends.append(penalty(ad.Tensor(moved, requires_grad=True)).item())
        slopes[place] = (ends[0] - ends[1]) / 2e-5
    found = card(drawing, "W").gradient_rms
    assert found == pytest.approx(np.sqrt(np.mean(slopes**2)), rel=1e-6)


def test_a_mapped_function() -> None:
    w = weights()
    result = ad.vmap(lambda v: ad.sum(ad.tanh(v @ w)))(X).sum()
    drawing = drawn(result)
    shared = next(c for c in drawing.graph.cards if c.formula == "= for each example(W)")
    assert edge(drawing, "W", shared.name).local == "Σ examples"
    product = next(c for c in drawing.graph.cards if c.formula.startswith("= v @"))
    # The factor is that of one example, a vector times a matrix.
    assert (product.shape, edge(drawing, shared.name, product.name).local) == ("4×2", "v ⊗")


def test_a_jacobian() -> None:
    v = ad.Tensor(X[0], requires_grad=True, name="v")
    jacobian = ad.jacobian(lambda v: ad.sin(v) * v)(v)
    drawing = drawn(ad.sum(jacobian))
    slopes = 2 * np.cos(X[0]) - X[0] * np.sin(X[0])
    assert card(drawing, "v").gradient_rms == pytest.approx(np.sqrt(np.mean(slopes**2)))
    rows = [wire.local for wire in drawing.graph.edges if wire.local.startswith("g[")]
    assert rows == ["g[0]", "g[1]", "g[2]"]


@ad.custom_function
def scaled(a: Any, b: Any) -> Any:
    return a * b, a + b


@scaled.vjp
def _rule(g: Any, y: Any, a: Any, b: Any) -> Any:
    return g[0] * b + g[1], g[0] * a + g[1]


def test_a_custom_function() -> None:
    a, b = (ad.Tensor(row, requires_grad=True, name=name) for row, name in zip(X, "ab"))  # noqa: B905
    first, second = scaled(a, b)
    drawing = drawn(ad.sum(first * second))
    called = next(c for c in drawing.graph.cards if c.formula == "= scaled(a, b)")
    wire = edge(drawing, "a", called.name)
    assert wire.local == "J_scaledᵀ ·"
    assert "a receives J_scaledᵀ · g, with J_scaled the Jacobian of scaled" in wire.tooltip
    assert "J is the Jacobian" in drawing.svg
    formulas = [c.formula for c in drawing.graph.cards if c.role == "op"]
    assert formulas[1:3] == [f"= {called.name}[0:3]", f"= {called.name}[3:6]"]
    assert len(drawing.graph.cards) == 7


def test_a_checkpoint() -> None:
    w = weights()

    def layer(x: Any) -> Any:
        return ad.tanh(x @ w)

    drawing = drawn(ad.sum(ad.checkpoint(layer)(ad.Tensor(X))))
    assert [c.formula for c in drawing.graph.cards][1] == "= checkpoint(layer)(W)"
    wire = drawing.graph.edges[0]
    assert wire.local == "Jᵀ ·"
    assert "the Jacobian of checkpoint(layer)" in wire.tooltip
    expected = 1 - np.tanh(X @ w.data) ** 2
    assert card(drawing, "W").gradient_rms == pytest.approx(np.sqrt(np.mean((X.T @ expected) ** 2)))


def test_a_compiled_step_says_that_nothing_is_recorded() -> None:
    w = weights()

    def step(x: Any) -> Any:
        loss = ad.sum(ad.tanh(x @ w))
        loss.backward()
        return loss

    drawing = draw(ad.compile(step)(ad.Tensor(X)), engine="builtin")
    assert len(drawing.graph.cards) == 1
    assert "result of a compiled step; of step = compile(f), draw f(…)" in drawing.graph.notice
    assert len(draw(step(ad.Tensor(X)), engine="builtin").graph.cards) == 5
    assert "nothing is recorded" not in draw(w, engine="builtin").graph.notice


def test_values_say_which_element_of_a_tensor_they_are() -> None:
    numbers = [ad.Value(float(i), name=name) for i, name in enumerate("abcd")]
    matrix = ad.stack([ad.stack(numbers[:2]), ad.stack(numbers[2:])])
    drawing = drawn(ad.sum(matrix * matrix))
    assert [wire.local for wire in drawing.graph.edges[:4]] == ["g[0]", "g[1]", "g[0]", "g[1]"]
    assert [card(drawing, name).gradient for name in "abcd"] == ["0", "2", "4", "6"]
    v = ad.Tensor(X[0], requires_grad=True, name="v")
    taken = ad.values(ad.exp(v))
    drawing = drawn(taken[0] * taken[2])
    formulas = [c.formula for c in drawing.graph.cards]
    assert formulas[2:4] == ["= e[0]", "= e[2]"]
    assert [wire.local for wire in drawing.graph.edges[1:3]] == ["into [0]", "into [2]"]


@pytest.mark.parametrize(
    ("made", "formula", "value"),
    [
        (lambda z: z * 1j, "= z · i", "−2 + i"),
        (lambda z: z * (2 - 3j), "= z · (2 − 3i)", "8 + i"),
        (lambda z: 0.5j - z, "= (0.5i) − z", "−1 − 1.5i"),
        (lambda z: z * (2 + 0j), "= z · 2", "2 + 4i"),
    ],
)
def test_complex_numbers_are_written_whole(made: Any, formula: str, value: str) -> None:
    z = ad.Tensor(1 + 2j, requires_grad=True, name="z")
    found = drawn(ad.absolute(made(z))).graph.cards[1]
    assert (found.formula, found.value) == (formula, value)
