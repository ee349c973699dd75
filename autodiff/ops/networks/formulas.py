"""Formulas of normalisation for every namespace; that of arrays has faster ones of its own."""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.broadcasting import Axis, normalize_axes, unbroadcast

__all__ = ["affine_input", "affine_shares", "affine_sums", "standardized", "standardized_pull"]


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


def affine_sums(xp: Any, g: Any, x: Any, w: Any, axis: Axis, eps: float) -> Any:
    """Sums of the rule of `affine_standardize`, in a row; see the function of arrays."""
    centre = xp.mean(x, axis=axis, keepdims=True)
    t = x - centre
    scale = 1 / xp.sqrt(xp.mean(t * t, axis=axis, keepdims=True) + eps)
    y, gw = t * scale, g * w
    plain = xp.sum(gw, axis=axis, keepdims=True)
    along = xp.sum(gw * y, axis=axis, keepdims=True)
    received = [unbroadcast(xp, g * y, w.shape), unbroadcast(xp, g, w.shape)]
    parts = [centre, scale, plain, along, *received]
    return xp.concatenate([xp.reshape(part, (-1,)) for part in parts])


def affine_input(xp: Any, g: Any, x: Any, w: Any, sums: Any, axis: Axis) -> Any:
    """What x receives: what changes mean or variance alone is taken out of g w."""
    axes = normalize_axes(axis, len(x.shape))
    shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
    kept = math.prod(shape)
    centre, scale, plain, along = (
        xp.reshape(sums[i * kept : (i + 1) * kept], shape) for i in range(4)
    )
    share = kept / max(math.prod(x.shape), 1)
    return (g * w - (plain + (x - centre) * scale * along) * share) * scale


def affine_shares(
    xp: Any, g: Any, x: Any, w: Any, axis: Axis, eps: float, to_input: bool
) -> tuple[Any, ...]:
    """What all three operands of `affine_standardize` receive; the first only if asked for."""
    sums = xp.affine_standardize_sums(g, x, w, axis, eps)
    to_x = xp.affine_standardize_input(g, x, w, sums, axis) if to_input else None
    end = sums.shape[0]
    middle = end - math.prod(w.shape)
    received = sums[2 * middle - end : middle], sums[middle:]
    return to_x, *(xp.reshape(part, w.shape) for part in received)
