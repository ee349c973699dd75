"""Norms of vectors on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["vector_norm"]


def vector_norm(x: Any, ord: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    """(Σ |x|ᵖ)^(1/p), without overflow or underflow on the way.

    Args:
        x: real or complex array.
        ord: p, neither 0 nor infinite.
        axis: the axes to sum over, all by default.
        keepdims: keep them with length 1.

    Returns:
        The norms.

    Example:
        >>> float(vector_norm(np.array([3e200, 4e200]))) / 1e200
        5.0
    """
    if x.dtype.kind == "c":
        x = np.abs(x)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    with np.errstate(all="ignore"):
        result = _powers(x, ord, axis, keepdims)
        tiny = float(np.finfo(result.dtype).tiny) ** 0.5 if ord == 2 else 0.0
        if np.all(np.isfinite(result) & (result > tiny)):
            return result
        largest = np.max(np.abs(x), axis=axis, keepdims=True, initial=0)
        usable = np.isfinite(largest) & (largest > 0)
        scale = np.where(usable, largest, np.ones((), largest.dtype))
        whole = _powers(x / scale, ord, axis, True) * scale
    return whole if keepdims else np.squeeze(whole, axis=axis)


def _powers(x: Any, ord: float, axis: Any, keepdims: bool) -> Any:
    if ord == 2:
        return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))
    power = np.abs(x) ** x.dtype.type(ord)
    return np.sum(power, axis=axis, keepdims=keepdims) ** x.dtype.type(1 / ord)
