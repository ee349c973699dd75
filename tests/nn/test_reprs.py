"""Everything prints with its settings, as the call that makes it."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import nn
from nn import data

ROOMS = (
    "nn",
    "nn.data",
    "nn.optim",
    "nn.metrics",
    "nn.utils",
    "nn.utils.rnn",
    "nn.utils.parametrize",
    "nn.inspect",
    "nn.checks",
    "nn.report",
    "nn.io",
    "nn.init",
    "nn.scalar",
    "nn.jobs",
    "nn.estimators",
)
MODEL = nn.Linear(2, 1)
SGD = nn.optim.SGD(MODEL.parameters(), lr=0.1)

SHOWN: dict[str, Any] = {
    "Trainer(Linear, MSELoss, SGD, metrics=['mae', Accuracy(threshold=None, subset=False, "
    "ignore_index=None)], callbacks=[EarlyStopping(patience=3), print], accumulate=2)": lambda: (
        nn.Trainer(
            MODEL,
            nn.MSELoss(),
            SGD,
            metrics=["mae", nn.metrics.Accuracy()],
            callbacks=[nn.EarlyStopping(patience=3), print],
            accumulate=2,
        )
    ),
    "Trainer(Linear, MSELoss, SGD)": lambda: nn.Trainer(MODEL, nn.MSELoss(), SGD),
    "Checkpoint('x', every=2, monitor='val_loss', mode='min')": lambda: nn.Checkpoint(
        "x", 2, mode="min", monitor="val_loss"
    ),
    "EarlyStopping(monitor='val_mae', patience=3, mode='min', restore_best=False)": lambda: (
        nn.EarlyStopping("val_mae", 3, mode="min", restore_best=False)
    ),
    "CSVLog('a.csv')": lambda: nn.CSVLog("a.csv"),
    "Schedule(StepLR(step 0, lr 0.1), every='epoch')": lambda: nn.Schedule(nn.optim.StepLR(SGD, 3)),
    "RandomCrop((4, 4), padding=(2, 2), fill=1.0)": lambda: data.RandomCrop(4, 2, 1.0),
    "RandomCrop((4, 5))": lambda: data.RandomCrop((4, 5)),
    "CutMix(alpha=0.2)": lambda: data.CutMix(0.2),
    "KFold(n_splits=3, shuffle=True)": lambda: data.KFold(3, shuffle=True, rng=0),
    "TimeSeriesSplit(gap=2)": lambda: data.TimeSeriesSplit(gap=2),
    "RandomSampler(list of 100, num_samples=3)": lambda: data.RandomSampler(
        [1] * 100, num_samples=3
    ),
    "BatchSampler(SequentialSampler(range(0, 3)), 2, drop_last=True)": lambda: data.BatchSampler(
        data.SequentialSampler(range(3)), 2, True
    ),
    "StratifiedBatchSampler(batch_size=2)": lambda: data.StratifiedBatchSampler([0, 1] * 5, 2),
    "ConcatDataset([[1, 2], Subset(float64[100], int64[2])])": lambda: data.ConcatDataset(
        [[1, 2], data.Subset(np.ones(100), [1, 2])]
    ),
    "StackDataset(a=list of 7, b='abcdefg')": lambda: data.StackDataset(a=[1] * 7, b="abcdefg"),
    "Compose([RandomHorizontalFlip(p=1.0), absolute])": lambda: data.Compose(
        [data.RandomHorizontalFlip(1.0), np.abs]
    ),
    "Parameter([1., 2.], dtype=float32, requires_grad=True)": lambda: nn.Parameter([1.0, 2.0]),
    "Buffer([1.], dtype=float32, name='mean')": lambda: nn.Buffer([1.0], name="mean"),
}


def public() -> set[type]:
    """All public classes of the library that can be made."""
    found: list[Any] = []
    for room in ROOMS:
        module = import_module(room)
        names = {*getattr(module, "__all__", ()), *dir(module)}
        found += [getattr(module, name) for name in names if not name.startswith("_")]
    return {
        kind
        for kind in found
        if inspect.isclass(kind)
        and kind.__module__.startswith("nn.")
        and not getattr(kind, "_is_protocol", False)
    }


def test_no_public_class_prints_as_an_address() -> None:
    found = public()
    assert len(found) > 300
    assert sorted(kind.__name__ for kind in found if kind.__repr__ is object.__repr__) == []


@pytest.mark.parametrize("text", SHOWN)
def test_settings_are_shown(text: str) -> None:
    assert repr(SHOWN[text]()) == text


def test_settings_are_shown_as_they_are_now() -> None:
    class Noise(nn.Callback):
        """A user's own callback."""

        def __init__(self, std: float, names: tuple[str, ...] = (), *, quiet: bool = True) -> None:
            self.std, self._names, self.quiet = std, list(names), quiet

    noise = Noise(0.1)
    assert repr(noise) == "Noise(0.1)"
    noise.std, noise.quiet = 0.2, False
    assert repr(noise) == "Noise(0.2, quiet=False)"
    handles = MODEL.register_forward_hook(print), SGD.register_step_post_hook(print)
    for handle in handles:
        assert repr(handle) == f"RemovableHandle({handle.id})"
        handle.remove()
