"""A fit that is resumed goes on bit by bit, wherever it was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.extending import raw

X = np.random.default_rng(0).standard_normal((36, 5)).astype(np.float32)
Y = (X[:, 0] > X[:, 1]).astype(np.int64)

OPTIMIZERS: dict[str, Any] = {
    name: kind
    for name in dir(nn.optim)
    if isinstance(kind := getattr(nn.optim, name), type)
    and issubclass(kind, nn.optim.Optimizer)
    and kind is not nn.optim.Optimizer
    and name != "LBFGS"
}
MORE: dict[str, dict[str, Any]] = {
    "SGD": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    "Adam": {"lr": 0.05, "weight_decay": 0.1},
}


class Noisy:
    """Samples that are augmented from a generator of its own and from NumPy's global one."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(7)

    def __len__(self) -> int:
        return len(X)

    def __getitem__(self, i: int) -> Any:
        noise = self.rng.standard_normal(5) + np.random.standard_normal(5)
        return X[i] + 0.1 * noise.astype(np.float32), Y[i]


class Net(nn.Module):
    """Everything that has a state of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(5, 12, rng=1),
            nn.BatchNorm1d(12),
            nn.ReLU(),
            nn.Dropout(0.3, rng=2),
            nn.Dropout(0.2),
            nn.Linear(12, 2, rng=3),
        )
        self.seen = nn.Buffer(np.zeros((), np.int64), persistent=False)

    def forward(self, x: Any) -> Any:
        if self.training:
            self.seen.data = np.add(raw(self.seen), 1, out=raw(self.seen))
        return self.layers(x)


class Counter(nn.Callback):
    """Counts updates, and is told of them after a checkpoint that is not called last."""

    count = 0

    def on_step(self, run: nn.Run) -> None:
        self.count += 1

    def state_dict(self) -> dict[str, Any]:
        return {"count": self.count}

    def load_state_dict(self, state: Any) -> None:
        self.count = state["count"]


class Everything:
    """A fit with all that decides how it goes on."""

    def __init__(
        self, optimizer: str = "Adam", loader: str = "DataLoader", epochs: int = 4, **settings: Any
    ) -> None:
        ad.random.seed(5)
        np.random.seed(5)
        self.model = Net()
        kind = OPTIMIZERS[optimizer]
        held = [p for p in self.model.parameters() if optimizer != "Muon" or p.ndim == 2]
        self.optimizer = kind(held, **MORE.get(optimizer, {}))
        self.stopping = nn.EarlyStopping("val_loss", patience=10)
        self.schedules = [
            nn.Schedule(nn.optim.CosineAnnealingLR(self.optimizer, T_max=20), "step"),
            nn.Schedule(nn.optim.ReduceLROnPlateau(self.optimizer, patience=0)),
        ]
        self.counter = Counter()
        data = Noisy()
        self.loader: Any = nn.data.DataLoader(data, 8, shuffle=True, rng=9)
        if loader == "iterable":
            self.loader = Walked(data)
        self.settings, self.epochs = settings, epochs

    def fit(self, *callbacks: Any, resume: Any = None) -> nn.History:
        return nn.fit(
            self.model,
            nn.CrossEntropyLoss(),
            self.optimizer,
            self.loader,
            (X, Y),
            epochs=self.epochs,
            metrics=["accuracy", "auroc", plain],
            schedule=self.schedules,
            callbacks=[self.stopping, *callbacks, self.counter],
            progress=False,
            resume=resume,
            **self.settings,
        )

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rng": ad.random.generator().bit_generator.state,
            "own": self.model.layers[3].rng.bit_generator.state,
            "global": np.random.standard_normal(),
            "best": self.stopping.best,
            "seen": self.model.seen.numpy(),
            "count": self.counter.count,
        }


class Walked:
    """Batches without a length, in an order of its own."""

    def __init__(self, data: Noisy) -> None:
        self.data = data
        self.order = np.random.default_rng(11)

    def __iter__(self) -> Any:
        for part in np.array_split(self.order.permutation(len(self.data)), 5):
            samples = [self.data[int(i)] for i in part]
            yield tuple(np.stack(column) for column in zip(*samples, strict=True))


def plain(predictions: Any, targets: Any) -> float:
    return float(predictions[:, 0].mean() + targets.mean())


def same(a: Any, b: Any) -> None:
    one, two = ad.tree.flatten(a), ad.tree.flatten(b)
    assert one[1] == two[1]
    for x, y in zip(one[0], two[0], strict=True):
        np.testing.assert_array_equal(np.asarray(x), np.asarray(y))


def check(folder: Path, stops: Any, every: int = 1, **settings: Any) -> None:
    whole = Everything(**settings)
    history = whole.fit(nn.Checkpoint(folder, every_steps=every, keep_last=99))
    expected = whole.state()
    files = sorted(folder.glob("step-*"))
    assert len(files) >= 5 * whole.epochs // every
    for stop in stops:
        again = Everything(**settings)
        for array in again.model.state_dict().values():
            array *= 0
        np.random.seed(99)
        more = again.fit(nn.Checkpoint(folder / "more", monitor="loss"), resume=files[stop])
        assert more.epochs == history.epochs, stop
        same(again.state(), expected)
        assert again.model.state_dict().keys() == whole.model.state_dict().keys()


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("loader", ["DataLoader", "iterable"])
def test_wherever_it_is_stopped(tmp_path: Path, compiled: bool, loader: str) -> None:
    # Within an epoch, at its end, before its last batch, at the end of all.
    check(tmp_path, [1, 4, 8, 14], epochs=3, compile=compiled, loader=loader)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer(tmp_path: Path, optimizer: str) -> None:
    check(tmp_path, [0], 3, optimizer=optimizer, epochs=1, compile=len(optimizer) % 2 == 0)


def test_a_fit_that_was_about_to_stop_stops(tmp_path: Path) -> None:
    class Stop(nn.Callback):
        def __init__(self, at: int) -> None:
            self.at = at

        def on_step(self, run: nn.Run) -> None:
            if run.step == self.at:
                run.stop()

    def run(at: int, resume: Any = None) -> nn.History:
        model = nn.Linear(5, 2, rng=0)
        return nn.fit(
            model,
            nn.CrossEntropyLoss(),
            nn.optim.SGD(model.parameters(), lr=0.1),
            nn.data.DataLoader((X, Y), 8),
            callbacks=[Stop(at), nn.Checkpoint(tmp_path, every_steps=1, keep_last=99)],
            progress=False,
            resume=resume,
        )

    expected = run(2)
    assert len(expected) == 1
    for step in (2, 4, 5):
        history = run(-1, tmp_path / f"step-{step:09d}.safetensors")
        assert history.epochs == expected.epochs


@pytest.mark.exhaustive
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("compiled", [True, False])
def test_every_optimizer_at_every_place(tmp_path: Path, optimizer: str, compiled: bool) -> None:
    check(tmp_path, range(20), 1, optimizer=optimizer, compile=compiled)
