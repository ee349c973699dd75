"""Normalisation by the strength of neighbouring channels."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor, live
from nn.layers import making
from nn.module.base import Module

__all__ = ["LocalResponseNorm"]


class LocalResponseNorm(Module):
    """Divides by a power of the mean square of neighbouring channels; see `local_response_norm`.

    Args:
        size: how many channels are neighbours; those that do not exist count as 0.
        alpha: factor of the mean square.
        beta: the exponent.
        k: what is added to the mean square.

    Inputs are of shape (N, C, …) with at least one axis of space.

    Raises:
        ValueError: ``size`` is not a positive integer.

    Example:
        >>> LocalResponseNorm(1, alpha=4.0, beta=1.0, k=0.0)([[[1.0], [2.0]]]).tolist()
        [[[0.25], [0.125]]]
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size: int = making.whole(type(self).__name__, "size", size)
        self.alpha: float = alpha
        self.beta: float = beta
        self.k: float = k

    def forward(self, input: Any) -> Tensor:
        """The divided input, of the same shape."""
        settings = (live.setting(vars(self), name) for name in ("size", "alpha", "beta", "k"))
        return ad.local_response_norm(input, *settings)

    def extra_repr(self) -> str:
        """All settings."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
