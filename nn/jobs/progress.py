"""A progress bar for a fit."""

from __future__ import annotations

from typing import Any

from nn.report.text import number, percent
from nn.training import Callback, Run
from nn.training.bar import bar

__all__ = ["Progress"]


class Progress(Callback):
    """Shows on stderr, if that is a terminal, how far a fit has come and how good the model is.

    Args:
        steps: how many steps the fit will take.
        figure: the figure of an epoch to show.
        label: what to call it.
        share: whether it is a share, printed as per cent.
        show: whether to show anything.
    """

    def __init__(
        self, steps: int, figure: str, label: str, share: bool = True, show: bool = True
    ) -> None:
        self._steps, self._figure, self._label = steps, figure, label
        self._share, self._show = share, show
        self._bar: Any = None
        self._at = 0

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
        # A fit that is resumed does not begin at 0.
        self._bar.update(run.step - self._at)
        self._at = run.step

    def on_epoch(self, run: Run) -> None:
        """Show the figures of the epoch."""
        value = float(run.figures[self._figure])
        good = percent(value) if self._share else number(value, 3)
        self._bar.set_postfix_str(f"epoch {run.epoch}/{run.epochs}, {self._label} {good}")

    def on_end(self, run: Run) -> None:
        """Close it, also after an error."""
        self._bar.close()
