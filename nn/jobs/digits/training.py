"""The training of the job."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.data import DataLoader
from nn.inspect import measure
from nn.jobs.digits.data import DigitsData, prepare
from nn.jobs.digits.network import build
from nn.jobs.digits.options import OPTIMIZERS, Options
from nn.jobs.progress import Progress
from nn.losses import CrossEntropyLoss
from nn.module.sequential import Sequential
from nn.optim import Optimizer
from nn.report import Flow
from nn.report.filling import flow_of
from nn.training import Callback, History, Run, evaluate, fit

__all__ = ["Bench", "train"]

Array = np.ndarray[Any, Any]

MOMENTUM = 0.9
PROBE = 256
"""Training samples through which the layers are looked at."""


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


@dataclass
class Bench:
    """Everything a run works with.

    Attributes:
        options: what was asked for.
        data: the digits.
        network: the network.
        loss: what training minimises.
        optimizer: over the network's parameters.
        loader: batches of the training data.
        history: the figures of the finished epochs.
        flows: activations and gradients before and after training.
        tested: loss and accuracy of the test part, for the network as it is when training ends.
    """

    options: Options
    data: DigitsData
    network: Sequential
    loss: CrossEntropyLoss
    optimizer: Optimizer
    loader: DataLoader
    history: History
    flows: tuple[Flow, ...] = ()
    tested: dict[str, float] = field(default_factory=dict)

    @classmethod
    def build(cls, options: Options) -> Bench:
        """Set everything up from the options and their seed alone."""
        streams = np.random.SeedSequence(options.seed).spawn(4)
        split, weights, chance, order = (np.random.default_rng(s) for s in streams)
        data = prepare(split)
        network = build(options, data.x_train.shape[1], 10, weights, chance)
        settings = {"momentum": MOMENTUM, "nesterov": True} if options.optimizer == "sgd" else {}
        optimizer = OPTIMIZERS[options.optimizer](
            network.parameters(), lr=options.lr, weight_decay=options.weight_decay, **settings
        )
        # A last batch of a single sample could not be normalised.
        loader = DataLoader(
            (data.x_train, data.y_train), options.batch_size, True, drop_last=True, rng=order
        )
        loss = CrossEntropyLoss(label_smoothing=options.label_smoothing)
        return cls(options, data, network, loss, optimizer, loader, History())

    def probe(self, title: str) -> Flow:
        """Activations and gradients at this moment."""
        return flow_of(title, measure(self.network, CrossEntropyLoss(), *self.batch(PROBE)))

    def batch(self, size: int) -> tuple[Array, Array]:
        """The first samples of the training part."""
        return self.data.x_train[:size], self.data.y_train[:size]


def train(bench: Bench, *, show: bool) -> None:
    """Train the network, noting figures and flows on the bench.

    The test part is measured after every epoch, and steers nothing: the network is the
    one of the last epoch.

    Args:
        bench: what to work with.
        show: whether to show a progress bar.

    After Ctrl-C, which ends the training early, ``bench.history.interrupted`` is set.

    Raises:
        FloatingPointError: the loss became NaN or infinite.
    """
    steps = len(bench.loader) * bench.options.epochs
    before = bench.probe("Before training")
    bench.history = fit(
        bench.network,
        bench.loss,
        bench.optimizer,
        bench.loader,
        (bench.data.x_test, bench.data.y_test),
        epochs=bench.options.epochs,
        metrics=["accuracy"],
        progress=False,
        callbacks=[
            _Cosine(bench.options.lr, steps),
            Progress(steps, "val_accuracy", "test accuracy", show),
        ],
    )
    last = bench.history.last
    if bench.history.interrupted:
        bench.tested = evaluate(
            bench.network,
            bench.loss,
            (bench.data.x_test, bench.data.y_test),
            metrics=["accuracy"],
        )
    else:
        bench.tested = {name: last[f"val_{name}"] for name in ("loss", "accuracy")}
    bench.flows = (before, bench.probe("After training"))
