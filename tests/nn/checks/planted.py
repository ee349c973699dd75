"""Training bugs as a user would write them, with the check that has to name each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
import nn
from nn.functional import dropout, log_softmax, relu, softmax

Array = np.ndarray[Any, Any]
Setup = tuple[Any, ...]
PLANTED: dict[str, tuple[str, Callable[[], Setup]]] = {}


def planted(name: str, said: str) -> Any:
    """Enter a set-up, and which check has to name its bug."""

    def enter(function: Callable[[], Setup]) -> Callable[[], Setup]:
        PLANTED[name] = (said, function)
        return function

    return enter


def blobs(classes: int = 3, features: int = 4, count: int = 300) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(classes, features))
    y = rng.integers(0, classes, count)
    x = centres[y] + 0.7 * rng.normal(size=(count, features))
    return x.astype(np.float32), y


def line(count: int = 300) -> tuple[Array, Array]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(count, 4)).astype(np.float32)
    y = x @ np.array([1.0, -2.0, 0.5, 1.0], np.float32) + 0.1 * rng.normal(size=count)
    return x, y.astype(np.float32)[:, None]


def mlp(ins: int = 4, outs: int = 3, hidden: int = 16) -> nn.Sequential:
    return nn.Sequential(nn.Linear(ins, hidden, rng=0), nn.ReLU(), nn.Linear(hidden, outs, rng=1))


@planted("labels from 1 to K", "label range")
def _() -> Setup:
    x, y = blobs()
    return mlp(), nn.CrossEntropyLoss(), (x, y + 1)


@planted("labels beyond the outputs", "label range")
def _() -> Setup:
    x, y = blobs(classes=5)
    return mlp(), nn.CrossEntropyLoss(), (x, y)


@planted("labels from 1, and an output more", "label range")
def _() -> Setup:
    x, y = blobs()
    return mlp(outs=4), nn.CrossEntropyLoss(), (x, y + 1)


@planted("one-hot labels of whole numbers", "kind of targets")
def _() -> Setup:
    x, y = blobs()
    return mlp(), nn.CrossEntropyLoss(), (x, np.eye(3, dtype=np.int64)[y])


@planted("float labels", "kind of targets")
def _() -> Setup:
    x, y = blobs()
    return mlp(), nn.CrossEntropyLoss(), (x, y.astype(np.float32))


@planted("answers of -1 and 1 for BCE", "kind of targets")
def _() -> Setup:
    x, y = blobs(classes=2)
    return mlp(outs=1), nn.BCEWithLogitsLoss(), (x, (2.0 * y - 1).astype(np.float32)[:, None])


@planted("softmax before cross entropy", "what the loss is given")
def _() -> Setup:
    return nn.Sequential(mlp(), nn.Softmax(1)), nn.CrossEntropyLoss(), blobs()


@planted("softmax in a loss of one's own", "what the loss is given")
def _() -> Setup:
    return mlp(), lambda p, y: nn.cross_entropy(softmax(p, axis=1), y), blobs()


@planted("softmax over the samples", "what the loss is given")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, input: Any) -> Any:
            return log_softmax(self.body(input), axis=0)

    return Net(), nn.NLLLoss(), blobs()


@planted("sigmoid before BCE with logits", "reach of the outputs")
def _() -> Setup:
    x, y = blobs(classes=2)
    model = nn.Sequential(mlp(outs=1), nn.Sigmoid())
    return model, nn.BCEWithLogitsLoss(), (x, y.astype(np.float32)[:, None])


@planted("a sigmoid by a formula before BCE with logits", "reach of the outputs")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp(outs=1)

        def forward(self, input: Any) -> Any:
            return (1 / (1 + ad.exp(-self.body(input)))).squeeze(-1)

    x, y = blobs(classes=2)
    return Net(), nn.BCEWithLogitsLoss(), (x, y.astype(np.float32))


@planted("NLL of logits", "what the loss is given")
def _() -> Setup:
    return mlp(), nn.NLLLoss(), blobs()


@planted("BCE of logits", "what the loss is given")
def _() -> Setup:
    x, y = blobs(classes=2)
    return mlp(outs=1), nn.BCELoss(), (x, y.astype(np.float32)[:, None])


@planted("squared error on class numbers", "kind of targets")
def _() -> Setup:
    x, y = blobs()
    return mlp(outs=1), nn.MSELoss(), (x, y.astype(np.float32)[:, None])


@planted("ReLU at the end of a regression", "reach of the outputs")
def _() -> Setup:
    return nn.Sequential(mlp(outs=1), nn.ReLU()), nn.MSELoss(), line()


@planted("predictions (N, 1), targets (N,)", "shapes of predictions and targets")
def _() -> Setup:
    x, y = line()
    return mlp(outs=1), lambda p, t: ((p - t) ** 2).mean(), (x, y[:, 0])


@planted("a loss that is a sum", "mean or sum")
def _() -> Setup:
    return mlp(outs=1), lambda p, t: ((p - t) ** 2).sum(), line()


@planted("inputs of 0 to 255", "scale of inputs")
def _() -> Setup:
    x, y = blobs()
    return mlp(), nn.CrossEntropyLoss(), (128 + 60 * x, y)


@planted("one column in other units", "scale of inputs")
def _() -> Setup:
    x, y = blobs()
    return mlp(), nn.CrossEntropyLoss(), (x * np.array([1, 1, 5000, 1], np.float32), y)


@planted("targets in thousands", "scale of targets")
def _() -> Setup:
    x, y = line()
    return mlp(outs=1), nn.MSELoss(), (x, 20000 + 5000 * y)


@planted("NaN in a column", "finite data")
def _() -> Setup:
    x, y = blobs()
    x[17, 2] = np.nan
    return mlp(), nn.CrossEntropyLoss(), (x, y)


@planted("a column that is always 7", "constant inputs")
def _() -> Setup:
    x, y = blobs()
    x[:, 1] = 7
    return mlp(), nn.CrossEntropyLoss(), (x, y)


@planted("a column twice", "duplicated inputs")
def _() -> Setup:
    x, y = blobs()
    return mlp(5), nn.CrossEntropyLoss(), (np.column_stack([x, x[:, 0]]), y)


@planted("features shuffled without their labels", "targets depend on inputs")
def _() -> Setup:
    x, y = blobs(count=600)
    np.random.default_rng(3).shuffle(x)
    return mlp(), nn.CrossEntropyLoss(), (x, y)


@planted("a rare class", "class balance")
def _() -> Setup:
    x, y = blobs(classes=2, count=1000)
    keep = (y == 0) | (np.arange(1000) % 50 == 0)
    return mlp(outs=2), nn.CrossEntropyLoss(), (x[keep], y[keep])


@planted("a layer in no forward", "unused layers")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = nn.Linear(4, 8), nn.Linear(8, 8), nn.Linear(8, 3)

        def forward(self, input: Any) -> Any:
            return self.c(relu(self.a(input)))

    return Net(), nn.CrossEntropyLoss(), blobs()


@planted("a part that is detached", "gradients reach parameters")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.c = nn.Linear(4, 8), nn.Linear(8, 3)

        def forward(self, input: Any) -> Any:
            return self.c(relu(self.a(input)).detach())

    return Net(), nn.CrossEntropyLoss(), blobs()


@planted("all frozen", "frozen parameters")
def _() -> Setup:
    return mlp().requires_grad_(False), nn.CrossEntropyLoss(), blobs()


@planted("a loss by argmax", "model and loss run")
def _() -> Setup:
    return mlp(), lambda p, y: (ad.tensor((p.numpy().argmax(1) != y) * 1.0)).mean(), blobs()


@planted("dead units", "dead units")
def _() -> Setup:
    model = mlp()
    model[0].bias.data = np.full(16, -50, np.float32)
    return model, nn.CrossEntropyLoss(), blobs()


@planted("saturated units", "saturated units")
def _() -> Setup:
    model = nn.Sequential(nn.Linear(4, 50, rng=0), nn.Tanh(), nn.Linear(50, 3, rng=1))
    model[0].weight.data = 20 * model[0].weight.data
    return model, nn.CrossEntropyLoss(), blobs()


@planted("gradients that vanish", "gradients from layer to layer")
def _() -> Setup:
    parts = [nn.Linear(4, 20, rng=0), nn.Sigmoid()]
    for number in range(8):
        parts += [nn.Linear(20, 20, rng=number), nn.Sigmoid()]
    return nn.Sequential(*parts, nn.Linear(20, 3, rng=9)), nn.CrossEntropyLoss(), blobs()


@planted("weights far too large", "loss at the start")
def _() -> Setup:
    model = nn.Sequential(
        nn.Linear(4, 100, rng=0),
        nn.ReLU(),
        nn.Linear(100, 100, rng=1),
        nn.ReLU(),
        nn.Linear(100, 3),
    )
    for p in model.parameters():
        p.data = np.random.default_rng(0).normal(size=p.shape).astype(np.float32)
    return model, nn.CrossEntropyLoss(), blobs()


@planted("weights of 0", "symmetric units")
def _() -> Setup:
    model = mlp()
    for p in model.parameters():
        p.data = np.zeros(p.shape, np.float32)
    return model, nn.CrossEntropyLoss(), blobs()


@planted("a dropout of 1", "dropout")
def _() -> Setup:
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(1.0), nn.Linear(16, 3))
    return model, nn.CrossEntropyLoss(), blobs()


@planted("dropout that does not end", "evaluation repeats")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)

        def forward(self, input: Any) -> Any:
            return self.b(dropout(relu(self.a(input)), 0.5))

    return Net(), nn.CrossEntropyLoss(), blobs()


@planted("a recurrent layer that takes samples for time", "samples stay apart")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.LSTM(3, 8), nn.Linear(8, 2)

        def forward(self, input: Any) -> Any:
            return self.b(self.a(input)[0][:, -1])

    x = np.random.default_rng(0).normal(size=(300, 5, 3)).astype(np.float32)
    return Net(), nn.CrossEntropyLoss(), (x, (x.sum((1, 2)) > 0).astype(np.int64))


@planted("noise from a new generator", "chance repeats")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, input: Any) -> Any:
            if self.training:
                noise = np.random.default_rng().normal(size=input.shape)
                input = input + 0.3 * noise.astype(np.float32)
            return self.body(input)

    return Net(), nn.CrossEntropyLoss(), blobs()


@planted("a model that ignores its inputs", "inputs matter")
def _() -> Setup:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, input: Any) -> Any:
            return self.body(input * 0)

    return Net(), nn.CrossEntropyLoss(), blobs()


@planted("a layer left in evaluation mode", "modes")
def _() -> Setup:
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
    model[1].eval()
    return model, nn.CrossEntropyLoss(), blobs()


@planted("a square root at 0", "finite loss and gradients")
def _() -> Setup:
    model = mlp(outs=1)
    return model, lambda p, y: ad.sqrt((p - p) ** 2).mean() + nn.mse_loss(p, y), line()


@planted("an optimizer of another model", "the optimizer's parameters")
def _() -> Setup:
    optimizer = nn.optim.Adam(mlp().parameters())
    return mlp(), nn.CrossEntropyLoss(), blobs(), optimizer


@planted("an optimizer without the new head", "the optimizer's parameters")
def _() -> Setup:
    model = mlp(outs=10)
    optimizer = nn.optim.Adam(model.parameters())
    model[2] = nn.Linear(16, 3)
    return model, nn.CrossEntropyLoss(), blobs(), optimizer


@planted("a learning rate of 100", "learning rate")
def _() -> Setup:
    model = mlp()
    return model, nn.CrossEntropyLoss(), blobs(), nn.optim.SGD(model.parameters(), lr=100.0)


@planted("a learning rate of a billionth", "learning rate")
def _() -> Setup:
    model = mlp()
    return model, nn.CrossEntropyLoss(), blobs(), nn.optim.SGD(model.parameters(), lr=1e-9)


@planted("evaluation mode while training", "the training step")
def _() -> Setup:
    model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 3)).eval()
    loss, optimizer = nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1)

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return model, loss, blobs(), optimizer, step


@planted("no zero_grad", "the training step")
def _() -> Setup:
    model, loss = mlp(), nn.CrossEntropyLoss()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)

    def step(x: Any, y: Any) -> None:
        loss(model(x), y).backward()
        optimizer.step()

    return model, loss, blobs(), optimizer, step
