"""HIPS autograd: a tape under NumPy's functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import value_and_grad

from benchmarks.peer import Job, Outcome, Peer, arrays
from benchmarks.problems import MLP, Chain, Small, Wide
from benchmarks.scalars import run_chain, run_wide

peer = Peer("autograd", "autograd", numpy_products=True)


def _pure(f: Callable[[Any], Any], parameters: Any) -> Job:
    """A step without an update: the value and the gradients of `f` at `parameters`."""
    both = value_and_grad(f)
    result: list[Any] = []

    def step() -> None:
        result[:] = both(parameters)

    return Job(step, lambda: Outcome(float(result[0]), arrays(result[1]), []))


@peer.line(Chain)
def _chain(problem: Chain) -> Job:
    start = tuple(float(p) for p in problem.parameters)
    return _pure(lambda leaves: run_chain(problem, *leaves), start)


@peer.line(Wide)
def _wide(problem: Wide) -> Job:
    a, b = (tuple(side.tolist()) for side in problem.parameters)
    return _pure(lambda leaves: run_wide(problem, list(leaves[0]), list(leaves[1])), (a, b))


@peer.line(Small)
def _small(problem: Small) -> Job:
    return _pure(lambda p: np.sum(np.tanh(p[0] * p[1] + p[0])), tuple(problem.parameters))


@peer.line(MLP)
def _mlp(problem: MLP) -> Job:
    x, labels = problem.data
    rows = np.arange(len(x))
    p = arrays(problem.parameters)
    m, v = ([np.zeros_like(a) for a in p] for _ in range(2))
    result: list[Any] = []
    steps = [0]

    def loss(p: list[Any]) -> Any:
        a = x
        for i in range(0, len(p), 2):
            a = np.dot(a, p[i].T) + p[i + 1]
            if i < len(p) - 2:
                a = np.maximum(a, 0)
        top = np.max(a, axis=1, keepdims=True)
        total = np.log(np.sum(np.exp(a - top), axis=1)) + top[:, 0]
        return np.mean(total - a[rows, labels])

    both = value_and_grad(loss)

    def step() -> None:
        result[:] = both(p)
        steps[0] += 1
        for a, g, mean, square in zip(p, result[1], m, v, strict=True):
            if problem.optimizer == "sgd":
                mean *= 0.9
                mean += g
                a -= problem.rate * mean
            else:
                mean += 0.1 * (g - mean)
                square += 0.001 * (g * g - square)
                root = np.sqrt(square / (1 - 0.999 ** steps[0])) + 1e-8
                a -= problem.rate / (1 - 0.9 ** steps[0]) * mean / root

    return Job(step, lambda: Outcome(float(result[0]), arrays(result[1]), arrays(p)))
