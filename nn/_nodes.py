"""Whatever a layer or loss is given, as a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.operations import constant

__all__ = ["as_node"]


def as_node(x: Any) -> Tensor:
    """A tensor as it is, an array (or what stands for one in a recording) without a copy."""
    if isinstance(x, Tensor):
        return x
    if hasattr(x, "__array_ufunc__") and not isinstance(x, np.generic):
        return constant(x)
    return Tensor(x)
