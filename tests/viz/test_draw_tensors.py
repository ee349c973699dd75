"""`draw` on graphs of tensors: distributions, factors, frames of modules."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import NonScalarBackwardError
from nn import Buffer
from tests.viz.geometry import faults, wire_crossings
from tests.viz.samples import card, edge, parsed
from viz import draw


def digits_like() -> tuple[nn.Module, ad.Tensor]:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(2, 16, rng=rng), nn.Tanh(), nn.Linear(16, 2, rng=rng))
    x = ad.Tensor(rng.normal(size=(32, 2)).astype(np.float32), name="X")
    scores = ad.log_softmax(model(x))
    return model, -ad.mean(scores[np.arange(32), rng.integers(0, 2, 32)])


def test_operations_of_any_number_of_operands_list_them() -> None:
    parts = [ad.Tensor(np.ones((2, 2)), requires_grad=True, name=f"T{i}") for i in range(1, 7)]
    cards = draw(ad.concatenate(parts[:2]), engine="builtin").graph.cards
    assert cards[-1].formula == "= concat(T₁, T₂)"
    cards = draw(ad.concatenate(parts), engine="builtin").graph.cards
    assert cards[-1].formula == "= concat(T₁ … T₆)"


def test_buffers_of_modules_are_constants() -> None:
    x = ad.Tensor(np.ones(4), requires_grad=True, name="x")
    mean = Buffer(np.full(4, 0.5), name="running_mean")
    drawing = draw(x - mean, engine="builtin")
    assert [(c.name, c.role) for c in drawing.graph.cards[:2]] == [
        ("x", "variable"), ("running_mean", "constant"),
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
    assert card(drawing, "m₂").formula == "= a @ W₂ᵀ"
    assert edge(drawing, "W₂", "m₂").local == "gᵀ · a"
    assert edge(drawing, "b₁", "z₁").local == "Σ rows"
    assert edge(drawing, "m₁", "z₁").local == "1"
    assert not edge(drawing, "X", "m₁").differentiable
    w = card(drawing, "W₁")
    assert (w.role, w.shape, w.dtype, w.value_label, w.gradient_label) == (
        "parameter", "16×2", "float32", "rms", "rms",
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
    from viz.read.statistics import histogram, rms, summary

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
    assert (mask.name, mask.shape) == ("mask", "3×4")
    assert mask.gradient_label == ""
    assert mask.cluster == ("Dropout Dropout(p=0.5)",)


def test_only_what_drops_entries_is_called_a_mask() -> None:
    def name(data: np.ndarray[Any, Any]) -> str:
        x = ad.Tensor(np.ones((2, 2)), requires_grad=True, name="x") * 1.0
        return next(
            c.name
            for c in draw(x * data.copy(), engine="builtin").graph.cards
            if c.role == "constant"
        )

    assert name(np.array([[0.0, 1.25], [1.25, 1.25]])) == "mask"
    assert name(np.array([[True, False], [False, False]])) == "mask"
    assert name(np.array([[0.0, 1.0], [1.0, 0.0]])) == "C"
    assert name(np.array([[0.0, 1.5], [1.25, 1.25]])) == "C"
    assert name(np.array([[0, 2], [2, 0]])) == "C"


class Block(nn.Module):
    def __init__(self, seed: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(np.ones(4))
        self.norm = nn.BatchNorm1d(4)
        self.fc = nn.Linear(4, 4, rng=np.random.default_rng(seed))

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        return x * self.scale + self.fc(self.norm(x))


def test_parameters_are_called_by_their_part_and_no_name_is_there_twice() -> None:
    model = nn.Sequential(Block(0), Block(1))
    x = ad.Tensor(np.random.default_rng(2).normal(size=(3, 4)), name="X")
    loss = ad.mean((model(x) @ model[0].fc.weight) ** 2)
    cards = draw(loss, gradients=True, roll_up=False, engine="builtin").graph.cards
    names = [c.name for c in cards]
    assert len(set(names)) == len(names)
    found = {c.name: (c.tooltip, c.cluster[1:]) for c in cards if c.role == "parameter"}
    assert found == {
        "scale₁": ("0.scale", ("0 Block",)),
        "γ₁": ("0.norm.weight", ("0 Block", "norm BatchNorm1d(4)")),
        "β₁": ("0.norm.bias", ("0 Block", "norm BatchNorm1d(4)")),
        # Outside of every frame, as two parts of the program read it.
        "0.fc.weight": ("0.fc.weight", ()),
        "b₁": ("0.fc.bias", ("0 Block", "fc Linear(4, 4)")),
        "scale₂": ("1.scale", ("1 Block",)),
        "γ₂": ("1.norm.weight", ("1 Block", "norm BatchNorm1d(4)")),
        "β₂": ("1.norm.bias", ("1 Block", "norm BatchNorm1d(4)")),
        "W": ("1.fc.weight", ("1 Block", "fc Linear(4, 4)")),
        "b₂": ("1.fc.bias", ("1 Block", "fc Linear(4, 4)")),
    }
    svg = draw(loss, roll_up=False, engine="builtin").svg
    assert "receives" in svg
    assert "σ" not in svg


@pytest.mark.parametrize(
    ("name", "role"),
    [("Wq", "parameter"), ("K1", "parameter"), ("Wh", "parameter"), (None, "parameter"),
     ("alpha", "parameter"), ("x", "variable"), ("X2", "variable"), ("inputs", "variable")],
)  # fmt: skip
def test_tensors_that_need_gradients(name: str | None, role: str) -> None:
    t = ad.Tensor(np.ones(3), requires_grad=True, name=name)
    assert draw(ad.tanh(t), engine="builtin").graph.cards[0].role == role


@pytest.mark.parametrize(
    ("name", "role"),
    [("w", "parameter"), ("w12", "parameter"), ("wh", "parameter"), ("w_out", "parameter"),
     ("b", "parameter"), ("b_out", "parameter"), ("θ", "parameter"), ("fc_weight", "parameter"),
     ("beta2", "parameter"), ("x", "variable"), ("a", "variable"), ("bb", "variable"),
     ("base", "variable"), ("width", "variable"), ("t", "variable")],
)  # fmt: skip
def test_values_are_parameters_by_their_names(name: str, role: str) -> None:
    y = ad.tanh(ad.Value(0.5, name=name))
    assert draw(y, engine="builtin").graph.cards[0].role == role
