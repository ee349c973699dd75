"""Weighted sums of a few elements along an axis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["resample"]

_SHORT = 64


def resample(x: Any, axis: int, taps: Any, back: Any) -> Any:
    """Elements along an axis at given places, weighted and summed.

    Args:
        x: the array.
        axis: along which axis.
        taps: places and weights, both of shape (results, taps).
        back: the same of the transpose, for the derivative.

    Returns:
        An array with as many elements along the axis as there are results.
    """
    places, weights = taps
    axis %= x.ndim
    length, count = x.shape[axis], len(places)
    if places.max(initial=-1) >= length:
        raise ValueError(f"places up to {places.max()} do not exist along a length of {length}")
    floating = x.dtype.kind in "fc"
    result = x.dtype if floating else np.result_type(x.dtype, weights.dtype)
    # Half precision has no fast product, and would lose digits in the sums.
    work = np.dtype(np.float32) if result == np.float16 else result
    trail = math.prod(x.shape[axis + 1 :])
    rows = x.reshape(-1, length, trail) if x.size else x.reshape(0, length, 1)
    y = _summed(rows.astype(work, copy=False), places, weights.astype(work.type(0).real.dtype))
    y = y.astype(result, copy=False)
    return y.reshape((*x.shape[:axis], count, *x.shape[axis + 1 :]))


def _summed(x: Any, places: Any, weights: Any) -> Any:
    taps = places.shape[1]
    if taps == 1 and (weights == 1).all():
        return np.take(x, places[:, 0], axis=1)
    # A product with zeros in it is right only where all is finite.
    if x.shape[1] <= _SHORT * taps and x.dtype.kind == "f" and np.isfinite(x.sum()):
        matrix = np.zeros((len(places), x.shape[1]), x.dtype)
        np.add.at(matrix, (np.arange(len(places))[:, None], places), weights)
        if x.shape[2] == 1:
            return np.matmul(x[:, :, 0], matrix.T)[:, :, None]
        return np.matmul(matrix, x)
    y = np.take(x, places[:, 0], axis=1) * weights[:, 0, None]
    for tap in range(1, taps):
        y += np.take(x, places[:, tap], axis=1) * weights[:, tap, None]
    return y
