"""Networks with which nothing is wrong, fresh and trained: a root, and what to ask about."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

import autodiff as ad
import nn

Network = Callable[[], tuple[Any, Any]]
HEALTHY: list[Network] = []


def healthy(network: Network) -> Network:
    HEALTHY.append(network)
    return network


def numbers(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def leaves(scale: float | None = None, seed: int = 5, **shapes: tuple[int, ...]) -> dict[str, Any]:
    """Weights of variance 1/fan_in, or of one scale; vectors are zeros."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, shape in shapes.items():
        size = scale or 1 / np.sqrt(np.prod(shape[:-1]))
        data = np.zeros(shape) if len(shape) == 1 else rng.normal(scale=size, size=shape)
        found[name] = ad.Tensor(data, requires_grad=True, name=name)
    return found


def classes(rows: int, count: int, seed: int = 1) -> Any:
    return np.random.default_rng(seed).integers(0, count, rows)


def built(*sizes: int, activation: Any = nn.ReLU, seed: int = 0) -> nn.Sequential:
    rng = np.random.default_rng(seed)
    parts: list[Any] = []
    for a, b in pairwise(sizes):
        parts += [nn.Linear(a, b, rng=rng), activation()]
    return nn.Sequential(*parts[:-1])


def trained(net: Any, loss: Callable[[], Any], steps: int = 60, rate: float = 0.1) -> Any:
    optimizer = nn.optim.SGD(net.parameters(), lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
    optimizer.zero_grad()
    return loss()


@healthy
def relu_mlp() -> tuple[Any, Any]:
    net = built(4, 32, 32, 3)
    return nn.functional.cross_entropy(net(numbers(64, 4)), classes(64, 3)), net


@healthy
def relu_mlp_trained() -> tuple[Any, Any]:
    net, x, y = built(4, 32, 3), numbers(64, 4), classes(64, 3)
    return trained(net, lambda: nn.functional.cross_entropy(net(x), y)), net


@healthy
def tanh_mlp() -> tuple[Any, Any]:
    net = built(3, 16, 16, 1, activation=nn.Tanh)
    return nn.functional.mse_loss(net(numbers(32, 3)), numbers(32, 1, seed=2)), net


@healthy
def tanh_mlp_trained_to_the_end() -> tuple[Any, Any]:
    net, x = built(2, 16, 1, activation=nn.Tanh), numbers(32, 2)
    y = np.sin(x[:, :1])
    return trained(net, lambda: nn.functional.mse_loss(net(x), y), steps=400, rate=0.2), net


@healthy
def sigmoid_hidden_layer() -> tuple[Any, Any]:
    net = built(3, 16, 1, activation=nn.Sigmoid)
    return nn.functional.mse_loss(net(numbers(32, 3)), numbers(32, 1, seed=2)), net


@healthy
def smooth_rectifiers() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    net = nn.Sequential(
        nn.Linear(4, 16, rng=rng), nn.GELU(), nn.Linear(16, 16, rng=rng), nn.SiLU(),
        nn.Linear(16, 16, rng=rng), nn.ELU(), nn.Linear(16, 2, rng=rng),
    )  # fmt: skip
    return nn.functional.cross_entropy(net(numbers(32, 4)), classes(32, 2)), net


@healthy
def batch_norm() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    net = nn.Sequential(
        nn.Linear(4, 16, bias=False, rng=rng), nn.BatchNorm1d(16), nn.ReLU(),
        nn.Linear(16, 3, rng=rng),
    )  # fmt: skip
    return nn.functional.cross_entropy(net(numbers(32, 4)), classes(32, 3)), net


@healthy
def dropout() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    net = nn.Sequential(
        nn.Linear(4, 32, rng=rng), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 3, rng=rng)
    )
    return nn.functional.cross_entropy(net(numbers(32, 4)), classes(32, 3)), net


@healthy
def deep_relu_with_he_weights() -> tuple[Any, Any]:
    ws = leaves(scale=np.sqrt(2 / 32), **{f"W{k}": (32, 32) for k in range(20)})
    h: Any = ad.Tensor(numbers(16, 32))
    for w in ws.values():
        h = ad.relu(h @ w)
    return (h**2).mean(), ws


@healthy
def deep_tanh() -> tuple[Any, Any]:
    ws = leaves(**{f"W{k}": (32, 32) for k in range(15)})
    h: Any = ad.Tensor(numbers(16, 32))
    for w in ws.values():
        h = ad.tanh(h @ w)
    return ((h - 0.3) ** 2).mean(), ws


@healthy
def residual_network() -> tuple[Any, Any]:
    ws = leaves(scale=0.1, **{f"W{k}": (16, 16) for k in range(12)})
    h: Any = ad.Tensor(numbers(16, 16))
    for w in ws.values():
        h = h + ad.relu(h @ w)
    return ((h - 1.0) ** 2).mean(), ws


@healthy
def convolutions() -> tuple[Any, Any]:
    p = leaves(K1=(4, 1, 3, 3), b1=(4,), K2=(8, 4, 3, 3), W=(32, 3), seed=2, scale=0.3)
    x = ad.Tensor(numbers(4, 1, 8, 8))
    h = ad.relu(ad.conv2d(x, p["K1"], p["b1"], padding=1))
    h = nn.functional.max_pool2d(h, 2)
    h = nn.functional.max_pool2d(ad.relu(ad.conv2d(h, p["K2"], padding=1)), 2)
    return nn.functional.cross_entropy(h.reshape(4, 32) @ p["W"], classes(4, 3)), p


@healthy
def recurrent_network() -> tuple[Any, Any]:
    p = leaves(U=(4, 16), W=(16, 16), b=(16,), V=(16, 2))
    x, h = ad.Tensor(numbers(10, 8, 4)), ad.Tensor(np.zeros((8, 16)))
    for t in range(10):
        h = ad.tanh(x[t] @ p["U"] + h @ p["W"] + p["b"])
    return nn.functional.cross_entropy(h @ p["V"], classes(8, 2)), p


@healthy
def gated_recurrent_network() -> tuple[Any, Any]:
    p = leaves(W=(12, 32), b=(32,), V=(8, 1))
    x, h, c = ad.Tensor(numbers(6, 5, 4)), ad.Tensor(np.zeros((5, 8))), ad.Tensor(np.zeros((5, 8)))
    for t in range(6):
        z = ad.concatenate([x[t], h], axis=1) @ p["W"] + p["b"]
        i, f, o, g = (z[:, 8 * k : 8 * k + 8] for k in range(4))
        c = ad.sigmoid(f + 1.0) * c + ad.sigmoid(i) * ad.tanh(g)
        h = ad.sigmoid(o) * ad.tanh(c)
    return ((h @ p["V"] - 1.0) ** 2).mean(), p


@healthy
def attention() -> tuple[Any, Any]:
    p = leaves(Wq=(16, 16), Wk=(16, 16), Wv=(16, 16), Wo=(16, 16))
    x = ad.Tensor(numbers(2, 6, 16))
    q, k, v = (x @ p[n] for n in ("Wq", "Wk", "Wv"))
    h = nn.functional.scaled_dot_product_attention(q, k, v) @ p["Wo"]
    return ((h - ad.Tensor(numbers(2, 6, 16, seed=3))) ** 2).mean(), p


@healthy
def causal_attention_by_hand() -> tuple[Any, Any]:
    p = leaves(Wq=(8, 8), Wk=(8, 8), Wv=(8, 8))
    x = ad.Tensor(numbers(5, 8))
    mask = np.triu(np.full((5, 5), -np.inf), 1)
    scores = (x @ p["Wq"]) @ (x @ p["Wk"]).T / np.sqrt(8.0) + mask
    return ((ad.softmax(scores, axis=-1) @ (x @ p["Wv"])) ** 2).mean(), p


@healthy
def transformer_block() -> tuple[Any, Any]:
    p = leaves(Wq=(16, 16), Wk=(16, 16), Wv=(16, 16), Wo=(16, 16), U=(16, 64), V=(64, 16))
    p["gain"] = ad.Tensor(np.ones(16), requires_grad=True, name="gain")
    x = ad.Tensor(numbers(2, 6, 16))
    n = nn.functional.layer_norm(x, 16, p["gain"])
    q, k, v = (n @ p[w] for w in ("Wq", "Wk", "Wv"))
    x = x + nn.functional.scaled_dot_product_attention(q, k, v) @ p["Wo"]
    x = x + ad.gelu(nn.functional.layer_norm(x, 16) @ p["U"]) @ p["V"]
    return nn.functional.cross_entropy(x.reshape(12, 16), classes(12, 16)), p


@healthy
def embedding_of_words() -> tuple[Any, Any]:
    p = leaves(table=(50, 8), W=(8, 50))
    h = p["table"][classes(20, 50)]
    return nn.functional.cross_entropy(h @ p["W"], classes(20, 50, seed=4)), p


@healthy
def logistic_regression_from_zero() -> tuple[Any, Any]:
    w = ad.Tensor(np.zeros((4, 3)), requires_grad=True, name="W")
    b = ad.Tensor(np.zeros(3), requires_grad=True, name="b")
    x = ad.Tensor(numbers(30, 4))
    return nn.functional.cross_entropy(x @ w + b, classes(30, 3)), {"W": w, "b": b}


@healthy
def linear_regression() -> tuple[Any, Any]:
    w = ad.Tensor(np.zeros(4), requires_grad=True, name="w")
    x, y = numbers(30, 4), numbers(30, seed=2)
    return ((ad.Tensor(x) @ w - y) ** 2).mean(), [w]


@healthy
def scalar_mlp() -> tuple[Any, Any]:
    net = nn.scalar.MLP(2, [8, 8, 1], rng=np.random.default_rng(3))
    data = [([0.5, -1.0], 1.0), ([1.5, 0.3], -1.0), ([-1.0, 0.7], 1.0), ([-0.6, -0.4], -1.0)]
    return sum((net(x) - y) ** 2 for x, y in data), net.layers[-1].parameters()


@healthy
def scalar_tanh_network() -> tuple[Any, Any]:
    net = nn.scalar.MLP(3, [4, 4, 1], activation="tanh", rng=np.random.default_rng(1))
    data = [([2.0, 3.0, -1.0], 1.0), ([3.0, -1.0, 0.5], -1.0), ([0.5, 1.0, 1.0], -1.0)]
    for _ in range(20):
        loss = sum((net(x) - y) ** 2 for x, y in data)
        for p in net.parameters():
            p.grad = None
        loss.backward()
        for p in net.parameters():
            p.data -= 0.02 * p.grad
    for p in net.parameters():
        p.grad = None
    return sum((net(x) - y) ** 2 for x, y in data), net.parameters()


@healthy
def one_neuron() -> tuple[Any, Any]:
    w = [ad.Value(-3.0, name="w1"), ad.Value(1.0, name="w2")]
    b = ad.Value(6.8813735870195432, name="b")
    return ad.tanh(w[0] * 2.0 + w[1] * 0.0 + b), [w[0], b]


@healthy
def autoencoder() -> tuple[Any, Any]:
    net, x = built(12, 6, 2, 6, 12, activation=nn.Tanh), numbers(40, 12)
    return nn.functional.mse_loss(net(x), x), net


@healthy
def sampled_code() -> tuple[Any, Any]:
    p = leaves(E=(8, 4), S=(8, 4), D=(4, 8))
    x = ad.Tensor(numbers(20, 8))
    mean, log_var = x @ p["E"], x @ p["S"] * 0.1
    z = mean + ad.exp(0.5 * log_var) * numbers(20, 4, seed=7)
    kl = -0.5 * (1 + log_var - mean**2 - ad.exp(log_var)).mean()
    return ((z @ p["D"] - x) ** 2).mean() + 0.1 * kl, p


@healthy
def target_that_is_detached_on_purpose() -> tuple[Any, Any]:
    p = leaves(W=(4, 8), V=(8, 1))
    q = ad.relu(ad.Tensor(numbers(16, 4)) @ p["W"]) @ p["V"]
    target = (0.9 * q.detach() + 1.0).detach()
    return ((q - target) ** 2).mean(), p


@healthy
def half_precision() -> tuple[Any, Any]:
    w = ad.Tensor(numbers(8, 4).astype(np.float16), requires_grad=True, name="w")
    x = ad.Tensor(numbers(16, 8).astype(np.float16))
    return (ad.tanh(x @ w) ** 2).mean(), [w]


@healthy
def one_layer_of_many_rows() -> tuple[Any, Any]:
    net, x = built(4, 16, 1), numbers(20_000, 4)
    return nn.functional.mse_loss(net(x), np.sin(x[:, :1])), net
