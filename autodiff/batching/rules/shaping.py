"""The same elements in another arrangement."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.batching.batch import Batch
from autodiff.batching.rules.axes import shifted, shifted_one
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES


def _sizes(given: Any) -> tuple[int, ...]:
    return tuple(given) if isinstance(given, (tuple, list)) else (int(given),)


def _reshape(batch: Batch, function: Any, x: Any, shape: Any, *order: Any, **kwargs: Any) -> Any:
    if order or kwargs:
        return looped(batch, function, x, shape, *order, **kwargs)
    sizes = _sizes(shape)
    if -1 in sizes:
        rest = math.prod(n for n in sizes if n != -1)
        missing = x.size // rest if rest else 0
        sizes = tuple(missing if n == -1 else n for n in sizes)
    if math.prod(sizes) != x.size:
        raise ValueError(f"cannot reshape array of size {x.size} into shape {_sizes(shape)}")
    return batch.wrap(np.reshape(x.value, (batch.size, *sizes)))


def _ravel(batch: Batch, function: Any, x: Any) -> Any:
    return batch.wrap(np.reshape(x.value, (batch.size, x.size)))


def _transpose(batch: Batch, function: Any, x: Any, axes: Any = None) -> Any:
    order = range(x.ndim)[::-1] if axes is None else axes
    if x.factors is not None and tuple(order) == (1, 0):
        column, row = x.factors
        return batch.outer(np.swapaxes(row, 1, 2), np.swapaxes(column, 1, 2))
    return batch.wrap(np.transpose(x.value, (0, *(shifted_one(a, x.ndim) for a in order))))


def _matrix_transpose(batch: Batch, function: Any, x: Any) -> Any:
    return _swapaxes(batch, function, x, -1, -2)


def _swapaxes(batch: Batch, function: Any, x: Any, axis1: int, axis2: int) -> Any:
    i, j = shifted_one(axis1, x.ndim), shifted_one(axis2, x.ndim)
    return batch.wrap(np.swapaxes(x.value, i, j))


def _moveaxis(batch: Batch, function: Any, x: Any, source: Any, destination: Any) -> Any:
    moved = np.moveaxis(x.value, shifted(source, x.ndim), shifted(destination, x.ndim))
    return batch.wrap(moved)


def _expand_dims(batch: Batch, function: Any, x: Any, axis: Any) -> Any:
    axes = _sizes(axis)
    ndim = x.ndim + len(axes)
    return batch.wrap(np.expand_dims(x.value, tuple(shifted_one(a, ndim) for a in axes)))


def _squeeze(batch: Batch, function: Any, x: Any, axis: Any = None) -> Any:
    axes = shifted(axis, x.ndim)
    if axis is None:
        axes = tuple(i for i in axes if x.value.shape[i] == 1)
    return batch.wrap(np.squeeze(x.value, axes))


def _broadcast_to(batch: Batch, function: Any, x: Any, shape: Any) -> Any:
    sizes = _sizes(shape)
    return batch.wrap(np.broadcast_to(batch.aligned(x, len(sizes)), (batch.size, *sizes)))


def _flip(batch: Batch, function: Any, x: Any, axis: Any = None) -> Any:
    return batch.wrap(np.flip(x.value, shifted(axis, x.ndim)))


def _roll(batch: Batch, function: Any, x: Any, shift: Any, axis: Any = None) -> Any:
    if axis is None:
        flat = np.roll(x.value.reshape(batch.size, x.size), _total(shift), 1)
        return batch.wrap(flat.reshape(x.value.shape))
    return batch.wrap(np.roll(x.value, shift, shifted(axis, x.ndim)))


def _total(shift: Any) -> int:
    return int(np.sum(shift))


def _pad(batch: Batch, function: Any, x: Any, pad_width: Any, *mode: Any, **kwargs: Any) -> Any:
    if isinstance(pad_width, dict) or np.ndim(kwargs.get("constant_values", 0)):
        return looped(batch, function, x, pad_width, *mode, **kwargs)
    widths = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2)).tolist()
    return batch.wrap(np.pad(x.value, [(0, 0), *widths], *mode, **kwargs))


def _tile(batch: Batch, function: Any, x: Any, reps: Any) -> Any:
    counts = _sizes(reps)
    aligned = batch.aligned(x, len(counts))
    missing = len(aligned.shape) - 1 - len(counts)
    return batch.wrap(np.tile(aligned, (1,) * (1 + missing) + counts))


def _repeat(batch: Batch, function: Any, x: Any, repeats: Any, axis: Any = None) -> Any:
    if not batch.holds(x):
        return looped(batch, function, x, repeats, axis)
    if axis is None:
        flat = x.value.reshape(batch.size, x.size)
        return batch.wrap(np.repeat(flat, repeats, 1))
    return batch.wrap(np.repeat(x.value, repeats, shifted_one(axis, x.ndim)))


def _triangle(batch: Batch, function: Any, x: Any, k: int = 0) -> Any:
    if x.ndim < 2:
        return looped(batch, function, x, k)
    return batch.wrap(function(x.value, k))


def _diagonal(
    batch: Batch,
    function: Any,
    x: Any,
    offset: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    **more: Any,
) -> Any:
    i, j = shifted_one(axis1, x.ndim), shifted_one(axis2, x.ndim)
    return batch.wrap(function(x.value, offset, i, j, **more))


RULES.update(
    {
        np.reshape: _reshape,
        np.ravel: _ravel,
        np.transpose: _transpose,
        np.matrix_transpose: _matrix_transpose,
        np.swapaxes: _swapaxes,
        np.moveaxis: _moveaxis,
        np.expand_dims: _expand_dims,
        np.squeeze: _squeeze,
        np.broadcast_to: _broadcast_to,
        np.flip: _flip,
        np.roll: _roll,
        np.pad: _pad,
        np.tile: _tile,
        np.repeat: _repeat,
        np.tril: _triangle,
        np.triu: _triangle,
        np.diagonal: _diagonal,
        np.trace: _diagonal,
    }
)
