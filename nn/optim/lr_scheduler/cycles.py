"""Schedules that raise the rate and lower it again, the momentum the other way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from nn.optim.hyperparameters import checked_rate, checked_switch
from nn.optim.lr_scheduler.base import LRScheduler, Scheduled, per_group, steps

__all__ = ["CyclicLR", "OneCycleLR"]

Scaling = Callable[[float], float]


class Cycle(LRScheduler):
    """What has a lower and an upper end for every group, for its rate and its momentum.

    A subclass sets ``cycle_momentum`` and says in `_rate` and `_momentum` where each is.
    """

    _heeds_others: ClassVar[bool] = False
    cycle_momentum: bool

    def _take_momentum(self, optimizer: Scheduled, lowest: Any, highest: Any, on: bool) -> None:
        kind = type(self).__name__
        self.cycle_momentum = checked_switch(f"{kind}: cycle_momentum", on)
        self.base_momentums: list[float]
        self.max_momentums: list[float]
        self.base_momentums, self.max_momentums = (
            [checked_rate(f"{kind}: {name}", v, 1.0) for v in per_group(name, given, optimizer)]
            for name, given in (("base_momentum", lowest), ("max_momentum", highest))
        )
        if on and not {"momentum", "betas"} & set(optimizer.defaults):
            raise ValueError(
                f"{kind}: this optimizer has no momentum and no betas to cycle; give "
                "cycle_momentum=False"
            )

    def _rate(self, t: int, group: int) -> float:
        raise NotImplementedError

    def _momentum(self, t: int, group: int) -> float:
        raise NotImplementedError

    def _at(self, t: int, group: int) -> tuple[float, float]:
        return 0.0, self._rate(t, group)

    def _advance(self, t: int) -> None:
        super()._advance(t)
        if self.cycle_momentum:
            for number, group in enumerate(self.optimizer.param_groups):
                momentum = self._momentum(t, number)
                if "betas" in self.optimizer.defaults:
                    group["betas"] = (momentum, *group["betas"][1:])
                else:
                    group["momentum"] = momentum


class CyclicLR(Cycle):
    """The rate goes up and down between two ends, in straight lines.

    What others do to the rate is overwritten at the next step.

    Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.

    Args:
        optimizer: the optimizer.
        base_lr: the lower end, for all groups or a list with one for each.
        max_lr: the upper end, likewise.
        step_size_up: the steps up.
        step_size_down: the steps down; as many if not given.
        mode: ``triangular``; ``triangular2``, where each cycle is half as high as the one
            before; or ``exp_range``, where the height is γᵗ.
        gamma: γ.
        scale_fn: the height as a function of the cycle (from 1) or of the step, instead of
            ``mode``; it is not part of the state.
        scale_mode: which of the two ``scale_fn`` takes, ``cycle`` or ``iterations``.
        cycle_momentum: whether the momentum, or β₁, goes down while the rate goes up.
        base_momentum: its lower end.
        max_momentum: its upper end.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range; or there is no momentum to cycle.

    Example:
        >>> rate = CyclicLR.function(1.0, 0.0, 1.0, step_size_up=2, cycle_momentum=False)
        >>> [rate(t) for t in range(5)]
        [0.0, 0.5, 1.0, 0.5, 0.0]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Scaling | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        self.min_lrs: list[float]
        self.max_lrs: list[float]
        self.min_lrs, self.max_lrs = (
            [checked_rate(f"CyclicLR: {name}", v) for v in per_group(name, given, optimizer)]
            for name, given in (("base_lr", base_lr), ("max_lr", max_lr))
        )
        self._up = steps("CyclicLR", "step_size_up", step_size_up)
        down = step_size_up if step_size_down is None else step_size_down
        self._length = self._up + steps("CyclicLR", "step_size_down", down)
        heights: dict[str, tuple[Scaling, str]] = {
            "triangular": (lambda cycle: 1.0, "cycle"),
            "triangular2": (lambda cycle: 1.0 / (2.0 ** (cycle - 1)), "cycle"),
            "exp_range": (lambda step: gamma**step, "iterations"),
        }
        if scale_fn is None and mode not in heights:
            raise ValueError(f"CyclicLR: mode is one of {', '.join(heights)}, not {mode!r}")
        if scale_mode not in ("cycle", "iterations"):
            raise ValueError(f"CyclicLR: scale_mode is 'cycle' or 'iterations', not {scale_mode!r}")
        self._scaling, self._scaled_by = (
            heights[mode] if scale_fn is None else (scale_fn, scale_mode)
        )
        self._take_momentum(optimizer, base_momentum, max_momentum, cycle_momentum)
        if last_epoch == -1:
            for group, lowest in zip(optimizer.param_groups, self.min_lrs, strict=True):
                group["lr"] = lowest
        super().__init__(optimizer, last_epoch)
        self.base_lrs: list[float] = list(self.min_lrs)

    def _height(self, t: int) -> float:
        """How far up the step is, from 0 to 1 in the first cycle."""
        cycle = math.floor(1 + t / self._length)
        x, top = 1.0 + t / self._length - cycle, self._up / self._length
        way = x / top if x <= top else (x - 1.0) / (top - 1.0)
        return way * self._scaling(cycle if self._scaled_by == "cycle" else t)

    def _rate(self, t: int, group: int) -> float:
        lowest = self.min_lrs[group]
        return lowest + (self.max_lrs[group] - lowest) * self._height(t)

    def _momentum(self, t: int, group: int) -> float:
        highest = self.max_momentums[group]
        return highest - (highest - self.base_momentums[group]) * self._height(t)


class OneCycleLR(Cycle):
    """The rate rises to a peak and falls far below where it began, all within one training.

    Call ``step()`` after every batch. What others do to the rate is overwritten.

    Source: Smith and Topin, "Super-Convergence", 2018; with the cosine of fastai.

    Args:
        optimizer: the optimizer.
        max_lr: the peak, for all groups or a list with one for each.
        total_steps: the length of the cycle; or give the two that follow.
        epochs: the number of epochs.
        steps_per_epoch: the number of steps in each.
        pct_start: the share of the steps in which the rate rises.
        anneal_strategy: ``cos`` or ``linear``.
        cycle_momentum: whether the momentum, or β₁, goes down while the rate goes up.
        base_momentum: its lower end.
        max_momentum: its upper end.
        div_factor: the rate begins at ``max_lr / div_factor``.
        final_div_factor: it ends at the rate of the beginning over this.
        three_phase: let it come back to the rate of the beginning first, as fast as it rose.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range; there is no momentum to cycle; or more steps
            are taken than the cycle has.

    Example:
        >>> rate = OneCycleLR.function(1.0, max_lr=1.0, total_steps=5, cycle_momentum=False)
        >>> [round(rate(t), 4) for t in range(5)]
        [0.04, 0.9505, 0.6113, 0.1883, 0.0]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR: give total_steps, or epochs and steps_per_epoch")
            each = steps("OneCycleLR", "steps_per_epoch", steps_per_epoch)
            total_steps = steps("OneCycleLR", "epochs", epochs) * each
        self.total_steps: int = steps("OneCycleLR", "total_steps", total_steps)
        if not 0.0 <= pct_start <= 1.0:
            raise ValueError(f"OneCycleLR: pct_start is a share from 0 to 1, not {pct_start!r}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"OneCycleLR: anneal_strategy is 'cos' or 'linear', not {anneal_strategy!r}"
            )
        self._cosine = anneal_strategy == "cos"
        peaks = per_group("max_lr", max_lr, optimizer)
        self.max_lrs: list[float] = [checked_rate("OneCycleLR: max_lr", peak) for peak in peaks]
        self._ends = self._phases(pct_start, three_phase)
        self._take_momentum(optimizer, base_momentum, max_momentum, cycle_momentum)
        first = [peak / div_factor for peak in self.max_lrs]
        self._stations = [
            [start, peak, *([start] if three_phase else []), start / final_div_factor]
            for start, peak in zip(first, self.max_lrs, strict=True)
        ]
        if last_epoch == -1:
            for group, start in zip(optimizer.param_groups, first, strict=True):
                group["initial_lr"] = start
        super().__init__(optimizer, last_epoch)

    def _phases(self, share: float, three: bool) -> list[float]:
        """The steps at which the phases end."""
        last = self.total_steps - 1
        rise = share * self.total_steps - 1
        return [rise, 2 * share * self.total_steps - 2, last] if three else [rise, last]

    def _between(self, t: int, stations: list[float]) -> float:
        if t > self.total_steps:
            raise ValueError(
                f"OneCycleLR: its {self.total_steps} steps are taken; give as total_steps the "
                "steps of the whole training, or make a new one"
            )
        start = 0.0
        for number, end in enumerate(self._ends):
            if t <= end or number == len(self._ends) - 1:
                share = (t - start) / (end - start) if end > start else 1.0
                before, after = stations[number], stations[number + 1]
                if self._cosine:
                    return after + (before - after) / 2.0 * (math.cos(math.pi * share) + 1.0)
                return before + (after - before) * share
            start = end
        raise AssertionError

    def _rate(self, t: int, group: int) -> float:
        return self._between(t, self._stations[group])

    def _momentum(self, t: int, group: int) -> float:
        lowest, highest = self.base_momentums[group], self.max_momentums[group]
        rest = [highest] * (len(self._ends) - 1)
        return self._between(t, [highest, lowest, *rest])
