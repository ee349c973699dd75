"""Activation functions that differ from those of `autodiff`."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff.extending import setting

__all__ = ["softplus"]


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """log(1 + eᵝˣ) / β, a smooth ReLU.

    Args:
        x: tensor, value, array or number.
        beta: the larger, the sharper the bend; not 0.
        threshold: where β · x is larger, the result is x itself. The default of 20 is where
            a float32 cannot tell them apart, and is not applied: the result is exact.

    Returns:
        A node of the shape of ``x``.

    Raises:
        ValueError: ``beta`` is 0.

    Example:
        >>> softplus([0.0, 1.0], beta=2.0, threshold=1.0).numpy().round(4).tolist()
        [0.3466, 1.0]
    """
    if beta == 0:
        raise ValueError("softplus: beta must not be 0, by which the result is divided")
    if not isinstance(x, ad.Node):
        x = ad.asarray(x)
    y = ad.softplus(x) if beta == 1 else ad.softplus(x * beta) / beta
    threshold = setting(threshold, "softplus", "threshold")
    return y if threshold == 20 else ad.where(x * beta > threshold, x, y)
