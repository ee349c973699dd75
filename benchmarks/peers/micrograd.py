"""micrograd: one Python object for each scalar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from micrograd import nn
from micrograd.engine import Value

from benchmarks.peer import Job, Outcome, Peer
from benchmarks.problems import Chain, Moons, Wide
from benchmarks.scalars import run_chain, run_wide

peer = Peer("micrograd", "micrograd")


def _array(values: Sequence[Value], slot: str) -> np.ndarray:
    return np.array([getattr(value, slot) for value in values], dtype=float)


def backward(root: Value) -> None:
    """What `Value.backward` does, with its recursive search made iterative."""
    order: list[Value] = []
    seen: set[Value] = {root}
    stack = [(root, iter(root._prev))]
    while stack:
        node, children = stack[-1]
        for child in children:
            if child not in seen:
                seen.add(child)
                stack.append((child, iter(child._prev)))
                break
        else:
            order.append(node)
            stack.pop()
    root.grad = 1
    for node in reversed(order):
        node._backward()


@peer.line(Moons)
def _moons(problem: Moons) -> Job:
    points, labels = problem.data
    model = nn.MLP(problem.sizes[0], list(problem.sizes[1:]))
    for layer, weight, bias in zip(
        model.layers, problem.parameters[::2], problem.parameters[1::2], strict=True
    ):
        for neuron, row, b in zip(layer.neurons, weight, bias, strict=True):
            neuron.b.data = float(b)
            for w, value in zip(neuron.w, row, strict=True):
                w.data = float(value)
    rows, signs = points.tolist(), labels.tolist()
    loss = [0.0]

    def step() -> None:
        inputs = [list(map(Value, row)) for row in rows]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(signs, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + problem.decay * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= problem.rate * p.grad
        loss[0] = total.data

    def gather(slot: str) -> list[np.ndarray]:
        result = []
        for layer in model.layers:
            result.append(np.array([_array(neuron.w, slot) for neuron in layer.neurons]))
            result.append(_array([neuron.b for neuron in layer.neurons], slot))
        return result

    return Job(step, lambda: Outcome(loss[0], gather("grad"), gather("data")))


def _run_chain(problem: Chain, *, iterative: bool) -> Job:
    leaves = [Value(float(p)) for p in problem.parameters]
    loss = [0.0]

    def step() -> None:
        for leaf in leaves:
            leaf.grad = 0
        y = run_chain(problem, *leaves)
        if iterative:
            backward(y)
        else:
            y.backward()
        loss[0] = y.data

    return Job(step, lambda: Outcome(loss[0], [np.array(leaf.grad) for leaf in leaves], []))


@peer.line(Chain)
def _chain(problem: Chain) -> Job:
    return _run_chain(problem, iterative=False)


@peer.line(Chain, "backward made iterative")
def _iterative_chain(problem: Chain) -> Job:
    return _run_chain(problem, iterative=True)


@peer.line(Wide)
def _wide(problem: Wide) -> Job:
    a, b = ([Value(float(v)) for v in side] for side in problem.parameters)
    loss = [0.0]

    def step() -> None:
        for leaf in (*a, *b):
            leaf.grad = 0
        total = run_wide(problem, a, b)
        total.backward()
        loss[0] = total.data

    return Job(step, lambda: Outcome(loss[0], [_array(a, "grad"), _array(b, "grad")], []))
