"""Schedules along a cosine."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from nn.optim.hyperparameters import checked_rate
from nn.optim.lr_scheduler.base import LRScheduler, Scheduled, refuse_recording, steps

__all__ = ["CosineAnnealingLR", "CosineAnnealingWarmRestarts"]


def _between(share: float, floor: float) -> tuple[float, float]:
    """Scale and offset of a rate that is ``floor + share · (base − floor)``."""
    return share, floor * (1.0 - share)


class CosineAnnealingLR(LRScheduler):
    """The rate falls along half a cosine, η + ½ (base − η)(1 + cos(π t / T)), and rises again.

    Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts",
    2017, equation 5, without the restarts.

    Args:
        optimizer: the optimizer.
        T_max: T, the steps it takes to fall; after 2 T it begins anew.
        eta_min: η, the rate at the bottom.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = CosineAnnealingLR.function(1.0, T_max=2)
        >>> [round(rate(t), 3) for t in range(5)]
        [1.0, 0.5, 0.0, 0.5, 1.0]
    """

    def __init__(
        self, optimizer: Scheduled, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max: int = steps("CosineAnnealingLR", "T_max", T_max)
        self.eta_min: float = checked_rate("CosineAnnealingLR: eta_min", eta_min)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: int, group: int) -> tuple[float, float]:
        if t % (2 * self.T_max) == self.T_max:
            return 0.0, self.eta_min
        return _between((1.0 + math.cos(math.pi * t / self.T_max)) / 2.0, self.eta_min)


class CosineAnnealingWarmRestarts(LRScheduler):
    """The rate falls along half a cosine and jumps up again, each fall longer than the last.

    η + ½ (base − η)(1 + cos(π t / Tᵢ)), with t counted from the last restart.
    What others do to the rate is overwritten at the next step.

    Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts",
    2017, equation 5.

    Args:
        optimizer: the optimizer.
        T_0: the length of the first fall.
        T_mult: how many times longer each fall is than the one before, at least 1.
        eta_min: η, the rate at the bottom.
        last_epoch: the step to go on from, see `LRScheduler`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> rate = CosineAnnealingWarmRestarts.function(1.0, T_0=2, T_mult=2)
        >>> [round(rate(t), 3) for t in range(7)]
        [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]
    """

    last_epoch: int
    _heeds_others: ClassVar[bool] = False

    def __init__(
        self,
        optimizer: Scheduled,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.T_0: int = steps("CosineAnnealingWarmRestarts", "T_0", T_0)
        self.T_mult: int = steps("CosineAnnealingWarmRestarts", "T_mult", T_mult)
        self.eta_min: float = checked_rate("CosineAnnealingWarmRestarts: eta_min", eta_min)
        super().__init__(optimizer, last_epoch)

    def _at(self, t: float, group: int) -> tuple[float, float]:
        since, length = self._place(t)
        return _between((1.0 + math.cos(math.pi * since / length)) / 2.0, self.eta_min)

    def _place(self, t: float) -> tuple[float, int]:
        """How far a step lies from the last restart, and the length of that fall."""
        if self.T_mult == 1:
            return t % self.T_0, self.T_0
        length, start = self.T_0, 0
        while t >= start + length:
            start, length = start + length, length * self.T_mult
        return t - start, length

    def step(self, epoch: Any = None) -> None:
        """Go one step on, or to a step that may lie between two: ``epoch + batch / batches``.

        Raises:
            ValueError: the step is negative.
            TracingError: inside a function that `autodiff.compile` records.
        """
        refuse_recording(self)
        if epoch is None:
            self._advance(self.last_epoch + 1)
            return
        if epoch < 0:
            raise ValueError(f"steps are counted from 0, and {epoch} was given")
        self._advance(epoch)
        self.last_epoch = math.floor(epoch)
