"""Set-ups with nothing wrong, of which nothing may be claimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
import nn
from nn.functional import relu
from tests.nn.checks.planted import Setup, blobs, line, mlp

GOOD: dict[str, Callable[[], Setup]] = {}


def good(name: str) -> Any:
    def enter(function: Callable[[], Setup]) -> Callable[[], Setup]:
        GOOD[name] = function
        return function

    return enter


def _digits() -> tuple[Any, Any]:
    digits = nn.data.load_digits()
    return (digits.images / 16).astype(np.float32), digits.labels


@good("MLP on digits")
def _() -> Setup:
    x, y = _digits()
    model = mlp(64, 10, 64)
    return model, nn.CrossEntropyLoss(), (x.reshape(-1, 64), y), nn.optim.Adam(model.parameters())


@good("CNN with batch normalisation and dropout")
def _() -> Setup:
    x, y = _digits()
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(64, 10),
    )
    optimizer = nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    return model, nn.CrossEntropyLoss(), (x[:, None], y), optimizer


@good("batch normalisation first")
def _() -> Setup:
    x, y = blobs()
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
    return model, nn.cross_entropy, (100 + 50 * x, y), nn.optim.RMSprop(model.parameters())


@good("dropout, with a step of one's own")
def _() -> Setup:
    model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 3))
    loss, optimizer = nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1)

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return model, loss, blobs(), optimizer, step


class LastOfLSTM(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.recurrent = nn.LSTM(2, 16, batch_first=True)
        self.head = nn.Linear(16, 1)

    def forward(self, input: Any) -> Any:
        return self.head(self.recurrent(input)[0][:, -1])


@good("LSTM")
def _() -> Setup:
    x = np.random.default_rng(0).normal(size=(400, 10, 2)).astype(np.float32)
    y = np.tanh(x[:, :, 0].sum(1, keepdims=True)).astype(np.float32)
    model = LastOfLSTM()
    return model, nn.MSELoss(), (x, y), nn.optim.Adam(model.parameters(), lr=0.01)


@good("embeddings of words")
def _() -> Setup:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 50, (500, 8))
    y = ((x < 10).sum(1) > 1).astype(np.float32)

    class Words(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(50, 16)
            self.head = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))

        def forward(self, input: Any) -> Any:
            return self.head(self.table(input).mean(1)).squeeze(-1)

    model = Words()
    return model, nn.BCEWithLogitsLoss(), (x, y), nn.optim.Adam(model.parameters())


@good("regression")
def _() -> Setup:
    model = mlp(4, 1)
    return model, nn.MSELoss(), line(), nn.optim.Adam(model.parameters(), lr=0.01)


@good("linear regression with noise")
def _() -> Setup:
    x, y = line()
    y = y + np.random.default_rng(5).normal(0, 3, y.shape).astype(np.float32)
    model = nn.Linear(4, 1)
    return model, nn.MSELoss(), (x, y), nn.optim.SGD(model.parameters(), lr=0.01)


@good("several answers to a sample")
def _() -> Setup:
    x, _ = blobs()
    y = (x @ np.random.default_rng(2).normal(size=(4, 5)) > 0.5).astype(np.float32)
    model = mlp(4, 5)
    return model, nn.BCEWithLogitsLoss(), (x, y), nn.optim.AdamW(model.parameters())


@good("classes of different size")
def _() -> Setup:
    x, y = blobs(classes=2, count=1000)
    keep = (y == 0) | (np.arange(1000) % 5 == 0)
    model = mlp(4, 2)
    return model, nn.CrossEntropyLoss(), (x[keep], y[keep]), nn.optim.Adam(model.parameters())


@good("a new head on parts that are frozen")
def _() -> Setup:
    model = nn.Sequential(mlp(4, 16, 32), nn.ReLU(), nn.Linear(16, 3))
    model[0].requires_grad_(False)
    head = [p for p in model.parameters() if p.requires_grad]
    return model, nn.CrossEntropyLoss(), blobs(), nn.optim.Adam(head, lr=0.01)


@good("autoencoder")
def _() -> Setup:
    x = _digits()[0].reshape(-1, 64)
    model = nn.Sequential(
        nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 8), nn.ReLU(), nn.Linear(8, 64), nn.Sigmoid()
    )
    return model, nn.MSELoss(), (x, x), nn.optim.Adam(model.parameters())


@good("softmax regression from zeros, by a loader")
def _() -> Setup:
    model = nn.Linear(4, 3)
    model.weight.data = np.zeros((3, 4), np.float32)
    loader = nn.data.DataLoader(blobs(), 32, shuffle=True, rng=0)
    return model, nn.CrossEntropyLoss(), loader, nn.optim.SGD(model.parameters(), lr=0.5)


@good("log-probabilities of spirals")
def _() -> Setup:
    x, y = nn.data.make_spirals(300, rng=0)
    model = nn.Sequential(mlp(2, len(np.unique(y)), 32), nn.LogSoftmax(1))
    return model, nn.NLLLoss(), (x, y), nn.optim.Adam(model.parameters(), lr=0.01)


@good("one encoder layer with layer normalisation")
def _() -> Setup:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 20, (300, 6))

    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(20, 16)
            self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
            self.head = nn.Linear(16, 2)

        def forward(self, input: Any) -> Any:
            return self.head(self.layer(self.table(input)).mean(1))

    model = Encoder()
    y = (x[:, 0] < 10).astype(np.int64)
    return model, nn.CrossEntropyLoss(), (x, y), nn.optim.Adam(model.parameters())


@good("XOR")
def _() -> Setup:
    x, y = nn.data.make_xor(300, rng=0)
    model = mlp(2, 2)
    return model, nn.CrossEntropyLoss(), (x, y), nn.optim.Adam(model.parameters())


class NextLetter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(12, 16)
        self.recurrent = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, 12)

    def forward(self, input: Any) -> Any:
        return self.head(self.recurrent(self.table(input))[0])


@good("letters, and a loss that reshapes")
def _() -> Setup:
    first = np.random.default_rng(0).integers(0, 12, (300, 1))
    letters = (first * 3 ** np.arange(9) + np.arange(9)) % 12
    model = NextLetter()

    def loss(p: Any, y: Any) -> Any:
        return nn.cross_entropy(p.reshape(-1, 12), y.reshape(-1))

    data = letters[:, :-1], letters[:, 1:]
    return model, loss, data, nn.optim.Adam(model.parameters(), lr=0.003)


class Variational(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.mean, self.logarithm = (
            nn.Linear(64, 32),
            nn.Linear(32, 4),
            nn.Linear(32, 4),
        )
        self.decoder = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 64))
        self.rng = ad.random.generator(0)

    def forward(self, input: Any) -> Any:
        h = relu(self.encoder(input))
        mean, logarithm = self.mean(h), self.logarithm(h)
        z = mean
        if self.training:
            noise = self.rng.normal(size=mean.shape).astype(np.float32)
            z = mean + ad.exp(logarithm / 2) * noise
        return self.decoder(z), mean, logarithm


@good("variational autoencoder, with a loss of parts")
def _() -> Setup:
    x = _digits()[0].reshape(-1, 64)
    model = Variational()

    def loss(outputs: Any, y: Any) -> Any:
        logits, mean, logarithm = outputs
        n = len(y)
        return {
            "pixels": nn.functional.binary_cross_entropy_with_logits(logits, y, reduction="sum")
            / n,
            "divergence": -0.5 * (1 + logarithm - mean**2 - ad.exp(logarithm)).sum() / n,
        }

    return model, loss, (x, x), nn.optim.Adam(model.parameters())


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(8, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)
        self.first, self.last = nn.BatchNorm2d(8), nn.BatchNorm2d(8)
        self.last.weight.data = np.zeros(8, np.float32)

    def forward(self, input: Any) -> Any:
        return relu(input + self.last(self.b(relu(self.first(self.a(input))))))


@good("residual blocks that begin as nothing")
def _() -> Setup:
    x, y = _digits()
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), Block(), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(32, 10)
    )
    return model, nn.CrossEntropyLoss(), (x[:500, None], y[:500])


@good("trained already")
def _() -> Setup:
    model = mlp()
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01)
    nn.fit(model, nn.CrossEntropyLoss(), optimizer, blobs(), epochs=20, progress=False, rng=0)
    return model, nn.CrossEntropyLoss(), blobs(), optimizer


class Pairs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = mlp(4, 8)

    def forward(self, a: Any, b: Any) -> Any:
        return self.body(a), self.body(b)


@good("pairs that are alike or not")
def _() -> Setup:
    x, y = blobs()
    other = np.random.default_rng(0).permutation(300)
    alike = np.where(y == y[other], 1, -1).astype(np.float32)
    cosine = nn.CosineEmbeddingLoss()
    return Pairs(), lambda p, t: cosine(p[0], p[1], t), ((x, x[other]), alike)
