"""A schedule that waits for a figure to stop improving."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from nn.optim.hyperparameters import checked_rate
from nn.optim.lr_scheduler.base import Scheduled, check_kept, per_group, refuse_recording, steps
from nn.optim.lr_scheduler.foreign import as_kept, is_foreign

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau:
    """Lowers the rate when a figure has not improved for some epochs.

    Args:
        optimizer: the optimizer.
        mode: ``min`` if smaller is better, ``max`` if larger.
        factor: by which the rate is multiplied, below 1.
        patience: how many epochs without improvement are borne.
        threshold: what counts as improvement must be better by more than this.
        threshold_mode: ``rel`` for a share of the best figure, ``abs`` for a difference.
        cooldown: how many epochs are not counted after the rate was lowered.
        min_lr: below this no rate is lowered; a number, or a list with one for every group.
        eps: a change smaller than this is not made.

    Attributes:
        best: the best figure so far.
        num_bad_epochs: how many epochs in a row were not better.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> optimizer = nn.optim.SGD([nn.Parameter([1.0])], lr=1.0)
        >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
        >>> for loss in (3.0, 2.0, 2.0, 2.0):
        ...     schedule.step(loss)
        >>> schedule.get_last_lr()
        [0.5]
    """

    _kept: ClassVar[tuple[str, ...]] = (
        "best",
        "cooldown_counter",
        "num_bad_epochs",
        "last_epoch",
    )

    def __init__(
        self,
        optimizer: Scheduled,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        kind = "ReduceLROnPlateau"
        if not hasattr(optimizer, "param_groups"):
            raise TypeError(f"{kind} takes an optimizer first, not a {type(optimizer).__name__}")
        for name, value, known in (
            ("mode", mode, ("min", "max")),
            ("threshold_mode", threshold_mode, ("rel", "abs")),
        ):
            if value not in known:
                raise ValueError(f"{kind}: {name} is one of {', '.join(known)}, not {value!r}")
        self.optimizer: Scheduled = optimizer
        self.mode: str = mode
        self.factor: float = checked_rate(f"{kind}: factor", factor, 1.0)
        self.patience: int = steps(kind, "patience", patience, 0)
        self.threshold: float = checked_rate(f"{kind}: threshold", threshold)
        self.threshold_mode: str = threshold_mode
        self.cooldown: int = steps(kind, "cooldown", cooldown, 0)
        lowest = per_group(f"{kind}: min_lr", min_lr, optimizer)
        self.min_lrs: list[float] = [checked_rate(f"{kind}: min_lr", value) for value in lowest]
        self.eps: float = checked_rate(f"{kind}: eps", eps)
        self.best: float = math.inf if mode == "min" else -math.inf
        self.cooldown_counter: int = 0
        self.num_bad_epochs: int = 0
        self.last_epoch: int = 0

    def step(self, metrics: Any) -> None:
        """Look at the figure of an epoch, and perhaps lower the rates.

        Args:
            metrics: the figure, a number or a tensor of one.

        Raises:
            TracingError: inside a function that `autodiff.compile` records.
        """
        refuse_recording(self)
        figure = float(metrics.item() if hasattr(metrics, "item") else metrics)
        self.last_epoch += 1
        if self._is_better(figure):
            self.best, self.num_bad_epochs = figure, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
            for group, lowest in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
                rate = max(float(group["lr"]) * self.factor, lowest)
                if group["lr"] - rate > self.eps:
                    group["lr"] = rate

    def _is_better(self, figure: float) -> bool:
        sign = 1.0 if self.mode == "min" else -1.0
        if self.threshold_mode == "abs":
            return sign * figure < sign * self.best - self.threshold
        return sign * figure < sign * self.best * (1.0 - sign * self.threshold)

    def get_last_lr(self) -> list[float]:
        """The rates of the groups."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """What is needed to go on later."""
        return {name: getattr(self, name) for name in self._kept}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned, also PyTorch's.

        Raises:
            ValueError: it is the state of another schedule.
        """
        state = as_kept(self, self._kept, state) if is_foreign(state) else state
        check_kept(self, self._kept, state)
        for name, value in state.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        rates = ", ".join(f"{rate:g}" for rate in self.get_last_lr())
        return f"ReduceLROnPlateau(best {self.best:g}, {self.num_bad_epochs} bad, lr {rates})"
