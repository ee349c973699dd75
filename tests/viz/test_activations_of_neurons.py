"""The small drawing in a neuron, and what its activation is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from tests.viz.hand_built import hand_built
from tests.viz.shown import tidy
from viz.draw import scene as shapes
from viz.geometry import Rect
from viz.networks.model import Layer, Neuron
from viz.networks.planes.activations import applied, function_name, primed
from viz.networks.planes.curves import curve
from viz.networks.planes.words import slope_rule


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "gelu", "softplus", "sin"])
@pytest.mark.parametrize("z", [-2.5, 0.3, 40.0])
def test_the_tangent_touches_the_curve_of_the_table(activation: str, z: float) -> None:
    network = hand_built([1, 1], [activation], weights=([[1.0]],), inputs=[z], bias=False)
    layer = network.layers[1]
    *line, tangent, dot = curve(layer, layer.neurons[0], Rect(0, 0, 400, 300))
    assert isinstance(tangent, shapes.Path)
    assert isinstance(line[0], shapes.Path)
    xs, ys = np.array([line[0].start, *line[0].steps]).T
    middle = dot.rect.middle  # type: ignore[union-attr]
    assert abs(np.interp(middle[0], xs, ys) - middle[1]) < 4
    (x0, y0), (x1, y1) = tangent.start, tangent.steps[-1][-2:]
    near = np.interp([middle[0] - 3, middle[0] + 3], xs, ys)
    assert (y1 - y0) / (x1 - x0) == pytest.approx((near[1] - near[0]) / 6, abs=0.15)


def test_what_is_no_entry_of_the_table_has_its_tangent_alone() -> None:
    neuron = Neuron("h", 0.4, 0.5, 0.7, 0.1, 0.2)
    assert len(curve(Layer("h", (neuron,), "f"), neuron, Rect(0, 0, 40, 30))) == 2
    assert curve(Layer("h", (neuron,)), replace(neuron, value=np.nan), Rect(0, 0, 40, 30)) == []
    assert function_name(Layer("h", (), "f")) == "f"
    wrong = Layer("h", (neuron,), "tanh")
    assert len(curve(wrong, neuron, Rect(0, 0, 40, 30))) == 2


@pytest.mark.parametrize(
    ("activate", "text", "slope"),
    [
        (lambda z: ad.leaky_relu(z, 0.2), "leaky", "′(z)"),
        (lambda z: ad.maximum(z, 0.1), "max(z, 0.1)", "(max(z, 0.1))′"),
        (lambda z: ad.maximum(0.1, z), "max(0.1, z)", "(max(0.1, z))′"),
        (lambda z: ad.clip(z, -0.1, 0.5), "clip(z, −0.1, 0.5)", "′"),
        (lambda z: z**2, "z²", "(z²)′"),
        (lambda z: z * z, "f(z)", "f′(z)"),
        (lambda z: z / (1 + ad.exp(-z)), "f(z)", "f′(z)"),
        (lambda z: ad.where(z > 0, z, 0.1 * z), "f(z)", "f′(z)"),
        (lambda z: ad.elu(z, 2.0), "elu", "′(z)"),
    ],
)
def test_whatever_acts_on_a_sum_has_its_slope_and_its_curve_if_the_table_has_it(
    activate: Callable[[Any], Any], text: str, slope: str
) -> None:
    x, y = ad.Value(0.3, "x"), ad.Value(-0.7, "y")
    w = [ad.Value(v) for v in (0.4, -0.9, 0.2, 1.3, 0.8, -0.5, 0.6, -1.1, 0.3)]
    h = [activate(w[3 * n] * x + w[3 * n + 1] * y + w[3 * n + 2]) for n in (0, 1)]
    loss = ad.sigmoid(w[6] * h[0] + w[7] * h[1] + w[8])
    picture = viz.backward_network(loss)
    layer = picture.network.layers[1]
    assert text.casefold() in applied(layer).casefold().replace(" ", " ")
    assert primed(layer, "z").endswith(slope)
    known = text != "f(z)"
    for neuron in layer.neurons:
        assert len(curve(layer, neuron, Rect(0, 0, 40, 30))) == (3 if known else 2)
    loss.backward()
    found = picture.amplifiers.run().weights[0][0]
    np.testing.assert_allclose(found, [w[0].grad, w[1].grad], rtol=1e-12)
    tidy(picture.scene)
    tidy(viz.network(loss, detail="full").scene)


def test_the_rule_of_a_gain_speaks_of_the_neurons_by_their_letter() -> None:
    neurons = (Neuron("o₁", 0.3), Neuron("o₂", 0.4))
    assert slope_rule(Layer("out", neurons, "sigmoid", "h · (1 − h)")) == "σ′(z) = o · (1 − o)"
    assert slope_rule(Layer("out", neurons, "tanh", "1 − h²")) == "tanh′(z) = 1 − o²"
    unlike = (Neuron("first", 0.3), Neuron("second", 0.4))
    assert slope_rule(Layer("out", unlike, "sigmoid", "h · (1 − h)")) == "σ′(z) = h · (1 − h)"
