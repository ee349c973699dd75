"""NumPy by hand: derivatives worked out on paper, the lower bound of what NumPy can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peer import Job, Outcome, Peer, arrays
from benchmarks.problems import MLP, Chain, Moons, Small, Wide

peer = Peer("NumPy by hand", "numpy", numpy_products=True)


@peer.line(Moons, "as tensors")
def _moons(problem: Moons) -> Job:
    x, labels = problem.data
    y = labels[:, None]
    p = arrays(problem.parameters)
    g = [np.empty_like(a) for a in p]
    loss = [0.0]

    def step() -> None:
        a1 = np.maximum(x @ p[0].T + p[1], 0)
        a2 = np.maximum(a1 @ p[2].T + p[3], 0)
        margins = 1 - y * (a2 @ p[4].T + p[5])
        penalty = sum(float(np.vdot(a, a)) for a in p)
        loss[0] = float(np.maximum(margins, 0).mean()) + problem.decay * penalty
        d3 = -y * (margins > 0) / len(x)
        d2 = d3 @ p[4] * (a2 > 0)
        d1 = d2 @ p[2] * (a1 > 0)
        for i, (delta, given) in enumerate(((d1, x), (d2, a1), (d3, a2))):
            np.matmul(delta.T, given, out=g[2 * i])
            delta.sum(axis=0, out=g[2 * i + 1])
        for a, d in zip(p, g, strict=True):
            d += 2 * problem.decay * a
            a -= problem.rate * d

    return Job(step, lambda: Outcome(loss[0], arrays(g), arrays(p)))


@peer.line(Chain, "Python floats")
def _chain(problem: Chain) -> Job:
    start, w, b = (float(p) for p in problem.parameters)
    result = [0.0] * 4

    def step() -> None:
        y, seen = start, []
        for _ in range(problem.turns):
            seen.append(y)
            y = y * w + b
        g, dw, db = 1.0, 0.0, 0.0
        for before in reversed(seen):
            db += g
            dw += g * before
            g *= w
        result[:] = y, g, dw, db

    return Job(step, lambda: Outcome(result[0], arrays(result[1:]), []))


@peer.line(Wide, "as arrays")
def _wide(problem: Wide) -> Job:
    i, j = (np.array(side) for side in problem.pairs)
    a, b = problem.parameters
    n = len(i)
    result: list[Any] = []

    def step() -> None:
        left, right = a[i], b[j]
        da = np.bincount(i, right, len(a)) / n
        db = np.bincount(j, left, len(b)) / n
        result[:] = float(left @ right) / n, da, db

    return Job(step, lambda: Outcome(result[0], arrays(result[1:]), []))


@peer.line(Small)
def _small(problem: Small) -> Job:
    x, y = problem.parameters
    t, dx, dy, rest = (np.empty_like(x) for _ in range(4))
    one = np.array(1, x.dtype)
    loss = [0.0]

    def step() -> None:
        np.multiply(x, y, t)
        np.add(t, x, t)
        np.tanh(t, t)
        loss[0] = np.add.reduce(t, None)
        np.multiply(t, t, t)
        np.subtract(one, t, t)
        np.add(y, one, rest)
        np.multiply(t, rest, dx)
        np.multiply(t, x, dy)

    return Job(step, lambda: Outcome(float(loss[0]), arrays([dx, dy]), []))


def _room(rows: int, width: int, dtype: Any) -> Any:
    """Memory for the outputs of a layer; column by column where there are few rows.

    Then the weight, which BLAS takes transposed, can be the first factor, which is a
    quarter faster for 64 rows.
    """
    if 8 <= rows <= width // 2:
        return np.empty((width, rows), dtype).T
    return np.empty((rows, width), dtype)


def _times_transposed(a: Any, w: Any, out: Any) -> None:
    if out.flags.c_contiguous:
        np.matmul(a, w.T, out)
    else:
        np.matmul(w, a.T, out.T)


def _times(a: Any, w: Any, out: Any) -> None:
    if out.flags.c_contiguous:
        np.matmul(a, w, out)
    else:
        np.matmul(w.T, a.T, out.T)


@peer.line(MLP)
def _mlp(problem: MLP) -> Job:
    x, labels = problem.data
    n = len(x)
    rows = np.arange(n)
    # One buffer for all parameters and one for all gradients: the optimizer is a few calls.
    shapes = [p.shape for p in problem.parameters]
    flat = np.concatenate([p.ravel() for p in problem.parameters])
    gradient = np.zeros_like(flat)
    ends = np.cumsum([0, *(p.size for p in problem.parameters)])
    pieces = list(zip(ends, ends[1:], shapes, strict=False))
    p = [flat[i:j].reshape(shape) for i, j, shape in pieces]
    g = [gradient[i:j].reshape(shape) for i, j, shape in pieces]
    update = (_momentum if problem.optimizer == "sgd" else _adam)(flat, gradient, problem.rate)
    layers = len(p) // 2
    outs = [_room(n, width, x.dtype) for width in problem.sizes[1:]]
    deltas = [np.empty_like(out) for out in outs]
    masks = [np.empty_like(out, dtype=bool) for out in outs]
    zero = np.zeros((), x.dtype)
    loss = [0.0]

    def step() -> None:
        a = x
        for i, out in enumerate(outs):
            _times_transposed(a, p[2 * i], out)
            np.add(out, p[2 * i + 1], out)
            if i < layers - 1:
                np.maximum(out, zero, out=out)
            a = out
        delta = deltas[-1]
        np.subtract(a, a.max(axis=1, keepdims=True), delta)
        right = delta[rows, labels]
        np.exp(delta, delta)
        total = delta.sum(axis=1, keepdims=True)
        loss[0] = (np.log(total).sum() - right.sum()) / n
        np.divide(delta, total * n, delta)
        delta[rows, labels] -= 1 / n
        for i in reversed(range(layers)):
            delta = deltas[i]
            np.matmul(delta.T, outs[i - 1] if i else x, g[2 * i])
            np.add.reduce(delta, 0, out=g[2 * i + 1])
            if i:
                _times(delta, p[2 * i], deltas[i - 1])
                np.greater(outs[i - 1], zero, masks[i - 1])
                np.multiply(deltas[i - 1], masks[i - 1], deltas[i - 1])
        update()

    return Job(step, lambda: Outcome(float(loss[0]), arrays(g), arrays(p)))


def _momentum(flat: Any, gradient: Any, rate: float) -> Callable[[], None]:
    velocity, change = np.zeros_like(flat), np.empty_like(flat)

    def update() -> None:
        np.multiply(velocity, 0.9, velocity)
        np.add(velocity, gradient, velocity)
        np.multiply(velocity, rate, change)
        np.subtract(flat, change, flat)

    return update


def _adam(flat: Any, gradient: Any, rate: float) -> Callable[[], None]:
    m, v, change, root = (np.zeros_like(flat) for _ in range(4))
    steps = [0]

    def update() -> None:
        steps[0] += 1
        np.multiply(gradient, 0.1, change)
        np.multiply(m, 0.9, m)
        np.add(m, change, m)
        np.multiply(gradient, gradient, change)
        np.multiply(change, 0.001, change)
        np.multiply(v, 0.999, v)
        np.add(v, change, v)
        np.multiply(v, 1 / (1 - 0.999 ** steps[0]), root)
        np.sqrt(root, root)
        np.add(root, 1e-8, root)
        np.divide(m, root, change)
        np.multiply(change, rate / (1 - 0.9 ** steps[0]), change)
        np.subtract(flat, change, flat)

    return update


@peer.line(MLP, "bare products")
def _products(problem: MLP) -> Job:
    weights = problem.parameters[::2]
    x = problem.data[0]
    outs = [_room(len(x), len(w), x.dtype) for w in weights]
    deltas = [np.ones_like(out) for out in outs]
    gradients = [np.empty_like(w) for w in weights]

    def step() -> None:
        for i, (w, out) in enumerate(zip(weights, outs, strict=True)):
            given = outs[i - 1] if i else x
            _times_transposed(given, w, out)
            np.matmul(deltas[i].T, given, gradients[i])
            if i:
                _times(deltas[i], w, deltas[i - 1])

    return Job(step, None)
