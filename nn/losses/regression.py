"""Losses for numbers, as modules."""

from __future__ import annotations

from nn.functional.regression import half_squared_error, l1_loss, mse_loss
from nn.functional.robust import huber_loss, smooth_l1_loss
from nn.losses.base import REDUCTION, REDUCTION_FIRST, Loss
from nn.module.checks import nonnegative, one_of, positive
from nn.module.declared import field

__all__ = ["HalfSquaredErrorLoss", "HuberLoss", "L1Loss", "MSELoss", "SmoothL1Loss"]


class MSELoss(Loss, function=mse_loss):
    """(ŷ − y)², of predictions ŷ and targets y of one shape; see `mse_loss`.

    Example:
        >>> MSELoss()([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """

    reduction: str = REDUCTION_FIRST


class L1Loss(Loss, function=l1_loss):
    """|ŷ − y|, of predictions ŷ and targets y of one shape; see `l1_loss`.

    Example:
        >>> L1Loss()([1.0, 2.0], [0.0, 4.0]).item()
        1.5
    """

    reduction: str = REDUCTION_FIRST


class HalfSquaredErrorLoss(Loss, function=half_squared_error):
    """½ (ŷ − y)², of predictions ŷ and targets y of one shape; see `half_squared_error`.

    Its gradient is simply ŷ − y.

    Example:
        >>> HalfSquaredErrorLoss()([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """

    reduction: str = field(
        "``sum`` over all entries; ``mean``, that sum over the number of samples; or ``none``",
        default="sum",
        check=one_of("mean", "sum", "none"),
    )


class HuberLoss(Loss, function=huber_loss):
    """½ d² for errors |d| up to δ, δ (|d| − ½ δ) beyond; see `huber_loss`.

    Example:
        >>> HuberLoss("none")([0.0, 0.0], [1.0, 3.0]).tolist()
        [0.5, 2.5]
    """

    reduction: str = REDUCTION_FIRST
    delta: float = field("δ, positive", default=1.0, check=positive)


class SmoothL1Loss(Loss, function=smooth_l1_loss):
    """½ d² / β for errors |d| below β, |d| − ½ β beyond; see `smooth_l1_loss`.

    Example:
        >>> SmoothL1Loss(reduction="none")([0.0, 0.0], [1.0, 3.0]).tolist()
        [0.5, 2.5]
    """

    reduction: str = REDUCTION
    beta: float = field(
        "β; with 0 this is the absolute error", default=1.0, kw_only=True, check=nonnegative
    )
