"""Checkpoints of a fit: the last few and the best, from which it goes on bit by bit."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from nn.io import save_state
from nn.training.callbacks import Callback, Run
from nn.training.early_stopping import monitored, sign_of
from nn.training.resuming import PATTERN
from nn.training.settings import checked_count

__all__ = ["Checkpoint", "write"]


def write(state: Mapping[str, Any], path: Path, run: Run) -> None:
    """Write a checkpoint, with text that says what it is.

    Raises:
        OSError: it cannot be written; an older one is as it was.
    """
    about = {
        "what": "checkpoint of a fit of Glassgrad; go on with nn.fit(..., resume=...)",
        "model": str(run.model),
        "optimizer": repr(run.optimizer),
        "epoch": str(run.epoch),
        "step": str(run.step),
        "figures": json.dumps(run.history.last, default=str),
    }
    save_state(dict(state), path, about)


class Checkpoint(Callback):
    """Writes checkpoints into a folder, from which ``nn.fit(..., resume=folder)`` goes on.

    A checkpoint is one safetensors file with all that decides how the fit goes on: parameters
    and buffers, the optimizer's state, schedules and other callbacks, random generators, the
    place in the data, the figures so far. It appears whole or not at all. Ctrl-C writes one
    more.

    Args:
        folder: where to; it is made if it is not there.
        every: after how many epochs each.
        every_steps: after how many updates each, also within epochs; None for not.
        keep_last: how many to keep of those up to the last; a fit that goes on from an earlier
            one leaves those beyond alone.
        monitor: the figure by which ``best.safetensors`` is kept; None for none.
        mode: ``min`` if smaller is better, ``max`` if larger; by default as for
            `EarlyStopping`.

    Attributes:
        best: the best figure so far.
        path: the file written last.

    Raises:
        ValueError: a number is not positive, or ``mode`` unknown.
        FileExistsError: when a fit begins that is not resumed, and the folder has checkpoints.
    """

    comes_last: ClassVar[bool] = True

    def __init__(
        self,
        folder: str | os.PathLike[str],
        every: int = 1,
        *,
        every_steps: int | None = None,
        keep_last: int = 2,
        monitor: str | None = None,
        mode: str | None = None,
    ) -> None:
        for name, number in (
            ("every", every),
            ("every_steps", every_steps),
            ("keep_last", keep_last),
        ):
            if number is not None:
                checked_count(f"Checkpoint: {name}", number, 1)
        self.folder: Path = Path(folder)
        self.every = every
        self.every_steps = every_steps
        self.keep_last = keep_last
        self.monitor = monitor
        self.mode = mode
        self._sign = sign_of(monitor or "loss", mode)
        self.best: float = math.nan
        self.path: Path | None = None

    def on_begin(self, run: Run) -> None:
        """Make the folder."""
        self.best, self.path = math.nan, None
        self.folder.mkdir(parents=True, exist_ok=True)
        found = sorted(self.folder.glob(PATTERN))
        if found and not run.resumed:
            raise FileExistsError(
                f"{self.folder} has {len(found)} checkpoints of another fit, up to "
                f"{found[-1].name}; give fit resume={str(self.folder)!r} to go on there, or "
                "another folder, or remove them"
            )

    def on_step(self, run: Run) -> None:
        """Write one within an epoch, if it is time."""
        if self.every_steps is not None and run.step % self.every_steps == 0:
            self._write(run)

    def on_epoch_end(self, run: Run) -> None:
        """Write one, if it is time, and the best.

        Raises:
            KeyError: the figure to go by is not measured.
        """
        better = False
        if self.monitor is not None:
            value = monitored("Checkpoint", self.monitor, run)
            better = math.isnan(self.best) or self._sign * (self.best - value) > 0
            self.best = value if better else self.best
        if run.epoch % self.every == 0 or run.epoch >= run.epochs or run.stopped:
            self._write(run)
        if better:
            write(run.state(), self.folder / "best.safetensors", run)

    def on_interrupt(self, run: Run) -> None:
        """Write one, unless a second Ctrl-C broke off a step."""
        if run.whole:
            self._write(run)

    def _write(self, run: Run) -> None:
        self.path = self.folder / f"step-{run.step:09d}.safetensors"
        write(run.state(), self.path, run)
        # Of a fit that went on from an earlier one, those beyond are left to who wrote them.
        found = [file for file in self.folder.glob(PATTERN) if file.name <= self.path.name]
        for old in sorted(found)[: -self.keep_last]:
            old.unlink()

    def state_dict(self) -> dict[str, Any]:
        """The best figure."""
        return {"best": self.best}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self.best = float(state["best"])
