"""Epochs of `nn.fit` and of the loop by hand, in turns within one process."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
import nn
from benchmarks.fitting.rows import Row

__all__ = ["Times", "by_hand", "turns"]

# Recording and comparing are over, and what the machine keeps in its caches is there.
_FIRST_EPOCHS = 3


class Times(NamedTuple):
    """Processor seconds per step of each epoch, and the loss of the last epoch.

    Attributes:
        fit: of `nn.fit`.
        hand: of the loop.
        losses: of both.
    """

    fit: list[float]
    hand: list[float]
    losses: tuple[float, float]


def by_hand(row: Row) -> Callable[[], float]:
    """An epoch of the loop that one would write, which gives its mean loss."""
    model, loader, criterion = row.model(), row.loader(), nn.CrossEntropyLoss()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

    @ad.compile
    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        outputs = model(x)
        loss = criterion(outputs, y)
        loss.backward()
        optimizer.step()
        return (loss, outputs) if row.accuracy else loss

    def epoch() -> float:
        total, right, seen = 0.0, 0, 0
        for x, y in loader:
            found = step(x, y)
            if row.accuracy:
                found, outputs = found
                right += np.count_nonzero(outputs.data.argmax(1) == y)
            total += found.item() * len(y)
            seen += len(y)
        assert seen, right
        return total / seen

    return epoch


class _Turns(nn.Callback):
    """After every epoch of a fit one of the loop by hand, both timed."""

    def __init__(self, row: Row) -> None:
        self.hand = by_hand(row)
        self.steps = len(row.loader())
        self.times = Times([], [], (0.0, 0.0))
        self._fit: list[float] = []
        self._hand: list[float] = []
        self._since = 0.0

    def on_epoch_end(self, run: nn.training.Run) -> None:
        now = process_time()
        self._fit.append((now - self._since) / self.steps)
        gc.collect()
        begun = process_time()
        loss = self.hand()
        self._hand.append((process_time() - begun) / self.steps)
        fits, hands = self._fit[_FIRST_EPOCHS:], self._hand[_FIRST_EPOCHS:]
        self.times = Times(fits, hands, (run.history.epochs[-1]["loss"], loss))
        gc.collect()
        self._since = process_time()


def turns(row: Row, epochs: int) -> Times:
    """Train both, an epoch of the one after an epoch of the other.

    Args:
        row: what is trained.
        epochs: how many of each are timed.
    """
    model, both = row.model(), _Turns(row)
    nn.fit(
        model,
        nn.CrossEntropyLoss(),
        nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9),
        row.loader(),
        metrics=["accuracy"] if row.accuracy else None,
        callbacks=[both],
        epochs=_FIRST_EPOCHS + epochs,
        progress=False,
    )
    return both.times
