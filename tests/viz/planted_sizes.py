"""More programs with a planted fault: numbers that are not finite, sizes, and what was stored."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
import nn
from tests.viz.planted_faults import batch, fault, leaf


@fault("not finite")
def root_of_zero() -> tuple[Any, ...]:
    w = ad.Tensor([0.0, 4.0], requires_grad=True, name="w")
    r = ad.sqrt(w)  # fault
    return (r * 2.0).sum(), w


@fault("not finite")
def logarithm_of_zero() -> tuple[Any, ...]:
    w = ad.Tensor([0.0, 1.0], requires_grad=True, name="w")
    p = w * 0.5
    return -ad.log(p).mean(), w  # fault


@fault("not finite")
def zero_over_zero() -> tuple[Any, ...]:
    w = ad.Value(0.0, name="w")
    q = w / (w * 2.0)  # fault
    return q * 3.0, w


@fault("not finite")
def overflow_of_exp() -> tuple[Any, ...]:
    w = ad.Tensor([800.0, 1.0], requires_grad=True, name="w")
    e = ad.exp(w)  # fault
    p = e / e.sum()
    return -ad.log(p).sum(), w


@fault("not finite")
def norm_at_zero_by_hand() -> tuple[Any, ...]:
    w = ad.Tensor(np.zeros(3), requires_grad=True, name="w")
    n = ad.sqrt((w * w).sum())  # fault
    return n + 1.0, w


@fault("not finite")
def row_that_is_masked_whole() -> tuple[Any, ...]:
    w = leaf(2, 3)
    mask = np.array([[0.0, 0.0, 0.0], [-np.inf, -np.inf, -np.inf]])
    p = ad.softmax(w + mask, axis=-1)  # fault
    return (p * batch(2, 3)).sum(), w


@fault("not finite")
def nan_among_the_inputs() -> tuple[Any, ...]:
    w, x = leaf(3, 2), batch(4, 3).numpy()
    x[1, 1] = np.nan
    z = ad.Tensor(x, name="X") @ w  # fault
    return (ad.tanh(z) ** 2).mean(), w


@fault("vanishing")
def chain_of_sigmoids() -> tuple[Any, ...]:
    ws = [ad.Value(0.9, name=f"w{i}") for i in range(12)]
    a: Any = 1.0
    for w in ws:
        a = ad.sigmoid(a * w)  # fault
    return (a - 1.0) ** 2, ws[0]


@fault("vanishing")
def five_sigmoids() -> tuple[Any, ...]:
    rng = np.random.default_rng(3)
    a: Any = 1.0
    weights = []
    for _ in range(5):
        weights.append(ad.Value(rng.standard_normal(), name="w"))
        z = weights[-1] * a + ad.Value(rng.standard_normal(), name="b")
        a = ad.sigmoid(z)  # fault
    return 0.5 * (a - 1.0) ** 2, weights[0]


@fault("vanishing")
def deep_sigmoid_layers() -> tuple[Any, ...]:
    ws = [leaf(8, 8, name=f"W{i}", seed=i, scale=0.5) for i in range(10)]
    h = batch(6, 8)
    for w in ws:
        h = ad.sigmoid(h @ w)  # fault
    return (h**2).mean(), ws[0]


@fault("vanishing")
def small_recurrent_weights() -> tuple[Any, ...]:
    u, w = leaf(4, 6, name="U"), leaf(6, 6, seed=2, scale=0.05)
    x, h = batch(12, 4), ad.Tensor(np.zeros(6))
    first = x[0] @ u
    first.name = "first"
    h = ad.tanh(first)
    for t in range(1, 12):
        h = ad.tanh(x[t] @ u + h @ w)  # fault
    return (h**2).mean(), first


@fault("exploding")
def large_recurrent_weights() -> tuple[Any, ...]:
    h = ad.Tensor(np.ones(6) * 0.1)
    w = leaf(6, 6, seed=2, scale=3.0)
    for _ in range(12):
        h = h @ w  # fault
    return h.sum(), w


@fault("exploding")
def scalar_powers() -> tuple[Any, ...]:
    w = ad.Value(1.1, name="w")
    a: Any = w * 1.0
    for _ in range(10):
        a = a * 4.0  # fault
    return a + 1.0, w


@fault("large factor")
def unscaled_input() -> tuple[Any, ...]:
    w = ad.Value(0.5, name="w")
    z = w * 1e7  # fault
    return z + 1.0, w


@fault("steep")
def logarithm_near_zero() -> tuple[Any, ...]:
    w = ad.Value(1e-9, name="w")
    return -ad.log(w), w  # fault


@fault("steep")
def division_by_almost_nothing() -> tuple[Any, ...]:
    w = ad.Tensor([1e-6, 2e-6], requires_grad=True, name="w")
    y = 1.0 / w  # fault
    return y.sum(), w


@fault("small factor")
def loss_in_wrong_units() -> tuple[Any, ...]:
    w = leaf(4)
    loss = (w**2).sum()
    return loss * 1e-12, w  # fault


@fault("small factor")
def tiny_output_weights() -> tuple[Any, ...]:
    w, v = leaf(3, 4), leaf(4, 1, name="v", seed=1, scale=1e-8)
    h = ad.tanh(batch(5, 3) @ w)
    out = h @ v  # fault
    return ((out - 1.0) ** 2).mean(), w


@fault("symmetry")
def constant_weights() -> tuple[Any, ...]:
    w = ad.Tensor(np.full((3, 4), 0.5), requires_grad=True, name="w")
    v = ad.Tensor(np.full((4, 1), 0.5), requires_grad=True, name="v")
    h = ad.tanh(batch(5, 3) @ w)  # fault
    return ((h @ v - 1.0) ** 2).mean(), w


@fault("symmetry")
def module_of_constants() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    for parameter in net.parameters():
        parameter.data[...] = 0.1
    out = net(batch(5, 3).numpy().astype(np.float32))  # fault
    return ((out - 1.0) ** 2).mean(), net[0].weight


@fault("custom")
def rule_without_a_gradient() -> tuple[Any, ...]:
    straight = ad.custom_function(lambda x: x * 2.0)
    straight.vjp(lambda g, y, x: g * 0.0)
    w = leaf(3)
    y = straight(w)  # fault
    return (y**2).sum(), w


@fault("cleared")
def forgotten_after_backward() -> tuple[Any, ...]:
    net = nn.Linear(3, 1)
    loss = (net(batch(5, 3).numpy().astype(np.float32)) ** 2).mean()
    loss.backward()
    net.zero_grad()
    return loss, net.weight


@fault("changed")
def added_up() -> tuple[Any, ...]:
    w = leaf(3)
    (w**2).sum().backward()
    loss = (w**2).sum()
    loss.backward()
    return loss, w


@fault("changed")
def hook_that_forgets() -> tuple[Any, ...]:
    w = leaf(3)
    h = ad.exp(w)  # fault
    h.register_hook(lambda g: g * 0.0)
    loss = (h**2).sum()
    loss.backward(retain_graph=True)
    return loss, w
