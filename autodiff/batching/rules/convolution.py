"""Convolutions of a batch as one: examples are samples where the weight is shared, else groups.

Σ x · w · g is linear in the input x of shape (N, C, …), the weight w of shape (O, C/groups, …)
and the output's cotangent g of shape (N, O, …). A batch of B examples, each with operands of
its own, is one convolution with B times as many groups.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES


def _samples(x: Any) -> Any:
    """(B, N, …) as (B·N, …)."""
    return np.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:]))


def _from_samples(y: Any, size: int) -> Any:
    return np.reshape(y, (size, y.shape[0] // max(size, 1), *y.shape[1:]))


def _channels(batch: Batch, x: Any) -> Any:
    """(B, N, C, …) as (N, B·C, …): the examples' channels side by side."""
    value = np.swapaxes(batch.spread(x), 0, 1)
    return np.reshape(value, (value.shape[0], value.shape[1] * value.shape[2], *value.shape[3:]))


def _from_channels(y: Any, size: int) -> Any:
    parted = np.reshape(y, (y.shape[0], size, y.shape[1] // max(size, 1), *y.shape[2:]))
    return np.swapaxes(parted, 0, 1)


def _fits(batch: Batch, x: Any, other: Any) -> bool:
    return batch.size > 0 and ndim_of(x) == ndim_of(other) >= 3


def _convolution(
    batch: Batch, function: Any, x: Any, w: Any, *bias: Any, groups: int, **setting: Any
) -> Any:
    if not _fits(batch, x, w) or x.shape[1] != w.shape[1] * groups or w.shape[0] % groups:
        return looped(batch, function, x, w, *bias, groups=groups, **setting)
    if not batch.holds(w):
        y = function(_samples(x.value) if batch.holds(x) else x, w, groups=groups, **setting)
        found = batch.wrap(_from_samples(y, batch.size)) if batch.holds(x) else y
    else:
        y = function(_channels(batch, x), _samples(w.value), groups=groups * batch.size, **setting)
        found = batch.wrap(_from_channels(y, batch.size))
    return found + np.reshape(bias[0], (-1,) + (1,) * (ndim_of(x) - 2)) if bias else found


def _convolution_input(
    batch: Batch, function: Any, g: Any, w: Any, *, groups: int, **setting: Any
) -> Any:
    if not _fits(batch, g, w) or g.shape[1] != w.shape[0]:
        return looped(batch, function, g, w, groups=groups, **setting)
    if not batch.holds(w):
        return batch.wrap(
            _from_samples(function(_samples(g.value), w, groups=groups, **setting), batch.size)
        )
    y = function(_channels(batch, g), _samples(w.value), groups=groups * batch.size, **setting)
    return batch.wrap(_from_channels(y, batch.size))


def _convolution_weight(
    batch: Batch, function: Any, x: Any, g: Any, *, groups: int, **setting: Any
) -> Any:
    if not _fits(batch, x, g) or x.shape[0] != g.shape[0] or g.shape[1] % groups:
        return looped(batch, function, x, g, groups=groups, **setting)
    y = function(_channels(batch, x), _channels(batch, g), groups=groups * batch.size, **setting)
    return batch.wrap(_from_samples(y, batch.size))


RULES.update(
    {
        "convolution": _convolution,
        "convolution_input": _convolution_input,
        "convolution_weight": _convolution_weight,
    }
)
