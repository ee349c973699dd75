"""Functions that only rearrange."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError

__all__ = ["flatten"]


def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Merge neighbouring axes into one.

    Args:
        x: a tensor or array.
        start_dim: the first axis to merge.
        end_dim: the last axis to merge, inclusive.

    Returns:
        The same elements in the same order; a 0-d input becomes one of shape (1,).

    Raises:
        ShapeError: the axes do not exist, or the first comes after the last.

    Example:
        >>> flatten(np.zeros((2, 3, 4)), 1).shape
        (2, 12)
    """
    shape = np.shape(x)
    if not shape:
        return ad.reshape(x, (1,))
    for axis in (start_dim, end_dim):
        if not -len(shape) <= axis < len(shape):
            raise ShapeError(f"flatten: axis {axis} does not exist in shape {shape}")
    start, end = start_dim % len(shape), end_dim % len(shape)
    if start > end:
        raise ShapeError(
            f"flatten: start_dim={start_dim} comes after end_dim={end_dim} in shape {shape}"
        )
    merged = math.prod(shape[start : end + 1])
    return ad.reshape(x, (*shape[:start], merged, *shape[end + 1 :]))
