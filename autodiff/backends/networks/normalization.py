"""Mean 0 and variance 1 along axes, scaled and shifted, in few passes over blocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.networks.rows import centre, layout_for, less_means, moments, pieces
from autodiff.ops.broadcasting import Axis, normalize_axes
from autodiff.ops.networks.formulas import standardized, standardized_pull

__all__ = [
    "mean_variance",
    "standardize",
    "standardize_pull",
]


def standardize(x: Any, axis: Axis, eps: float) -> Any:
    """(x − mean) / √(var + eps) along axes.

    Example:
        >>> standardize(np.array([1.0, 3.0]), 0, 0.0).tolist()
        [-1.0, 1.0]
    """
    layout = layout_for(x, axis)
    if layout is None:
        return standardized(np, x, axis, eps)
    y = np.empty(x.shape, x.dtype)
    for block, t in pieces(layout, x.dtype, 1):
        _, scale = centre(block, x, t, layout, eps)
        np.multiply(t, block.repeated(scale), out=block.of(y))
    return y


def standardize_pull(g: Any, x: Any, axis: Axis, eps: float) -> Any:
    """What x receives of the cotangent g of its `standardize`.

    Example:
        >>> x = np.array([1.0, 3.0])
        >>> standardize_pull(np.array([1.0, 0.0]), x, 0, 0.0).tolist()
        [0.0, 0.0]
    """
    layout = layout_for(x, axis)
    if layout is None or g.dtype != x.dtype or g.shape != x.shape:
        return standardized_pull(np, g, x, axis, eps)
    g, found = np.ascontiguousarray(g), np.empty(x.shape, x.dtype)
    for block, t, work in pieces(layout, x.dtype, 2):
        _, scale = centre(block, x, t, layout, eps)
        given = block.of(g)
        along = block.dots(given, t, work) * scale
        np.multiply(given, block.repeated(scale), out=work)
        less_means(block, t, work, scale, block.sums(given), along, layout, found)
    return found


def mean_variance(x: Any, axis: Axis) -> Any:
    """The means along axes, and below them the variances.

    Example:
        >>> mean_variance(np.array([1.0, 3.0]), 0).tolist()
        [2.0, 1.0]
    """
    layout = layout_for(x, axis)
    if layout is None:
        return np.stack([np.mean(x, axis), np.var(x, axis)])
    found = np.empty((2, layout.kept), x.dtype)
    for block, t in pieces(layout, x.dtype, 1):
        found[:, block.means] = moments(block, x, t, layout)
    summed = normalize_axes(axis, x.ndim)
    return found.reshape(2, *(n for i, n in enumerate(x.shape) if i not in summed))
