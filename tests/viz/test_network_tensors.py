"""A network read from a graph of Tensors: one example's numbers, which add up to the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from viz.networks.errors import NotANetworkError
from viz.networks.model import Network
from viz.networks.reading import read_network
from viz.networks.shorten import shortened
from viz.networks.tensors import network_of_tensors

RNG = np.random.default_rng(5)
X, T = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 2))
LABELS = np.array([0, 1, 1, 0, 1, 0])


def parameter(*shape: int, name: str | None = None) -> ad.Tensor:
    return ad.Tensor(RNG.normal(size=shape), requires_grad=True, name=name)


def model() -> tuple[Any, list[ad.Tensor]]:
    net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 2))
    net = net.to(np.float64)
    return net, [net[i].weight for i in (0, 2, 4)]


def by_hand(orientation: str) -> tuple[Callable[[Any], Any], list[ad.Tensor]]:
    """x W + b, or W x + b with examples as columns."""
    if orientation == "rows":
        w, b, v = parameter(3, 5), parameter(5), parameter(5, 2)
        return lambda x: ad.sigmoid(x @ w - b) @ v, [w, v]
    w, b, v = parameter(5, 3), parameter(5, 1), parameter(2, 5)
    return lambda x: ad.transpose(v @ ad.sigmoid(w @ ad.transpose(x) + b)), [w, v]


def cross_entropy(out: Any) -> Any:
    return nn.CrossEntropyLoss()(out, LABELS)


def squares(out: Any) -> Any:
    return ad.square(out - T).mean()


@pytest.mark.parametrize(
    ("made", "loss", "formula"),
    [
        (model, cross_entropy, "− Σ y ln p"),
        (model, squares, "Σ (o − t)²"),
        (lambda: by_hand("rows"), cross_entropy, "− Σ y ln p"),
        (lambda: by_hand("rows"), lambda out: ad.square(out - T).sum() / 2, "½ Σ (o − t)²"),
        (lambda: by_hand("rows"), lambda out: -(-ad.square(out - T)).sum() / 6, "Σ (o − t)²"),
        (lambda: by_hand("columns"), squares, "Σ (o − t)²"),
    ],
)
def test_examples_add_up_to_the_gradients_of_the_engine(
    made: Callable[[], Any], loss: Callable[[Any], Any], formula: str
) -> None:
    forward, weights = made()
    x = ad.Tensor(X, name="x")
    root = loss(forward(x))
    nets = [network_of_tensors(root, sample=i) for i in range(6)]
    assert all(w.grad is None for w in weights)
    said = [net.note.rpartition("its loss counts ")[2] for net in nets]
    counts = [1.0 if text == "once" else float(text.removesuffix(" times")) for text in said]
    times = {0.1667: 1 / 6, 0.08333: 1 / 12}.get(counts[0], counts[0])
    root.backward()
    for number, w in enumerate(weights):
        whole = times * sum(np.asarray(net.weights[number].gradients) for net in nets)
        values = nets[0].weights[number].values
        assert w.grad is not None
        turned = values.shape != w.shape or not np.array_equal(values, w.data)
        np.testing.assert_allclose(whole.T if turned else whole, w.grad, rtol=1e-10, atol=1e-14)
    for net in nets:
        check_one(net, X[nets.index(net)])
        assert net.loss is not None
        assert net.loss.formula == formula
    total = sum(net.loss.value for net in nets if net.loss) * times
    assert total == pytest.approx(root.item(), rel=1e-12)


def check_one(net: Network, x: np.ndarray[Any, Any]) -> None:
    """Forward and backward pass of the picture computed again from its own weights."""
    assert [n.value for n in net.layers[0].neurons] == x.tolist()
    for wires in net.weights:
        source, target = net.layers[wires.source].neurons, net.layers[wires.target].neurons
        values = np.array([n.value for n in source])
        bias = np.array([n.bias or 0.0 for n in target])
        np.testing.assert_allclose(wires.values @ values + bias, [n.z for n in target])
        back = wires.values.T @ np.array([n.delta for n in target], float)
        np.testing.assert_allclose(back, np.array([n.gradient for n in source], float), atol=1e-13)
        for neuron in target:
            assert neuron.delta == pytest.approx((neuron.gradient or 0) * (neuron.slope or 0))


def test_layers_are_called_by_their_place_in_the_model() -> None:
    net, _ = model()
    found = network_of_tensors(cross_entropy(net(ad.Tensor(X))))
    assert [layer.name for layer in found.layers] == [
        "inputs",
        "Linear [0]",
        "Linear [2]",
        "Linear [4]",
    ]
    assert [layer.activation for layer in found.layers] == ["", "tanh", "relu", ""]
    assert found.loss is not None
    assert found.loss.kind == "softmax cross-entropy"
    assert sorted(found.loss.targets) == [0.0, 1.0]


def test_one_example_without_a_batch_and_a_single_output() -> None:
    w, b, v = parameter(4, 3, name="W1"), parameter(4), parameter(4)
    x = ad.Tensor(X[0])
    root = ad.square(v @ ad.relu(w @ x + b) - 1.0) / 2
    net = network_of_tensors(root)
    assert [len(layer.neurons) for layer in net.layers] == [3, 4, 1]
    assert net.note == ""
    assert net.loss is not None
    assert net.loss.formula == "½ (o − t)²"
    check_one(net, X[0])
    batch = ad.square(ad.relu(X @ w.T + b) @ v - 1.0).mean()
    one = network_of_tensors(batch, sample=3)
    check_one(one, X[3])
    assert one.note == "sample 3 of 6, numbered from 0; its loss counts 0.1667 times"


def test_sums_of_layers_and_penalties() -> None:
    w, v, u = parameter(3, 4), parameter(4, 4), parameter(4, 2)
    h = ad.tanh(ad.Tensor(X) @ w)
    root = squares((h + ad.relu(h @ v)) @ u) + 0.1 * (w * w).sum()
    net = network_of_tensors(root, sample=0)
    places = [(m.source, m.target, m.fixed is not None) for m in net.weights]
    assert places == [(0, 1, False), (1, 2, False), (1, 3, True), (2, 3, True), (3, 4, False)]
    assert int(net.weights[2].mask.sum()) == 4
    assert net.loss is not None
    assert net.loss.formula == "Σ (o − t)²"


def test_outputs_without_a_loss() -> None:
    net, _ = model()
    found = network_of_tensors(net(ad.Tensor(X)))
    assert found.loss is None
    assert found.weights[0].gradients is None
    w = parameter(3, 1)
    first = network_of_tensors(ad.tanh(ad.Tensor(X) @ w))
    assert [n.value for n in first.layers[0].neurons] == X[0].tolist()
    assert first.weights[0].gradients is not None
    assert (
        network_of_tensors(ad.tanh(ad.Tensor(X) @ w), sample=2).layers[1].neurons[0].gradient == 1
    )


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: ad.square(ad.Tensor(X, name="x")).sum(), "no layers of neurons were found"),
        (
            lambda: (
                ad.reshape(
                    nn.functional.conv2d(ad.Tensor(np.ones((1, 1, 3, 3))), parameter(1, 1, 2, 2)),
                    (1, 4),
                )
                @ parameter(4, 2)
            ).sum(),
            r"'convolution'.* is no layer of neurons: between matrix products with weights",
        ),
        (
            lambda: (ad.softmax(ad.Tensor(X) @ parameter(3, 4)) @ parameter(4, 2)).sum(),
            r"'softmax'.* is no layer of neurons",
        ),
        (
            lambda: (nn.functional.layer_norm(nn.Linear(3, 4)(X), (4,)) @ parameter(4, 1)).sum(),
            r"is no layer of neurons",
        ),
    ],
)
def test_what_is_no_network_is_refused(build: Callable[[], Any], says: str) -> None:
    with pytest.raises(NotANetworkError, match=says):
        network_of_tensors(build())


def test_a_model_is_read_and_stays_as_it_is() -> None:
    net, weights = model()
    found = read_network(net, X, LABELS, loss=nn.CrossEntropyLoss(), sample=2)
    assert all(w.grad is None for w in weights)
    assert net.training
    root = cross_entropy(net(ad.Tensor(X)))
    same = network_of_tensors(root, sample=2)
    for one, other in zip(found.weights, same.weights, strict=True):
        np.testing.assert_array_equal(np.asarray(one.gradients), np.asarray(other.gradients))
    assert read_network(found) is found
    for given, error, says in [
        ((root, X), TypeError, "belong to a model"),
        ((net,), TypeError, r"without x; give both: \(model, x\)"),
        ((3.0,), TypeError, "no network can be read from a 'float'; give a loss"),
        ((nn.scalar.MLP(1, [2]), [1.0]), ValueError, "gives 2 outputs; give loss="),
        ((lambda x: x, 1.0), TypeError, "no Value or Tensor, but 'float'"),
    ]:
        with pytest.raises(error, match=says):
            read_network(*given)


def test_wide_layers_keep_the_neurons_that_matter_most() -> None:
    w, v = parameter(30, 40), parameter(40, 3)
    x = RNG.normal(size=(1, 30))
    root = nn.CrossEntropyLoss()(ad.relu(ad.Tensor(x) @ w) @ v, np.array([1]))
    whole = read_network(root)
    part = shortened(whole, 8)
    assert [len(layer.neurons) for layer in part.layers] == [8, 8, 3]
    assert [(layer.size, layer.left_out) for layer in part.layers] == [(30, 22), (40, 32), (0, 0)]
    assert part.title == "One sample through a 30-40-3 network"
    for number in (0, 1):
        effect = [abs(n.value * (n.gradient or 0)) for n in whole.layers[number].neurons]
        kept = [n.index for n in part.layers[number].neurons]
        assert kept == sorted(np.argsort(effect)[-8:].tolist())
    rows = [n.index for n in part.layers[1].neurons]
    columns = [n.index for n in part.layers[0].neurons]
    np.testing.assert_array_equal(part.weights[0].values, whole.weights[0].values[rows][:, columns])
    with pytest.raises(ValueError, match="most=0"):
        shortened(whole, 0)


def test_examples_that_meet_behind_the_layers_have_no_loss_of_their_own() -> None:
    x, w = ad.Tensor(X, name="x"), ad.Tensor(np.eye(3), requires_grad=True, name="W")
    keys = x @ w
    root = ad.square(ad.softmax(keys @ keys.T) @ keys).mean()
    net = network_of_tensors(root, sample=1)
    assert net.loss is not None
    assert net.loss.value == root.item()
    assert net.note == "sample 1 of 6, numbered from 0; its part of the loss of all"
    root.backward()
    nets = [
        network_of_tensors(ad.square(ad.softmax(k @ k.T) @ k).mean(), sample=i)
        for i in range(6)
        for k in [x @ w]
    ]
    whole = sum(np.asarray(net.weights[0].gradients) for net in nets)
    np.testing.assert_allclose(whole.T, w.grad, rtol=1e-10)


def test_weights_of_many_steps_are_counted_once_and_a_refused_layer_is_named() -> None:
    x, w = ad.Tensor(X, name="x"), ad.Tensor(np.eye(3), requires_grad=True, name="W")
    h = ad.tanh(ad.tanh(x @ w) @ w)
    assert network_of_tensors(h.sum()).trained == 9
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.BatchNorm1d(4), nn.Linear(4, 1, rng=rng))
    with pytest.raises(NotANetworkError, match=r"in BatchNorm1d\(4\) is no layer of neurons"):
        network_of_tensors(net(x).sum())
