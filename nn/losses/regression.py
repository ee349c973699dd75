"""Losses for numbers, as modules."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.operands import check_reduction
from nn.functional.regression import half_squared_error, l1_loss, mse_loss
from nn.module.base import Module

__all__ = ["HalfSquaredErrorLoss", "L1Loss", "MSELoss"]


class _Regression(Module):
    def __init__(self, reduction: str) -> None:
        super().__init__()
        self.reduction = check_reduction(reduction)

    def extra_repr(self) -> str:
        """The reduction."""
        return f"reduction={self.reduction!r}"


class MSELoss(_Regression):
    """Mean squared error as a module; see `mse_loss`."""

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return mse_loss(prediction, target, self.reduction)


class L1Loss(_Regression):
    """Mean absolute error as a module; see `l1_loss`."""

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return l1_loss(prediction, target, self.reduction)


class HalfSquaredErrorLoss(_Regression):
    """Half the sum of squares as a module; see `half_squared_error`."""

    def __init__(self, reduction: str = "sum") -> None:
        super().__init__(reduction)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return half_squared_error(prediction, target, self.reduction)
