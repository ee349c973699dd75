"""Rows of weights for resampling an axis: which elements each result is made of, and how.

A row has the places of the elements and their weights. Rows of one axis have one length;
shorter ones repeat a place with weight 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["Taps", "antialiased", "averaging", "cubic", "linear", "nearest"]

Taps = tuple[Any, Any]
"""Places and weights, both of shape (results, taps)."""


def _frozen(places: Any, weights: Any) -> Taps:
    places = np.ascontiguousarray(places, np.intp)
    weights = np.ascontiguousarray(weights)
    places.flags.writeable = weights.flags.writeable = False
    return places, weights


def _transposed(taps: Taps, length: int) -> Taps:
    """The same weights by the element they belong to."""
    places, weights = taps
    rows, width = places.shape
    used = weights.ravel() != 0
    order = np.argsort(places.ravel()[used], kind="stable")
    element = places.ravel()[used][order]
    result = np.repeat(np.arange(rows), width)[used][order]
    counts = np.bincount(element, minlength=length)
    most = max(int(counts.max(initial=0)), 1)
    starts = np.cumsum(counts) - counts
    slot = np.arange(element.size) - starts[element]
    back = np.zeros((length, most), np.intp)
    back_weights = np.zeros((length, most), weights.dtype)
    back[element, slot] = result
    back_weights[element, slot] = weights.ravel()[used][order]
    # What fills a row up is a place that is in it anyway.
    spare = np.arange(most) >= counts[:, None]
    back[spare] = np.broadcast_to(back[:, :1], back.shape)[spare]
    return _frozen(back, back_weights)


def _both(make: Callable[..., Taps]) -> Callable[..., tuple[Taps, Taps]]:
    """The taps and their transpose, made once for each setting."""

    @lru_cache(maxsize=256)
    def made(length: int, count: int, *settings: Any) -> tuple[Taps, Taps]:
        taps = _frozen(*make(length, count, *settings))
        return taps, _transposed(taps, length)

    return made


def _step(length: int, count: int, align: bool, scale: float | None) -> float:
    if align:
        return (length - 1) / (count - 1) if count > 1 else 0.0
    return length / count if scale is None else 1 / scale


def _sources(length: int, count: int, align: bool, scale: float | None) -> Any:
    step = _step(length, count, align, scale)
    n = np.arange(count)
    return n * step if align else (n + 0.5) * step - 0.5


@_both
def averaging(length: int, count: int) -> Taps:
    """Means over windows as equal as whole numbers allow, which cover everything."""
    n = np.arange(count)
    start, stop = n * length // count, -(-(n + 1) * length // count)
    offsets = np.arange(int((stop - start).max()))
    places = np.minimum(start[:, None] + offsets, stop[:, None] - 1)
    return places, (offsets < (stop - start)[:, None]) / (stop - start)[:, None]


@_both
def nearest(length: int, count: int, exact: bool, scale: float | None) -> Taps:
    """The element at the same place, rounded down; ``exact``: nearest to the middle."""
    step = np.float32(_step(length, count, False, scale))
    n = np.arange(count, dtype=np.float32) + np.float32(0.5 if exact else 0)
    places = np.minimum(np.floor(n * step).astype(np.intp), length - 1)
    return places[:, None], np.ones((count, 1), np.int64)


@_both
def linear(length: int, count: int, align: bool, scale: float | None) -> Taps:
    """Two neighbours by their distances."""
    at = np.maximum(_sources(length, count, align, scale), 0)
    low = np.minimum(at.astype(np.intp), length - 1)
    share = np.clip(at - low, 0, 1)
    return np.stack([low, np.minimum(low + 1, length - 1)], 1), np.stack([1 - share, share], 1)


def _cubic_weight(d: Any, a: float) -> Any:
    d = np.abs(d)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = (((d - 5) * d + 8) * d - 4) * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


@_both
def cubic(length: int, count: int, align: bool, scale: float | None) -> Taps:
    """Four neighbours by cubic convolution (Keys 1981, a = -0.75)."""
    at = _sources(length, count, align, scale)
    places = np.floor(at).astype(np.intp)[:, None] + np.arange(-1, 3)
    return np.clip(places, 0, length - 1), _cubic_weight(at[:, None] - places, -0.75)


@_both
def antialiased(
    length: int, count: int, align: bool, scale: float | None, cubic_filter: bool
) -> Taps:
    """A filter as wide as a step between results, so that nothing is skipped."""
    step = _step(length, count, align, scale)
    wide = max(step, 1.0)
    support = (2.0 if cubic_filter else 1.0) * wide
    center = step * (np.arange(count) + 0.5)
    start = np.maximum((center - support + 0.5).astype(np.intp), 0)
    stop = np.minimum((center + support + 0.5).astype(np.intp), length)
    offsets = np.arange(max(int((stop - start).max()), 1))
    places = start[:, None] + offsets
    d = (places - center[:, None] + 0.5) / wide
    weights = _cubic_weight(d, -0.5) if cubic_filter else np.maximum(1 - np.abs(d), 0)
    weights = np.where(places < stop[:, None], weights, 0.0)
    total = weights.sum(1, keepdims=True)
    return np.clip(places, 0, length - 1), weights / np.where(total == 0, math.inf, total)
