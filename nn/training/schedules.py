"""A schedule in a fit: when it is told to go one step on."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from nn.training.callbacks import Callback, Run
from nn.training.early_stopping import monitored

__all__ = ["Schedule", "as_schedule"]

# Those that count updates in PyTorch's documentation; a rate that rises and falls within few
# epochs is no use.
_BY_STEPS = ("OneCycleLR", "CyclicLR")


class Schedule(Callback):
    """Lets a schedule go on with every update or every epoch, and notes the rate as ``lr``.

    Args:
        scheduler: anything with ``step()``: those of `nn.optim.lr_scheduler`, or your own.
        every: ``"step"`` or ``"epoch"``, by which the schedule counts; by default epochs, and
            steps for OneCycleLR and CyclicLR.
        monitor: the figure to give to ``step``, for ReduceLROnPlateau and its like; by default
            the validation loss, or the loss without validation data.

    Raises:
        TypeError: it has no ``step()``.
        ValueError: ``every`` is something else.
    """

    def __init__(
        self, scheduler: Any, every: str | None = None, monitor: str | None = None
    ) -> None:
        if isinstance(scheduler, type) or not callable(getattr(scheduler, "step", None)):
            raise TypeError(
                f"a schedule has step(), and {scheduler!r} has not; write for example "
                "nn.optim.StepLR(optimizer, step_size=10), or give the optimizer a function of "
                "the step as lr"
            )
        if every is None:
            every = "step" if type(scheduler).__name__ in _BY_STEPS else "epoch"
        if every not in ("step", "epoch"):
            raise ValueError(f"a schedule goes on every 'step' or 'epoch', not {every!r}")
        self.scheduler = scheduler
        self.every = every
        self._wants_figure = monitor is not None or "metrics" in _required(scheduler.step)
        self.monitor = monitor
        if self._wants_figure and every == "step":
            raise ValueError("a schedule that goes by a figure goes on every 'epoch'")

    def on_step(self, run: Run) -> None:
        """Go on, if it counts updates."""
        if self.every == "step":
            self.scheduler.step()

    def on_epoch(self, run: Run) -> None:
        """Note the rate of this epoch's last update, and go on if it counts epochs."""
        lr = run.optimizer.param_groups[0]["lr"]
        if not callable(lr):
            run.figures["lr"] = float(lr)
        if self.every == "epoch":
            if self._wants_figure:
                default = "val_loss" if "val_loss" in run.figures else "loss"
                self.scheduler.step(monitored("Schedule", self.monitor or default, run))
            else:
                self.scheduler.step()

    def state_dict(self) -> dict[str, Any]:
        """That of the schedule."""
        state = getattr(self.scheduler, "state_dict", None)
        return {} if state is None else dict(state())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        if hasattr(self.scheduler, "load_state_dict"):
            self.scheduler.load_state_dict(dict(state))


def _required(function: Any) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]


def as_schedule(given: Any) -> list[Schedule]:
    """The callbacks of what was given to `nn.fit` as ``schedule``."""
    if given is None:
        return []
    several = given if isinstance(given, list | tuple) else [given]
    return [one if isinstance(one, Schedule) else Schedule(one) for one in several]
