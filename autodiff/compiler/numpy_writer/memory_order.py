"""Buffers whose axes lie in memory in another order than they are counted."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["new_buffer"]


def new_buffer(shape: tuple[int, ...], dtype: Any, order: tuple[int, ...]) -> Any:
    """Memory for an array whose axes lie in another order than they are counted.

    Args:
        shape: of the array.
        dtype: of its elements.
        order: its axes from the outermost to the innermost in memory.

    Example:
        >>> new_buffer((2, 3), "float32", (1, 0)).flags.f_contiguous
        True
    """
    array = np.empty(tuple(shape[axis] for axis in order), dtype)
    return array.transpose(tuple(int(i) for i in np.argsort(order)))
