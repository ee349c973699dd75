"""Watching a fit, and ending it early."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.module.base import Module
from nn.optim import Optimizer
from nn.optim.hyperparameters import checked_rate
from nn.training.history import History

__all__ = ["Callback", "EarlyStopping", "Run"]


@dataclass
class Run:
    """A fit under way, as callbacks see it.

    Attributes:
        model: the model.
        optimizer: the optimizer.
        history: the figures of the finished epochs.
        epochs: how many epochs were asked for.
        epoch: the number of the current epoch, from 1.
        step: how many steps were taken, over all epochs.
        loss: the loss of the last step.
        figures: the figures of the current epoch, complete when it ends; what callbacks
            add here goes into the history.
        stopped: set by `stop`.
    """

    model: Module
    optimizer: Optimizer
    history: History
    epochs: int
    epoch: int = 0
    step: int = 0
    loss: float = math.nan
    figures: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False

    def stop(self) -> None:
        """End the fit after this epoch."""
        self.stopped = True


class Callback:
    """Called by `nn.fit`; override what is of interest.

    A plain function of a `Run` serves as well; it is called at the end of every epoch.
    When an epoch or a step ends, parameters still hold the gradients of the last step.
    """

    def on_begin(self, run: Run) -> None:
        """Before the first epoch."""

    def on_step(self, run: Run) -> None:
        """After every step of the optimizer."""

    def on_epoch(self, run: Run) -> None:
        """After every epoch, before its figures enter the history."""

    def on_end(self, run: Run) -> None:
        """When the fit ends, also by an error or by Ctrl-C."""


class EarlyStopping(Callback):
    """Ends a fit when a figure has not improved for some epochs.

    Args:
        monitor: the figure.
        patience: how many epochs without improvement are borne.
        min_delta: what counts as improvement must be better by more than this.
        mode: ``min`` if smaller is better, ``max`` if larger; by default ``max`` for
            figures whose name contains "accuracy".
        restore_best: put the best epoch's parameters back at the end.

    Attributes:
        best: the best value so far.
        best_epoch: the epoch it was reached in.

    Raises:
        ValueError: ``mode`` is unknown or ``patience`` negative.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 5,
        min_delta: float = 0.0,
        mode: str | None = None,
        restore_best: bool = True,
    ) -> None:
        chosen = mode or ("max" if "accuracy" in monitor else "min")
        if chosen not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
        if isinstance(patience, bool) or not isinstance(patience, int | np.integer):
            raise TypeError(f"patience must be a whole number of epochs, not {patience!r}")
        if patience < 0:
            raise ValueError(f"patience must not be negative, and {patience} was given")
        checked_rate("EarlyStopping: min_delta", min_delta)
        self.monitor = monitor
        self.patience = patience
        self.min_delta = min_delta
        self.restore_best = restore_best
        self._sign = 1.0 if chosen == "min" else -1.0
        self.best: float = math.nan
        self.best_epoch: int = 0
        self._state: dict[str, np.ndarray[Any, Any]] | None = None

    def on_begin(self, run: Run) -> None:
        """Forget an earlier fit."""
        self.best, self.best_epoch, self._state = math.nan, 0, None

    def on_epoch(self, run: Run) -> None:
        """Compare, remember, and perhaps stop.

        Raises:
            KeyError: the figure is not measured.
        """
        if self.monitor not in run.figures:
            raise KeyError(
                f"EarlyStopping watches {self.monitor!r}, but this fit measures "
                f"{', '.join(run.figures)}; give fit the validation data or metric it needs"
            )
        value = float(run.figures[self.monitor])
        if not self.best_epoch or self._sign * (self.best - value) > self.min_delta:
            self.best, self.best_epoch = value, run.epoch
            self._state = run.model.state_dict() if self.restore_best else None
        elif run.epoch - self.best_epoch > self.patience:
            run.stop()

    def on_end(self, run: Run) -> None:
        """Put the best parameters back."""
        if self._state is not None:
            run.model.load_state_dict(self._state)
