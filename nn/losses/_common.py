"""What the losses share: reductions, and operands of equal shape."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn._nodes import as_node

__all__ = ["check_reduction", "paired", "reduced"]


def check_reduction(reduction: str) -> str:
    """The reduction, refused if it is none of the three."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', not {reduction!r}")
    return reduction


def paired(name: str, prediction: Any, target: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors, refused unless their shapes are equal."""
    left, right = as_node(prediction), as_node(target)
    if left.shape == right.shape:
        return left, right
    hint = "reshape the target to the shape of the prediction"
    if left.size == right.size:
        hint = (
            f"broadcasting would compare every prediction with every target; "
            f"reshape one of them, for example target.reshape{left.shape}"
        )
    raise ShapeError(
        f"{name}: the prediction has shape {left.shape} and the target {right.shape}, but they "
        f"must be equal; {hint}"
    )


def reduced(losses: Tensor, reduction: str) -> Tensor:
    """Mean, sum, or the losses as they are."""
    if check_reduction(reduction) == "none":
        return losses
    return ad.mean(losses) if reduction == "mean" else ad.sum(losses)
