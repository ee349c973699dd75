"""Running results along an axis, vectorised."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["cummax", "cummin", "linear_recurrence", "logcumsumexp"]


def linear_recurrence(a: Any, b: Any, axis: int = -1) -> Any:
    """h_t = a_t·h_{t-1} + b_t along an axis, beginning with 0.

    Few steps of many numbers are taken one after the other; many steps by doubling,
    which composes ever longer stretches and takes log₂ n passes.

    Args:
        a: factors.
        b: summands, of the shape of ``a``.
        axis: along which axis.

    Returns:
        The states h, of the shape of ``a``.

    Example:
        >>> linear_recurrence(np.array([0.0, 2.0, 2.0]), np.ones(3)).tolist()
        [1.0, 3.0, 7.0]
    """
    h = np.array(np.moveaxis(b, axis, 0), np.result_type(a, b))
    a = np.moveaxis(a, axis, 0)
    steps = len(h)
    # A step costs about as much as 750 numbers in a pass.
    if steps > 64 and h.size // steps * math.log2(steps) < 750:
        with np.errstate(all="ignore"):
            doubled = _by_doubling(np.array(a, h.dtype), h.copy())
        # A product of factors may overflow where the states themselves do not.
        if np.isfinite(doubled).all():
            return np.moveaxis(doubled, 0, axis)
    for t in range(1, steps):
        h[t] += a[t] * h[t - 1]
    return np.moveaxis(h, 0, axis)


def _by_doubling(a: Any, h: Any) -> Any:
    reach = 1
    while reach < len(h):
        # The right sides are whole arrays of their own before anything is written.
        h[reach:] += a[reach:] * h[:-reach]
        a[reach:] = a[reach:] * a[:-reach]
        reach *= 2
    return h


def cummax(x: Any, axis: int = -1) -> Any:
    """Largest element so far."""
    return np.maximum.accumulate(x, axis)


def cummin(x: Any, axis: int = -1) -> Any:
    """Smallest element so far."""
    return np.minimum.accumulate(x, axis)


def logcumsumexp(x: Any, axis: int = -1) -> Any:
    """Logarithm of the running sum of exponentials."""
    return np.logaddexp.accumulate(x, axis)
