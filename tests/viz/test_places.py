"""Scalar networks in graphs: frames of layers and neurons, and names with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import Value
from nn.scalar import MLP
from tests.viz.geometry import faults
from tests.viz.samples import card
from viz import Drawing, draw


def of_library(expand: bool = True) -> Value:
    model = MLP(2, [3, 1], activation="tanh", rng=np.random.default_rng(0), expand=expand)
    return (model([Value(1.0, name="x1"), Value(-2.0, name="x2")]) - 0.5) ** 2


class HandMade:
    """A neuron as people write it, without names."""

    def __init__(self, size: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.w = [Value(number) for number in rng.normal(size=size).tolist()]
        self.b = Value(0.1)

    def __call__(self, x: list[Any]) -> Any:
        return sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b).tanh()


def by_hand() -> Value:
    x = [Value(0.5), Value(-0.3)]
    hidden = [HandMade(2, seed)(x) for seed in range(3)]
    return (HandMade(3, 9)(hidden) - 1.0) ** 2


def frames(drawing: Drawing) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for c in drawing.graph.cards:
        found.setdefault(c.cluster, set()).add(c.name)
    return found


@pytest.mark.parametrize("loss", [of_library(), of_library(expand=False), by_hand()])
def test_every_neuron_stands_in_a_frame_and_no_name_is_there_twice(loss: Value) -> None:
    drawing = draw(loss, gradients=True, roll_up=False, engine="builtin")
    names = [c.name for c in drawing.graph.cards]
    assert len(set(names)) == len(names)
    assert faults(drawing.graph, drawing.layout) == []
    inside = frames(drawing)
    assert set(inside) == {
        (),
        *(("layer 1", f"neuron 1.{i}") for i in (1, 2, 3)),
        ("layer 2", "neuron 2.1"),
    }
    own = inside["layer 1", "neuron 1.2"]
    weights = {name for name in own if "w" in name}
    assert {name.lstrip("wi") for name in weights} == {"⁽¹⁾₂₁", "⁽¹⁾₂₂"}
    assert "b⁽¹⁾₂" in own
    assert "b⁽²⁾" in inside["layer 2", "neuron 2.1"]
    parameters = {c.name for c in drawing.graph.cards if c.role == "parameter"}
    assert len(parameters) == 3 * 3 + 4
    assert parameters.isdisjoint(inside[()])
    titles = [(c.title, c.description) for c in drawing.graph.clusters]
    assert titles[0] == ("layer 1", "3 neurons, tanh · 9 parameters")
    assert titles[1] == ("neuron 1.1", "3 parameters")


def test_the_names_are_those_of_the_weights() -> None:
    model = MLP(2, [3, 1], rng=np.random.default_rng(0))
    drawing = draw(model([1.0, 2.0]), engine="builtin")
    for layer, names in (
        (0, ["w⁽¹⁾₃₁", "w⁽¹⁾₃₂", "b⁽¹⁾₃"]),
        (1, ["w⁽²⁾₁", "w⁽²⁾₂", "w⁽²⁾₃", "b⁽²⁾"]),
    ):
        for parameter, name in zip(
            model.layers[layer].neurons[-1].parameters(), names, strict=True
        ):
            assert card(drawing, name).value == f"{parameter.data:.4g}".replace("-", "−")


def test_depth_folds_neurons_and_layers() -> None:
    loss = of_library()
    names = [c.name for c in draw(loss, depth=1, engine="builtin").graph.cards]
    assert names == ["x₁", "x₂", "neuron 1.1", "neuron 1.2", "neuron 1.3", "neuron 2.1", "d", "L"]
    names = [c.name for c in draw(loss, depth=0, engine="builtin").graph.cards]
    assert names == ["x₁", "x₂", "layer 1", "layer 2", "d", "L"]


def test_of_several_samples_the_names_have_numbers_and_there_are_no_frames() -> None:
    model = MLP(1, [2, 1], rng=np.random.default_rng(0))
    loss = model([1.0]) + model([2.0])
    drawing = draw(loss, roll_up=False, engine="builtin")
    names = [c.name for c in drawing.graph.cards]
    assert len(set(names)) == len(names)
    assert {"w⁽¹⁾₁₁", "w⁽¹⁾₂₁", "w⁽²⁾₁", "b⁽¹⁾₂", "b⁽²⁾"} <= set(names)
    assert drawing.graph.clusters == ()


def test_a_neuron_alone_and_names_of_the_user_are_left_as_they_are() -> None:
    w = [Value(1.0, name=f"w{i}") for i in range(1, 5)]
    x = Value(0.5, name="x")
    alone = ad.tanh(w[0] * x + w[1] * x + w[2])
    assert draw(alone, engine="builtin").graph.clusters == ()
    drawing = draw(ad.tanh(alone * w[3]) * 2.0, engine="builtin")
    assert [c.name for c in drawing.graph.cards if c.role == "parameter"] == [
        "w₁", "w₂", "w₃", "w₄",
    ]  # fmt: skip


def test_use_tells_what_a_name_does_not() -> None:
    x = [Value(0.5, name="u1"), Value(-0.3, name="u2")]
    hidden = [
        ad.sigmoid(Value(0.4, name=f"w{i}1") * x[0] + Value(0.2, name=f"w{i}2") * x[1] + 0.1)
        for i in (1, 2)
    ]
    total = sum((Value(0.3, name=f"v{i}") * h for i, h in enumerate(hidden, 1)), Value(0.1, "c1"))
    drawing = draw(ad.sigmoid(total), engine="builtin")
    roles = {c.name: c.role for c in drawing.graph.cards}
    assert {name for name, role in roles.items() if role == "parameter"} == {
        "w₁₁", "w₁₂", "w₂₁", "w₂₂", "v₁", "v₂", "c₁",
    }  # fmt: skip
    assert roles["u₁"] == roles["u₂"] == "variable"
    assert card(drawing, "v₂").cluster == ("layer 2", "neuron 2.1")
    drawing = draw(ad.sigmoid(total), roles={"v1": "variable"}, engine="builtin")
    assert card(drawing, "v₁").role == "variable"
