"""Losses for classes, as modules."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.classification import cross_entropy, nll_loss
from nn.losses.base import Loss
from nn.module.parameter import Buffer

__all__ = ["CrossEntropyLoss", "NLLLoss"]


class NLLLoss(Loss):
    """Negative log-likelihood as a module; see `nll_loss`.

    −log p of the true class, of log-probabilities of shape (N, C), (C,) or (N, C, ...) and class
    indices of that shape without the axis of the classes.

    Args:
        weight: a factor for every class, of shape (C,).
        ignore_index: targets of this value do not count.
        reduction: ``mean`` (weighted, over the targets that count), ``sum`` or ``none``.

    Example:
        >>> NLLLoss()([[-0.5, -1.0]], [1]).item()
        1.0
    """

    weight: Buffer | None

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index

    def forward(self, log_probabilities: Any, target: Any) -> Tensor:
        """The loss."""
        return nll_loss(log_probabilities, target, self.weight, self.ignore_index, self.reduction)


class CrossEntropyLoss(Loss):
    """Cross-entropy from logits as a module; see `cross_entropy`.

    −Σ_c y_c log softmax(z)_c, of logits z of shape (N, C), (C,) or (N, C, ...) and targets that
    are class indices of that shape without the axis of the classes, or probabilities y.

    Args:
        weight: a factor for every class, of shape (C,).
        ignore_index: index targets of this value do not count.
        reduction: ``mean``, ``sum`` or ``none``.
        label_smoothing: ε from 0 to 1; targets become (1 − ε) y + ε / C.

    Raises:
        ValueError: an argument is out of range.

    Example:
        >>> round(CrossEntropyLoss()([[2.0, 0.0]], [0]).item(), 4)
        0.1269
    """

    weight: Buffer | None

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction)
        if not 0.0 <= label_smoothing <= 1.0:
            raise ValueError(f"label_smoothing must be from 0 to 1, not {label_smoothing}")
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
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
        return super().extra_repr() + smoothing
