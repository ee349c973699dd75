"""Sorting, and picking elements by their places."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.batch import Batch
from autodiff.batching.rules.axes import shifted_one
from autodiff.batching.rules.loops import looped
from autodiff.batching.rules.reductions import along_one
from autodiff.batching.table import RULES


def _sorted(batch: Batch, function: Any, x: Any, axis: Any = -1, **kwargs: Any) -> Any:
    return along_one(batch, function, x, axis, **kwargs)


def _partitioned(
    batch: Batch, function: Any, x: Any, kth: Any, axis: Any = -1, **kwargs: Any
) -> Any:
    return along_one(batch, function, x, axis, kth=kth, **kwargs)


def _take_along_axis(batch: Batch, function: Any, x: Any, indices: Any, axis: Any = -1) -> Any:
    if axis is None:
        x, indices, axis = np.reshape(x, -1), np.reshape(indices, -1), 0
    shifted = shifted_one(axis, len(x.shape))
    return batch.wrap(np.take_along_axis(batch.spread(x), batch.spread(indices), shifted))


def _take(batch: Batch, function: Any, x: Any, indices: Any, axis: Any = None, **more: Any) -> Any:
    if more:
        return looped(batch, function, x, indices, axis, **more)
    if axis is None:
        x, axis = np.reshape(x, -1), 0
    held = x if batch.holds(x) else batch.stand_in(x)
    before = (slice(None),) * (shifted_one(axis, held.ndim) - 1)
    return held[(*before, indices if hasattr(indices, "shape") else np.asarray(indices))]


def _searchsorted(batch: Batch, function: Any, row: Any, v: Any, *args: Any, **kwargs: Any) -> Any:
    if batch.holds(row) or args[1:] or "sorter" in kwargs:
        return looped(batch, function, row, v, *args, **kwargs)
    return batch.wrap(np.searchsorted(row, v.value, *args, **kwargs))


RULES.update(
    {
        np.sort: _sorted,
        np.argsort: _sorted,
        np.partition: _partitioned,
        np.argpartition: _partitioned,
        np.take_along_axis: _take_along_axis,
        np.take: _take,
        np.searchsorted: _searchsorted,
    }
)
