"""Recurrences over bands on arrays: one step of all sequences after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["banded_recurrence", "log_banded_recurrence"]


def banded_recurrence(w: Any, b: Any) -> Any:
    """h_t[s] = Σ_k w_k,t[s]·h_{t-1}[s-k] + b_t[s], beginning with 0.

    Args:
        w: weights of shape (…, K, T, S).
        b: summands of shape (…, T, S).

    Returns:
        The states h, of the shape of ``b``.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> banded_recurrence(np.ones((2, 3, 2)), np.eye(3, 2)).tolist()
        [[1.0, 0.0], [1.0, 2.0], [1.0, 3.0]]
    """
    if w.shape[:-3] + w.shape[-2:] != b.shape:
        raise ValueError(f"weights of shape {w.shape} and summands of {b.shape} do not fit")
    w = np.moveaxis(w, (-2, -3), (0, 1))
    h, states, met = _states(b, w.shape[1], np.result_type(w, b), 0)
    product = np.empty(met.shape[1:], h.dtype)
    for t in range(1, len(h)):
        np.multiply(w[t], met[t - 1], out=product)
        states[t] += np.add.reduce(product, axis=0)
    return np.moveaxis(states, 0, -2)


def log_banded_recurrence(w: Any, x: Any) -> Any:
    """y_t[s] = log Σ_k exp(w_k[s] + y_{t-1}[s-k]) + x_t[s], beginning with x_0.

    Args:
        w: logarithms of weights, of shape (…, K, S); −∞ where there is no way.
        x: summands of shape (…, T, S).

    Returns:
        The logarithms y, of the shape of ``x``; −∞ where no way leads.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> log_banded_recurrence(np.zeros((2, 2)), np.log([[1.0, 1.0], [0.5, 0.5]])).round(3)
        array([[ 0.   ,  0.   ],
               [-0.693,  0.   ]])
    """
    if (*w.shape[:-2], w.shape[-1]) != (*x.shape[:-2], x.shape[-1]):
        raise ValueError(f"ways of shape {w.shape} and summands of {x.shape} do not fit")
    w = np.moveaxis(w, -2, 0)
    dtype = np.result_type(w, x, np.float16)
    y, states, met = _states(x, len(w), dtype, -np.inf)
    ways = np.empty(met.shape[1:], y.dtype)
    lowest = np.finfo(y.dtype).min
    with np.errstate(divide="ignore"):
        for t in range(1, len(y)):
            np.add(w, met[t - 1], out=ways)
            # Where there is no way at all, the differences stay −∞.
            most = np.maximum.reduce(ways, axis=0, initial=lowest)
            np.exp(np.subtract(ways, most, out=ways), out=ways)
            total = np.add.reduce(ways, axis=0)
            states[t] += np.add(np.log(total, out=total), most, out=most)
    return np.moveaxis(states, 0, -2)


def _states(b: Any, bands: int, dtype: Any, before: float) -> tuple[Any, Any, Any]:
    """Memory for all states with what stands before the first, steps leading.

    Returns:
        The memory; the states in it, which begin as ``b``; and for each step what the bands
        meet of its states, (T, K, …, S).
    """
    b = np.moveaxis(b, -2, 0)
    ahead = max(bands - 1, 0)
    memory = np.full((*b.shape[:-1], ahead + b.shape[-1]), before, dtype)
    states = memory[..., ahead:]
    states[...] = b
    steps = memory.strides
    met = np.lib.stride_tricks.as_strided(
        states, (len(b), bands, *b.shape[1:]), (steps[0], -steps[-1], *steps[1:]), writeable=False
    )
    return memory, states, met
