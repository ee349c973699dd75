"""A network read from a graph of Values: every number is the engine's, however it was written."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from viz.networks.errors import NotANetworkError
from viz.networks.losses import recognise
from viz.networks.model import Network
from viz.networks.values import network_of_values


def weight(data: float, name: str = "w") -> ad.Value:
    return ad.Value(data, name=name)


def by_hand(how: str) -> tuple[ad.Value, list[list[ad.Value]], list[ad.Value]]:
    """A 2-3-1 network with a squared error, its sums written in one of many ways."""
    rng = random.Random(how)
    w = [[weight(rng.uniform(-1, 1)) for _ in range(2)] for _ in range(3)]
    b = [weight(rng.uniform(-1, 1), "b") for _ in range(3)]
    v = [weight(rng.uniform(-1, 1)) for _ in range(3)]
    x = [ad.Value(0.7, name="x1"), ad.Value(-0.4, name="x2")]

    def add(terms: list[Any], bias: Any) -> Any:
        if how == "left":
            return terms[0] + terms[1] + bias
        if how == "bias first":
            return bias + terms[0] + terms[1]
        if how == "right":
            return terms[0] + (terms[1] + bias)
        if how == "sum":
            return sum(terms) + bias
        if how == "sum from bias":
            return sum(terms, bias)
        return sum(terms[1:], terms[0])

    def product(a: Any, c: Any) -> Any:
        return c * a if how == "right" else a * c

    h = [
        ad.tanh(add([product(wi, xi) for wi, xi in zip(row, x, strict=True)], bi))
        for row, bi in zip(w, b, strict=True)
    ]
    terms = [product(vi, hi) for vi, hi in zip(v, h, strict=True)]
    o = terms[0] + terms[1] - (-terms[2])
    loss = (o - 0.25) ** 2 / 2
    return loss, w, b


@pytest.mark.parametrize("how", ["left", "bias first", "right", "sum", "sum from bias", "none"])
def test_a_network_is_found_however_its_sums_are_written(how: str) -> None:
    loss, w, b = by_hand(how)
    net = network_of_values(loss)
    assert [len(layer.neurons) for layer in net.layers] == [2, 3, 1]
    assert [layer.activation for layer in net.layers] == ["", "tanh", ""]
    assert net.weights[0].values.tolist() == [[n.data for n in row] for row in w]
    assert [n.name for n in net.layers[0].neurons] == ["x₁", "x₂"]
    assert net.loss is not None
    assert (net.loss.formula, net.loss.targets) == ("½ (o − t)²", (0.25,))
    loss.backward()
    assert net.weights[0].gradients is not None
    np.testing.assert_allclose(
        net.weights[0].gradients, [[n.grad for n in row] for row in w], rtol=1e-12
    )
    if how != "none":
        found = [n.bias_gradient for n in net.layers[1].neurons]
        np.testing.assert_allclose(np.array(found, float), [n.grad for n in b], rtol=1e-12)


def numbers_agree(net: Network, model: nn.scalar.MLP) -> None:
    """Weights, gradients and slopes of a picture beside those of the model."""
    for matrix, layer in zip(net.weights, model.layers, strict=True):
        assert matrix.values.tolist() == [[w.data for w in n.w] for n in layer.neurons]
        assert matrix.gradients is not None
        want = [[w.grad for w in n.w] for n in layer.neurons]
        np.testing.assert_allclose(matrix.gradients, want, rtol=1e-12, atol=1e-300)
    for found, layer in zip(net.layers[1:], model.layers, strict=True):
        assert [n.bias_gradient for n in found.neurons] == [n.b.grad for n in layer.neurons]
        for neuron in found.neurons:
            z, h = neuron.z, 1e-6
            assert z is not None
            if found.activation:
                up, down = (getattr(ad, found.activation)(ad.Value(z + s)).data for s in (h, -h))
                assert neuron.slope == pytest.approx((up - down) / (2 * h), rel=1e-6)
            assert neuron.delta == pytest.approx((neuron.gradient or 0) * (neuron.slope or 0))


@pytest.mark.parametrize("expand", [True, False])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "silu"])
def test_the_numbers_of_an_mlp_are_those_of_the_engine(activation: str, expand: bool) -> None:
    model = nn.scalar.MLP(
        2, [5, 4, 1], activation=activation, rng=np.random.default_rng(1), expand=expand
    )
    x = [ad.Value(1.17), -0.0591]
    loss = ad.relu(1 - (-1.0) * model(x))
    net = network_of_values(loss, roles={x[0]: "input"})
    loss.backward()
    numbers_agree(net, model)
    assert net.title == "One sample through a 2-5-4-1 network"
    assert net.loss is not None
    assert (net.loss.formula, net.loss.targets) == (
        f"max(0, 1 − y {'z' if expand else 'o'})",
        (-1.0,),
    )
    first, second = net.layers[0].neurons
    assert first.gradient == pytest.approx(x[0].grad, rel=1e-12)
    assert net.layers[1].activation == activation
    moved = [float(ad.relu(1 + model([1.17, -0.0591 + h])).data) for h in (1e-6, -1e-6)]
    assert second.gradient == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-5)
    assert all(p.grad is not None for p in model.parameters())


def test_samples_add_up_to_the_gradient_of_the_whole() -> None:
    rng = np.random.default_rng(0)
    model = nn.scalar.MLP(2, [4, 3], activation="tanh", rng=rng)
    rows, goals = rng.normal(size=(6, 2)), rng.normal(size=(6, 3))
    losses = [
        sum((o - t) ** 2 for o, t in zip(model(row.tolist()), goal.tolist(), strict=True))
        for row, goal in zip(rows, goals, strict=True)
    ]
    data: Any = sum(losses) / 6
    total = data + 1e-3 * sum(p * p for p in model.parameters())
    nets = [network_of_values(total, sample=i) for i in range(6)]
    data.backward()
    whole = sum(np.asarray(net.weights[0].gradients) for net in nets) / 6
    np.testing.assert_allclose(
        whole, [[w.grad for w in n.w] for n in model.layers[0].neurons], rtol=1e-12
    )
    for net, one, goal in zip(nets, losses, goals, strict=True):
        assert net.loss is not None
        assert isinstance(one, ad.Value)
        assert (net.loss.value, net.loss.formula) == (one.data, "Σ (o − t)²")
        np.testing.assert_allclose(net.loss.targets, goal)
    assert nets[2].note == "sample 2 of 6, numbered from 0; its loss counts 0.1667 times"
    sizes = [sum(abs(n.gradient or 0) for n in net.layers[-1].neurons) for net in nets]
    assert network_of_values(total).note == nets[int(np.argmax(sizes))].note
    with pytest.raises(IndexError, match=r"sample=6, .* 6 example\(s\); give a number from 0 to 5"):
        network_of_values(total, sample=6)


def softmax_loss(z: list[Any]) -> Any:
    e = [ad.exp(a) for a in z]
    return -ad.log(e[1] / (e[0] + e[1] + e[2]))


@pytest.mark.parametrize(
    ("loss", "formula", "targets", "size"),
    [
        (softmax_loss, "− Σ y ln p", (0.0, 1.0, 0.0), 3),
        (lambda z: sum((a - 0.5) * (a - 0.5) for a in z) / 3, "Σ (o − t)² / 3", (0.5,) * 3, 3),
        (lambda z: ad.softplus(-1.0 * z[0]), "− ln σ(o)", (1.0,), 1),
        (lambda z: -ad.log(1 - ad.sigmoid(z[0])), "− ln(1 − o)", (0.0,), 1),
        (lambda z: ad.log(1 + ad.exp(z[0])), "− ln(1 − σ(o))", (0.0,), 1),
        (lambda z: abs(z[0] - 2.0), "|o − t|", (2.0,), 1),
        (lambda z: ad.sin(z[0]) * 3, "", (), 1),
    ],
)
def test_losses_are_named_by_value_and_gradient(
    loss: Any, formula: str, targets: tuple[float, ...], size: int
) -> None:
    model = nn.scalar.MLP(3, [4, size], rng=np.random.default_rng(3))
    out = model([1.0, 2.0, -1.0])
    net = network_of_values(loss(out if isinstance(out, list) else [out]))
    assert net.loss is not None
    assert net.loss.formula == formula
    assert net.loss.targets == pytest.approx(targets)


def test_a_formula_needs_the_gradient_as_well_as_the_value() -> None:
    squared_hinge = recognise(np.array([0.0]), np.array([-2.0]), 1.0, {"relu", "square"}, "o")
    assert squared_hinge.formula == "(o − t)²"
    assert recognise(np.array([0.0]), np.array([-2.0]), 1.0, {"relu"}, "o").formula == ""
    assert recognise(np.array([0.0]), np.array([-1.0]), 1.0, {"relu"}, "o").targets == (1.0,)


def test_the_penalty_on_weights_is_left_out_and_said() -> None:
    loss, w, _ = by_hand("left")
    net = network_of_values(loss + 0.1 * sum(n * n for row in w for n in row))
    assert net.note == "without the penalty on the weights"
    assert net.loss is not None
    assert net.loss.value == loss.data
    assert net.loss.formula == "½ (o − t)²"
    same = network_of_values(loss)
    np.testing.assert_array_equal(
        np.asarray(net.weights[0].gradients), np.asarray(same.weights[0].gradients)
    )


def test_leaves_without_names_are_told_apart_by_use() -> None:
    w = [ad.Value(0.1), ad.Value(0.2), ad.Value(-0.3), ad.Value(0.4)]
    x, b = [ad.Value(1.0), ad.Value(2.0)], ad.Value(0.3)
    h = [ad.tanh(w[0] * x[0] + w[1] * x[1] + b), ad.tanh(w[2] * x[0] + w[3] * x[1])]
    net = network_of_values(h[0] * ad.Value(0.5) + h[1] * ad.Value(0.25))
    assert net.weights[0].values.tolist() == [[0.1, 0.2], [-0.3, 0.4]]
    assert net.weights[1].values.tolist() == [[0.5, 0.25]]
    assert net.layers[1].neurons[0].bias == 0.3
    assert net.layers[1].neurons[1].bias is None
    assert net.loss is None
    with pytest.raises(NotANetworkError, match="two leaves without names that are multiplied"):
        network_of_values(ad.tanh(ad.Value(1.0) * ad.Value(2.0)))


def test_connections_that_skip_layers_and_sums_of_results() -> None:
    w, v, u = weight(0.5), weight(-0.7), weight(1.5)
    x = ad.Value(2.0, name="x")
    h = ad.tanh(w * x)
    g = ad.sigmoid(v * h)
    out = u * (h + g)
    net = network_of_values(out)
    assert [len(layer.neurons) for layer in net.layers] == [1, 1, 1, 1, 1]
    places = [(m.source, m.target, m.fixed is not None) for m in net.weights]
    assert places == [(0, 1, False), (1, 2, False), (1, 3, True), (2, 3, True), (3, 4, False)]
    out.backward()
    for matrix, node in zip([net.weights[i] for i in (0, 1, 4)], (w, v, u), strict=True):
        assert matrix.gradients is not None
        assert matrix.gradients.item() == pytest.approx(node.grad, rel=1e-12)


def test_activations_put_together_from_operations() -> None:
    w, v, x = weight(0.5), weight(2.0), ad.Value(1.5, name="x")
    z = w * x
    out = v * (1 / (1 + ad.exp(-z)))
    (neuron,) = network_of_values(out).layers[1].neurons
    same = ad.sigmoid(ad.Value(0.75))
    assert neuron.value == pytest.approx(same.data)
    assert neuron.slope == pytest.approx(same.data * (1 - same.data))
    assert network_of_values(out).layers[1].activation == "f"


def test_before_and_without_gradients() -> None:
    model = nn.scalar.MLP(1, [1], rng=np.random.default_rng(0))
    out = model([2.0])
    net = network_of_values(out, gradients=False)
    assert net.weights[0].gradients is None
    assert net.layers[1].neurons[0].delta is None
    assert network_of_values(out).layers[1].neurons[0].delta == 1.0
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: ad.Value(2.0, name="x") * 3, "nothing in its graph adds up weights times inputs"),
        (lambda: ad.Value(2.0, name="x"), "no neurons were found"),
        (
            lambda: (
                weight(2.0)
                * ad.maximum(weight(1.0) * ad.Value(1.0, "x1"), weight(1.0) * ad.Value(1.0, "x2"))
            ),
            r"result of 'maximum'.*is no neuron: it depends on the result of 'multiply'",
        ),
    ],
)
def test_what_is_no_network_is_refused(build: Callable[[], Any], says: str) -> None:
    with pytest.raises(NotANetworkError, match=says):
        network_of_values(build())


def unnamed(sizes: list[int], rng: random.Random) -> list[list[tuple[list[ad.Value], ad.Value]]]:
    """Neurons as in micrograd: weights and biases without names."""
    return [
        [
            ([ad.Value(rng.uniform(-1, 1)) for _ in range(n)], ad.Value(rng.uniform(-1, 1)))
            for _ in range(m)
        ]
        for n, m in pairwise(sizes)
    ]


def run(layers: Any, x: list[Any]) -> list[Any]:
    for number, layer in enumerate(layers):
        x = [sum((w * a for w, a in zip(ws, x, strict=True)), b) for ws, b in layer]
        x = [ad.tanh(z) for z in x] if number < len(layers) - 1 else x
    return x


@pytest.mark.parametrize("sizes", [[2, 4, 3, 1], [2, 5, 2], [3, 1], [2, 3]])
@pytest.mark.parametrize("count", [1, 3, 20])
def test_batches_of_leaves_without_names(sizes: list[int], count: int) -> None:
    if sizes[1:] == [1] and count == 1:
        pytest.skip("a single neuron and a single example: nothing tells weights from inputs")
    rng = random.Random(4)
    layers = unnamed(sizes, rng)
    xs = [[ad.Value(rng.uniform(-1, 1)) for _ in range(sizes[0])] for _ in range(count)]
    losses: list[Any] = [sum((o - 0.5) ** 2 for o in run(layers, x)) for x in xs]
    weights = [p for layer in layers for ws, b in layer for p in (*ws, b)]
    total: Any = sum(losses) * (1 / count) + 1e-3 * sum(p * p for p in weights)
    net = network_of_values(total, sample=count - 1)
    assert [len(layer.neurons) for layer in net.layers] == sizes
    assert [n.value for n in net.layers[0].neurons] == [x.data for x in xs[-1]]
    losses[-1].backward()
    for matrix, layer in zip(net.weights, layers, strict=True):
        assert matrix.values.tolist() == [[w.data for w in ws] for ws, _ in layer]
        np.testing.assert_allclose(
            np.asarray(matrix.gradients), [[w.grad for w in ws] for ws, _ in layer], rtol=1e-12
        )


@pytest.mark.parametrize("seed", range(30))
def test_forward_and_backward_pass_of_what_was_read_give_its_numbers(seed: int) -> None:
    """A random network, written in random ways, is computed again from the plain data alone."""
    rng = random.Random(seed)
    x = [ad.Value(rng.uniform(-2, 2), name=f"x{i}") for i in range(rng.randint(1, 3))]
    layer: list[Any] = list(x)
    earlier: list[Any] = list(x)
    for _ in range(rng.randint(1, 3)):
        made = []
        for _ in range(rng.randint(1, 4)):
            sources = layer + rng.sample(earlier, rng.randint(0, min(1, len(earlier))))
            terms = [weight(rng.uniform(-1, 1)) * s for s in sources]
            if rng.random() < 0.7:
                terms.insert(rng.randrange(len(terms) + 1), weight(rng.uniform(-1, 1), "b"))
            while len(terms) > 1:
                at = rng.randrange(len(terms) - 1)
                one, other = terms[at : at + 2]
                single = other.is_leaf or other.op.name == "multiply"
                pairs = [one + other, sum((one, other)), one + -other if single else one + other]
                terms[at : at + 2] = [
                    one - other if single and rng.random() < 0.3 else rng.choice(pairs)
                ]
            made.append(rng.choice([ad.tanh, ad.relu, ad.sigmoid, ad.softplus])(terms[0]))
        earlier += layer
        layer = made
    out = sum(weight(rng.uniform(-1, 1)) * h for h in layer) + weight(0.3, "b")
    net = network_of_values((out - 1.0) ** 2)
    recomputed(net)
    if seed:
        return
    wrong = net.weights[0].values.copy()
    wrong[0, 0] += 1e-6
    with pytest.raises(AssertionError):
        recomputed(replace(net, weights=(replace(net.weights[0], values=wrong), *net.weights[1:])))


def recomputed(net: Network) -> None:
    """Every z is its weighted sum, every gradient the sum of what its readers send back."""
    for number, layer in enumerate(net.layers):
        if number:
            z = np.array([n.bias or 0.0 for n in layer.neurons])
            for w in net.weights:
                if w.target == number:
                    values = np.array([n.value for n in net.layers[w.source].neurons])
                    z += np.where(w.mask, w.values * values, 0.0).sum(axis=1)
            np.testing.assert_allclose(z, [n.z for n in layer.neurons], rtol=1e-12, atol=1e-13)
        if number < len(net.layers) - 1:
            back = np.zeros(len(layer.neurons))
            for w in net.weights:
                if w.source == number:
                    deltas = np.array([n.delta for n in net.layers[w.target].neurons], float)
                    back += np.where(w.mask, w.values * deltas[:, None], 0.0).sum(axis=0)
            found = np.array([n.gradient for n in layer.neurons], float)
            np.testing.assert_allclose(back, found, rtol=1e-12, atol=1e-13)


def test_nodes_with_equal_numbers_are_not_taken_for_each_other() -> None:
    w = [weight(1.0) for _ in range(4)]
    x = [ad.Value(1.0, name="x1"), ad.Value(1.0, name="x2")]
    h = [ad.relu(w[0] * x[0]), ad.relu(w[1] * x[1])]
    z = w[2] * h[0] + w[3] * h[1]
    out = weight(1.0) * (z * ad.sigmoid(z) / ad.sigmoid(z)) + weight(1.0) * ad.exp(z - z + 0.0)
    net = network_of_values(out)
    assert [len(layer.neurons) for layer in net.layers] == [2, 2, 1, 2, 1]
    recomputed(net)
    zero = network_of_values(weight(0.0) * ad.relu(weight(0.0) * ad.Value(0.0, name="x")))
    assert [layer.activation for layer in zero.layers] == ["", "relu", ""]
