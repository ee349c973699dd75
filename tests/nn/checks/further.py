"""Bugs that were thought of when the rules of all checks were fixed already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
import nn
from nn.functional import relu
from tests.nn.checks.planted import Setup, blobs, line, mlp

FURTHER: dict[str, tuple[str, Callable[[], Setup]]] = {}


def further(name: str, said: str) -> Any:
    def enter(function: Callable[[], Setup]) -> Callable[[], Setup]:
        FURTHER[name] = (said, function)
        return function

    return enter


class Wrapped(nn.Module):
    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.body = mlp(*sizes)


@further("a slice that drops columns", "columns matter")
def _() -> Setup:
    class Net(Wrapped):
        def forward(self, input: Any) -> Any:
            return self.body(input[:, :2])

    return Net(2), nn.CrossEntropyLoss(), blobs()


@further("reshape in the place of a transpose", "samples stay apart")
def _() -> Setup:
    class Net(Wrapped):
        def forward(self, input: Any) -> Any:
            return self.body(input.T.reshape(-1, 4))

    return Net(4), nn.CrossEntropyLoss(), blobs()


@further("several labels to a sample, and cross entropy", "kind of targets")
def _() -> Setup:
    x, _ = blobs()
    return mlp(4, 5), nn.CrossEntropyLoss(), (x, np.hstack([x > 0, x[:, :1] > 1]).astype("f4"))


@further("the logarithm of zeros", "finite data")
def _() -> Setup:
    x, y = blobs()
    with np.errstate(divide="ignore"):
        return mlp(), nn.CrossEntropyLoss(), (np.log(np.maximum(x, 0)), y)


@further("train() without super().train()", "modes")
def _() -> Setup:
    class Net(Wrapped):
        def train(self, mode: bool = True) -> Any:
            return self

        def forward(self, input: Any) -> Any:
            return self.body(input)

    return Net(4), nn.CrossEntropyLoss(), blobs()


@further("labels moved on by one sample", "targets depend on inputs")
def _() -> Setup:
    x, y = blobs(count=800)
    return mlp(), nn.CrossEntropyLoss(), (x, np.roll(y, 1))


@further("zero_grad between backward and step", "the training step")
def _() -> Setup:
    model, loss = mlp(), nn.CrossEntropyLoss()
    optimizer = nn.optim.Adam(model.parameters())

    def step(x: Any, y: Any) -> None:
        loss(model(x), y).backward()
        optimizer.zero_grad()
        optimizer.step()

    return model, loss, blobs(), optimizer, step


@further("divided by 255 twice", "scale of inputs")
def _() -> Setup:
    digits = nn.data.load_digits()
    x = digits.features.astype(np.float32) * 16 / 255 / 255
    return mlp(64, 10), nn.CrossEntropyLoss(), (x, digits.labels)


@further("a layer made in forward", "evaluation repeats")
def _() -> Setup:
    class Net(Wrapped):
        def forward(self, input: Any) -> Any:
            return nn.Linear(16, 3)(relu(self.body(input)))

    return Net(4, 16), nn.CrossEntropyLoss(), blobs()


@further("Adam with a learning rate of 3", "learning rate")
def _() -> Setup:
    model = mlp(hidden=64)
    return model, nn.CrossEntropyLoss(), blobs(), nn.optim.Adam(model.parameters(), lr=3.0)


@further("a group with a learning rate of 0", "learning rate")
def _() -> Setup:
    model = mlp()
    groups = [{"params": model[0].parameters(), "lr": 0.0}, {"params": model[2].parameters()}]
    return model, nn.CrossEntropyLoss(), blobs(), nn.optim.Adam(groups)


@further("a loss of predictions that are detached, and a penalty", "a batch is overfitted")
def _() -> Setup:
    def loss(p: Any, y: Any) -> Any:
        return nn.cross_entropy(p.detach(), y) + 1e-4 * (p * p).mean()

    return mlp(), loss, blobs()


@further("a class that is ignored", "class balance")
def _() -> Setup:
    return mlp(), nn.CrossEntropyLoss(ignore_index=0), blobs()


@further("residual blocks that double", "finite loss and gradients")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = [nn.Linear(16, 16) for _ in range(40)]
            self.first, self.last = nn.Linear(4, 16), nn.Linear(16, 1)

        def forward(self, input: Any) -> Any:
            h = self.first(input)
            for block in self.blocks:
                h = 2 * h + relu(block(h))
            return self.last(h)

    return Net(), nn.MSELoss(), line()


@further("rounding in forward", "gradients reach parameters")
def _() -> Setup:
    class Net(Wrapped):
        def forward(self, input: Any) -> Any:
            h = self.body[0](input)
            return self.body[2](ad.round(h))

    return Net(4), nn.CrossEntropyLoss(), blobs()


@further("a loss that forgets its targets", "targets matter")
def _() -> Setup:
    return mlp(), lambda outputs, _: -ad.log_softmax(outputs, axis=1)[:, 0].mean(), blobs()


@further("betas in the wrong order", "settings of the optimizer")
def _() -> Setup:
    model = mlp()
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01, betas=(0.999, 0.9))
    return model, nn.CrossEntropyLoss(), blobs(), optimizer
