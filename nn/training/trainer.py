"""A training with its settings as an object."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from nn.io import load_state
from nn.module.base import Module
from nn.module.shown import Shown
from nn.optim import Optimizer
from nn.training.batches import Data, Targets, as_loader, length_of
from nn.training.callbacks import Callback, Calls, Run, as_callbacks
from nn.training.checkpoints import Checkpoint, write
from nn.training.class_weights import weighted_loss
from nn.training.evaluation import Loss, figures_over, predict
from nn.training.freezing import Parts, as_parts, freezing
from nn.training.history import History
from nn.training.loop import Loop
from nn.training.named_metrics import Metrics, named_metrics
from nn.training.resuming import check_fits, find_checkpoint
from nn.training.schedules import as_schedule
from nn.training.settings import check_precision, checked_count
from nn.training.step import Step
from nn.training.untrained import check_parts

__all__ = ["Trainer"]

_FEW = 64
"""Recording a step takes about as long as so many steps of a small model."""


class Trainer(Shown):
    """A model, a loss and an optimizer with all settings of a training.

    Args:
        model: the model.
        loss: a function or module of outputs and targets, a mean over samples. It may give a
            dict of parts by name: the entry ``loss`` is minimised, or else the sum of all.
        optimizer: over the model's parameters.
        metrics: as for `fit`.
        callbacks: as for `fit`.
        schedule: as for `fit`.
        accumulate: as for `fit`.
        class_weight: as for `fit`.
        targets: as for `fit`.
        frozen: as for `fit`.
        compile: as for `fit`.
        precision: as for `fit`.
        progress: as for `fit`.

    Attributes:
        run: the fit under way, or the last one; None before the first.

    Raises:
        TypeError: the model, loss or optimizer are none.
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> x = np.linspace(-1, 1, 32, dtype=np.float32)[:, None]
        >>> model = nn.Linear(1, 1)
        >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.5)
        >>> trainer = Trainer(model, nn.MSELoss(), optimizer, progress=False)
        >>> history = trainer.fit((x, 2 * x), epochs=20)
        >>> round(trainer.evaluate((x, 2 * x))["loss"], 3), trainer.predict(x[:3]).shape
        (0.0, (3, 1))
    """

    run: Run | None

    def __init__(
        self,
        model: Module,
        loss: Loss,
        optimizer: Optimizer,
        *,
        metrics: Metrics = None,
        callbacks: Iterable[Callback | Callable[[Run], Any]] = (),
        schedule: Any = None,
        accumulate: int = 1,
        class_weight: Any = None,
        targets: Targets = None,
        frozen: Parts = (),
        compile: bool | None = None,
        precision: Any = None,
        progress: bool = True,
    ) -> None:
        check_parts(model, loss, optimizer)
        check_precision(model, precision)
        if compile not in (None, True, False):
            raise ValueError(f"compile is None, True or False, not {compile!r}")
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.metrics = metrics
        self.callbacks: list[Any] = [*as_schedule(schedule), *as_callbacks(callbacks)]
        self.accumulate = accumulate
        self.class_weight = class_weight
        self.targets = targets
        self.frozen: tuple[Module, ...] = as_parts(frozen, model)
        self.compile = compile
        self.progress = progress
        self.run = None

    def fit(
        self,
        train: Data,
        validation: Data | None = None,
        *,
        epochs: int = 10,
        batch_size: int | None = 32,
        steps_per_epoch: int | None = None,
        rng: np.random.Generator | int | None = None,
        resume: str | os.PathLike[str] | None = None,
    ) -> History:
        """Train the model; the arguments are those of `fit`."""
        epochs = checked_count("epochs", epochs, 0)
        if steps_per_epoch is not None:
            steps_per_epoch = checked_count("steps_per_epoch", steps_per_epoch, 1)
        loader = as_loader(train, batch_size, True, rng)
        many = None if batch_size is None else max(batch_size, 256)
        held_out = None if validation is None else as_loader(validation, many, False, None)
        loss = self.loss
        if self.class_weight is not None:
            loss = weighted_loss(loss, self.class_weight, train)
        named, calls = named_metrics(self.metrics, loss), Calls(self.callbacks)
        if length_of(loader) == 0:
            raise ValueError(
                f"{loader!r} has no batches: there are fewer samples than one batch and drop_last "
                "is on"
            )
        state = None if resume is None else self._state(resume, calls)
        step = Step(
            self.model,
            loss,
            self.optimizer,
            compile=self.compile,
            accumulate=self.accumulate,
            targets=self.targets,
            outputs=bool(named),
        )
        batches = steps_per_epoch or length_of(loader)
        if self.compile is None and batches is not None and epochs * batches < _FEW:
            step.as_written(f"of so few steps, {epochs * batches}, recording takes longer")
        loop = Loop(
            step,
            loader,
            held_out,
            named,
            calls,
            epochs,
            steps_per_epoch,
            self.targets,
            self.frozen,
            self.progress,
        )
        self.run = loop.run
        with freezing(self.frozen):
            return loop.go(state)

    def _state(self, resume: str | os.PathLike[str], calls: Calls) -> Any:
        """What a checkpoint holds; None if a folder has none yet."""
        own = [c.folder for c in calls.all if isinstance(c, Checkpoint)]
        begins = any(Path(resume) == folder for folder in own) and not Path(resume).exists()
        path = None if begins else find_checkpoint(resume)
        if path is None:
            if any(Path(resume) == folder for folder in own):
                return None
            raise FileNotFoundError(
                f"the folder {resume} has no checkpoints to go on from; to begin there, give fit "
                f"the callback nn.Checkpoint({str(resume)!r}) as well"
            )
        state = load_state(path)
        check_fits(state, self.model, self.optimizer, calls.all, path)
        return state

    def evaluate(
        self, data: Data, *, batch_size: int | None = 256, steps: int | None = None
    ) -> dict[str, float]:
        """Loss and metrics over data; see `evaluate`."""
        return figures_over(
            self.model,
            as_loader(data, batch_size, False, None),
            self.loss,
            named_metrics(self.metrics, self.loss),
            self.targets,
            steps,
        )

    def predict(self, x: Any, batch_size: int = 256) -> Any:
        """The model's outputs for all inputs; see `predict`."""
        return predict(self.model, x, batch_size)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a checkpoint of the fit as it is now, from which `resume` goes on.

        Raises:
            ValueError: there was no fit yet.
        """
        if self.run is None:
            raise ValueError(
                "there was no fit yet, whose place could be saved; the weights alone are saved by "
                "nn.save(model, path)"
            )
        write(self.run.state(), Path(path), self.run)

    def resume(
        self,
        path: str | os.PathLike[str],
        train: Data,
        validation: Data | None = None,
        **settings: Any,
    ) -> History:
        """Go on from a checkpoint, a file or a folder of them: `fit` with ``resume=path``."""
        return self.fit(train, validation, resume=path, **settings)
