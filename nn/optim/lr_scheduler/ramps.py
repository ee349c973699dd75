"""Schedules that lead to a rate within a number of steps: warm-ups and run-outs."""

from __future__ import annotations

from nn.optim.hyperparameters import checked_rate
from nn.optim.lr_scheduler.base import LRScheduler, Scheduled, steps

__all__ = ["ConstantLR", "LinearLR", "PolynomialLR"]


def _share(name: str, value: float, least: float = 0.0) -> float:
    number = checked_rate(name, value)
    if number > 1.0 or number < least or (number == 0.0 and least > 0.0):
        raise ValueError(f"{name} must be a share up to 1, and {value} was given")
    return number


class ConstantLR(LRScheduler):
    """The rate is base · factor for some steps, and the base itself after them.

    Args:
        optimizer: the optimizer.
        factor: the share, from 0 to 1.
        total_iters: how many steps.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = ConstantLR.function(1.0, factor=0.5, total_iters=2)
        >>> [rate(t) for t in range(4)]
        [0.5, 0.5, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        factor: float = 1.0 / 3.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.factor: float = _share("ConstantLR: factor", factor)
        self.total_iters: int = steps("ConstantLR", "total_iters", total_iters, 0)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        return (self.factor if t < self.total_iters else 1.0), 0.0


class LinearLR(LRScheduler):
    """The factor of the base goes in a straight line from one share to another: a warm-up.

    Args:
        optimizer: the optimizer.
        start_factor: the share at step 0, above 0 and up to 1.
        end_factor: the share at step ``total_iters`` and after it, from 0 to 1.
        total_iters: how many steps it takes.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = LinearLR.function(1.0, start_factor=0.5, total_iters=2)
        >>> [rate(t) for t in range(4)]
        [0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        start_factor: float = 1.0 / 3.0,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.start_factor: float = _share("LinearLR: start_factor", start_factor, 5e-324)
        self.end_factor: float = _share("LinearLR: end_factor", end_factor)
        self.total_iters: int = steps("LinearLR", "total_iters", total_iters, 0)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        if t >= self.total_iters:
            return self.end_factor, 0.0
        way = (self.end_factor - self.start_factor) * (t / self.total_iters)
        return self.start_factor + way, 0.0


class PolynomialLR(LRScheduler):
    """The rate falls to 0 as a power: base · (1 − t / total_iters)^power.

    Args:
        optimizer: the optimizer.
        total_iters: how many steps it takes.
        power: 1 for a straight line.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = PolynomialLR.function(1.0, total_iters=4, power=2.0)
        >>> [rate(t) for t in range(6)]
        [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        total_iters: int = 5,
        power: float = 1.0,
        last_epoch: int = -1,
    ) -> None:
        self.total_iters: int = steps("PolynomialLR", "total_iters", total_iters, 0)
        self.power: float = checked_rate("PolynomialLR: power", power)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        if not self.total_iters:
            return 1.0, 0.0
        return (1.0 - min(t, self.total_iters) / self.total_iters) ** self.power, 0.0
