"""Losses for numbers."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.functional.operands import check_reduction, check_shapes, paired, reduced
from nn.module.inputs import cast_input

__all__ = [
    "half_squared_error",
    "l1_loss",
    "mse_loss",
]


def mse_loss(prediction: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Tensor:
    """Mean of the squared differences.

    Args:
        prediction: what the model gave.
        target: what it should have given, of the same shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.
        weight: factors on the squares, of their shape; the mean is then the sum over that of
            the factors.

    Returns:
        A scalar; with ``none`` the squared differences.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.

    Example:
        >>> mse_loss([1.0, 2.0], [0.0, 4.0]).item()
        2.5
    """
    left, right = paired("mse_loss", prediction, target)
    return _weighed("mse_loss", ad.square(left - right), weight, reduction)


def _weighed(name: str, losses: Tensor, weight: Any, reduction: str) -> Tensor:
    """The mean by weights, or the sum, or weighted losses."""
    if weight is None:
        return reduced(losses, reduction)
    shares = cast_input(weight, losses)
    check_shapes(name, losses, shares, "prediction", "weight")
    if check_reduction(reduction) == "mean":
        mean: Tensor = ad.sum(losses * shares) / ad.sum(shares)
        return mean
    return reduced(losses * shares, reduction)


def l1_loss(prediction: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Tensor:
    """Mean of the absolute differences; arguments as for `mse_loss`.

    Example:
        >>> l1_loss([1.0, 2.0], [0.0, 4.0]).item()
        1.5
    """
    left, right = paired("l1_loss", prediction, target)
    return _weighed("l1_loss", ad.abs(left - right), weight, reduction)


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
