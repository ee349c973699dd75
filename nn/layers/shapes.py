"""Layers that only rearrange."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.shapes import flatten
from nn.module.base import Module

__all__ = ["Flatten"]


class Flatten(Module):
    """Merges all axes but the first, the batch, into one.

    Args:
        start_dim: the first axis to merge.
        end_dim: the last axis to merge, inclusive.

    Example:
        >>> import numpy as np
        >>> Flatten()(np.zeros((5, 8, 8))).shape
        (5, 64)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Any) -> Tensor:
        """The rearranged input."""
        return flatten(x, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """The axes, where they are not the usual ones."""
        usual = (self.start_dim, self.end_dim) == (1, -1)
        return "" if usual else f"start_dim={self.start_dim}, end_dim={self.end_dim}"
