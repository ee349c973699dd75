"""Scores become probabilities."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.module.base import Module

__all__ = ["LogSoftmax", "Softmax"]


class Softmax(Module):
    """eˣ divided by its sum along an axis: scores become probabilities.

    For training use `CrossEntropyLoss` on the scores themselves; it is exact where the
    logarithm of a softmax would underflow.

    Args:
        dim: the axis along which the probabilities sum to 1.

    The output has the shape of the input.

    Example:
        >>> Softmax()([[0.0, 0.0], [0.0, 1.0]]).numpy().round(4).tolist()
        [[0.5, 0.5], [0.2689, 0.7311]]
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Any) -> Tensor:
        """The probabilities, of the same shape."""
        return ad.softmax(x, axis=self.dim)

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """The logarithm of `Softmax`, without underflow.

    Args:
        dim: the axis along which the probabilities sum to 1.

    The output has the shape of the input.

    Example:
        >>> LogSoftmax()([[0.0, 0.0], [0.0, 1.0]]).numpy().round(4).tolist()
        [[-0.6931, -0.6931], [-1.3133, -0.3133]]
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Any) -> Tensor:
        """The logarithms of the probabilities, of the same shape."""
        return ad.log_softmax(x, axis=self.dim)

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"
