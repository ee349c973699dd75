"""The training loop."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from nn.data import DataLoader
from nn.metrics.labels import as_array
from nn.module.base import Module
from nn.optim import Optimizer
from nn.training.bar import bar
from nn.training.callbacks import Callback, Run
from nn.training.evaluation import (
    Data,
    Loss,
    as_input,
    as_loader,
    as_pair,
    float_type,
    without_training,
)
from nn.training.history import History
from nn.training.interrupts import SafeInterrupt
from nn.training.named_metrics import Metric, Metrics, named_metrics, try_out
from nn.training.untrained import Reached, check_parts

__all__ = ["fit"]

Array = np.ndarray[Any, Any]


class _Calls:
    """The callbacks, functions among them being called at the end of epochs."""

    def __init__(self, callbacks: Iterable[Callback | Callable[[Run], Any]]) -> None:
        self._all = list(callbacks)
        for callback in self._all:
            if isinstance(callback, type) or not (
                isinstance(callback, Callback) or callable(callback)
            ):
                raise TypeError(
                    f"{callback!r} is not a callback; give a function of a Run, or an instance "
                    "of a subclass of nn.Callback"
                )

    def __call__(self, event: str, run: Run) -> None:
        for callback in self._all:
            if isinstance(callback, Callback):
                getattr(callback, event)(run)
            elif event == "on_epoch":
                callback(run)


def fit(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    train: Data,
    validation: Data | None = None,
    *,
    epochs: int = 10,
    batch_size: int = 32,
    metrics: Metrics = None,
    progress: bool = True,
    rng: np.random.Generator | int | None = None,
    callbacks: Iterable[Callback | Callable[[Run], Any]] = (),
) -> History:
    """Train a model.

    Every epoch walks through the training data once. Its loss and metrics over the
    training data are those met on the way, with dropout and the like at work and the
    parameters changing; over the validation data they are measured at the end.

    Ctrl-C ends the fit after the step under way: the parameters are whole, and the history
    so far is returned with ``interrupted`` set.

    Args:
        model: the model; left in evaluation mode.
        loss: a function or module of predictions and targets, a mean over samples.
        optimizer: over the model's parameters.
        train: a pair (inputs, targets), a list of samples or a dataset, shuffled anew for every
            epoch; or a `DataLoader`, whose batches are such pairs.
        validation: likewise, not shuffled.
        epochs: how many times to walk through the training data.
        batch_size: samples per step, where ``train`` is not a `DataLoader`.
        metrics: names such as ``"accuracy"``, functions of predictions and targets, or a
            dict of functions by name. With a loss for yes-or-no questions, ``"accuracy"``
            takes a single score per sample as such: above 0 for logits, above 0.5 for
            probabilities it means yes.
        progress: show a progress bar on stderr, if that is a terminal, or in a notebook.
        rng: a generator or seed for the shuffling; the library's generator if not given.
        callbacks: `Callback` objects, or functions of a `Run` called after every epoch.

    Returns:
        The figures of every epoch: ``loss``, the metrics, and the same with ``val_``.

    Warns:
        TrainingWarning: the optimizer holds no parameter of the model, or only frozen ones; or
            no gradient reached some of those it holds.

    Raises:
        TypeError: the model, loss, optimizer or data are none.
        MissingExtraError: a progress bar is to be shown, and tqdm is not installed.
        FloatingPointError: the loss became NaN or infinite; the parameters are those before
            that step.

    Example:
        >>> import nn
        >>> x = np.linspace(-1, 1, 32, dtype=np.float32)[:, None]
        >>> model = nn.Linear(1, 1)
        >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.5)
        >>> history = fit(model, nn.MSELoss(), optimizer, (x, 2 * x), epochs=20, progress=False)
        >>> round(model.weight.item(), 2)
        2.0
    """
    check_parts(model, loss, optimizer)
    if isinstance(epochs, bool) or not isinstance(epochs, int | np.integer) or epochs < 0:
        raise ValueError(f"epochs must be a whole number from 0 up, not {epochs!r}")
    loader = as_loader(train, batch_size, True, rng)
    held_out = (
        None if validation is None else as_loader(validation, max(batch_size, 256), False, None)
    )
    named, call = named_metrics(metrics, loss), _Calls(callbacks)
    run = Run(model, optimizer, History(), int(epochs))
    if not len(loader):
        raise ValueError(
            f"{loader!r} has no batches: there are fewer samples than one batch and drop_last is on"
        )
    reach = Reached(model, optimizer) if run.epochs else None
    shown = bar(len(loader) * run.epochs, progress, unit="step")
    with SafeInterrupt() as interrupt:
        try:
            call("on_begin", run)
            while run.epoch < run.epochs and not run.stopped:
                run.epoch += 1
                run.figures = _train_epoch(run, loader, loss, named, interrupt, call, shown, reach)
                if reach is not None:
                    reach.epoch()
                    reach = None
                if held_out is not None:
                    figures, _ = without_training(model, held_out, loss, named)
                    run.figures.update({f"val_{k}": v for k, v in figures.items()})
                call("on_epoch", run)
                run.history.epochs.append({"epoch": run.epoch, **run.figures})
                numbers = {k: v for k, v in run.figures.items() if isinstance(v, float)}
                shown.set_postfix(numbers, refresh=False)
        except KeyboardInterrupt:
            run.history.interrupted = True
        finally:
            shown.close()
            model.eval()
            call("on_end", run)
    if run.history.interrupted and progress:
        print(
            f"interrupted in epoch {run.epoch} after step {run.step}; the parameters are those "
            "of that step",
            file=sys.stderr,
        )
    return run.history


def _train_epoch(
    run: Run,
    loader: DataLoader,
    loss: Loss,
    metrics: Mapping[str, Metric],
    interrupt: SafeInterrupt,
    call: _Calls,
    shown: Any,
    reach: Reached | None,
) -> dict[str, Any]:
    run.model.train()
    kind = float_type(run.model)
    total, seen = 0.0, 0
    outputs: list[Array] = []
    targets: list[Array] = []
    shown.set_description(f"epoch {run.epoch}/{run.epochs}", refresh=False)
    for batch in loader:
        x, y = as_pair(batch)
        run.optimizer.zero_grad()
        prediction = run.model(as_input(x, kind))
        value = loss(prediction, y)
        run.loss = float(value.item())
        if not np.isfinite(run.loss):
            raise FloatingPointError(
                f"the loss became {run.loss} in epoch {run.epoch}, step {run.step + 1}; try a "
                "smaller learning rate, and look for NaN or huge numbers in the data"
            )
        if metrics:
            outputs.append(np.array(prediction.data))
            targets.append(as_array(y))
            if not run.step:
                try_out(metrics, outputs[0], targets[0])
        value.backward()
        if reach is not None:
            reach.step()
        interrupt.hold()
        try:
            run.optimizer.step()
        finally:
            run.step += 1
            interrupt.release()
        total += run.loss * len(x)
        seen += len(x)
        shown.update()
        call("on_step", run)
    figures: dict[str, Any] = {"loss": total / seen}
    if metrics:
        joined, wanted = np.concatenate(outputs), np.concatenate(targets)
        figures.update({name: float(metric(joined, wanted)) for name, metric in metrics.items()})
    return figures
