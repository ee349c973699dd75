"""What losses have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from autodiff import Tensor, live
from nn.module.checks import one_of
from nn.module.declared import Declared, field

__all__ = [
    "CLASS_WEIGHT",
    "REDUCTION",
    "REDUCTION_FIRST",
    "WEIGHT",
    "Loss",
    "PairLoss",
    "TripletLoss",
]


def _reduction(*, kw_only: bool = True) -> Any:
    """The setting of every loss."""
    return field(
        "``mean``, ``sum``, or ``none`` for the losses as they are",
        default="mean",
        kw_only=kw_only,
        check=one_of("mean", "sum", "none"),
    )


REDUCTION, REDUCTION_FIRST = _reduction(), _reduction(kw_only=False)
WEIGHT: Any = field("factors on the losses, broadcast to their shape", default=None, buffer=True)
CLASS_WEIGHT: Any = field("a factor for every class, of shape (C,)", default=None, buffer=True)


class Loss(Declared):
    """Base of the losses of an input and a target.

    A subclass names the function; its fields are handed to it under their names, after the
    operands. Weights are buffers: saved with the loss, and not trained.

    Example:
        >>> import nn
        >>> class Fourths(Loss, function=lambda x, y, by: ((x - y) ** 4).sum() * by):
        ...     '''by · Σ (x − y)⁴.'''
        ...
        ...     by: float = field("a factor", default=1.0)
        >>> Fourths(by=0.5)(nn.Parameter([3.0]), nn.Parameter([1.0])).item()
        8.0
    """

    _function: ClassVar[Callable[..., Tensor]]

    def __init_subclass__(
        cls, function: Callable[..., Tensor] | None = None, **options: Any
    ) -> None:
        super().__init_subclass__(**options)
        if function is not None:
            type.__setattr__(cls, "_function", staticmethod(function))

    def _loss(self, *operands: Any) -> Tensor:
        own = vars(self)
        given = {
            name: own[name] if setting.buffer else live.setting(own, name)
            for name, setting in self._fields.items()
        }
        return self._function(*operands, **given)

    def forward(self, input: Any, target: Any) -> Tensor:
        """The loss, a scalar; with ``none`` one for each entry or sample."""
        return self._loss(input, target)


class PairLoss(Loss):
    """Base of the losses of two inputs and a target."""

    def forward(self, input1: Any, input2: Any, target: Any) -> Tensor:  # type: ignore[override]
        """The loss, a scalar; with ``none`` one for each entry or sample."""
        return self._loss(input1, input2, target)


class TripletLoss(Loss):
    """Base of the losses of an anchor, what belongs to it, and what does not."""

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Tensor:  # type: ignore[override]
        """The loss, a scalar; with ``none`` one for each triplet."""
        return self._loss(anchor, positive, negative)
