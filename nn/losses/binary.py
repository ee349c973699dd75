"""Losses for yes-or-no questions, as modules."""

from __future__ import annotations

from typing import Any

from nn.functional.binary import binary_cross_entropy_with_logits
from nn.functional.likelihoods import binary_cross_entropy
from nn.losses.base import REDUCTION, WEIGHT, Loss
from nn.module.declared import field

__all__ = ["BCELoss", "BCEWithLogitsLoss"]


class BCELoss(Loss, function=binary_cross_entropy):
    """−y log p − (1 − y) log(1 − p), of probabilities p and targets y of one shape.

    See `binary_cross_entropy`; of logits, `BCEWithLogitsLoss` is exact at every size.

    Example:
        >>> round(BCELoss()([0.5], [1.0]).item(), 4)
        0.6931
    """

    weight: Any = WEIGHT
    reduction: str = REDUCTION


class BCEWithLogitsLoss(Loss, function=binary_cross_entropy_with_logits):
    """−y log σ(z) − (1 − y) log(1 − σ(z)), of logits z and targets y of one shape.

    See `binary_cross_entropy_with_logits`.

    Example:
        >>> round(BCEWithLogitsLoss()([0.0], [1.0]).item(), 4)
        0.6931
    """

    weight: Any = WEIGHT
    reduction: str = REDUCTION
    pos_weight: Any = field(
        "factors on the first term, broadcast; above 1 they favour recall",
        default=None,
        kw_only=True,
        buffer=True,
    )
