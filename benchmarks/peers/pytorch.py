"""PyTorch on the CPU, eager."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.peer import Job, Outcome, Peer, arrays
from benchmarks.problems import MLP, Chain, Moons, Small, Wide
from benchmarks.scalars import run_chain, run_wide

peer = Peer("PyTorch", "torch")


def _leaf(value: Any) -> torch.Tensor:
    return torch.tensor(value, requires_grad=True)


def _outcome(loss: list[torch.Tensor], p: list[torch.Tensor], updated: bool = False) -> Outcome:
    gradients = arrays(leaf.grad.numpy() for leaf in p if leaf.grad is not None)
    return Outcome(
        loss[0].item(), gradients, arrays(leaf.detach().numpy() for leaf in p) if updated else []
    )


@peer.line(Moons, "as tensors")
def _moons(problem: Moons) -> Job:
    x, labels = (torch.tensor(a, dtype=torch.float32) for a in problem.data)
    y = labels[:, None]
    p = [_leaf(a.astype(np.float32)) for a in problem.parameters]
    optimizer = torch.optim.SGD(p, lr=problem.rate)
    loss = [x]

    def step() -> None:
        a = functional.linear(x, p[0], p[1]).relu()
        a = functional.linear(a, p[2], p[3]).relu()
        score = functional.linear(a, p[4], p[5])
        penalty = sum((w * w).sum() for w in p)
        loss[0] = (1 - y * score).relu().mean() + problem.decay * penalty
        optimizer.zero_grad()
        loss[0].backward()
        optimizer.step()

    return Job(step, lambda: _outcome(loss, p, updated=True))


@peer.line(Chain)
def _chain(problem: Chain) -> Job:
    leaves = [_leaf(p) for p in problem.parameters]
    loss = leaves[:1]

    def step() -> None:
        for leaf in leaves:
            leaf.grad = None
        y = run_chain(problem, *leaves)
        y.backward()
        loss[0] = y.detach()

    return Job(step, lambda: _outcome(loss, leaves))


@peer.line(Wide)
def _wide(problem: Wide) -> Job:
    a, b = ([_leaf(v) for v in side] for side in problem.parameters)
    loss = a[:1]

    def step() -> None:
        for leaf in (*a, *b):
            leaf.grad = None
        total = run_wide(problem, a, b)
        total.backward()
        loss[0] = total.detach()

    def outcome() -> Outcome:
        gradients = [np.array([leaf.grad.item() for leaf in side]) for side in (a, b)]
        return Outcome(loss[0].item(), gradients, [])

    return Job(step, outcome)


@peer.line(Small)
def _small(problem: Small) -> Job:
    leaves = [_leaf(p) for p in problem.parameters]
    x, y = leaves
    loss = [x]

    def step() -> None:
        x.grad = y.grad = None
        total = torch.tanh(x * y + x).sum()
        total.backward()
        loss[0] = total.detach()

    return Job(step, lambda: _outcome(loss, leaves))


@peer.line(MLP)
def _mlp(problem: MLP) -> Job:
    x, labels = (torch.tensor(a) for a in problem.data)
    sizes = list(zip(problem.sizes, problem.sizes[1:], strict=False))
    layers: list[torch.nn.Module] = []
    for i, o in sizes:
        layers += [torch.nn.Linear(i, o), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    p = list(model.parameters())
    with torch.no_grad():
        for leaf, start in zip(p, problem.parameters, strict=True):
            leaf.copy_(torch.tensor(start))
    optimizer: torch.optim.Optimizer
    if problem.optimizer == "sgd":
        optimizer = torch.optim.SGD(p, lr=problem.rate, momentum=0.9)
    else:
        optimizer = torch.optim.Adam(p, lr=problem.rate)
    loss = [x]

    def step() -> None:
        optimizer.zero_grad()
        total = functional.cross_entropy(model(x), labels)
        total.backward()
        optimizer.step()
        loss[0] = total.detach()

    return Job(step, lambda: _outcome(loss, p, updated=True))


@peer.line(MLP, "bare products")
def _products(problem: MLP) -> Job:
    weights = [torch.tensor(w) for w in problem.parameters[::2]]
    x = torch.tensor(problem.data[0])
    outs = [torch.zeros(len(x), len(w)) for w in weights]
    deltas = [torch.ones_like(out) for out in outs]
    gradients = [torch.empty_like(w) for w in weights]

    def step() -> None:
        for i, (w, out) in enumerate(zip(weights, outs, strict=True)):
            given = outs[i - 1] if i else x
            torch.mm(given, w.T, out=out)
            torch.mm(deltas[i].T, given, out=gradients[i])
            if i:
                torch.mm(deltas[i], w, out=deltas[i - 1])

    return Job(step, None)
