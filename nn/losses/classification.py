"""Losses for classes, as modules."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.classification import cross_entropy, nll_loss
from nn.functional.operands import check_reduction
from nn.module.base import Module
from nn.module.parameter import Buffer

__all__ = ["CrossEntropyLoss", "NLLLoss"]


class NLLLoss(Module):
    """Negative log-likelihood as a module; see `nll_loss`."""

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
    ) -> None:
        super().__init__()
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
        self.reduction = check_reduction(reduction)

    def forward(self, log_probabilities: Any, target: Any) -> Tensor:
        """The loss."""
        return nll_loss(log_probabilities, target, self.weight, self.ignore_index, self.reduction)

    def extra_repr(self) -> str:
        """The reduction."""
        return f"reduction={self.reduction!r}"


class CrossEntropyLoss(Module):
    """Cross-entropy from logits as a module; see `cross_entropy`.

    Example:
        >>> round(CrossEntropyLoss()([[2.0, 0.0]], [0]).item(), 4)
        0.1269
    """

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        if not 0.0 <= label_smoothing <= 1.0:
            raise ValueError(f"label_smoothing must be from 0 to 1, not {label_smoothing}")
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
        self.reduction = check_reduction(reduction)
        self.label_smoothing = label_smoothing

    def forward(self, logits: Any, target: Any) -> Tensor:
        """The loss."""
        return cross_entropy(
            logits,
            target,
            self.weight,
            self.ignore_index,
            self.reduction,
            self.label_smoothing,
        )

    def extra_repr(self) -> str:
        """The reduction and the smoothing."""
        smoothing = f", label_smoothing={self.label_smoothing:g}" if self.label_smoothing else ""
        return f"reduction={self.reduction!r}{smoothing}"
