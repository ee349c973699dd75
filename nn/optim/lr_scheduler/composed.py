"""Schedules made of schedules: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from nn.optim.lr_scheduler.base import LRScheduler, Scheduled, refuse_recording, steps

__all__ = ["ChainedScheduler", "SequentialLR"]


class Composed(LRScheduler):
    """What several schedules of one optimizer have in common.

    Raises:
        TypeError: one of them is no schedule, or one that waits for a figure.
        ValueError: there are none, or they are for different optimizers.
    """

    def __init__(self, optimizer: Scheduled | None, schedulers: Sequence[LRScheduler]) -> None:
        kind, parts = type(self).__name__, list(schedulers)
        if not parts:
            raise ValueError(f"{kind} takes at least one schedule")
        for number, part in enumerate(parts):
            if not isinstance(part, LRScheduler):
                raise TypeError(
                    f"{kind}: entry {number} is a {type(part).__name__}, not a schedule that goes "
                    "by steps alone"
                )
        self.optimizer: Scheduled = parts[0].optimizer if optimizer is None else optimizer
        for number, part in enumerate(parts):
            if part.optimizer is not self.optimizer:
                raise ValueError(
                    f"{kind}: entry {number} is for another optimizer; make all of them over one"
                )
        self._parts: list[LRScheduler] = parts
        self.base_lrs: list[float] = list(parts[0].base_lrs)
        self.last_epoch: int = 0

    def _set_back(self) -> None:
        for part in self._parts:
            part._set_back()
        super()._set_back()

    def _go_on(self) -> None:
        """Let the schedules take the step that has been counted."""
        raise NotImplementedError

    def step(self, epoch: int | None = None) -> None:
        """Go one step on.

        Raises:
            ValueError: a step to go to was given; the schedules in it have their own counts.
            TracingError: inside a function that `autodiff.compile` records.
        """
        refuse_recording(self)
        if epoch is not None:
            raise ValueError(
                f"{type(self).__name__} goes one step at a time; call step() without a number"
            )
        self.last_epoch += 1
        self._go_on()

    def get_last_lr(self) -> list[float]:
        """The rates of the groups."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """What is needed to go on later: the states of the schedules, and the step."""
        return {
            "last_epoch": self.last_epoch,
            "schedulers": [part.state_dict() for part in self._parts],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned, also PyTorch's.

        Raises:
            ValueError: it is the state of another schedule.
        """
        kind = type(self).__name__
        parts = state.get("schedulers", state.get("_schedulers"))
        if parts is None or len(parts) != len(self._parts):
            raise ValueError(
                f"{kind} is made of {len(self._parts)} schedules, and the state of "
                f"{'none' if parts is None else len(parts)}"
            )
        for part, own in zip(self._parts, parts, strict=True):
            part.load_state_dict(own)
        self.last_epoch = int(state.get("last_epoch", self._parts[0].last_epoch))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(step {self.last_epoch}, {self._parts})"


class SequentialLR(Composed):
    """One schedule after the other: a warm-up, and what comes after it.

    Each one counts its steps from 0 and begins with the base rates.

    Args:
        optimizer: the optimizer; that of all of them.
        schedulers: the schedules in order.
        milestones: the steps at which the second, the third … take over.
        last_epoch: has to be -1; to go on, load the state.

    Raises:
        ValueError: the numbers of schedules and milestones do not fit, the milestones do not
            rise, or the schedules are for different optimizers.

    Example:
        >>> import nn
        >>> optimizer = nn.optim.SGD([nn.Parameter([1.0])], lr=1.0)
        >>> warm = nn.optim.LinearLR(optimizer, start_factor=0.5, total_iters=2)
        >>> fall = nn.optim.ExponentialLR(optimizer, gamma=0.5)
        >>> schedule, rates = SequentialLR(optimizer, [warm, fall], milestones=[2]), []
        >>> for _ in range(5):
        ...     rates += schedule.get_last_lr()
        ...     schedule.step()
        >>> rates
        [0.5, 0.75, 1.0, 0.5, 0.25]
    """

    last_epoch: int

    def __init__(
        self,
        optimizer: Scheduled,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        super().__init__(optimizer, schedulers)
        if last_epoch != -1:
            raise ValueError(
                "SequentialLR begins at last_epoch=-1; to go on, make it anew and give "
                "load_state_dict the state of the one before"
            )
        if len(milestones) != len(self._parts) - 1:
            raise ValueError(
                f"SequentialLR of {len(self._parts)} schedules takes {len(self._parts) - 1} "
                f"milestones, the steps at which the next one takes over, and got {len(milestones)}"
            )
        self._milestones = [steps("SequentialLR", "a milestone", m, 0) for m in milestones]
        if self._milestones != sorted(set(self._milestones)):
            raise ValueError(f"SequentialLR: milestones must rise, and {milestones} do not")
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        for part in self._parts:
            part._set_back()
        self._first()._start_over()

    def _first(self) -> LRScheduler:
        return self._parts[bisect_right(self._milestones, 0)]

    def _start_over(self) -> None:
        self.last_epoch = 0
        self._first()._start_over()

    def _go_on(self) -> None:
        number = bisect_right(self._milestones, self.last_epoch)
        current = self._parts[number]
        if number and self._milestones[number - 1] == self.last_epoch:
            current._start_over()
        else:
            current.step()


class ChainedScheduler(Composed):
    """Several schedules at once, each of which changes what the one before has set.

    Args:
        schedulers: the schedules.
        optimizer: that of all of them; the first one's if not given.

    Raises:
        ValueError: there are none, or they are for different optimizers.

    Example:
        >>> import nn
        >>> optimizer = nn.optim.SGD([nn.Parameter([1.0])], lr=1.0)
        >>> warm = nn.optim.ConstantLR(optimizer, factor=0.5, total_iters=2)
        >>> fall = nn.optim.ExponentialLR(optimizer, gamma=0.5)
        >>> schedule, rates = ChainedScheduler([warm, fall]), []
        >>> for _ in range(4):
        ...     rates += schedule.get_last_lr()
        ...     schedule.step()
        >>> rates
        [0.5, 0.25, 0.25, 0.125]
    """

    last_epoch: int

    def __init__(
        self, schedulers: Sequence[LRScheduler], optimizer: Scheduled | None = None
    ) -> None:
        super().__init__(optimizer, schedulers)

    def _start_over(self) -> None:
        self.last_epoch = 0
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = base
        for part in self._parts:
            part.last_epoch = -1
            part._begin()
            part._advance(0)

    def _go_on(self) -> None:
        for part in self._parts:
            part.step()
