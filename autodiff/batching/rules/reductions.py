"""Reductions and running results along axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.batch import Batch
from autodiff.batching.rules.axes import shifted, shifted_one
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES

__all__ = ["along_one"]


def _reduced(batch: Batch, function: Any, x: Any, axis: Any = None, **kwargs: Any) -> Any:
    if not batch.holds(x):
        return looped(batch, function, x, axis, **kwargs)
    if "where" in kwargs:
        kwargs["where"] = batch.aligned(kwargs["where"], x.ndim)
    return batch.wrap(function(x.value, axis=shifted(axis, x.ndim), **kwargs))


def _place(batch: Batch, function: Any, x: Any, axis: Any = None, **kwargs: Any) -> Any:
    """The place of an extreme element."""
    keepdims = kwargs.pop("keepdims", False)
    if axis is not None and x.ndim:
        found = function(x.value, axis=shifted_one(axis, x.ndim), keepdims=keepdims, **kwargs)
        return batch.wrap(found)
    found = function(x.value.reshape(batch.size, x.size), axis=1, **kwargs)
    return batch.wrap(found.reshape(batch.size, *((1,) * x.ndim if keepdims else ())))


def along_one(batch: Batch, function: Any, x: Any, axis: Any = None, **kwargs: Any) -> Any:
    """A function along one axis that takes the operand flattened where none is given."""
    value, ndim = x.value, x.ndim
    if axis is None:
        value, ndim, axis = value.reshape(batch.size, x.size), 1, 0
    return batch.wrap(function(value, axis=shifted_one(axis, ndim), **kwargs))


def _diff(batch: Batch, function: Any, x: Any, n: int = 1, axis: int = -1, **kwargs: Any) -> Any:
    if kwargs:
        return looped(batch, function, x, n, axis, **kwargs)
    return batch.wrap(function(x.value, n, shifted_one(axis, x.ndim)))


_REDUCED: Any = (
    np.sum,
    np.prod,
    np.mean,
    np.var,
    np.std,
    np.max,
    np.min,
    np.amax,
    np.amin,
    np.any,
    np.all,
    np.ptp,
    np.median,
    np.count_nonzero,
    np.nansum,
    np.nanprod,
    np.nanmean,
    np.nanvar,
    np.nanstd,
    np.nanmax,
    np.nanmin,
    np.nanmedian,
)
_PLACES: Any = (np.argmax, np.argmin, np.nanargmax, np.nanargmin)
_RUNNING: Any = (np.cumsum, np.cumprod, np.nancumsum, np.nancumprod)

RULES.update(
    {
        **dict.fromkeys(_REDUCED, _reduced),
        **dict.fromkeys(_PLACES, _place),
        **dict.fromkeys(_RUNNING, along_one),
        np.diff: _diff,
    }
)
