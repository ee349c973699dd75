"""The loss for yes-or-no questions, as a module."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.binary import binary_cross_entropy_with_logits
from nn.losses.base import Loss
from nn.module.parameter import Buffer

__all__ = ["BCEWithLogitsLoss"]


class BCEWithLogitsLoss(Loss):
    """Binary cross-entropy as a module; see `binary_cross_entropy_with_logits`.

    −y log σ(z) − (1 − y) log(1 − σ(z)), of logits z and targets y of one shape.

    Args:
        weight: factors on the losses, broadcast to their shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.
        pos_weight: factors on the first term, broadcast; above 1 they favour recall.

    Example:
        >>> round(BCEWithLogitsLoss()([0.0], [1.0]).item(), 4)
        0.6931
    """

    weight: Buffer | None
    pos_weight: Buffer | None

    def __init__(
        self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
    ) -> None:
        super().__init__(reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.pos_weight = None if pos_weight is None else Buffer(pos_weight)

    def forward(self, prediction: Any, target: Any) -> Tensor:
        """The loss."""
        return binary_cross_entropy_with_logits(
            prediction, target, self.weight, self.reduction, self.pos_weight
        )
