"""The training of a run, which may go on where another was interrupted."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

from nn.jobs.bench import Bench
from nn.jobs.progress import Progress
from nn.training import Callback, Checkpoint, Run, evaluate, fit

__all__ = ["train"]

SECONDS = 10.0
"""A checkpoint is written after an epoch if the last is older than this."""


class _Cosine(Callback):
    """Lets the learning rate fall from its first value to 0 along half a cosine.

    Source: Loshchilov and Hutter, "SGDR", 2017, equation 5, without restarts.
    """

    def __init__(self, rate: float, steps: int) -> None:
        self._rate, self._steps = rate, steps

    def on_step(self, run: Run) -> None:
        """Set the rate of the next step."""
        share = min(run.step / self._steps, 1.0)
        for group in run.optimizer.param_groups:
            group["lr"] = self._rate * 0.5 * (1.0 + math.cos(math.pi * share))

    def on_epoch(self, run: Run) -> None:
        """Note it in the history."""
        run.figures["lr_at_end"] = run.optimizer.param_groups[0]["lr"]


class _Looking(Callback):
    """Notes after every epoch how large the gradients are at each layer."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def on_epoch(self, run: Run) -> None:
        """Send the samples of the probe through the network."""
        flow = self._bench.probe()
        self._bench.gradients.append({layer.name: layer.rms for layer in flow.layers})

    def state_dict(self) -> dict[str, Any]:
        """What was noted."""
        return {"gradients": list(self._bench.gradients)}

    def load_state_dict(self, state: Any) -> None:
        """Go on from there."""
        self._bench.gradients[:] = [dict(entry) for entry in state["gradients"]]


class _Now(Checkpoint):
    """Checkpoints by the clock."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, keep_last=1)
        self._written = time.monotonic()

    def on_epoch_end(self, run: Run) -> None:
        """Write one, if the last is old."""
        if time.monotonic() - self._written > SECONDS and run.epoch < run.epochs:
            super().on_epoch_end(run)
            self._written = time.monotonic()


def train(bench: Bench, checkpoints: Path, *, resume: bool, show: bool) -> None:
    """Train the network, noting figures and flows on the bench.

    The test part is measured after every epoch, and steers nothing: the network is the
    one of the last epoch.

    Args:
        bench: what to work with.
        checkpoints: the folder of what an interrupted run goes on from.
        resume: whether to go on from there.
        show: whether to show a progress bar.

    After Ctrl-C, which ends the training early, ``bench.history.interrupted`` is set.

    Raises:
        FloatingPointError: the loss became NaN or infinite.
        CheckpointError: the checkpoint is damaged, or one of another network.
    """
    steps = len(bench.loader) * bench.options.epochs
    metric = bench.task.metric
    before = bench.probe()
    bench.gradients[:] = [{layer.name: layer.rms for layer in before.layers}]
    held_out = bench.x_test, bench.y_test
    bench.history = fit(
        bench.network,
        bench.loss,
        bench.optimizer,
        bench.loader,
        held_out,
        epochs=bench.options.epochs,
        metrics=[metric],
        progress=False,
        callbacks=[
            _Cosine(bench.rate, steps),
            _Looking(bench),
            Progress(steps, f"val_{metric}", f"test {bench.task.title}", bench.task.percent, show),
            _Now(checkpoints),
        ],
        resume=checkpoints if resume else None,
    )
    last = bench.history.last
    if bench.history.interrupted:
        bench.figures = evaluate(bench.network, bench.loss, held_out, metrics=[metric])
    else:
        bench.figures = {name: last[f"val_{name}"] for name in ("loss", metric)}
    bench.flows = {"Before training": before, "After training": bench.probe()}
