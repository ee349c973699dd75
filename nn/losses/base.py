"""What losses have in common."""

from __future__ import annotations

from nn.functional.operands import check_reduction
from nn.module.base import Module

__all__ = ["Loss"]


class Loss(Module):
    """Base of the losses, which say how what they give for every sample becomes one number.

    Args:
        reduction: ``mean``, ``sum`` or ``none``.

    Raises:
        ValueError: it is another one.
    """

    reduction: str

    def __init__(self, reduction: str) -> None:
        super().__init__()
        self.reduction = check_reduction(reduction)

    def extra_repr(self) -> str:
        """The reduction."""
        return f"reduction={self.reduction!r}"
