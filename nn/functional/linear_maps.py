"""Linear maps of features."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.module.inputs import as_node

__all__ = ["linear"]


def linear(x: Any, weight: Any, bias: Any = None) -> Tensor:
    """x Wᵀ + b.

    Args:
        x: inputs of shape (..., in).
        weight: of shape (out, in).
        bias: of shape (out,), or None.

    Returns:
        A tensor of shape (..., out).

    Example:
        >>> linear([[1.0, 2.0]], [[3.0, 4.0]], [0.5]).tolist()
        [[11.5]]
    """
    product: Tensor = ad.inner(as_node(x), weight)
    return product if bias is None else product + bias
