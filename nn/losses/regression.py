"""Losses for numbers, as modules."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.regression import half_squared_error, l1_loss, mse_loss
from nn.losses.base import Loss

__all__ = ["HalfSquaredErrorLoss", "L1Loss", "MSELoss"]


class MSELoss(Loss):
    """Mean squared error as a module; see `mse_loss`.

    (ŷ − y)², of predictions ŷ and targets y of one shape.

    Args:
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Example:
        >>> MSELoss()([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return mse_loss(prediction, target, self.reduction)


class L1Loss(Loss):
    """Mean absolute error as a module; see `l1_loss`.

    |ŷ − y|, of predictions ŷ and targets y of one shape.

    Args:
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Example:
        >>> L1Loss()([1.0, 2.0], [0.0, 4.0]).item()
        1.5
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return l1_loss(prediction, target, self.reduction)


class HalfSquaredErrorLoss(Loss):
    """Half the sum of squares as a module; see `half_squared_error`.

    ½ (ŷ − y)², of predictions ŷ and targets y of one shape.

    Args:
        reduction: ``sum`` over all entries; ``mean``, that sum over the number of samples; or
            ``none``.

    Example:
        >>> HalfSquaredErrorLoss()([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """

    def __init__(self, reduction: str = "sum") -> None:
        super().__init__(reduction)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return half_squared_error(prediction, target, self.reduction)
