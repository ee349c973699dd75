"""Formulas of normalisation for every namespace; that of arrays has faster ones of its own."""

from __future__ import annotations

from typing import Any

from autodiff.ops.broadcasting import Axis

__all__ = ["standardized", "standardized_pull"]


def standardized(xp: Any, x: Any, axis: Axis, eps: float) -> Any:
    """(x − mean) / √(var + eps) along axes."""
    centred = x - xp.mean(x, axis=axis, keepdims=True)
    return centred / xp.sqrt(xp.mean(centred * centred, axis=axis, keepdims=True) + eps)


def standardized_pull(xp: Any, g: Any, y: Any, x: Any, axis: Axis, eps: float) -> Any:
    """What x receives: what changes mean or variance alone is taken out of the cotangent."""
    deviation = xp.sqrt(xp.var(x, axis=axis, keepdims=True) + eps)
    along = xp.mean(g * y, axis=axis, keepdims=True)
    return (g - xp.mean(g, axis=axis, keepdims=True) - y * along) / deviation
