"""Formulas of normalisation for every namespace; that of arrays has faster ones of its own."""

from __future__ import annotations

from typing import Any

from autodiff.ops.broadcasting import Axis, unbroadcast

__all__ = ["affine_shares", "standardized", "standardized_pull"]


def standardized(xp: Any, x: Any, axis: Axis, eps: float) -> Any:
    """(x − mean) / √(var + eps) along axes."""
    centred, deviation = _centred(xp, x, axis, eps)
    return centred / deviation


def standardized_pull(xp: Any, g: Any, x: Any, axis: Axis, eps: float) -> Any:
    """What x receives: what changes mean or variance alone is taken out of the cotangent."""
    centred, deviation = _centred(xp, x, axis, eps)
    y = centred / deviation
    along = xp.mean(g * y, axis=axis, keepdims=True)
    return (g - xp.mean(g, axis=axis, keepdims=True) - y * along) / deviation


def _centred(xp: Any, x: Any, axis: Axis, eps: float) -> tuple[Any, Any]:
    centred = x - xp.mean(x, axis=axis, keepdims=True)
    return centred, xp.sqrt(xp.mean(centred * centred, axis=axis, keepdims=True) + eps)


def affine_shares(xp: Any, g: Any, x: Any, w: Any, axis: Axis, eps: float) -> tuple[Any, Any, Any]:
    """What x, w and b receive of the cotangent g of ``standardized(x) * w + b``."""
    to_x = standardized_pull(xp, g * w, x, axis, eps)
    to_w = unbroadcast(xp, g * standardized(xp, x, axis, eps), w.shape)
    return to_x, to_w, unbroadcast(xp, g, w.shape)
