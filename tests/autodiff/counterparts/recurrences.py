"""Counterparts of the recurrences of networks: sequence after sequence, step after step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _share(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _lstm_recurrence(a: Any, w: Any, h: Any, c: Any) -> Any:
    if w.shape != (*a.shape[:-3], 4 * h.shape[-1], h.shape[-1]) or h.shape != c.shape:
        raise ValueError("the shapes do not fit")
    *chains, steps, batch, rows = a.shape
    y = np.empty((*chains, steps, 6, batch, rows // 4), np.result_type(a, w, h, c, 0.0))
    if chains:
        for k, each in enumerate(zip(a, w, h, c, strict=True)):
            y[k] = _lstm_recurrence(*each)
        return y
    for n in range(batch):
        state, cell = h[n], c[n]
        for t in range(steps):
            i, f, g, o = np.split(a[t, n] + w @ state, 4)
            i, f, o, g = _share(i), _share(f), _share(o), np.tanh(g)
            cell = f * cell + i * g
            state = o * np.tanh(cell)
            y[t, :, n] = i, f, g, o, cell, state
    return y


COUNTERPARTS: dict[str, Callable[..., Any]] = {"lstm_recurrence": _lstm_recurrence}
