"""Whatever a layer or loss is given, as a tensor."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from autodiff.operands import as_operand

__all__ = ["as_node"]


def as_node(x: Any) -> Tensor:
    """A tensor as it is; anything else as a constant, arrays copied."""
    return x if isinstance(x, Tensor) else as_operand(x)
