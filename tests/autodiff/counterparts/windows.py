"""Counterparts of the entries for windows: one place and one tap after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _counts(sizes: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    room = [n - d * (k - 1) - 1 for n, k, d in zip(sizes, kernel, dilation, strict=True)]
    if min(room) < 0:
        raise ValueError("the window does not fit")
    return tuple(r // s + 1 for r, s in zip(room, stride, strict=True))


def _meetings(sizes: Any, kernel: Any, stride: Any, dilation: Any) -> Iterator[Any]:
    """Places of the window, its taps and the elements that meet."""
    for out in np.ndindex(*_counts(sizes, kernel, stride, dilation)):
        for tap in np.ndindex(*kernel):
            each = zip(out, tap, stride, dilation, strict=True)
            yield out, tap, tuple(o * s + t * d for o, t, s, d in each)


def _windows(x: Any, **setting: Any) -> Any:
    n = len(setting["kernel"])
    sizes = x.shape[-n:]
    y = np.zeros((*x.shape[:-n], *setting["kernel"], *_counts(sizes, **setting)), x.dtype)
    for out, tap, at in _meetings(sizes, **setting):
        y[(..., *tap, *out)] = x[(..., *at)]
    return y


def _overlap_add(v: Any, shape: Any, **setting: Any) -> Any:
    n = len(shape)
    if v.shape[-2 * n :] != (*setting["kernel"], *_counts(shape, **setting)):
        raise ValueError("the windows do not fit")
    y = np.zeros((*v.shape[: -2 * n], *shape), v.dtype)
    for out, tap, at in _meetings(shape, **setting):
        y[(..., *at)] += v[(..., *tap, *out)]
    return y


def _over_taps(reduce: Any, x: Any, setting: Any) -> Any:
    n = len(setting["kernel"])
    axes = tuple(range(x.ndim - n, x.ndim))
    return reduce(_windows(x, **setting), axes)


def _window_spread(v: Any, shape: Any, **setting: Any) -> Any:
    n = len(shape)
    if v.shape[-n:] != _counts(shape, **setting):
        raise ValueError("the places do not fit")
    y = np.zeros((*v.shape[:-n], *shape), v.dtype)
    for out, _, at in _meetings(shape, **setting):
        y[(..., *at)] += v[(..., *out)]
    return y


def _largest(x: Any, setting: Any) -> Any:
    """For every window which of its taps are largest, in shares."""
    w = _windows(x, **setting)
    n = len(setting["kernel"])
    axes = tuple(range(x.ndim - n, x.ndim))
    hit = w == w.max(axes, keepdims=True)
    return hit / np.maximum(hit.sum(axes, keepdims=True), 1), axes


def _max_pool_input(g: Any, x: Any, **setting: Any) -> Any:
    shares, axes = _largest(x, setting)
    shape = x.shape[-len(axes) :]
    return _overlap_add(shares * np.expand_dims(g, axes), shape, **setting)


def _max_pool_pick(h: Any, x: Any, **setting: Any) -> Any:
    shares, axes = _largest(x, setting)
    return (shares * _windows(h, **setting)).sum(axes)


def _resample(x: Any, axis: int, taps: Any, back: Any) -> Any:
    places, weights = taps
    if places.max() >= x.shape[axis]:
        raise ValueError("a place does not exist")
    matrix = np.zeros((len(places), x.shape[axis]))
    for row, (each, shares) in enumerate(zip(places, weights, strict=True)):
        for place, share in zip(each, shares, strict=True):
            matrix[row, place] += share
    return np.moveaxis(np.moveaxis(x, axis, -1) @ matrix.T, -1, axis)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "max_pool": lambda x, **setting: _over_taps(np.max, x, setting),
    "max_pool_input": _max_pool_input,
    "max_pool_pick": _max_pool_pick,
    "overlap_add": _overlap_add,
    "resample": _resample,
    "window_spread": _window_spread,
    "window_sum": lambda x, **setting: _over_taps(np.sum, x, setting),
    "windows": _windows,
}
