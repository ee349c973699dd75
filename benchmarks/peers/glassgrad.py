"""Glassgrad, eager; and the same programs with a place for a compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
import nn
from benchmarks.peer import Job, Outcome, Peer, arrays
from benchmarks.problems import MLP, Chain, Moons, Small, Wide
from benchmarks.scalars import run_chain, run_wide
from nn import scalar

peer = Peer("glassgrad", "glassgrad", numpy_products=True)

Step = Callable[..., Any]
Wrap = Callable[[Step], Step]


def _as_is(step: Step) -> Step:
    return step


def _numbers(values: Any, slot: str) -> np.ndarray[Any, Any]:
    """One attribute of a Value, or of lists of Values nested to any depth, as an array."""
    if isinstance(values, ad.Value):
        return np.array(getattr(values, slot))
    return np.array([_numbers(value, slot) for value in values])


def _job(
    step: Step,
    gradients: Callable[[], list[np.ndarray[Any, Any]]],
    parameters: Callable[[], list[np.ndarray[Any, Any]]] = list,
) -> Job:
    """A job whose step returns the loss as a node."""
    loss: list[Any] = []

    def timed() -> None:
        loss[:] = (step().item(),)

    return Job(timed, lambda: Outcome(float(loss[0]), gradients(), parameters()))


def _with_operators(model: scalar.MLP, x: Any) -> Any:
    """What a network computes, in single multiplications and additions, as micrograd does."""
    for layer in model.layers:
        sums = [sum((w * v for w, v in zip(n.w, x, strict=True)), n.b) for n in layer.neurons]
        x = [ad.relu(s) if n.nonlin else s for n, s in zip(layer.neurons, sums, strict=True)]
    return x[0]


def moons(problem: Moons, *, operators: bool = False) -> Job:
    """The demo on `nn.scalar`, whose neurons are one node each; or all in single operators."""
    points, labels = problem.data
    rows, signs = points.tolist(), labels.tolist()
    model = scalar.MLP(problem.sizes[0], problem.sizes[1:])
    nested = []
    for layer in model.layers:
        nested += [[neuron.w for neuron in layer.neurons], [neuron.b for neuron in layer.neurons]]
    for values, start in zip(nested, problem.parameters, strict=True):
        for value, number in zip(np.ravel(np.array(values)), start.ravel(), strict=True):
            value.data = float(number)
    parameters = model.parameters()

    def step() -> Any:
        scores = [_with_operators(model, row) if operators else model(row) for row in rows]
        losses = [ad.relu(1 - sign * score) for sign, score in zip(signs, scores, strict=True)]
        if operators:
            data_loss, squares = sum(losses), sum(p * p for p in parameters)
        else:
            data_loss, squares = ad.total(losses), ad.dot(parameters, parameters)
        loss = data_loss * (1.0 / len(losses)) + problem.decay * squares
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data -= problem.rate * p.grad
        return loss

    def look(slot: str) -> list[np.ndarray[Any, Any]]:
        return [_numbers(values, slot) for values in nested]

    return _job(step, lambda: look("grad"), lambda: look("data"))


def chain(problem: Chain) -> Job:
    """The chain over Values."""
    leaves = [ad.Value(float(p)) for p in problem.parameters]

    def step() -> ad.Value:
        for leaf in leaves:
            leaf.grad = None
        y: ad.Value = run_chain(problem, *leaves)
        y.backward()
        return y

    return _job(step, lambda: [_numbers(leaf, "grad") for leaf in leaves])


def wide(problem: Wide) -> Job:
    """The wide graph over Values."""
    a, b = ([ad.Value(float(v)) for v in side] for side in problem.parameters)

    def step() -> ad.Value:
        for leaf in (*a, *b):
            leaf.grad = None
        total: ad.Value = run_wide(problem, a, b)
        total.backward()
        return total

    return _job(step, lambda: [_numbers(a, "grad"), _numbers(b, "grad")])


def small(problem: Small, wrap: Wrap = _as_is, *, warm: int = 0) -> Job:
    """Little tensors; `warm` steps are run before the first one that counts."""
    x, y = (ad.Tensor(p, requires_grad=True) for p in problem.parameters)

    def step() -> Any:
        x.grad = y.grad = None
        total = ad.tanh(x * y + x).sum()
        total.backward()
        return total

    run = wrap(step)
    for _ in range(warm):
        run()
    return _job(run, lambda: arrays([x.grad, y.grad]))


def mlp(problem: MLP, wrap: Wrap = _as_is, *, warm: int = 0) -> Job:
    """The classifier out of `nn`'s layers, loss and optimizers.

    Args:
        problem: sizes and data.
        wrap: what is done with the step before it is run.
        warm: steps to run, and to undo, before the first one that counts.
    """
    inputs, labels = (ad.Tensor(a) for a in problem.data)
    layers: list[nn.Module] = []
    for i, o in zip(problem.sizes, problem.sizes[1:], strict=False):
        layers += [nn.Linear(i, o), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    p = list(model.parameters())
    for leaf, start in zip(p, problem.parameters, strict=True):
        leaf.data = start.copy()
    optimizer: nn.optim.SGD | nn.optim.Adam
    if problem.optimizer == "sgd":
        optimizer = nn.optim.SGD(p, lr=problem.rate, momentum=0.9)
    else:
        optimizer = nn.optim.Adam(p, lr=problem.rate)

    def step(x: ad.Tensor) -> ad.Tensor:
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    def begin_anew() -> None:
        for leaf, start in zip(p, problem.parameters, strict=True):
            leaf.data[...] = start
        for kept in optimizer.state.values():
            for tensor in kept.values():
                tensor.data[...] = 0

    run = wrap(step)
    for _ in range(warm):
        run(inputs)
    begin_anew()
    return _job(
        lambda: run(inputs),
        lambda: arrays(leaf.grad for leaf in p),
        lambda: arrays(leaf.data for leaf in p),
    )


peer.line(Moons)(moons)
peer.line(Chain)(chain)
peer.line(Wide)(wide)
peer.line(Small)(small)
peer.line(MLP)(mlp)


@peer.line(Moons, "single operators")
def _moons_with_operators(problem: Moons) -> Job:
    return moons(problem, operators=True)
