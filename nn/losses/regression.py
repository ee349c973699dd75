"""Losses for numbers."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.losses._common import check_reduction, paired, reduced
from nn.module import Module

__all__ = [
    "HalfSquaredErrorLoss",
    "L1Loss",
    "MSELoss",
    "half_squared_error",
    "l1_loss",
    "mse_loss",
]


def mse_loss(prediction: Any, target: Any, reduction: str = "mean") -> Tensor:
    """Mean of the squared differences.

    Args:
        prediction: what the model gave.
        target: what it should have given, of the same shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` the squared differences.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.

    Example:
        >>> mse_loss([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """
    left, right = paired("mse_loss", prediction, target)
    return reduced(ad.square(left - right), reduction)


def l1_loss(prediction: Any, target: Any, reduction: str = "mean") -> Tensor:
    """Mean of the absolute differences; arguments as for `mse_loss`.

    Example:
        >>> l1_loss([1.0, 2.0], [0.0, 4.0]).item()
        1.5
    """
    left, right = paired("l1_loss", prediction, target)
    return reduced(ad.abs(left - right), reduction)


def half_squared_error(prediction: Any, target: Any, reduction: str = "sum") -> Tensor:
    """½ Σ (ŷ − y)², whose gradient is simply ŷ − y.

    Args:
        prediction: ŷ, what the model gave.
        target: y, what it should have given, of the same shape.
        reduction: ``sum`` over all entries; ``mean``, that sum divided by the number of
            samples (the length of axis 0); or ``none``, ½ (ŷ − y)² for every entry.

    Returns:
        A scalar; with ``none`` a tensor of the shape of the prediction.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.

    Example:
        >>> half_squared_error([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """
    left, right = paired("half_squared_error", prediction, target)
    squares: Tensor = ad.square(left - right)
    if check_reduction(reduction) == "none":
        halves: Tensor = squares * 0.5
        return halves
    samples = left.shape[0] if left.ndim and reduction == "mean" else 1
    return ad.sum(squares) * (0.5 / samples)


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
