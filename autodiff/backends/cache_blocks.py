"""Long formulas on arrays, block by block, so that what is in between stays in the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["in_blocks"]

_BLOCK_BYTES = 1 << 17


def in_blocks(kernel: Callable[..., None], scratch: int, *operands: Any) -> Any:
    """What a kernel writes for operands, called for one block after the other.

    Args:
        kernel: ``kernel(*parts, out, *rows)`` writes into ``out`` and uses the rows as it likes.
        scratch: how many rows it needs, at least one.
        *operands: arrays with one axis, of one length and dtype.

    Returns:
        A new array like the first operand.

    Example:
        >>> def kernel(x, out, row):
        ...     np.add(np.multiply(x, x, out=row), 1.0, out=out)
        >>> in_blocks(kernel, 1, np.array([1.0, 2.0])).tolist()
        [2.0, 5.0]
    """
    result = np.empty_like(operands[0])
    step = _BLOCK_BYTES // result.itemsize
    rows = tuple(np.empty((scratch, min(step, result.size)), result.dtype))
    for start in range(0, result.size, step):
        parts = [x[start : start + step] for x in operands]
        out = result[start : start + step]
        kernel(*parts, out, *(row[: out.size] for row in rows))
    return result
