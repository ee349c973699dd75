"""A small network with all its numbers: each is the engine's, and each can be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import nn
import viz
from tests.viz.hand_built import hand_built
from tests.viz.samples import parsed
from tests.viz.shown import box, of_kind, outline, texts, tidy
from viz.draw.scene import Block, Path, Text
from viz.networks.chips.judge import probabilities
from viz.networks.chips.picture import FullNetwork
from viz.networks.chips.symbols import Symbols, digits, weights_to
from viz.networks.model import Loss, Network, Weights
from viz.text.formatting import number

W0 = [[0.9, 0.7, 0.9], [0.6, -0.1, -0.1], [0.5, -0.6, -0.2], [0.8, 0.5, -0.1]]
W1 = [[1.1, 1, 0.7, -0.9], [-0.5, -0.8, -1, 0.5], [0.4, 1.1, -0.7, -0.3]]

NETWORKS: dict[str, Network] = {
    "3-4-3": hand_built([3, 4, 3], ["relu", ""], "softmax", weights=(W0, W1),
                        inputs=[1.0, 2.0, -1.0], bias=False, letters="xaz"),
    "1-1": hand_built([1, 1], ["tanh"]),
    "2-3-1": hand_built([2, 3, 1], ["relu", "sigmoid"], seed=3),
    "3-4-3-2": hand_built([3, 4, 3, 2], ["tanh", "gelu", ""], seed=2),
    "6-6-6": hand_built([6, 6, 6], ["sigmoid", ""], "softmax", seed=4),
    "6-6-6-6": hand_built([6, 6, 6, 6], ["tanh", "tanh", "tanh"], seed=5),
    "1-6": hand_built([1, 6], [""], "softmax"),
    "linear inside": hand_built([2, 2, 2], ["", "tanh"], seed=1),
    "a loss of no name": replace(hand_built([2, 2]), loss=Loss("R", 1.5)),
    "no loss": hand_built([2, 2, 1], ["tanh", "tanh"], "none"),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_each_weight_is_a_chip_with_its_value_and_its_gradient(name: str) -> None:
    network = NETWORKS[name]
    chips = [
        tuple("".join(s.text for s in line.spans) for line in group.shapes[1:])  # type: ignore[union-attr]
        for group in of_kind(FullNetwork(network).scene, "chip")
    ]
    expected = []
    for layer in range(1, len(network.layers)):
        weights, neurons = weights_to(network, layer), network.layers[layer].neurons
        for row, neuron in enumerate(neurons):
            pairs = zip(weights.values[row], gradients(weights)[row], strict=True)
            expected += [(digits(float(w)), digits(float(g))) for w, g in pairs]
            if neuron.bias is not None:
                expected.append((digits(neuron.bias), digits(neuron.bias_gradient)))
    assert [chip[1:] for chip in chips] == expected
    names = [chip[0] for chip in chips]
    if name == "3-4-3":
        assert names[:4] == ["w₁₁", "w₂₁", "w₃₁", "w₁₂"]
        assert "b" not in "".join(names)


def gradients(weights: Weights) -> Any:
    assert weights.gradients is not None
    return weights.gradients


@pytest.mark.parametrize("name", NETWORKS)
def test_each_neuron_has_a_card_with_all_its_numbers(name: str) -> None:
    network = NETWORKS[name]
    cards = [
        [line.spans[0].text for line in group.shapes[1:] if isinstance(line, Text)]
        for group in of_kind(FullNetwork(network).scene, "card")
    ]
    for layer in network.layers:
        for n in layer.neurons:
            numbers = [digits(n.value), digits(n.gradient)]
            if layer.activation:
                numbers = [digits(n.z), digits(n.value), digits(n.gradient), digits(n.delta)]
            mine = [card for card in cards if [text for text in card if plain(text)] == numbers]
            assert mine, (n, numbers)
            if layer.activation:
                assert any(f"= {number(n.slope or 0.0, 3)} · ∂" in card[-2] for card in mine)


def plain(text: str) -> bool:
    """Whether a text is a number, and no formula or name."""
    return text[0] in "−0123456789—∞"


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_lies_over_anything(name: str) -> None:
    scene = FullNetwork(NETWORKS[name]).scene
    tidy(scene)
    chips = [outline(group) for group in of_kind(scene, "chip")]
    cards = [outline(group) for group in of_kind(scene, "card")]
    assert not any(chip.overlaps(card) for chip in chips for card in cards)
    for chip in chips:
        behind = [card for card in cards if 0 < card.x - chip.right < 20]
        assert sum(card.y <= chip.y and chip.bottom <= card.bottom for card in behind) == 1
    for band in of_kind(scene, "ground"):
        written = [box(line) for line in band.shapes if isinstance(line, Text)]
        room = outline(band)
        for place, text in enumerate(written):
            assert not any(text.overlaps(other, -1) for other in written[:place]), text
            assert room.x <= text.x, text
            assert text.right <= room.right, text
            assert room.y <= text.y, text
            assert text.bottom <= room.bottom, text


def test_softmax_and_cross_entropy_are_one_frame_and_orange_begins_at_its_edge() -> None:
    network = NETWORKS["3-4-3"]
    scene = FullNetwork(network).scene
    frame = next(
        outline(group) for group in of_kind(scene, "ground")
        if isinstance(group.shapes[0], Block) and group.shapes[0].style == "judged"
    )  # fmt: skip
    starts = [
        shape.start for group in of_kind(scene, "wire") for shape in group.shapes
        if isinstance(shape, Path) and shape.style == "backward-lane"
        and shape.start[0] > frame.x - 9
    ]  # fmt: skip
    assert [x for x, _ in starts] == [frame.x] * 3
    shown = texts(scene)
    outputs = np.exp([neuron.value for neuron in network.layers[-1].neurons])
    p = outputs / outputs.sum()
    np.testing.assert_allclose(probabilities(network), p, rtol=1e-14)
    for row, share in enumerate(p):
        sent = network.layers[-1].neurons[row].gradient
        assert sent == pytest.approx(share - (row == 0), abs=1e-14)
        assert digits(share) in shown
    assert f"p₁ − y₁ ={digits(round(float(p[0]) - 1, 3))}" in shown
    assert "C = − ln p₁" in shown
    assert "the entries add up to 0" in shown
    assert "softmax + cross-entropyone function of z" in shown


def test_formulas_stand_under_their_columns_with_their_numbers() -> None:
    scene = FullNetwork(NETWORKS["3-4-3"]).scene
    band = of_kind(scene, "ground")[1]
    lines = {t.spans[0].text: box(t).middle[0] for t in band.shapes if isinstance(t, Text)}
    shown = texts(scene)
    for formula in ("∂C/∂W⁽⁰⁾ = xᵀ ∂C/∂s", "∂C/∂s = ∂C/∂a ⊙ ReLU′", "∂C/∂W⁽¹⁾ = aᵀ (p − y)",
                    "∂C/∂a = (p − y) W⁽¹⁾ᵀ", "∂C/∂z = p − y", "gate (1  1  0  1)",
                    "a silent ReLU blocks", "(1  2  −1)ᵀ · (−0.65  −0.347  0  0.563)"):  # fmt: skip
        assert formula in shown
    chips = [outline(group) for group in of_kind(scene, "chip")]
    hidden = [outline(g) for g in of_kind(scene, "card") if "ReLU" in g.label]
    assert lines["∂C/∂s = ∂C/∂a ⊙ ReLU′"] == pytest.approx(hidden[0].middle[0])
    assert lines["∂C/∂W⁽⁰⁾ = xᵀ ∂C/∂s"] < chips[0].right


def test_engine_and_formulas_are_compared() -> None:
    network = NETWORKS["3-4-3-2"]
    assert "engine and formulas agree" in texts(FullNetwork(network).scene)
    wrong = gradients(network.weights[0]).copy()
    wrong[1, 2] += 1e-3
    weights = (replace(network.weights[0], gradients=wrong), *network.weights[1:])
    shown = texts(FullNetwork(replace(network, weights=weights)).scene)
    assert "engine and formulas differ" in shown
    size = np.abs(wrong).max()
    assert f"by {number(1e-3 / size, 2)}: more depends on them" in shown


def test_a_silent_neuron_is_dashed_and_its_lanes_too() -> None:
    scene = FullNetwork(NETWORKS["3-4-3"]).scene
    quiet = [g for g in of_kind(scene, "card") if g.shapes[0].style == "silent"]  # type: ignore[union-attr]
    assert len(quiet) == 1
    lanes = [s.style for g in of_kind(scene, "wire") for s in g.shapes if isinstance(s, Path)]
    assert lanes.count("zero-lane") == 2 * 3
    assert lanes.count("zero-forward-lane") == 3


def test_letters_are_those_of_the_neurons_and_never_twice_the_same() -> None:
    symbols = Symbols(NETWORKS["3-4-3"])
    assert [symbols.letter(n) for n in range(3)] == ["x", "a", "z"]
    assert symbols.sum(1) == "s"
    deep = Symbols(NETWORKS["3-4-3-2"])
    assert [deep.sum(n) for n in (1, 2, 3)] == ["z⁽¹⁾", "z⁽²⁾", "o"]
    network = NETWORKS["2-3-1"]
    alike = tuple(
        replace(layer, neurons=tuple(replace(n, name="neuron") for n in layer.neurons))
        for layer in network.layers
    )
    letters = [Symbols(replace(network, layers=alike)).letter(n) for n in range(3)]
    assert letters == ["x", "h⁽¹⁾", "h⁽²⁾"]


def test_what_does_not_fit_a_page_is_refused_with_the_other_views() -> None:
    for sizes in ([7, 2], [2, 2, 2, 2, 2]):
        with pytest.raises(ValueError, match=r"does not fit a page.*viz\.network"):
            FullNetwork(hand_built(sizes))
    network = NETWORKS["2-3-1"]
    over = Weights(0, 2, np.ones((1, 2)))
    with pytest.raises(ValueError, match="skips a layer"):
        FullNetwork(replace(network, weights=(*network.weights, over)))


def test_viz_network_draws_it_on_request() -> None:
    model = nn.scalar.MLP(2, [3, 1], rng=np.random.default_rng(0))
    given: dict[str, Any] = {"loss": lambda o, t: (o - t) ** 2}
    picture = viz.network(model, [1.0, -1.0], 1.0, detail="full", **given)
    assert isinstance(picture, FullNetwork)
    assert "2 (o − t)" in "".join(texts(picture.scene))
    tidy(picture.scene)
    with pytest.raises(ValueError, match="neurons, full"):
        viz.network(model, [1.0, -1.0], 1.0, detail="all", **given)
    with pytest.raises(ValueError, match="every gradient"):
        viz.network(model, [1.0, -1.0], 1.0, detail="full", gradients=False, **given)


def test_errors_are_named_in_float32_too() -> None:
    rng = np.random.default_rng(3)
    model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.Linear(4, 3, rng=rng))
    x, t = rng.normal(size=(1, 3)).astype(np.float32), np.ones((1, 3), np.float32)
    for loss, text in (
        (nn.mse_loss, "2 (o₁ − t₁) / 3"),
        (lambda o, t: 0.5 * ((o - t) ** 2).sum(), "o₁ − t₁"),
        (lambda o, t: ((o - t) ** 2).sum(), "2 (o₁ − t₁)"),
        (lambda o, t: ((o - t) ** 4).sum(), "∂L/∂o₁"),
    ):
        drawn = texts(viz.network(model, x, t, loss=loss, detail="full").scene)
        assert text in drawn
        below = texts(viz.backward_network(model, x, t, loss=loss).scene)
        assert any(line.startswith(f"{text} = ") for line in below), (text, below)
    shown = texts(viz.network(model, x, np.array([1]), loss=nn.cross_entropy, detail="full").scene)
    assert "the entries add up to 0" in shown


def test_ugly_names_and_numbers_stay_inside() -> None:
    network = NETWORKS["2-3-1"]
    huge, long = [1e-300, -1.2345e200, np.nan, 3.0], "a long name <b> 漢字 " * 3
    layers = [
        replace(layer, neurons=tuple(
            replace(neuron, name=long, value=huge[n % 4], gradient=huge[1 - n % 2])
            for n, neuron in enumerate(layer.neurons)
        ))
        for layer in network.layers
    ]  # fmt: skip
    picture = FullNetwork(replace(network, layers=tuple(layers)))
    parsed(picture.svg)
    tidy(picture.scene)
    assert picture.svg == FullNetwork(replace(network, layers=tuple(layers))).svg
