"""Schedules that multiply the rate by a function of the step, or by a factor now and then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from nn.optim.hyperparameters import checked_rate
from nn.optim.lr_scheduler.base import LRScheduler, Scheduled, per_group, steps

__all__ = ["ExponentialLR", "LambdaLR", "MultiStepLR", "MultiplicativeLR", "StepLR"]

Factor = Callable[[int], float]


def _functions(schedule: str, given: Any, optimizer: Scheduled) -> list[Factor]:
    found = per_group(f"{schedule}: lr_lambda", given, optimizer)
    for function in found:
        if not callable(function):
            raise TypeError(
                f"{schedule}: lr_lambda is a function of the step, or one for every group, and "
                f"{function!r} was given"
            )
    return found


class LambdaLR(LRScheduler):
    """The rate is base · f(t).

    What others do to the rate is overwritten at the next step.

    Args:
        optimizer: the optimizer.
        lr_lambda: f, a function of the step; or a list with one for every group. It is not part
            of the state.
        last_epoch: the step to go on from, see `LRScheduler`.

    Example:
        >>> import nn
        >>> optimizer = nn.optim.SGD([nn.Parameter([1.0])], lr=0.5)
        >>> schedule = LambdaLR(optimizer, lambda t: 0.9**t)
        >>> schedule.step()
        >>> optimizer.param_groups[0]["lr"]
        0.45
    """

    _heeds_others: ClassVar[bool] = False

    def __init__(
        self, optimizer: Scheduled, lr_lambda: Factor | list[Factor], last_epoch: int = -1
    ) -> None:
        self.lr_lambdas: list[Factor] = _functions("LambdaLR", lr_lambda, optimizer)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        return float(self.lr_lambdas[group](t)), 0.0


class MultiplicativeLR(LRScheduler):
    """At step t the rate is multiplied by f(t), from t = 1 on.

    Args:
        optimizer: the optimizer.
        lr_lambda: f, a function of the step; or a list with one for every group. It is not part
            of the state.
        last_epoch: the step to go on from, see `LRScheduler`.

    Example:
        >>> import nn
        >>> rate = MultiplicativeLR.function(1.0, lambda t: 0.5)
        >>> [rate(t) for t in range(4)]
        [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(
        self, optimizer: Scheduled, lr_lambda: Factor | list[Factor], last_epoch: int = -1
    ) -> None:
        self.lr_lambdas: list[Factor] = _functions("MultiplicativeLR", lr_lambda, optimizer)
        self._products: list[list[float]] = [[1.0] for _ in self.lr_lambdas]
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        known = self._products[group]
        while len(known) <= t:
            known.append(known[-1] * float(self.lr_lambdas[group](len(known))))
        return known[t], 0.0


class StepLR(LRScheduler):
    """Every so many steps the rate is multiplied by γ: base · γ^⌊t / step_size⌋.

    Args:
        optimizer: the optimizer.
        step_size: how many steps, at least 1.
        gamma: γ.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = StepLR.function(1.0, step_size=2, gamma=0.5)
        >>> [rate(t) for t in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(
        self, optimizer: Scheduled, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size: int = steps("StepLR", "step_size", step_size)
        self.gamma: float = checked_rate("StepLR: gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        return self.gamma ** (t // self.step_size), 0.0


class MultiStepLR(LRScheduler):
    """At every milestone the rate is multiplied by γ.

    Args:
        optimizer: the optimizer.
        milestones: the steps; one that is listed twice counts twice.
        gamma: γ.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = MultiStepLR.function(1.0, [1, 3], gamma=0.5)
        >>> [rate(t) for t in range(5)]
        [1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones: list[int] = sorted(
            steps("MultiStepLR", "a milestone", m, 0) for m in milestones
        )
        self.gamma: float = checked_rate("MultiStepLR: gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        return self.gamma ** bisect_right(self.milestones, t), 0.0


class ExponentialLR(LRScheduler):
    """Every step the rate is multiplied by γ: base · γᵗ.

    Args:
        optimizer: the optimizer.
        gamma: γ.
        last_epoch: the step to go on from, see `LRScheduler`.

    Example:
        >>> rate = ExponentialLR.function(1.0, gamma=0.5)
        >>> [rate(t) for t in range(4)]
        [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, optimizer: Scheduled, gamma: float, last_epoch: int = -1) -> None:
        self.gamma: float = checked_rate("ExponentialLR: gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        return self.gamma**t, 0.0
