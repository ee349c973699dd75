"""The backward network: it is the backward pass, and every number on it can be read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from tests.viz.hand_built import hand_built
from tests.viz.samples import parsed
from tests.viz.shown import of_kind, outline, texts, tidy
from viz.draw import scene as shapes
from viz.draw.scene import Group, Polygon
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.planes.amplifiers import amplifiers, disagreement
from viz.networks.planes.compose import LABELLED
from viz.networks.planes.labels import Line, covered, spread
from viz.networks.planes.picture import BackwardNetwork
from viz.networks.planes.words import short
from viz.networks.reading import read_network

NETWORKS: dict[str, Network] = {
    "3-4-2": hand_built([3, 4, 2], letters="xho"),
    "1-1": hand_built([1, 1], ["tanh"]),
    "2-3-1": hand_built([2, 3, 1], ["relu", "sigmoid"], seed=3),
    "3-4-3": hand_built([3, 4, 3], ["relu", ""], "softmax", 1, bias=False),
    "gelu": hand_built([3, 4, 2], ["gelu", ""], seed=5),
    "no loss": hand_built([2, 3, 1], loss="none"),
    "8-8-8-4": hand_built([8, 8, 8, 4], ["tanh", "relu", "sigmoid"]),
    "chain": hand_built([1] * 9, ["sigmoid"] * 8, letters="xabcdefgo"),
    "digits": hand_built([256, 30, 20, 10], ["sigmoid", "sigmoid", ""], "softmax"),
    "mixed": hand_built([20, 3, 1], ["tanh", "sigmoid"]),
    "to many": hand_built([2, 12], ["relu"]),
}


def run(data: dict[str, Any], seed: float) -> tuple[list[Any], list[Any], list[Any]]:
    """The exported network once more, one number at a time."""
    layers = data["layers"]
    received = [[0.0] * len(layer["gains"]) for layer in layers]
    received[-1] = [seed * part for part in data["enters"]]
    deltas: list[Any] = [[] for _ in layers]
    weights: list[Any] = [None] * len(data["wires"])
    for number in reversed(range(len(layers))):
        pairs = zip(layers[number]["gains"], received[number], strict=True)
        deltas[number] = [gain * part for gain, part in pairs]
        for place, wire in enumerate(data["wires"]):
            if wire["from"] != number:
                continue
            inputs = layers[wire["to"]]["values"]
            weights[place] = [[d * h for h in inputs] for d in deltas[number]]
            for delta, row in zip(deltas[number], wire["weights"], strict=True):
                for column, w in enumerate(row):
                    received[wire["to"]][column] += w * delta
    return received, deltas, weights


@pytest.mark.parametrize("name", NETWORKS)
def test_the_exported_network_gives_every_gradient_of_the_engine(name: str) -> None:
    network = NETWORKS[name]
    data = json.loads(BackwardNetwork(network).json())
    received, deltas, weights = run(data, 1.0)
    for layer, into, out in zip(network.layers, received, deltas, strict=True):
        close(into, [neuron.gradient for neuron in layer.neurons])
        if layer.neurons[0].z is not None:
            close(out, [neuron.delta for neuron in layer.neurons])
            if layer.neurons[0].bias is not None:
                close(out, [neuron.bias_gradient for neuron in layer.neurons])
    for wires, found in zip(network.weights, weights, strict=True):
        close(found, wires.gradients)


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.array(found), np.array(expected), rtol=1e-12, atol=1e-15)


def test_random_networks_are_their_own_backward_pass() -> None:
    rng = np.random.default_rng(7)
    for seed in range(40):
        sizes = rng.integers(1, 6, rng.integers(2, 6)).tolist()
        kinds = rng.choice(["sigmoid", "tanh", "relu", "gelu", "silu", ""], len(sizes) - 1).tolist()
        loss = str(rng.choice(["squares", "softmax"]))
        network = hand_built(sizes, kinds, loss, seed)
        assert disagreement(network, amplifiers(network).run()) < 1e-12, (sizes, kinds, loss)


def test_twice_the_gradient_that_enters_is_twice_each_that_leaves() -> None:
    network = amplifiers(NETWORKS["8-8-8-4"])
    once, twice = network.run(), network.run(2.0)
    for parts in ("received", "deltas", "weights"):
        for a, b in zip(getattr(once, parts), getattr(twice, parts), strict=True):
            assert np.array_equal(2 * a, b)


@pytest.mark.parametrize("field", ["slope", "gradient", "delta", "bias_gradient"])
def test_a_wrong_number_is_noticed_and_told(field: str) -> None:
    network = NETWORKS["3-4-2"]
    layer = network.layers[-1]
    wrong = replace(layer.neurons[0], **{field: 0.3})  # type: ignore[arg-type]
    layer = replace(layer, neurons=(wrong, *layer.neurons[1:]))
    network = replace(network, layers=(*network.layers[:-1], layer))
    assert disagreement(network, amplifiers(network).run()) > 1e-3
    assert any("differs from the engine" in text for text in texts(BackwardNetwork(network).scene))


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_lies_over_anything(name: str) -> None:
    scene = BackwardNetwork(NETWORKS[name]).scene
    tidy(scene)
    planes = [outline(group) for group in of_kind(scene, "ground")]
    for card in map(outline, of_kind(scene, "card")):
        inside = [plane for plane in planes if plane.y < card.y and card.bottom < plane.bottom]
        assert len(inside) == 1


@pytest.mark.parametrize("name", NETWORKS)
def test_the_number_on_a_wire_covers_no_other_wire(name: str) -> None:
    scene = BackwardNetwork(NETWORKS[name]).scene
    lines = []
    for group in of_kind(scene, "wire"):
        path = group.shapes[0]
        assert isinstance(path, shapes.Path)
        lines.append(Line(*path.start, *path.steps[-1][-2:]))
    numbers = [g for g in of_kind(scene, "label") if len(g.shapes) == 2]
    boxes = [outline(g) for g in numbers if g.shapes[1].anchor == "middle"]  # type: ignore[union-attr]
    crossed = (covered(boxes, lines) > 0).sum(axis=1)
    assert (crossed == 1).all()
    wires = sum(layer.values.size for layer in NETWORKS[name].weights)
    if all(len(layer.neurons) <= 8 for layer in NETWORKS[name].layers):
        assert len(boxes) == (2 * wires if wires <= LABELLED else 0)


def test_labels_choose_clear_places_and_the_middle_of_a_free_wire() -> None:
    lines = [Line(0, 0, 300, 90), Line(0, 90, 300, 0), Line(0, 200, 300, 200)]
    walls = [Rect(40, 180, 220, 40)]
    found = spread(lines, [(30.0, 15.0)] * 3, walls)
    rects = [rect for rect in found if rect is not None]
    assert len(rects) == 3
    assert not rects[0].overlaps(rects[1])
    assert (np.diag(covered(rects, lines)) > 0).all()
    assert not rects[2].overlaps(walls[0])
    assert [(row > 0).sum() for row in covered(rects, lines)] == [1, 1, 1]


def test_labels_of_near_wires_make_way_for_each_other() -> None:
    lines = [Line(0, 0, 110, 0), Line(0, 9, 110, 9)]
    first, second = (rect for rect in spread(lines, [(40.0, 10.0)] * 2) if rect is not None)
    assert not first.overlaps(second)


@pytest.mark.parametrize("name", ["3-4-2", "2-3-1", "gelu", "chain", "no loss"])
def test_cards_and_labels_say_the_numbers_of_their_neurons(name: str) -> None:
    network = NETWORKS[name]
    scene = BackwardNetwork(network).scene
    cards = [written(group) for group in of_kind(scene, "card")]
    beside = [written(group) for group in of_kind(scene, "label")]
    for neuron in network.layers[0].neurons:
        assert [neuron.name, short(neuron.value)] in cards
        assert short(neuron.gradient or 0.0) in [card[-1] for card in cards if "∂" in card[0]]
    for layer in network.layers[1:]:
        for neuron in layer.neurons:
            assert neuron.z is not None
            assert [f"z {short(neuron.z)}", neuron.name + short(neuron.value)] in cards
            assert [f"×{short(neuron.slope or 0.0)}"] in cards
            assert any(label[-1].endswith(short(neuron.delta or 0.0)) for label in beside)


def written(group: Group) -> list[str]:
    lines = (shape for shape in group.shapes if isinstance(shape, shapes.Text))
    return ["".join(span.text for span in line.spans) for line in lines]


def test_what_carries_more_is_wider() -> None:
    network = NETWORKS["3-4-2"]
    deltas = amplifiers(network).run().deltas
    carried = {
        f"w δ = {short(w)} × {short(delta)} = {short(w * delta)}": abs(w * delta)
        for weights in network.weights
        for row, delta in zip(weights.values, deltas[weights.target].tolist(), strict=True)
        for w in row.tolist()
    }
    wires = [g for g in of_kind(BackwardNetwork(network).scene, "wire") if g.label in carried]
    assert len(wires) == len(carried) == 20
    pairs = sorted((carried[wire.label], wire.shapes[0].width) for wire in wires)  # type: ignore[union-attr]
    widths = [width for _, width in pairs]
    assert widths == sorted(widths)
    assert widths[-1] > 1.5 * widths[0]


def test_a_silent_neuron_gives_nothing() -> None:
    network = hand_built([2, 2, 1], ["relu", ""], weights=([[1, 1], [-1, -1]], [[1, 1]]),
                         inputs=[1.0, 2.0], bias=False)  # fmt: skip
    picture = BackwardNetwork(network)
    assert "×0" in texts(picture.scene)
    styles = [group.shapes[0].style for group in of_kind(picture.scene, "card")]  # type: ignore[union-attr]
    assert styles.count("no-gain") == 1
    lanes = [group.shapes[0].style for group in of_kind(picture.scene, "wire")]  # type: ignore[union-attr]
    assert lanes.count("zero-lane") == 2
    assert lanes.count("zero-forward-lane") == 1


def test_negative_and_tiny_gains_are_written() -> None:
    network = hand_built([1, 3], ["gelu"], weights=([[-1.0], [-9.0], [1.0]],), inputs=[1.4],
                         bias=False)  # fmt: skip
    shown = texts(BackwardNetwork(network).scene)
    assert [text for text in shown if text.startswith("×−")]
    tidy(BackwardNetwork(network).scene)


def test_a_wire_may_pass_over_a_layer() -> None:
    x, y = ad.Value(0.3, "x"), ad.Value(-0.7, "y")
    w = [ad.Value(number) for number in (0.5, -1.2, 0.8, 0.2, 0.7, -0.4, 0.9)]
    h = [ad.tanh(w[0] * x + w[1] * y), ad.tanh(w[2] * x + w[3] * y)]
    loss = (ad.sigmoid(w[4] * h[0] + w[5] * h[1] + w[6] * x) - 1) ** 2
    picture = viz.backward_network(loss)
    flow = picture.amplifiers.run()
    loss.backward()
    expected = {(1, 0): [[w[0], w[1]], [w[2], w[3]]], (2, 0): [[w[6], None]], (2, 1): [w[4:6]]}
    for (giver, receiver, _), found in zip(picture.amplifiers.wires, flow.weights, strict=True):
        for row, line in zip(expected[giver, receiver], found, strict=True):
            for node, gradient in zip(row, line, strict=True):
                assert node is None or gradient == pytest.approx(node.grad, rel=1e-12)
    close(flow.received[0], [x.grad, y.grad])
    tidy(picture.scene)
    bent = [g for g in of_kind(picture.scene, "wire") if len(g.shapes[0].steps) == 3]  # type: ignore[union-attr]
    assert len(bent) == 2


def test_layers_of_tensors_are_read_from_a_model_and_a_batch() -> None:
    rng = np.random.default_rng(0)
    layers = [nn.Linear(n, m, rng=rng, dtype=float) for n, m in ((4, 20), (20, 3))]
    model = nn.Sequential(layers[0], nn.Tanh(), layers[1])
    x, y = rng.normal(size=(1, 4)), np.array([2])
    picture = viz.backward_network(model, x, y, loss=nn.cross_entropy)
    flow = picture.amplifiers.run()
    nn.cross_entropy(model(x), y).backward()
    for layer, found in zip(layers, flow.weights, strict=True):
        close(found, layer.weight.grad)
    tidy(picture.scene)
    assert "20 gains × tanh′" in texts(picture.scene)


def test_float32_agrees_as_far_as_it_can_and_one_example_of_a_batch_is_named() -> None:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(40, 30, rng=rng), nn.GELU(), nn.Linear(30, 4, rng=rng))
    x, y = rng.normal(size=(6, 40)).astype(np.float32), rng.integers(0, 4, 6)
    shown = texts(viz.backward_network(model, x, y, loss=nn.cross_entropy, sample=2).scene)
    assert any("sample 2 of 6" in text for text in shown)
    assert [text for text in shown if text.endswith(("engine to 10⁻⁶", "engine to 10⁻⁵"))]


def test_a_root_that_is_no_network_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        viz.backward_network([1.0])


def test_bundles_say_their_matrices_and_their_gains() -> None:
    shown = texts(BackwardNetwork(NETWORKS["digits"]).scene)
    assert {"W₁  30 × 256", "W₁ᵀ  256 × 30", "30 gains × σ′", "10 gains × 1"} <= set(shown)
    assert "‖p − y‖ = 0.687" in shown
    single = BackwardNetwork(NETWORKS["digits"], most=300)
    assert len(of_kind(single.scene, "card")) == 2 * (256 + 30 + 20 + 10 + 1)


def test_the_layers_of_a_deep_network_become_cards_where_neurons_do_not_fit_a_page() -> None:
    model = nn.scalar.MLP(4, [4] * 6, rng=np.random.default_rng(0))
    net = read_network(model, [0.5, -1.0, 0.1, 2.0], loss=lambda out: sum(o * o for o in out))
    wide, fits = BackwardNetwork(net, most=4).scene, BackwardNetwork(net).scene
    assert fits.width < 2800 < wide.width
    assert len(of_kind(fits, "card")) == 2 * (7 + 1)
    assert len(of_kind(wide, "card")) == 2 * (7 * 4 + 1)
    tidy(fits)


def test_formulas_name_the_real_activation_and_the_error() -> None:
    shown = "\n".join(texts(BackwardNetwork(NETWORKS["1-1"]).scene))
    assert "tanh′(z) = 1 − o²" in shown
    assert "δ = tanh′(z) · Σ w δ" in shown
    assert "o − t = −0.472" in shown
    shown = "\n".join(texts(BackwardNetwork(NETWORKS["3-4-3"]).scene))
    assert "p₁ − y₁ = −0.477" in shown
    assert "∂o/∂o" in "\n".join(texts(BackwardNetwork(NETWORKS["no loss"]).scene))


def test_ugly_names_and_numbers_stay_inside() -> None:
    network = NETWORKS["2-3-1"]
    long = "a very long name of a neuron <script> 漢字 " * 3
    huge = [1e-300, -1.2345e200, np.nan, 3.0]
    layers = [
        replace(layer, name=long, neurons=tuple(
            replace(neuron, name=long, value=huge[n % 4], z=neuron.z and huge[(n + 1) % 4])
            for n, neuron in enumerate(layer.neurons)
        ))
        for layer in network.layers
    ]  # fmt: skip
    picture = BackwardNetwork(replace(network, layers=tuple(layers)))
    parsed(picture.svg)
    tidy(picture.scene)
    last = layers[-1]
    steep = tuple(replace(n, slope=np.nan, gradient=-1.2345e200) for n in last.neurons)
    layers[-1] = replace(last, neurons=steep)
    tidy(BackwardNetwork(replace(network, layers=tuple(layers))).scene)


def test_what_is_missing_is_asked_for() -> None:
    network = NETWORKS["1-1"]
    layer = network.layers[1]
    blind = replace(layer, neurons=(replace(layer.neurons[0], slope=None),))
    with pytest.raises(ValueError, match=r"slope σ′\(z\) of o in layer"):
        BackwardNetwork(replace(network, layers=(network.layers[0], blind)))
    with pytest.raises(ValueError, match="most=0"):
        BackwardNetwork(network, most=0)


def test_the_same_network_is_the_same_picture() -> None:
    first, second = (BackwardNetwork(hand_built([3, 4, 2], letters="xho")) for _ in range(2))
    assert first.svg == second.svg
    assert "no-gain" not in [type(s).__name__ for g in first.scene.groups for s in g.shapes]
    assert sum(isinstance(s, Polygon) for g in of_kind(first.scene, "card") for s in g.shapes) == 6
