"""Schedules that lead to a rate within a number of steps: warm-ups and run-outs."""

from __future__ import annotations

import math

from nn.optim.hyperparameters import checked_rate
from nn.optim.lr_scheduler.base import LRScheduler, Scheduled, per_group, steps

__all__ = ["SWALR", "ConstantLR", "LinearLR", "PolynomialLR"]


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


class SWALR(LRScheduler):
    """The rate goes to another one and stays there, while weights are averaged.

    Source: Izmailov et al., "Averaging Weights Leads to Wider Optima", 2018; see
    `nn.optim.AveragedModel`.

    Args:
        optimizer: the optimizer.
        swa_lr: the rate to go to, for all groups or a list with one for each.
        anneal_epochs: how many steps it takes; 0 to be there at once.
        anneal_strategy: along a cosine, ``cos``, or in a straight line, ``linear``.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = SWALR.function(1.0, swa_lr=0.2, anneal_epochs=2, anneal_strategy="linear")
        >>> [rate(t) for t in range(4)]
        [1.0, 0.6, 0.2, 0.2]
    """

    def __init__(
        self,
        optimizer: Scheduled,
        swa_lr: float | list[float],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"SWALR: anneal_strategy is 'cos' or 'linear', not {anneal_strategy!r}"
            )
        rates = per_group("SWALR: swa_lr", swa_lr, optimizer)
        self.swa_lrs: list[float] = [checked_rate("SWALR: swa_lr", rate) for rate in rates]
        self.anneal_epochs: int = steps("SWALR", "anneal_epochs", anneal_epochs, 0)
        self._cosine = anneal_strategy == "cos"
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        way = min(t / self.anneal_epochs, 1.0) if self.anneal_epochs else 1.0
        way = (1.0 - math.cos(math.pi * way)) / 2.0 if self._cosine else way
        return 1.0 - way, way * self.swa_lrs[group]
