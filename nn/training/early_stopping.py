"""Ending a fit that gets no better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.hyperparameters import checked_rate
from nn.training.callbacks import Callback, Run

__all__ = ["EarlyStopping", "monitored", "sign_of"]


def sign_of(monitor: str, mode: str | None) -> float:
    """1 if a smaller figure is better, -1 if a larger one is.

    Raises:
        ValueError: the mode is unknown.
    """
    larger = ("accuracy", "precision", "recall", "f1_score", "auroc", "r2_score")
    chosen = mode or ("max" if any(word in monitor for word in larger) else "min")
    if chosen not in ("min", "max"):
        raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
    return 1.0 if chosen == "min" else -1.0


def monitored(who: str, monitor: str, run: Run) -> float:
    """The figure that is watched.

    Raises:
        KeyError: it is not measured.
    """
    if monitor not in run.figures:
        raise KeyError(
            f"{who} watches {monitor!r}, but this fit measures {', '.join(run.figures)}; give "
            "fit the validation data or metric it needs"
        )
    return float(run.figures[monitor])


class EarlyStopping(Callback):
    """Ends a fit when a figure has not improved for some epochs.

    Args:
        monitor: the figure.
        patience: how many epochs without improvement are borne.
        min_delta: what counts as improvement must be better by more than this.
        mode: ``min`` if smaller is better, ``max`` if larger; by default ``max`` for
            accuracies, precision, recall, F-scores, AUC and R².
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
        self._sign = sign_of(monitor, mode)
        if isinstance(patience, bool) or not isinstance(patience, int | np.integer):
            raise TypeError(f"patience must be a whole number of epochs, not {patience!r}")
        if patience < 0:
            raise ValueError(f"patience must not be negative, and {patience} was given")
        checked_rate("EarlyStopping: min_delta", min_delta)
        self.monitor = monitor
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.restore_best = restore_best
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
        value = monitored("EarlyStopping", self.monitor, run)
        number = math.isnan(self.best) and not math.isnan(value)
        if not self.best_epoch or number or self._sign * (self.best - value) > self.min_delta:
            self.best, self.best_epoch = value, run.epoch
            self._state = run.model.state_dict() if self.restore_best else None
        elif run.epoch - self.best_epoch > self.patience:
            run.stop()

    def on_end(self, run: Run) -> None:
        """Put the best parameters back."""
        if self._state is not None:
            run.model.load_state_dict(self._state)

    def state_dict(self) -> dict[str, Any]:
        """The best figure, its epoch, and its parameters."""
        return {"best": self.best, "best_epoch": self.best_epoch, "model": self._state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self.best, self.best_epoch = float(state["best"]), int(state["best_epoch"])
        self._state = state["model"]
