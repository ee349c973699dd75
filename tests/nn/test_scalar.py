"""Neurons, layers and networks over Values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff import Value
from nn import scalar
from nn.scalar import MLP, Layer, Neuron


def test_a_neuron_is_a_weighted_sum_and_an_activation() -> None:
    n = Neuron(2, rng=np.random.default_rng(0))
    n.b.data = 0.25
    z = n.w[0].data * 3 + n.w[1].data * -2 + 0.25
    assert n([3.0, -2.0]).data == max(z, 0)
    n.nonlin = False
    assert n([3.0, -2.0]).data == pytest.approx(z)
    assert n(np.array([3.0, -2.0])).data == pytest.approx(z)
    assert all(-1 <= w.data < 1 for w in n.w)


ACTIVATIONS = {
    "relu": lambda z: max(z, 0.0),
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "gelu": lambda z: z * 0.5 * (1 + math.erf(z / math.sqrt(2))),
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "softplus": lambda z: math.log1p(math.exp(z)),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("expand", [False, True])
def test_activations_and_gradients(name: str, expand: bool) -> None:
    n = Neuron(3, activation=name, expand=expand, rng=np.random.default_rng(0))
    x = [Value(0.5), Value(-1.5), Value(2.0)]
    out = n(x)
    z = sum(w.data * v.data for w, v in zip(n.w, x, strict=True))
    assert out.data == pytest.approx(ACTIVATIONS[name](z))
    out.backward()
    h = 1e-6
    for leaf in (*x, *n.parameters()):
        old = leaf.data
        leaf.data = old + h
        above = n(x).data
        leaf.data = old - h
        below = n(x).data
        leaf.data = old
        assert leaf.grad == pytest.approx((above - below) / (2 * h), abs=1e-6)


def test_every_activation_is_tested() -> None:
    assert set(ACTIVATIONS) == set(scalar._ACTIVATIONS)


def test_one_node_or_single_operations() -> None:
    x = [Value(1.0, name="x₁"), Value(2.0, name="x₂")]
    short = Neuron(2, nonlin=False)(x)
    assert [p.name for p in short.parents] == ["w₁", "w₂", "x₁", "x₂", "b"]
    long = Neuron(2, activation="tanh", expand=True)(x)
    named = [n.name or n.op.name for n in ad.topological_order(long)]
    assert [n for n in named if not n.startswith(("w", "x"))] == ["b", "p₁", "p₂", "s", "z", "tanh"]
    single = Neuron(1, nonlin=False, expand=True)([x[0]])
    assert [n.name for n in single.parents] == ["p₁", "b"]


def test_the_two_forms_agree() -> None:
    x = [0.3, -0.7]
    a = MLP(2, [4, 3, 1], rng=np.random.default_rng(1))
    b = MLP(2, [4, 3, 1], rng=np.random.default_rng(1), expand=True)
    u, v = a(x), b(x)
    assert u.data == pytest.approx(v.data, rel=1e-14)
    u.backward()
    v.backward()
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        assert p.grad == pytest.approx(q.grad, rel=1e-12)


def test_a_network_equals_the_same_network_of_tensors() -> None:
    model = MLP(3, [4, 2], activation="tanh", rng=np.random.default_rng(0))
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(np.float64)
    for layer, linear in zip(model.layers, (net[0], net[2]), strict=True):
        assert isinstance(linear, nn.Linear)
        assert linear.bias is not None
        linear.weight.data = np.array([[w.data for w in n.w] for n in layer.neurons])
        linear.bias.data = np.array([n.b.data for n in layer.neurons])
    x = [0.1, -0.5, 2.0]
    scalars = model(x)
    tensors = net(np.array([x]))
    np.testing.assert_allclose([s.data for s in scalars], tensors.data[0], rtol=1e-14)
    (scalars[0] * scalars[0] + 3 * scalars[1]).backward()
    y = tensors[0]
    (y[0] * y[0] + 3 * y[1]).backward()
    for layer, linear in zip(model.layers, (net[0], net[2]), strict=True):
        grads: Any = [[w.grad for w in n.w] for n in layer.neurons]
        np.testing.assert_allclose(grads, linear.weight.grad, rtol=1e-12)


def test_micrograds_interface() -> None:
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert repr(MLP(1, [2, 1])) == (
        "MLP of [Layer of [ReLUNeuron(1), ReLUNeuron(1)], Layer of [LinearNeuron(2)]]"
    )
    assert repr(Neuron(2, activation="tanh")) == "TanhNeuron(2)"
    out = model([Value(1.0), 2.0])
    out.backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0 for p in model.parameters())
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert len(Layer(2, 3)([1.0, 2.0])) == 3
    assert isinstance(MLP(2, [1, 1])([1.0, 2.0]), Value)


def test_the_seed_decides() -> None:
    def weights(model: MLP) -> list[float]:
        return [p.data for p in model.parameters()]

    rng = np.random.default_rng
    assert weights(MLP(2, [3, 1], rng=rng(1))) == weights(MLP(2, [3, 1], rng=rng(1)))
    assert weights(MLP(2, [3, 1], rng=rng(1))) != weights(MLP(2, [3, 1], rng=rng(2)))
    ad.random.seed(4)
    first = weights(MLP(2, [1]))
    ad.random.seed(4)
    assert weights(MLP(2, [1])) == first


def test_it_learns_xor() -> None:
    model = MLP(2, [4, 1], activation="tanh", rng=np.random.default_rng(0))
    data = [((0, 0), -1), ((0, 1), 1), ((1, 0), 1), ((1, 1), -1)]
    for _ in range(150):
        loss = ad.total([(model(x) - y) ** 2 for x, y in data])
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
    assert all(np.sign(model(x).data) == y for x, y in data)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Neuron(0), "at least one input, and nin=0"),
        (lambda: Layer(1, 0), "at least one neuron, and nout=0"),
        (lambda: MLP(1, []), "at least one layer; give nouts such as [16, 16, 1]"),
        (lambda: Neuron(1, activation="sine"), "unknown activation 'sine'; choose one of relu"),
        (lambda: Neuron(2)([1.0]), "ReLUNeuron(2) takes 2 inputs, and 1 were given"),
    ],
)
def test_messages(call: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is read below
        call()
    assert message in str(caught.value)


def test_parts_must_tell_their_parameters() -> None:
    with pytest.raises(NotImplementedError):
        scalar._Part().parameters()


@pytest.mark.parametrize("activation", ["relu", "tanh", "elu"])
def test_a_layer_at_once_is_its_neurons_one_by_one(activation: str) -> None:
    layer = Layer(3, 4, activation=activation, rng=np.random.default_rng(2))
    inputs = [Value(0.5), Value(-1.0), 2.0]
    together, alone = layer(inputs), [n(inputs) for n in layer.neurons]
    gradients = []
    for out in (together, alone):
        ad.total(out).backward(retain_graph=True)
        gradients.append([v.grad for v in (*inputs[:2], *layer.parameters())])
        for v in (*inputs[:2], *layer.parameters()):
            v.grad = None
    assert gradients[0] == gradients[1]
    assert [v.data for v in together] == [v.data for v in alone]
    for a, b in zip(together, alone, strict=True):
        assert [n.op.name for n in ad.topological_order(a) if n.op] == [
            n.op.name for n in ad.topological_order(b) if n.op
        ]
        assert a.origin[0] == b.origin[0] == __file__
        assert a.origin[1] == b.origin[1] == a.parents[0].origin[1]


def test_a_layer_of_neurons_of_its_own_kind() -> None:
    class Doubled(Neuron):
        def __call__(self, x: Any) -> Value:
            return 2 * super().__call__(x)

    layer = Layer(2, 2, nonlin=False, rng=np.random.default_rng(3))
    plain = [v.data for v in layer([1.0, 2.0])]
    own = Doubled(2, nonlin=False)
    own.w, own.b = layer.neurons[1].w, layer.neurons[1].b
    layer.neurons[1] = own
    assert [v.data for v in layer([1.0, 2.0])] == [plain[0], 2 * plain[1]]


def test_inputs_may_be_what_is_walked_over_only_once() -> None:
    for part in (Layer(2, 2), Layer(2, 2, expand=True), MLP(2, [3, 2])):
        found = part(map(float, ["1", "-2"]))  # type: ignore[arg-type]
        assert [v.data for v in found] == [v.data for v in part([1.0, -2.0])]


def test_a_layer_with_plain_numbers_for_parameters_and_without_gradients() -> None:
    layer = Layer(2, 2, rng=np.random.default_rng(4))
    layer.neurons[0].w = [1.0, 2]
    layer.neurons[1].b = 0.5
    found = layer([Value(3.0), 4.0])
    assert found[0].data == 11.0
    assert found[1].data == layer.neurons[1]([3.0, 4.0]).data
    with ad.no_grad():
        assert not any(v.requires_grad for v in layer([Value(3.0), 4.0]))
    with pytest.raises(ad.ShapeError, match="takes 2 inputs, and 3 were given"):
        layer([1.0, 2.0, 3.0])
