"""Rules that compute in float32 for operands of float16, whose numbers end at 65504.

Sums and counts of as many elements would be infinite there, and beyond 2048 a count of ones
stands still.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

__all__ = ["in_single", "widened"]

_HALF = np.dtype(np.float16)


def widened(xp: Any, x: Any) -> Any:
    """Numbers of float16 in float32, anything else as it is."""
    return xp.astype(x, np.float32) if getattr(x, "dtype", None) == _HALF else x


def in_single(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A forward rule, or one of reverse or forward mode, that computes float16 in float32.

    Args:
        rule: takes a namespace, operands (in forward mode a list of tangents first), and
            parameters by name.

    Returns:
        The rule, its result, or each of a tuple of them, in float16 where any operand is.
    """

    @wraps(rule)
    def computed(xp: Any, *operands: Any, **params: Any) -> Any:
        if getattr(operands[-1], "dtype", None) != _HALF:
            return rule(xp, *operands, **params)
        wide = [
            [widened(xp, t) for t in operand]
            if isinstance(operand, (list, tuple))
            else widened(xp, operand)
            for operand in operands
        ]
        found = rule(xp, *wide, **params)
        if isinstance(found, tuple):
            return tuple(None if part is None else xp.astype(part, _HALF) for part in found)
        return xp.astype(found, _HALF)

    return computed
