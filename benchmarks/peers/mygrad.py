"""MyGrad: tensors over NumPy."""

from __future__ import annotations

import mygrad as mg
import numpy as np
from mygrad.nnet.activations import relu
from mygrad.nnet.losses import softmax_crossentropy

from benchmarks.peer import Job, Outcome, Peer, arrays
from benchmarks.problems import MLP, Chain, Small, Wide
from benchmarks.scalars import run_chain, run_wide

peer = Peer("MyGrad", "mygrad", numpy_products=True)


@peer.line(Chain)
def _chain(problem: Chain) -> Job:
    leaves = [mg.tensor(p) for p in problem.parameters]
    loss = [0.0]

    def step() -> None:
        y = run_chain(problem, *leaves)
        y.backward()
        loss[0] = y.item()

    return Job(step, lambda: Outcome(loss[0], arrays(leaf.grad for leaf in leaves), []))


@peer.line(Wide)
def _wide(problem: Wide) -> Job:
    a, b = ([mg.tensor(v) for v in side] for side in problem.parameters)
    loss = [0.0]

    def step() -> None:
        total = run_wide(problem, a, b)
        total.backward()
        loss[0] = total.item()

    def gradients() -> list[np.ndarray]:
        return [np.array([leaf.grad for leaf in side]) for side in (a, b)]

    return Job(step, lambda: Outcome(loss[0], gradients(), []))


@peer.line(Small)
def _small(problem: Small) -> Job:
    x, y = (mg.tensor(p) for p in problem.parameters)
    loss = [0.0]

    def step() -> None:
        total = mg.tanh(x * y + x).sum()
        total.backward()
        loss[0] = total.item()

    return Job(step, lambda: Outcome(loss[0], arrays([x.grad, y.grad]), []))


@peer.line(MLP)
def _mlp(problem: MLP) -> Job:
    x, labels = problem.data
    p = [mg.tensor(a) for a in problem.parameters]
    m, v = ([np.zeros_like(a) for a in problem.parameters] for _ in range(2))
    loss = [0.0]
    steps = [0]

    def step() -> None:
        a = x
        for i in range(0, len(p), 2):
            a = mg.matmul(a, p[i].T) + p[i + 1]
            if i < len(p) - 2:
                a = relu(a)
        total = softmax_crossentropy(a, labels)
        total.backward()
        loss[0] = total.item()
        steps[0] += 1
        for leaf, mean, square in zip(p, m, v, strict=True):
            g = leaf.grad
            if problem.optimizer == "sgd":
                mean *= 0.9
                mean += g
                leaf.data -= problem.rate * mean
            else:
                mean += 0.1 * (g - mean)
                square += 0.001 * (g * g - square)
                root = np.sqrt(square / (1 - 0.999 ** steps[0])) + 1e-8
                leaf.data -= problem.rate / (1 - 0.9 ** steps[0]) * mean / root

    return Job(
        step,
        lambda: Outcome(loss[0], arrays(a.grad for a in p), arrays(a.data for a in p)),
    )
