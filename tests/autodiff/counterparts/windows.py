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


def _window_sum(x: Any, **setting: Any) -> Any:
    n = len(setting["kernel"])
    return np.sum(_windows(x, **setting), tuple(range(x.ndim - n, x.ndim)))


def _window_spread(v: Any, shape: Any, **setting: Any) -> Any:
    n = len(shape)
    if v.shape[-n:] != _counts(shape, **setting):
        raise ValueError("the places do not fit")
    y = np.zeros((*v.shape[:-n], *shape), v.dtype)
    for out, _, at in _meetings(shape, **setting):
        y[(..., *at)] += v[(..., *out)]
    return y


def _met(size: int, kernel: Any, stride: Any, dilation: int) -> list[Any]:
    """The elements of every window along an axis; windows may be given one by one."""
    if isinstance(kernel, tuple):
        return [range(a, a + k) for a, k in zip(stride, kernel, strict=True)]
    (count,) = _counts((size,), (kernel,), (stride,), (dilation,))
    reach = dilation * (kernel - 1) + 1
    return [range(i * stride, i * stride + reach, dilation) for i in range(count)]


def _each(x: Any, setting: Any) -> tuple[list[Any], tuple[int, ...], tuple[int, ...]]:
    """Every window: its place, its elements, and which of these are largest, in shares."""
    n = len(setting["kernel"])
    lead, axes = x.shape[: x.ndim - n], tuple(range(-n, 0))
    along = [_met(*each) for each in zip(x.shape[x.ndim - n :], *setting.values(), strict=True)]
    found = []
    for out in np.ndindex(*map(len, along)):
        at = (..., *np.ix_(*(windows[i] for windows, i in zip(along, out, strict=True))))
        hit = x[at] == x[at].max(axes, keepdims=True)
        found.append(((..., *out), at, hit / np.maximum(hit.sum(axes, keepdims=True), 1)))
    return found, (*lead, *map(len, along)), axes


def _max_pool(x: Any, **setting: Any) -> Any:
    windows, shape, axes = _each(x, setting)
    y = np.empty(shape, x.dtype)
    for out, at, _ in windows:
        y[out] = x[at].max(axes)
    return y


def _max_pool_input(g: Any, x: Any, **setting: Any) -> Any:
    windows, shape, axes = _each(x, setting)
    if g.shape != shape:
        raise ValueError("the places do not fit")
    y = np.zeros(x.shape, np.result_type(g, 0.0))
    for out, at, shares in windows:
        y[at] += shares * np.expand_dims(g[out], axes)
    return y


def _max_pool_pick(h: Any, x: Any, **setting: Any) -> Any:
    windows, shape, axes = _each(x, setting)
    y = np.empty(shape, np.result_type(h, 0.0))
    for out, at, shares in windows:
        y[out] = (shares * h[at]).sum(axes)
    return y


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
    "max_pool": _max_pool,
    "max_pool_input": _max_pool_input,
    "max_pool_pick": _max_pool_pick,
    "overlap_add": _overlap_add,
    "resample": _resample,
    "window_spread": _window_spread,
    "window_sum": _window_sum,
    "windows": _windows,
}
