"""Figures of a fit written down while it runs: CSV, JSON lines, TensorBoard."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from pathlib import Path
from typing import Any

from autodiff.errors import missing_extra
from nn.io.files import write_atomically
from nn.training.callbacks import Callback, Run

__all__ = ["CSVLog", "JSONLinesLog", "TensorBoardLog"]


class CSVLog(Callback):
    """Writes the figures of every epoch as a row of a CSV file, below their names.

    The file is whole at every moment, and has the epochs of the history: of a fit that is
    resumed no row stands there twice.

    Args:
        path: the file; one that is there is replaced.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Path = Path(path)

    def on_epoch_end(self, run: Run) -> None:
        """Write all rows."""
        names = list(dict.fromkeys(name for epoch in run.history for name in epoch))
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(names)
        table.writerows([epoch.get(name, "") for name in names] for epoch in run.history)
        write_atomically(self.path, text.getvalue().encode())


class JSONLinesLog(Callback):
    """Writes the figures of every epoch as a line of JSON; what is not finite is null.

    The file is whole at every moment, and has the epochs of the history.

    Args:
        path: the file; one that is there is replaced.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Path = Path(path)

    def on_epoch_end(self, run: Run) -> None:
        """Write all lines."""
        lines = [json.dumps({k: _plain(v) for k, v in epoch.items()}) for epoch in run.history]
        write_atomically(self.path, "".join(f"{line}\n" for line in lines).encode())


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int | str | None) else str(value)


class TensorBoardLog(Callback):
    """Writes the loss of every update and the figures of every epoch for TensorBoard.

    Args:
        folder: of the run; ``tensorboard --logdir`` shows it.
        every: after how many updates the loss is written.

    Raises:
        MissingExtraError: the package tensorboardX is not installed.
        ValueError: ``every`` is no whole number from 1 up.
    """

    def __init__(self, folder: str | os.PathLike[str], every: int = 10) -> None:
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise ValueError(
                f"TensorBoardLog: every must be a whole number from 1 up, not {every!r}"
            )
        try:
            # An extra, needed by this alone.
            from tensorboardX import SummaryWriter
        except ImportError:
            raise missing_extra("tensorboardX", "tensorboard") from None
        self._make: Any = SummaryWriter
        self._writer: Any = None
        self.folder: Path = Path(folder)
        self.every = every

    def on_begin(self, run: Run) -> None:
        """Open the file."""
        self._writer = self._make(str(self.folder))

    def on_step(self, run: Run) -> None:
        """Write the loss, if it is time."""
        if run.step % self.every == 0:
            self._writer.add_scalar("step/loss", run.loss, run.step)

    def on_epoch_end(self, run: Run) -> None:
        """Write the figures."""
        for name, value in run.history.last.items():
            if isinstance(value, int | float):
                self._writer.add_scalar(f"epoch/{name}", value, run.epoch)
        self._writer.flush()

    def on_end(self, run: Run) -> None:
        """Close the file, also after an error."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
