"""What words of the table's cotangent rules mean, each as a function of NumPy alone.

A meaning is called with a case: ``g``, ``y``, the ``operands``, the one that receives as
``target`` at ``index``, and the parameters as ``params``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["TOLD_ONLY", "WORDS"]


def _added(c: Any, index: Any, values: Any) -> Any:
    found = np.zeros(c.target.shape)
    np.add.at(found, index, values)
    return found


def _kept(c: Any, a: Any) -> Any:
    """A reduced array with its axes back, of length 1."""
    axis = c.params.get("axis")
    axis = tuple(range(c.operands[0].ndim)) if axis is None else axis
    return a if a.ndim == c.operands[0].ndim else np.expand_dims(a, axis)


def _part(c: Any, slices: bool = False) -> Any:
    axis = c.params["axis"]
    if slices:
        return np.take(c.g, c.index, axis=axis)
    ends = np.cumsum([x.shape[axis] for x in c.operands])[:-1]
    return np.split(c.g, ends, axis=axis)[c.index]


def _einsum(c: Any) -> Any:
    inputs, output = c.params["subscripts"].split("->")
    terms = inputs.split(",")
    own = terms.pop(c.index)
    rest = [x for i, x in enumerate(c.operands) if i != c.index]
    # A label that the operand alone has is that of ones.
    lone = [k for k in own if k not in output + "".join(terms)]
    ones = [np.ones(c.target.shape[own.index(k)]) for k in lone]
    return np.einsum(f"{','.join([output, *terms, *lone])}->{own}", c.g, *rest, *ones)


def _others(c: Any) -> Any:
    x = c.operands[0]
    found = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        without = x.copy()
        without[place] = 1.0
        product = np.prod(without, axis=c.params["axis"], keepdims=True)
        found[place] = np.broadcast_to(product, x.shape)[place]
    return _kept(c, c.g) * found


def _unrolled(c: Any) -> Any:
    shift = c.params["shift"]
    back = -shift if isinstance(shift, int) else [-s for s in shift]
    return np.roll(c.g, back, axis=c.params["axis"])


def _origins(c: Any) -> Any:
    """Each element finds its cotangent at the place of its number, as none occurs twice."""
    axis = c.params["axis"]
    same = (
        np.moveaxis(c.operands[0], axis, -1)[..., :, None]
        == np.moveaxis(c.y, axis, -1)[..., None, :]
    )
    return np.moveaxis((same * np.moveaxis(c.g, axis, -1)[..., None, :]).sum(-1), -1, axis)


def _along(c: Any) -> Any:
    found = np.zeros(c.target.shape)
    moved = np.moveaxis(found, c.params["axis"], 0)
    places = np.moveaxis(c.params["indices"], c.params["axis"], 0)
    g = np.moveaxis(c.g, c.params["axis"], 0)
    for i in range(len(places)):
        for rest in np.ndindex(places.shape[1:]):
            moved[(places[(i, *rest)], *rest)] += g[(i, *rest)]
    return found


def _extremes(c: Any) -> Any:
    """The places are those of the last new extremum, as none is met twice."""
    axis = c.params["axis"]
    x, y, g = (np.moveaxis(a, axis, -1) for a in (c.operands[0], c.y, c.g))
    return np.moveaxis(((x[..., :, None] == y[..., None, :]) * g[..., None, :]).sum(-1), -1, axis)


def _later(c: Any, weight: Callable[[Any, Any, int, int], Any]) -> Any:
    """The sums of g_i times a weight over the places i from each on."""
    axis = c.params["axis"]
    x, y, g = (np.moveaxis(a, axis, 0) for a in (c.operands[0], c.y, c.g))
    sums = [sum(g[i] * weight(x, y, j, i) for i in range(j, len(x))) for j in range(len(x))]
    return np.moveaxis(np.array(sums), 0, axis)


def _recurrence(c: Any) -> Any:
    a, g = (np.moveaxis(x, c.params["axis"], 0) for x in (c.operands[0], c.g))
    found = g.copy()
    for t in reversed(range(len(g) - 1)):
        found[t] += a[t + 1] * found[t + 1]
    return np.moveaxis(found, 0, c.params["axis"])


def _states(c: Any) -> Any:
    before = np.moveaxis(np.zeros(c.y.shape), c.params["axis"], 0)
    before[1:] = np.moveaxis(c.y, c.params["axis"], 0)[:-1]
    return _recurrence(c) * np.moveaxis(before, 0, c.params["axis"])


def _real_frequencies(c: Any) -> Any:
    axis, n = c.params["axis"], c.target.shape[c.params["axis"]]
    widths = [(0, 0)] * c.g.ndim
    widths[axis] = (0, n - c.g.shape[axis])
    return np.fft.fft(np.pad(c.g, widths), axis=axis, norm=c.params["norm"]).real


def _half_frequencies(c: Any) -> Any:
    axis, n = c.params["axis"], c.params["n"]
    norm = {"backward": "forward", "forward": "backward"}.get(c.params["norm"], "ortho")
    twice = [1 + (0 < k < (n + 1) // 2) for k in range(n // 2 + 1)]
    shape = [1] * c.g.ndim
    shape[axis] = -1
    return np.fft.rfft(c.g, axis=axis, norm=norm).conj() * np.reshape(twice, shape)


def _scores(c: Any) -> Any:
    axis, labels = c.params["axis"], c.params["labels"]
    z, labels = c.operands[0], np.expand_dims(labels, axis)
    p = np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
    at = np.moveaxis(np.arange(z.shape[axis]).reshape(-1, *[1] * (z.ndim - 1)), 0, axis)
    return np.expand_dims(c.g, axis) * np.where(
        labels == c.params["ignored"], 0, p - (at == labels % z.shape[axis])
    )


def _crop(c: Any) -> Any:
    widths = c.params["pad_width"]
    return c.g[tuple(slice(b, n - a) for (b, a), n in zip(widths, c.g.shape, strict=True))]


def _channels(c: Any) -> Any:
    return np.moveaxis(c.g, 1, 0).reshape(c.g.shape[1], -1).sum(axis=1)


WORDS: dict[str, Callable[[Any], Any]] = {
    "g added at the index to zeros in the shape of x": lambda c: _added(c, c.params["index"], c.g),
    "g at the index": lambda c: c.g[c.params["index"]],
    "einsum of g and the other operands, summed to the labels of the operand": _einsum,
    "g ⊙ the product of the other elements": _others,
    "the sums of g from the end": lambda c: np.flip(
        np.cumsum(np.flip(c.g, c.params["axis"]), c.params["axis"]), c.params["axis"]
    ),
    "g repeated along the axes summed over": lambda c: _kept(c, c.g),
    "g where x = y": lambda c: np.where(c.target == _kept(c, c.y), _kept(c, c.g), 0),
    "the part of g where the operand lies": _part,
    "the slice of g where the operand lies": lambda c: _part(c, slices=True),
    "g in the shape of x": lambda c: c.g.reshape(c.target.shape),
    "g with its axes back in the order of x": lambda c: (
        c.g.T if c.params["axes"] is None else np.moveaxis(c.g, range(c.g.ndim), c.params["axes"])
    ),
    "g summed over the axes along which x was repeated": lambda c: c.g,
    "g flipped along the same axes": lambda c: np.flip(c.g, c.params["axis"]),
    "g rolled back": _unrolled,
    "g without the border": _crop,
    "g in the type of x": lambda c: c.g.astype(c.target.dtype),
    "the real part of FFT(g) with 0 for the frequencies that were left out": _real_frequencies,
    "conj(RFFT(g)) in the scale of the inverse, twice where a frequency stands for two": (
        _half_frequencies
    ),
    "g summed over all but the channels": _channels,
    "g ⊙ (softmax(z) − 1 at the label), 0 where it is ignored": _scores,
    "g added along the axis at the places to zeros in the shape of x": _along,
    "g at the places along the axis": lambda c: np.take_along_axis(
        c.g, c.params["indices"], c.params["axis"]
    ),
    "g at the places where the elements came from": _origins,
    "each g at the elements that are the result so far": _extremes,
    "the sum of g_i times the product of the others up to i, for i from its own on": (
        lambda c: _later(c, lambda x, y, j, i: np.prod(np.delete(x[: i + 1], j, 0), axis=0))
    ),
    "the sum of g_i · exp(x − y_i) over the places i from its own on": (
        lambda c: _later(c, lambda x, y, j, i: np.exp(x[j] - y[i]))
    ),
    "the recurrence of g from the end, with a of the next place": _recurrence,
    "what b receives, times the state before": _states,
}
"""Meanings by what is written of entries with these operands."""

TOLD_ONLY = (
    "banded_recurrence cofactor_pull convolve exclusive_product expm_derivative index_max "
    "index_min index_set label_loss log_banded_recurrence lstm_recurrence max_pool "
    "max_pool_input max_pool_pick overlap_add resample sqrtm_derivative subtract_label "
    "window_spread window_sum windows"
)
"""Entries of which some words are held by their rule's own tests alone."""
