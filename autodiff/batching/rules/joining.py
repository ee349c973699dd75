"""Joining arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.axes import shifted_one
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES


def _concatenate(batch: Batch, function: Any, arrays: Any, axis: Any = 0, **kwargs: Any) -> Any:
    if axis is None:
        arrays, axis = [np.reshape(x, -1) for x in arrays], 0
    shifted = shifted_one(axis, ndim_of(arrays[0]))
    return batch.wrap(np.concatenate([batch.spread(x) for x in arrays], shifted, **kwargs))


def _stack(batch: Batch, function: Any, arrays: Any, axis: int = 0, **kwargs: Any) -> Any:
    shifted = shifted_one(axis, ndim_of(arrays[0]) + 1)
    return batch.wrap(np.stack([batch.spread(x) for x in arrays], shifted, **kwargs))


def _split(batch: Batch, function: Any, x: Any, sections: Any, axis: int = 0) -> Any:
    if not batch.holds(x):
        return looped(batch, function, x, sections, axis)
    return [batch.wrap(part) for part in function(x.value, sections, shifted_one(axis, x.ndim))]


RULES.update(
    {
        np.concatenate: _concatenate,
        np.stack: _stack,
        np.split: _split,
        np.array_split: _split,
    }
)
