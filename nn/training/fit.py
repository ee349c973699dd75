"""Fitting a model to data: the training loop as one call."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nn.module.base import Module
from nn.optim import Optimizer
from nn.training.batches import Data, Targets
from nn.training.callbacks import Callback, Run
from nn.training.evaluation import Loss
from nn.training.freezing import Parts
from nn.training.history import History
from nn.training.named_metrics import Metrics
from nn.training.trainer import Trainer

__all__ = ["fit"]


def fit(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    train: Data,
    validation: Data | None = None,
    *,
    epochs: int = 10,
    batch_size: int | None = 32,
    metrics: Metrics = None,
    progress: bool = True,
    rng: np.random.Generator | int | None = None,
    callbacks: Iterable[Callback | Callable[[Run], Any]] = (),
    schedule: Any = None,
    accumulate: int = 1,
    class_weight: Any = None,
    targets: Targets = None,
    frozen: Parts = (),
    steps_per_epoch: int | None = None,
    compile: bool | None = None,
    precision: Any = None,
    resume: str | os.PathLike[str] | None = None,
) -> History:
    """Train a model.

    Every epoch walks through the training data once. Its loss and metrics over the
    training data are those met on the way, with dropout and the like at work and the
    parameters changing; over the validation data they are measured at the end.

    The step is compiled where it can be; where not, ``history.reason`` says why.

    Ctrl-C ends the fit after the step under way: the parameters are whole, and the history
    so far is returned with ``interrupted`` set.

    Args:
        model: the model; left in evaluation mode.
        loss: a function or module of predictions and targets, a mean over samples. It may give
            a dict of parts by name, which become figures: the entry ``loss`` is minimised, or
            else the sum of all.
        optimizer: over the model's parameters.
        train: a pair (inputs, targets), a list of samples or a dataset, shuffled anew for every
            epoch; or what gives batches, which are such pairs: a `DataLoader`, a list of
            batches (x, y), anything that can be iterated, or a function that makes it anew for
            every epoch. Inputs that are a tuple are the arguments of the model, a dict its
            named ones.
        validation: likewise, not shuffled.
        epochs: how many times to walk through the training data, those before a checkpoint
            included.
        batch_size: samples per step, where ``train`` does not give batches itself; None if a
            list holds batches.
        metrics: names such as ``"accuracy"``, metrics of `nn.metrics`, functions of predictions
            and targets, or a dict of these by name. By name they take the outputs for what the
            loss says they are: with one for yes-or-no questions, a single score per sample means
            yes above 0 for logits, above 0.5 for probabilities. Functions need all outputs of
            an epoch at once; of the others only sums are kept.
        progress: show a progress bar on stderr, if that is a terminal, or in a notebook.
        rng: a generator or seed for the shuffling; the library's generator if not given.
        callbacks: `Callback` objects, or functions of a `Run` called after every epoch.
        schedule: anything with ``step()``, called after every epoch (OneCycleLR and CyclicLR:
            after every update); `Schedule` says otherwise.
        accumulate: how many batches make one update, equal to that of one large batch. Batch
            normalisation sees the small ones.
        class_weight: for a cross-entropy or NLL loss the weights of the classes, a list or a
            dict; ``"balanced"`` for such that all classes weigh the same.
        targets: which part of a batch the targets are: its key or index, or several of them; the
            rest are inputs. By default the second of two.
        frozen: modules that are not trained, and stay in evaluation mode.
        steps_per_epoch: after how many batches an epoch ends, for data without an end.
        compile: None to compile where it can be and pays, True to raise where it cannot be,
            False for the code as written. See `Step`.
        precision: the float type to compute in, which has to be the model's. Halves are refused:
            NumPy is hundreds of times slower in them.
        resume: a checkpoint, or a folder of them (of which the last is taken), to go on from
            bit by bit. All else has to be set up as before. A folder that the fit's own
            `Checkpoint` writes to may be empty or absent: then it begins.

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
        CheckpointError: the checkpoint is damaged, or one of something else.

    Example:
        >>> import nn
        >>> x = np.linspace(-1, 1, 32, dtype=np.float32)[:, None]
        >>> model = nn.Linear(1, 1)
        >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.5)
        >>> history = fit(model, nn.MSELoss(), optimizer, (x, 2 * x), epochs=20, progress=False)
        >>> round(model.weight.item(), 2)
        2.0
    """
    trainer = Trainer(
        model,
        loss,
        optimizer,
        metrics=metrics,
        callbacks=callbacks,
        schedule=schedule,
        accumulate=accumulate,
        class_weight=class_weight,
        targets=targets,
        frozen=frozen,
        compile=compile,
        precision=precision,
        progress=progress,
    )
    return trainer.fit(
        train,
        validation,
        epochs=epochs,
        batch_size=batch_size,
        steps_per_epoch=steps_per_epoch,
        rng=rng,
        resume=resume,
    )
