"""Adding and comparing at places, repeated ones included."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["add_at", "index_max", "index_min", "last_writers", "scatter_along_axis"]


def add_at(target: Any, index: Any, v: Any) -> None:
    """Add ``v`` into ``target`` at ``index``, repeated places adding up."""
    if _is_basic(index):
        target[index] += v
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
    place = np.where(indices < 0, indices + length, indices)
    step = 1
    flat = np.zeros((), np.intp)
    for i in reversed(range(x.ndim)):
        along = np.arange(x.shape[i]).reshape((-1,) + (1,) * (x.ndim - 1 - i))
        flat = flat + (place if i == axis else along) * step
        step *= shape[i]
    # In float16 a sum of many equal numbers stands still after 2048 of them.
    result = np.zeros(shape, np.float32 if x.dtype.char == "e" else x.dtype)
    np.add.at(result.reshape(-1), np.broadcast_to(flat, x.shape).ravel(), x.ravel())
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
    places = np.full(shape, -1, dtype=np.intp)
    chosen = places[index].shape
    order = np.arange(count, dtype=np.intp).reshape(chosen)
    places[index] = order
    return places[index] == order
