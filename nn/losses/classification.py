"""Losses for classes, as modules."""

from __future__ import annotations

from typing import Any

from nn.functional.class_margins import (
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
)
from nn.functional.classification import cross_entropy, nll_loss
from nn.losses.base import CLASS_WEIGHT, REDUCTION, Loss
from nn.module.checks import one_of, share
from nn.module.declared import field

__all__ = [
    "CrossEntropyLoss",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "NLLLoss",
]

IGNORE_INDEX: Any = field("index targets of this value do not count", default=-100, kw_only=True)


class NLLLoss(Loss, function=nll_loss):
    """−log p of the true class; see `nll_loss`.

    Of log-probabilities of shape (N, C), (C,) or (N, C, ...) and class indices of that shape
    without the axis of the classes. The mean is weighted, over the targets that count.

    Example:
        >>> NLLLoss()([[-0.5, -1.0]], [1]).item()
        1.0
    """

    weight: Any = CLASS_WEIGHT
    ignore_index: int = IGNORE_INDEX
    reduction: str = REDUCTION


class CrossEntropyLoss(Loss, function=cross_entropy):
    """−Σ_c y_c log softmax(z)_c, computed from the logits z; see `cross_entropy`.

    Of logits z of shape (N, C), (C,) or (N, C, ...) and targets that are class indices of that
    shape without the axis of the classes, or probabilities y.

    Example:
        >>> round(CrossEntropyLoss()([[2.0, 0.0]], [0]).item(), 4)
        0.1269
    """

    weight: Any = CLASS_WEIGHT
    ignore_index: int = IGNORE_INDEX
    reduction: str = REDUCTION
    label_smoothing: float = field(
        "ε from 0 to 1; targets become (1 − ε) y + ε / C", default=0.0, kw_only=True, check=share
    )


class MultiMarginLoss(Loss, function=multi_margin_loss):
    """Σ max(0, margin − x_y + x_i)^p / C over all classes i but the true one, y.

    Of scores of shape (N, C) or (C,) and class indices of shape (N,) or (); see
    `multi_margin_loss`.

    Example:
        >>> MultiMarginLoss()([[1.0, 0.5]], [0]).item()
        0.25
    """

    p: int = field("the exponent, 1 or 2", default=1, check=one_of(1, 2))
    margin: float = field("by how much the true class should lead", default=1.0)
    weight: Any = CLASS_WEIGHT
    reduction: str = REDUCTION


class MultiLabelMarginLoss(Loss, function=multilabel_margin_loss):
    """Σ max(0, 1 − x_y + x_i) / C over all classes y that are true and i that are not.

    Of scores of shape (N, C) or (C,) and, of the same shape, indices of the true classes, ended by
    −1; see `multilabel_margin_loss`.

    Example:
        >>> MultiLabelMarginLoss()([[1.0, 0.5]], [[0, -1]]).item()
        0.25
    """

    reduction: str = REDUCTION


class MultiLabelSoftMarginLoss(Loss, function=multilabel_soft_margin_loss):
    """Mean over classes of −y log σ(x) − (1 − y) log σ(−x).

    Of scores x of shape (..., C) and targets y from 0 to 1 of the same shape; see
    `multilabel_soft_margin_loss`.

    Example:
        >>> round(MultiLabelSoftMarginLoss()([[0.0, 0.0]], [[1.0, 0.0]]).item(), 4)
        0.6931
    """

    weight: Any = CLASS_WEIGHT
    reduction: str = REDUCTION
