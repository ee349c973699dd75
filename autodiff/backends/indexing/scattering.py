"""Adding and comparing at places, repeated ones included."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["add_at", "index_max", "index_min", "last_writers", "scatter_along_axis"]


def add_at(target: Any, index: Any, v: Any) -> None:
    """Add ``v`` into ``target`` at ``index``, repeated places adding up."""
    if _is_basic(index):
        target[index] += v
        return
    runs = _runs(target, index, v)
    if runs is not None:
        axis, pieces = runs
        before = (slice(None),) * axis
        for place, part in pieces:
            target[(*before, place)] += v[(*before, part)]
    elif _adds_rows(target, index, v):
        _add_rows(target, index[0] if isinstance(index, tuple) else index, v)
    elif target.dtype.char == "e":
        # In float16 a sum of many equal numbers stands still after 2048 of them.
        wide = target.astype(np.float32)
        np.add.at(wide, index, v)
        target[...] = wide
    else:
        np.add.at(target, index, v)


def _adds_rows(target: Any, index: Any, v: Any) -> bool:
    """Whether whole rows are added, each to that of a number, all in one float type."""
    index = index[0] if isinstance(index, tuple) and len(index) == 1 else index
    return (
        index.__class__ is np.ndarray
        and index.dtype.kind in "iu"
        and target.__class__ is v.__class__ is np.ndarray
        and target.dtype == v.dtype
        and target.dtype.char in "fd"
        and target.ndim > 1
        and v.shape == index.shape + target.shape[1:]
        and v.size > 0
        and target.flags.c_contiguous
    )


def _add_rows(target: Any, index: Any, v: Any) -> None:
    """Numbers of elements in the place of those of rows: four times as fast, the same sums."""
    length = v.size // index.size
    if int(index.min()) < 0:
        index = np.where(index < 0, index + len(target), index)
    if int(index.max()) >= len(target) or int(index.min()) < 0:
        raise IndexError(f"a place is out of range for an axis of length {len(target)}")
    places = index.reshape(-1, 1).astype(np.intp) * length + np.arange(length)
    np.add.at(target.reshape(-1), places.ravel(), v.ravel())


def _runs(target: Any, index: Any, v: Any) -> tuple[int, list[tuple[slice, slice]]] | None:
    """An index by one row of places along one axis as slices, if few are enough.

    Borders and windows are such indices: places that follow each other, up or down.
    """
    parts = index if isinstance(index, tuple) else (index,)
    arrays = [i for i, part in enumerate(parts) if part.__class__ is np.ndarray]
    if len(arrays) != 1 or target.__class__ is not np.ndarray or target.dtype.char == "e":
        return None
    axis = arrays[0]
    places = parts[axis]
    others = (*parts[:axis], *parts[axis + 1 :])
    if places.ndim != 1 or places.dtype.kind not in "iu" or not places.size:
        return None
    if any(part != slice(None) for part in others):
        return None
    length = target.shape[axis]
    if getattr(v, "shape", None) != (*target.shape[:axis], places.size, *target.shape[axis + 1 :]):
        return None
    places = np.where(places < 0, places + length, places)
    steps = np.diff(places)
    # A run goes on where the step is the one before, and 1 or -1.
    broken = np.flatnonzero((steps[1:] != steps[:-1]) | (np.abs(steps[1:]) != 1)) + 2
    first = [0, *([] if not steps.size or abs(int(steps[0])) == 1 else [1]), *broken.tolist()]
    few = len(first) * _RUN <= v.size
    if not few or places.min() < 0 or places.max() >= length:
        return None
    pieces = []
    for a, b in zip(first, [*first[1:], places.size], strict=True):
        start, stop = int(places[a]), int(places[b - 1])
        step = -1 if stop < start else 1
        end = stop + step
        pieces.append((slice(start, None if end < 0 else end, step), slice(a, b)))
    return axis, pieces


_RUN = 400
"""So many elements are added one by one in the time that it takes to begin a run."""


def _is_basic(index: Any) -> bool:
    """Whether an index selects every place at most once (no integer arrays)."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer, bool))
        for part in parts
    ) or (isinstance(index, np.ndarray) and index.dtype == np.bool_)


def scatter_along_axis(x: Any, indices: Any, axis: int, length: int) -> Any:
    """Zeros with ``x`` added along an axis at places, repeated ones adding up.

    Args:
        x: what is added.
        indices: places along the axis, of the shape of ``x``.
        axis: the axis.
        length: of the axis in the result.

    Returns:
        An array of the shape of ``x`` but for that length.

    Raises:
        IndexError: a place is out of range.

    Example:
        >>> scatter_along_axis(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 0]), 0, 3).tolist()
        [5.0, 0.0, 2.0]
    """
    axis %= x.ndim
    shape = (*x.shape[:axis], length, *x.shape[axis + 1 :])
    if indices.size and (int(indices.min()) < -length or int(indices.max()) >= length):
        raise IndexError(f"a place is out of range for an axis of length {length}")
    place = (
        np.where(indices < 0, indices + length, indices) if indices.min(initial=0) < 0 else indices
    )
    lead, trail = math.prod(shape[:axis]), math.prod(shape[axis + 1 :])
    place = np.broadcast_to(place, x.shape).reshape(lead, x.shape[axis], trail)
    flat = place + np.arange(lead)[:, None, None] * length
    if trail != 1:
        flat = flat * trail + np.arange(trail)
    # In float16 a sum of many equal numbers stands still after 2048 of them.
    result = np.zeros(shape, np.float32 if x.dtype.char == "e" else x.dtype)
    np.add.at(result.reshape(-1), flat.ravel(), x.ravel())
    return result.astype(x.dtype, copy=False)


def index_max(x: Any, index: Any, v: Any) -> Any:
    """A copy of ``x`` with the larger of what was there and ``v`` at ``index``."""
    result = np.array(x, dtype=np.result_type(x, v))
    np.maximum.at(result, index, v)
    return result


def index_min(x: Any, index: Any, v: Any) -> Any:
    """A copy of ``x`` with the smaller of what was there and ``v`` at ``index``."""
    result = np.array(x, dtype=np.result_type(x, v))
    np.minimum.at(result, index, v)
    return result


def last_writers(index: Any, shape: tuple[int, ...], count: int) -> Any:
    """Which of the elements written at an index remain, the last write to a place winning."""
    met = np.zeros(shape, bool)
    met[index] = True
    chosen = met[index].shape
    if np.count_nonzero(met) == math.prod(chosen):
        return np.ones(chosen, bool)
    places = np.full(shape, -1, dtype=np.intp)
    order = np.arange(count, dtype=np.intp).reshape(chosen)
    places[index] = order
    return places[index] == order
