"""Watching a fit, and ending it early."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from nn.module.base import Module
from nn.module.shown import Shown
from nn.optim import Optimizer
from nn.training.history import History
from nn.training.step import Step

__all__ = ["EVENTS", "Callback", "Calls", "Run"]


@dataclass
class Run:
    """A fit under way, as callbacks see it.

    Attributes:
        model: the model.
        optimizer: the optimizer.
        history: the figures of the finished epochs.
        epochs: how many epochs were asked for.
        training_step: what each batch is given to; its ``reason`` says why it is not compiled.
        batches: how many batches an epoch has; None if that is not known.
        resumed: whether it goes on from a checkpoint.
        epoch: the number of the current epoch, from 1.
        step: how many updates were made, over all epochs.
        batch_number: how many batches of this epoch were walked through.
        batch: the batch under way, as the loader gave it.
        samples: how many samples were walked through since the fit began.
        loss: the loss of the last batch.
        figures: the figures of the current epoch, complete when it ends; what callbacks
            add here goes into the history.
        stopped: set by `stop`.
        whole: whether parameters, generators and the place in the data are those of one moment,
            at which a checkpoint can be taken.
        error: what the fit ends by, in ``on_error``.
    """

    model: Module
    optimizer: Optimizer
    history: History
    epochs: int
    training_step: Step
    batches: int | None = None
    resumed: bool = False
    epoch: int = 0
    step: int = 0
    batch_number: int = 0
    batch: Any = None
    samples: int = 0
    loss: float = math.nan
    figures: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False
    whole: bool = True
    error: BaseException | None = None
    state: Callable[[], dict[str, Any]] = dict
    """What a checkpoint holds, at this moment."""

    def stop(self) -> None:
        """End the fit after this epoch."""
        self.stopped = True


class Callback(Shown):
    """Called by `nn.fit`; override what is of interest.

    A plain function of a `Run` serves as well; it is called by ``on_epoch``. Callbacks are
    called in the order in which they were given, those with ``comes_last`` after the others.
    When an epoch or a step ends, parameters still hold the gradients of the last step.
    """

    comes_last: ClassVar[bool] = False
    """Whether it has to see what the others did, as a checkpoint has to."""

    def on_begin(self, run: Run) -> None:
        """Before the first epoch; of a fit that is resumed, before states are put back."""

    def on_epoch_begin(self, run: Run) -> None:
        """Before every epoch, the model being in training mode."""

    def on_batch(self, run: Run) -> None:
        """Before every batch, which is ``run.batch``."""

    def on_backward(self, run: Run) -> None:
        """Between backward and update: the gradients are there, and may be changed."""

    def on_step(self, run: Run) -> None:
        """After every update."""

    def on_validation(self, run: Run) -> None:
        """After the validation of an epoch, whose figures are there."""

    def on_epoch(self, run: Run) -> None:
        """After every epoch, before its figures enter the history."""

    def on_epoch_end(self, run: Run) -> None:
        """After every epoch, when its figures have entered the history."""

    def on_interrupt(self, run: Run) -> None:
        """When Ctrl-C ends the fit."""

    def on_error(self, run: Run) -> None:
        """When an error ends the fit; it is ``run.error``."""

    def on_end(self, run: Run) -> None:
        """When the fit ends, also by an error or by Ctrl-C."""

    def state_dict(self) -> dict[str, Any]:
        """What it has to know to go on: arrays, numbers and text, nested in dicts and lists."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""


EVENTS = tuple(name for name in vars(Callback) if name.startswith("on_"))


def as_callbacks(given: Any) -> list[Any]:
    """Callbacks as a list.

    Raises:
        TypeError: one is given by itself.
    """
    if isinstance(given, Callback) or not isinstance(given, Iterable):
        raise TypeError(f"callbacks are a list: write callbacks=[{given!r}]")
    return list(given)


class Calls:
    """The callbacks of a fit, told of events.

    A KeyboardInterrupt in one does not keep the others from hearing of the event.

    Args:
        callbacks: objects, or functions that are called at the end of epochs.

    Raises:
        TypeError: something is none of these.
    """

    def __init__(self, callbacks: Iterable[Callback | Callable[[Run], Any]]) -> None:
        given = list(callbacks)
        for callback in given:
            if isinstance(callback, type) or not (
                isinstance(callback, Callback) or callable(callback)
            ):
                raise TypeError(
                    f"{callback!r} is not a callback; give a function of a Run, or an instance "
                    "of a subclass of nn.Callback"
                )
        given.sort(key=lambda callback: getattr(callback, "comes_last", False))
        self.all: list[Any] = given
        self._heard: dict[str, list[Callable[[Run], Any]]] = {
            event: [call for callback in given if (call := _hearing(callback, event)) is not None]
            for event in EVENTS
        }

    def hears(self, event: str) -> bool:
        """Whether anyone is to be told of an event."""
        return bool(self._heard[event])

    def __call__(self, event: str, run: Run) -> None:
        """Tell all of them.

        Raises:
            KeyboardInterrupt: one of them raised it; all were told.
        """
        interrupted = False
        for call in self._heard[event]:
            try:
                call(run)
            except KeyboardInterrupt:
                interrupted = True
        if interrupted:
            raise KeyboardInterrupt


def _hearing(callback: Any, event: str) -> Callable[[Run], Any] | None:
    if not isinstance(callback, Callback):
        return callback if event == "on_epoch" else None
    method: Callable[[Run], Any] = getattr(callback, event)
    own = getattr(method, "__func__", method) is not getattr(Callback, event)
    return method if own else None
