"""Programs with a planted fault of the kind that is met in real networks."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
import nn
from tests.viz.planted_faults import batch, fault, leaf


def rows(*shape: int) -> Any:
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)


@fault("dead")
def filters_that_are_off() -> tuple[Any, ...]:
    kernel = leaf(4, 1, 3, 3, name="K")
    bias = ad.Tensor(np.full(4, -50.0), requires_grad=True, name="bias")
    h = ad.relu(ad.conv2d(batch(2, 1, 6, 6), kernel, bias))  # fault
    return h.mean() * 3.0, kernel


@fault("dead")
def second_layer_of_neurons() -> tuple[Any, ...]:
    net = nn.scalar.MLP(2, [4, 4, 1], rng=np.random.default_rng(3))
    for parameter in net.layers[1].parameters():
        parameter.data = -abs(parameter.data) - 0.5
    out = net([1.0, 2.0])  # fault
    return (out - 1.0) ** 2, net.layers[0].parameters()[3]


@fault("dead")
def smooth_rectifier_far_off() -> tuple[Any, ...]:
    w = leaf(4)
    h = nn.functional.gelu(w - 40.0)  # fault
    return h.sum(), w


@fault("saturated")
def unscaled_scores() -> tuple[Any, ...]:
    query, x = leaf(8, 8, name="Wq"), batch(5, 8)
    scores = (x @ query) @ x.T * 1e3
    p = ad.softmax(scores, axis=-1)  # fault
    return ((p @ x) ** 2).mean(), query


@fault("detached")
def state_that_is_detached_each_step() -> tuple[Any, ...]:
    w, u, x = leaf(4, 4, name="W", seed=1), leaf(4, 4, name="U"), batch(5, 4)
    h = ad.tanh(x[0] @ u)
    for _ in range(4):
        h = ad.tanh(h.detach() @ w)  # fault
    return (h**2).sum(), u


@fault("detached")
def layer_that_is_fed_an_array() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    h = net[1](net[0](rows(2, 3)))
    out = net[2](ad.Tensor(h.data))  # fault
    return (out**2).mean(), net[0].weight


@fault("not recorded")
def decorated_encoder() -> tuple[Any, ...]:
    encoder, head = nn.Sequential(nn.Linear(3, 4), nn.Tanh()), nn.Linear(4, 1)

    @ad.no_grad()  # fault
    def features(x: Any) -> Any:
        return encoder(x)

    return (head(features(rows(2, 3))) ** 2).mean(), encoder[0].bias


@fault("not used")
def layer_that_is_left_out() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4), nn.Linear(4, 1))
    return (net[3](net[0](rows(2, 3))) ** 2).mean(), net[2].weight


@fault("zero factor")
def output_layer_of_zeros() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    net[2].weight.data[...] = 0.0
    out = net(rows(2, 3))  # fault
    return ((out - 1.0) ** 2).mean(), net[0].weight


@fault("small factor")
def output_layer_of_almost_nothing() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    net[2].weight.data[...] = 1e-9
    out = net(rows(2, 3))  # fault
    return ((out - 1.0) ** 2).mean(), net[0].weight


@fault("vanishing")
def modules_of_sigmoids() -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    parts = [part for _ in range(12) for part in (nn.Linear(10, 10, rng=rng), nn.Sigmoid())]
    out = nn.Sequential(*parts)(rows(4, 10))  # fault
    return (out**2).mean(), "0.weight"


@fault("exploding")
def weights_twice_too_large() -> tuple[Any, ...]:
    h: Any = batch(4, 20)
    weights = [leaf(20, 20, name=f"W{k}", seed=k, scale=2.0) for k in range(8)]
    for w in weights:
        h = ad.relu(h @ w)  # fault
    return (h**2).mean(), weights[0]


@fault("not finite")
def logarithm_of_a_softmax() -> tuple[Any, ...]:
    w = ad.Tensor([0.0, 800.0], requires_grad=True, name="w")
    p = ad.softmax(w)
    return -(ad.log(p) * np.array([1.0, 0.0])).sum(), w  # fault


@fault("not finite")
def arc_at_its_end() -> tuple[Any, ...]:
    w = ad.Value(1.0, name="w")
    return ad.arccos(w) * 2.0, w  # fault


@fault("changed")
def three_passes_added_up() -> tuple[Any, ...]:
    net, x = nn.Linear(3, 1), rows(2, 3)
    for _ in range(3):
        loss = (net(x) ** 2).mean()
        loss.backward()
    return loss, net.weight
