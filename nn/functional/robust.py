"""Losses for numbers that grow slowly where an error is large."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.functional.operands import paired, reduced, weighted

__all__ = ["huber_loss", "smooth_l1_loss"]


def huber_loss(
    prediction: Any,
    target: Any,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Any = None,
) -> Tensor:
    """½ d² for errors |d| up to δ, δ (|d| − ½ δ) beyond.

    Source: Huber, "Robust Estimation of a Location Parameter", 1964.

    Args:
        prediction: what the model gave.
        target: what it should have given, of the same shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.
        delta: δ, positive.
        weight: factors on the losses, broadcast to their shape.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: ``delta`` is not positive.

    Example:
        >>> huber_loss([0.0, 0.0], [1.0, 3.0], "none").tolist()
        [0.5, 2.5]
    """
    if not delta > 0:
        raise ValueError(f"huber_loss takes a positive delta, not {delta}")
    left, right = paired("huber_loss", prediction, target)
    difference = left - right
    inner = ad.clip(difference, -delta, delta)
    losses: Tensor = inner * (difference - inner * 0.5)
    return reduced(losses if weight is None else weighted("huber_loss", losses, weight), reduction)


def smooth_l1_loss(
    prediction: Any, target: Any, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """½ d² / β for errors |d| below β, |d| − ½ β beyond.

    Source: Girshick, "Fast R-CNN", 2015, equation 3.

    Args:
        prediction: what the model gave.
        target: what it should have given, of the same shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.
        beta: β; with 0 this is the absolute error.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: ``beta`` is negative.

    Example:
        >>> smooth_l1_loss([0.0, 0.0], [1.0, 3.0], "none").tolist()
        [0.5, 2.5]
    """
    if not beta >= 0:
        raise ValueError(f"smooth_l1_loss takes a beta of 0 or more, not {beta}")
    left, right = paired("smooth_l1_loss", prediction, target)
    difference = left - right
    if beta == 0:
        return reduced(ad.abs(difference), reduction)
    inner = ad.clip(difference, -beta, beta)
    return reduced(inner * (difference - inner * 0.5) / beta, reduction)
