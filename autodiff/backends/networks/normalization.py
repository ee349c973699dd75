"""Mean 0 and variance 1 along axes, and sums over all but those of factors, in few passes.

Sums are products with ones and squares products of rows with themselves, which BLAS takes in one
pass; what is as large as the operand is written in place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import Axis, normalize_axes, unbroadcast
from autodiff.ops.networks.formulas import standardized, standardized_pull

__all__ = ["scale_shift", "scaled", "standardize", "standardize_pull", "sum_products", "sum_to"]

_SHORT = 128
_BLOCK = 1 << 15


def standardize(x: Any, axis: Axis, eps: float) -> Any:
    """(x − mean) / √(var + eps) along axes.

    Example:
        >>> standardize(np.array([1.0, 3.0]), 0, 0.0).tolist()
        [-1.0, 1.0]
    """
    parts = _parts(x, axis)
    if parts is None:
        return standardized(np, x, axis, eps)
    given, y = x.reshape(parts), np.empty(parts, x.dtype)
    for rows in _blocks(parts):
        out = y[:, rows]
        deviation = _centred(given[:, rows], eps, out)
        _multiply(out, 1.0 / deviation, out)
    return y.reshape(x.shape)


def standardize_pull(g: Any, y: Any, x: Any, axis: Axis, eps: float) -> Any:
    """What x receives of the cotangent g of its `standardize`, y.

    Example:
        >>> x = np.array([1.0, 3.0])
        >>> standardize_pull(np.array([1.0, 0.0]), np.array([-1.0, 1.0]), x, 0, 0.0).tolist()
        [0.0, 0.0]
    """
    parts = _parts(x, axis)
    if parts is None or g.dtype != x.dtype or g.shape != x.shape:
        return standardized_pull(np, g, y, x, axis, eps)
    count, found = parts[0] * parts[2], np.empty(parts, x.dtype)
    all_x, all_g, all_y = (np.ascontiguousarray(a).reshape(parts) for a in (x, g, y))
    for rows in _blocks(parts):
        out, part, result = found[:, rows], all_g[:, rows], all_y[:, rows]
        deviation = _centred(all_x[:, rows], eps, out)
        _multiply(result, _dots(part, result) / -count, out)
        np.add(out, part, out=out)
        _subtract(out, _sums(part) / count, out)
        _multiply(out, 1.0 / deviation, out)
    return found.reshape(x.shape)


def scale_shift(x: Any, w: Any, b: Any) -> Any:
    """x · w + b, with w and b repeated along axes of x.

    Example:
        >>> scale_shift(np.array([1.0, 2.0]), np.array(3.0), np.array(0.5)).tolist()
        [3.5, 6.5]
    """
    parts = _around(x, w.shape) if w.shape == b.shape and w.dtype == b.dtype == x.dtype else None
    if parts is None or np.broadcast_shapes(x.shape, w.shape) != x.shape:
        return x * w + b
    y = np.empty(parts, x.dtype)
    _multiply(x.reshape(parts), w.reshape(-1), y)
    _along(np.add, y, b.reshape(-1), y)
    return y.reshape(x.shape)


def scaled(g: Any, w: Any) -> Any:
    """g · w, with w repeated along axes of g.

    Example:
        >>> scaled(np.array([1.0, 2.0]), np.array(3.0)).tolist()
        [3.0, 6.0]
    """
    parts = _around(g, w.shape) if w.dtype == g.dtype else None
    if parts is None:
        return g * w
    found = np.empty(parts, g.dtype)
    _multiply(g.reshape(parts), w.reshape(-1), found)
    return found.reshape(g.shape)


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """``g`` summed over the axes along which an operand of a shape was repeated.

    Example:
        >>> sum_to(np.ones((2, 3, 2)), (3, 1)).tolist()
        [[4.0], [4.0], [4.0]]
    """
    parts = _around(g, shape)
    return unbroadcast(np, g, shape) if parts is None else _sums(g.reshape(parts)).reshape(shape)


def sum_products(g: Any, x: Any, shape: tuple[int, ...]) -> Any:
    """``g * x`` summed over the axes along which an operand of a shape was repeated.

    Example:
        >>> sum_products(np.ones((2, 3, 2)), np.full((2, 3, 2), 2.0), (3, 1)).tolist()
        [[8.0], [8.0], [8.0]]
    """
    parts = _around(g, shape)
    if parts is None or x.dtype != g.dtype or x.shape != g.shape:
        return unbroadcast(np, g * x, shape)
    return _dots(g.reshape(parts), np.ascontiguousarray(x).reshape(parts)).reshape(shape)


def _parts(x: Any, axis: Axis) -> tuple[int, int, int] | None:
    """The array as (before, kept, after), where sums go over the first and the last."""
    if x.dtype.char not in "fd" or not x.size or not x.flags.c_contiguous:
        return None
    return _split(x.shape, axis)


@lru_cache(maxsize=512)
def _split(shape: tuple[int, ...], axis: Axis) -> tuple[int, int, int] | None:
    reduced = normalize_axes(axis, len(shape))
    kept = [i for i in range(len(shape)) if i not in reduced]
    start, end = (kept[0], kept[-1] + 1) if kept else (0, 0)
    if len(kept) != end - start:
        return None
    return math.prod(shape[:start]), math.prod(shape[start:end]), math.prod(shape[end:])


def _around(g: Any, shape: tuple[int, ...]) -> tuple[int, int, int] | None:
    axes = _repeated(g.shape, shape)
    return _parts(g, axes) if axes else None


@lru_cache(maxsize=512)
def _repeated(full: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The axes along which an operand of a shape is repeated."""
    own = (1,) * (len(full) - len(shape)) + shape
    return tuple(i for i, (n, m) in enumerate(zip(own, full, strict=True)) if n != m)


def _sums(x: Any) -> Any:
    if x.shape[2] == 1:
        return np.add.reduce(x[:, :, 0], 0)
    rows = np.matmul(x, np.ones(x.shape[2], x.dtype))
    return rows[0] if len(rows) == 1 else np.add.reduce(rows, 0)


def _dots(x: Any, y: Any) -> Any:
    if x.shape[2] == 1:
        return np.einsum("nc,nc->c", x[:, :, 0], y[:, :, 0])
    rows = np.vecdot(x, y)
    return rows[0] if len(rows) == 1 else np.add.reduce(rows, 0)


def _centred(x: Any, eps: float, out: Any) -> Any:
    """√(var + eps) of each of the middle axis; ``out`` becomes x less the mean."""
    count = x.shape[0] * x.shape[2]
    _subtract(x, _sums(x) / count, out)
    return np.sqrt(_dots(out, out) / count + eps)


def _blocks(parts: tuple[int, int, int]) -> Iterator[slice]:
    """So many rows at a time that all that is done with them is done in the cache."""
    before, rows, after = parts
    step = max(_BLOCK // after, 1) if before == 1 else rows
    for start in range(0, rows, step):
        yield slice(start, start + step)


def _subtract(x: Any, v: Any, out: Any) -> None:
    _along(np.subtract, x, v, out)


def _multiply(x: Any, v: Any, out: Any) -> None:
    _along(np.multiply, x, v, out)


def _along(function: Any, x: Any, v: Any, out: Any) -> None:
    """A function of each element and the number of its place on the middle axis."""
    before, _, after = x.shape
    v = v.astype(x.dtype, copy=False)
    if before > 1 and after < _SHORT:
        # Rows that are long enough for the loop over them to cost nothing.
        row = np.repeat(v, after) if after > 1 else v
        function(x.reshape(before, -1), row, out=out.reshape(before, -1))
    else:
        function(x, v[:, None], out=out)
