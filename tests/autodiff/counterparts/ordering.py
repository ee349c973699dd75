"""Counterparts of what order decides, of the scans, and of extrema at an index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _scatter_along_axis(x: Any, indices: Any, axis: int, length: int) -> Any:
    x = x + np.zeros(indices.shape)
    result = np.zeros(tuple(length if i == axis % x.ndim else n for i, n in enumerate(x.shape)))
    for place in np.ndindex(*x.shape):
        target = list(place)
        target[axis] = indices[place]
        result[tuple(target)] += x[place]
    return result


def _partition(x: Any, kth: Any, axis: int = -1) -> Any:
    # What lies before and after the kth element is in no order that NumPy promises.
    return np.take_along_axis(x, np.argpartition(x, kth, axis=axis), axis=axis)


def _recurrence(a: Any, b: Any, axis: int = -1) -> Any:
    a, b = np.moveaxis(a, axis, 0), np.moveaxis(b, axis, 0)
    states = []
    for factor, summand in zip(a, b, strict=True):
        states.append(factor * states[-1] + summand if states else summand)
    return np.moveaxis(np.stack(states), 0, axis) if states else np.moveaxis(b, 0, axis)


def _banded_recurrence(w: Any, b: Any) -> Any:
    if w.shape[:-3] + w.shape[-2:] != b.shape:
        raise ValueError("the shapes do not fit")
    h = b.copy()
    for *chain, t, s in np.ndindex(b.shape):
        for k in range(min(w.shape[-3], s + 1) if t else 0):
            h[(*chain, t, s)] += w[(*chain, k, t, s)] * h[(*chain, t - 1, s - k)]
    return h


def _log_banded_recurrence(w: Any, x: Any) -> Any:
    if (*w.shape[:-2], w.shape[-1]) != (*x.shape[:-2], x.shape[-1]):
        raise ValueError("the shapes do not fit")
    y = np.exp(x)
    for *chain, t, s in np.ndindex(x.shape):
        if t:
            y[(*chain, t, s)] *= sum(
                np.exp(w[(*chain, k, s)]) * y[(*chain, t - 1, s - k)]
                for k in range(min(w.shape[-2], s + 1))
            )
    return np.log(y)


def _at(choose: Any) -> Callable[..., Any]:
    def update(x: Any, v: Any, index: Any) -> Any:
        result = x.copy()
        choose.at(result, index, v)
        return result

    return update


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "take_along_axis": np.take_along_axis,
    "scatter_along_axis": _scatter_along_axis,
    "sort": np.sort,
    "partition": _partition,
    "linear_recurrence": _recurrence,
    "banded_recurrence": _banded_recurrence,
    "log_banded_recurrence": _log_banded_recurrence,
    "cumprod": lambda x, axis=-1: np.cumprod(x, axis),
    "cummax": lambda x, axis=-1: np.maximum.accumulate(x, axis),
    "cummin": lambda x, axis=-1: np.minimum.accumulate(x, axis),
    "logcumsumexp": lambda x, axis=-1: np.log(np.cumsum(np.exp(x), axis)),
    "index_max": _at(np.maximum),
    "index_min": _at(np.minimum),
}
