"""The loss for yes-or-no questions."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.functional.operands import factors, paired, reduced, weighted
from nn.functional.targets import probabilities

__all__ = ["binary_cross_entropy_with_logits"]

SIGNED = "of labels 1 and -1 take soft_margin_loss, of numbers mse_loss"


def binary_cross_entropy_with_logits(
    prediction: Any,
    target: Any,
    weight: Any = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Tensor:
    """−y log σ(z) − (1 − y) log(1 − σ(z)), computed from the logits z without overflow.

    Args:
        prediction: logits z.
        target: y, from 0 to 1, of the same shape.
        weight: factors on the losses, broadcast to their shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.
        pos_weight: factors on the first term, broadcast; above 1 they favour recall.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: a target is outside [0, 1].

    Example:
        >>> round(binary_cross_entropy_with_logits([0.0], [1.0]).item(), 4)
        0.6931
    """
    name = "binary_cross_entropy_with_logits"
    logits, y = paired(name, prediction, target)
    probabilities(name, "target", y, SIGNED)
    if pos_weight is None:
        losses = ad.softplus(logits) - logits * y
    else:
        more = factors(name, logits, pos_weight, "pos_weight") - 1.0
        losses = (1.0 - y) * logits + (1.0 + y * more) * ad.softplus(-logits)
    return reduced(losses if weight is None else weighted(name, losses, weight), reduction)
