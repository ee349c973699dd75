"""Programs that repeat themselves, for the tests of what pictures make of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import autodiff as ad
from nn.scalar import MLP


def rnn(steps: int = 10, shared: bool = True) -> tuple[ad.Tensor, list[ad.Tensor], list[ad.Tensor]]:
    """The loss, the states, and Wh: one for all steps, or an equal one for each."""
    rng = np.random.default_rng(0)
    x = [ad.Tensor(rng.normal(size=(8, 3)), name=f"x{t + 1}") for t in range(steps)]
    wx = ad.Tensor(rng.normal(size=(3, 16)) / 3**0.5, requires_grad=True, name="Wx")
    first = rng.normal(size=(16, 16)) / 4
    count = 1 if shared else steps
    wh = [ad.Tensor(first.copy(), requires_grad=True, name="Wh") for _ in range(count)]
    b = ad.Tensor(np.zeros(16), requires_grad=True, name="b")
    y = ad.Tensor(rng.normal(size=(8, 16)), name="y")
    states = [ad.Tensor(np.zeros((8, 16)), name="h0")]
    for t in range(steps):
        states.append(ad.tanh(x[t] @ wx + states[-1] @ wh[t % count] + b))
    loss = 0.5 * ad.sum((states[-1] - y) ** 2) / 8
    loss.name = "L"
    return loss, states[1:], wh


def lstm(steps: int = 8) -> ad.Tensor:
    """It begins with zeros, so that its first step has no concatenation."""
    rng = np.random.default_rng(0)
    weight = {
        k: ad.Tensor(rng.normal(size=(8, 5)), requires_grad=True, name=f"W{k}") for k in "ifog"
    }
    bias = {k: ad.Tensor(np.zeros(5), requires_grad=True, name=f"b{k}") for k in "ifog"}
    h, c = ad.Tensor(np.zeros((4, 5)), name="h0"), ad.Tensor(np.zeros((4, 5)), name="c0")
    outputs = []
    for x in rng.normal(size=(steps, 4, 3)):
        joined = ad.concatenate([ad.Tensor(x), h], axis=1)
        i, f, o = (ad.sigmoid(joined @ weight[k] + bias[k]) for k in "ifo")
        c = f * c + i * ad.tanh(joined @ weight["g"] + bias["g"])
        h = o * ad.tanh(c)
        outputs.append(h)
    loss = sum((ad.mean(out**2) for out in outputs), start=ad.Tensor(0.0))
    loss.name = "L"
    return loss


def newton(steps: int = 9) -> ad.Value:
    a, x = ad.Value(2.0, name="a"), ad.Value(1.0, name="x0")
    for _ in range(steps):
        x = x - (x * x - a) / (2 * x)
    return x


def momentum(steps: int = 12) -> ad.Tensor:
    w = ad.Tensor([1.0, -1.0], requires_grad=True, name="w")
    rate = ad.Tensor(0.1, requires_grad=True, name="η")
    matrix = ad.Tensor([[2.0, 0.5], [0.5, 1.0]], name="A")
    v = w * 0.0
    for _ in range(steps):
        v = 0.9 * v + w @ matrix
        w = w - rate * v
    return ad.sum(w * w)


def row(steps: int = 200) -> ad.Value:
    x = ad.Value(0.5, name="x")
    for _ in range(steps):
        x = ad.sin(x)
    return x


def pairs(steps: int = 50) -> ad.Value:
    x, a = ad.Value(0.5, name="x"), ad.Value(0.9, name="a")
    for _ in range(steps):
        x = ad.sin(a * x)
    return x


def samples(count: int = 6, expand: bool = True) -> ad.Value:
    """Micrograd's demonstration: all scores first, then the losses, then a penalty."""
    rng = np.random.default_rng(0)
    model = MLP(2, [4, 4, 1], rng=rng, expand=expand)
    points = [[ad.Value(u) for u in row] for row in rng.normal(size=(count, 2)).tolist()]
    signs = np.sign(rng.normal(size=count)).tolist()
    scores = [model(point) for point in points]
    losses = [ad.relu(1 + -sign * score) for sign, score in zip(signs, scores, strict=True)]
    penalty = 1e-4 * sum((p * p for p in model.parameters()), start=ad.Value(0.0))
    return sum(losses, start=ad.Value(0.0)) * (1 / count) + penalty


def layers(count: int = 12) -> ad.Tensor:
    """The same operations again and again, with parameters of their own: no loop."""
    rng = np.random.default_rng(0)
    h = ad.Tensor(rng.normal(size=(4, 6)), name="x")
    for number in range(count):
        w = ad.Tensor(rng.normal(size=(6, 6)) / 3, requires_grad=True, name=f"W{number}")
        b = ad.Tensor(np.zeros(6), requires_grad=True, name=f"b{number}")
        h = ad.tanh(h @ w + b)
    return ad.sum(h**2)


LOOPS: dict[str, tuple[Callable[[], ad.Node], int, int, int]] = {
    "rnn": (lambda: rnn()[0], 10, 1, 12),
    "lstm": (lstm, 8, 2, 32),
    "newton": (newton, 9, 1, 8),
    "momentum": (momentum, 12, 2, 13),
    "pairs": (pairs, 50, 1, 5),
    "samples": (samples, 6, 0, 23),
}
"""Program, how many steps there are, what they hand on, and the cards of its picture."""
