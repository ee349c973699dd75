"""Recurrences over bands: each state comes from itself and its neighbours before.

In logarithms this is the forward algorithm of a hidden Markov chain; its derivative is the
linear recurrence run backwards, whose derivatives are linear recurrences again.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

_SHAPES = cases(
    ([(2, 4, 3), (4, 3)], {}),
    ([(2, 3, 3, 2), (2, 3, 2)], {}),
    ([(1, 1, 2), (1, 2)], {}),
)


def _moved(xp: Any, x: Any, band: int, entering: float) -> Any:
    """States moved on by ``band`` places, a number entering before them."""
    if band == 0:
        return x
    return xp.index_set(xp.roll(x, band, axis=-1), (..., slice(0, band)), entering)


def _met(xp: Any, y: Any, bands: int, before: float) -> Any:
    """What each band meets at each step: the states before it, moved."""
    last = xp.index_set(xp.roll(y, 1, axis=-2), (..., slice(0, 1), slice(None)), before)
    if not bands:
        return xp.expand_dims(last, -3)[..., :0, :, :]
    return xp.stack([_moved(xp, last, band, before) for band in range(bands)], axis=-3)


def _backwards(xp: Any, w: Any, g: Any) -> Any:
    """The transpose of the recurrence, from the last step to the first."""
    if not w.shape[-3]:
        return g
    turned = xp.roll(xp.flip(w, axis=(-2, -1)), 1, axis=-2)
    moved = [_moved(xp, turned[..., k, :, :], k, 0.0) for k in range(w.shape[-3])]
    states = xp.banded_recurrence(xp.stack(moved, axis=-3), xp.flip(g, axis=(-2, -1)))
    return xp.flip(states, axis=(-2, -1))


def _weights_vjp(xp: Any, g: Any, y: Any, w: Any, b: Any) -> Any:
    return xp.expand_dims(_backwards(xp, w, g), -3) * _met(xp, y, w.shape[-3], 0.0)


def _recurrence_jvp(xp: Any, tangents: Any, y: Any, w: Any, b: Any) -> Any:
    along_w, along_b = tangents
    if along_w is None:
        return xp.banded_recurrence(w, along_b)
    step = xp.sum(along_w * _met(xp, y, w.shape[-3], 0.0), axis=-3)
    return xp.banded_recurrence(w, step if along_b is None else step + along_b)


banded_recurrence: Structural = structural(
    "banded_recurrence",
    lambda xp, w, b: xp.banded_recurrence(w, b),
    [_weights_vjp, lambda xp, g, y, w, b: _backwards(xp, w, g)],
    jvp=_recurrence_jvp,
    notation=Notation.function("recurrence", arity=2),
    reads=(0, "y"),
    samples=_SHAPES,
    factors=[
        ("⊙ states before", "what {1} receives, times the state before, moved by the band"),
        ("Σ over ways on", "the recurrence of g from the last step to the first"),
    ],
    doc="h_t[s] = Σ_k w_k,t[s]·h_{t-1}[s-k] + b_t[s], beginning with 0.",
)


def _shares(xp: Any, y: Any, w: Any) -> Any:
    """How much of each state came over each band: 0 where there was no way at all."""
    ways = xp.expand_dims(w, -2) + _met(xp, y, w.shape[-2], -math.inf)
    if not w.shape[-2]:
        return ways
    most = xp.max(ways, axis=-3, keepdims=True)
    parts = xp.exp(ways - xp.where(xp.equal(most, -math.inf), 0.0, most))
    total = xp.sum(parts, axis=-3, keepdims=True)
    return parts / xp.where(xp.equal(total, 0.0), 1.0, total)


def _ways_vjp(xp: Any, g: Any, y: Any, w: Any, x: Any) -> Any:
    shares = _shares(xp, y, w)
    return xp.sum(xp.expand_dims(_backwards(xp, shares, g), -3) * shares, axis=-2)


def _log_recurrence_jvp(xp: Any, tangents: Any, y: Any, w: Any, x: Any) -> Any:
    along_w, along_x = tangents
    shares = _shares(xp, y, w)
    if along_w is None:
        return xp.banded_recurrence(shares, along_x)
    step = xp.sum(shares * xp.expand_dims(along_w, -2), axis=-3)
    return xp.banded_recurrence(shares, step if along_x is None else step + along_x)


log_banded_recurrence: Structural = structural(
    "log_banded_recurrence",
    lambda xp, w, x: xp.log_banded_recurrence(w, x),
    [_ways_vjp, lambda xp, g, y, w, x: _backwards(xp, _shares(xp, y, w), g)],
    jvp=_log_recurrence_jvp,
    notation=Notation.function("log-recurrence", arity=2),
    reads=(0, "y"),
    samples=cases(
        ([(2, 3), (4, 3)], {}),
        ([(2, 3, 2), (2, 3, 2)], {}),
        ([(1, 2), (1, 2)], {}),
    ),
    factors=[
        ("Σ shares", "what {1} receives, times the share of each way, summed over the steps"),
        ("Σ shares on the ways on", "the recurrence of g back, each way with its share"),
    ],
    ordered=True,
    doc="y_t[s] = log Σ_k exp(w_k[s] + y_{t-1}[s-k]) + x_t[s], beginning with x_0.",
)
