"""A progress bar for a fit."""

from __future__ import annotations

from typing import Any

from nn.report.text import percent
from nn.training import Callback, Run
from nn.training.bar import bar

__all__ = ["Progress"]


class Progress(Callback):
    """Shows on stderr, if that is a terminal, how far a fit has come and how good the model is.

    Args:
        steps: how many steps the fit will take.
        accuracy: the figure of an epoch to show, a share.
        label: what to call it.
        show: whether to show anything.
    """

    def __init__(self, steps: int, accuracy: str, label: str, show: bool = True) -> None:
        self._steps, self._accuracy, self._label, self._show = steps, accuracy, label, show
        self._bar: Any = None

    def on_begin(self, run: Run) -> None:
        """Open the bar."""
        self._bar = bar(
            self._steps,
            self._show,
            desc="training",
            bar_format="{desc} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} steps{postfix}",
        )

    def on_step(self, run: Run) -> None:
        """Advance it."""
        self._bar.update()

    def on_epoch(self, run: Run) -> None:
        """Show the figures of the epoch."""
        good = percent(float(run.figures[self._accuracy]))
        self._bar.set_postfix_str(f"epoch {run.epoch}/{run.epochs}, {self._label} {good}")

    def on_end(self, run: Run) -> None:
        """Close it, also after an error."""
        self._bar.close()
