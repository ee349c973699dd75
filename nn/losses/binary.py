"""The loss for yes-or-no questions, as a module."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.binary import binary_cross_entropy_with_logits
from nn.functional.operands import check_reduction
from nn.module.base import Module
from nn.module.parameter import Buffer

__all__ = ["BCEWithLogitsLoss"]


class BCEWithLogitsLoss(Module):
    """Binary cross-entropy as a module; see `binary_cross_entropy_with_logits`."""

    def __init__(
        self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
    ) -> None:
        super().__init__()
        self.reduction = check_reduction(reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.pos_weight = None if pos_weight is None else Buffer(pos_weight)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return binary_cross_entropy_with_logits(
            prediction, target, self.weight, self.reduction, self.pos_weight
        )

    def extra_repr(self) -> str:
        """The reduction."""
        return f"reduction={self.reduction!r}"
