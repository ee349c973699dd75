"""Rows of a table looked up by number, and bags of them pooled, as in PyTorch."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.functions.elementwise.elementwise import maximum, where
from autodiff.functions.indexing.indexing import plain_index
from autodiff.functions.indexing.segments import segment_max, segment_sum
from autodiff.functions.reductions.reductions import max as _max
from autodiff.functions.reductions.reductions import mean
from autodiff.functions.reductions.reductions import sum as _sum
from autodiff.functions.shaping.shaping import expand_dims
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

__all__ = ["embedding", "embedding_bag"]


def embedding(
    indices: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Rows of a table by their numbers.

    Args:
        indices: integers from 0 to V - 1, of any shape.
        weight: the table, of shape (V, D).
        padding_idx: the number of a row that gets no gradient; a negative one counts from
            the end.
        max_norm: the rows that are looked up are made as short as this in the table itself,
            which must be a leaf, before they are given out; None to leave them.
        norm_type: of which norm ``max_norm`` is.
        scale_grad_by_freq: whether a row's gradient is divided by how often it was looked up.
        sparse: refused: gradients are arrays in the shape of the table.

    Returns:
        A tensor of shape (*indices.shape, D).

    Raises:
        IndexError: there is no row with that number.
        ShapeError: the table is no matrix.
        TypeError: the indices are no integers.
        ValueError: something that is not supported is asked for.

    Example:
        >>> embedding([2, 0], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).tolist()
        [[5.0, 6.0], [1.0, 2.0]]
    """
    _refuse("embedding", sparse)
    weight, places = _looked_up("embedding", indices, weight)
    _shorten("embedding", weight, places, max_norm, norm_type)
    rows = _given_out(weight, places, scale_grad_by_freq)
    pad = _row("embedding", padding_idx, weight)
    if pad is None or not rows.requires_grad:
        return rows
    counts = expand_dims(constant(places != pad), -1)
    return where(counts, rows, rows.detach())


def _given_out(weight: Any, places: Any, by_frequency: bool) -> Tensor:
    """The rows; their gradients divided by how often each is among them, if that is asked for."""
    rows: Tensor = weight[places]
    if not by_frequency or not rows.requires_grad:
        return rows
    share = constant(np.expand_dims(1 / _times(places, len(weight))[places], -1))
    share = share.astype(rows.dtype)
    fixed = rows.detach()
    return fixed + (rows - fixed) * share


def _times(places: Any, count: int, kept: Any = None) -> Any:
    """How often each of the numbers below ``count`` is among the places."""
    ones = np.ones(places.shape) if kept is None else np.where(kept, 1.0, 0.0)
    return arrays.scatter(ones, places, (count,))


def _shorten(name: str, weight: Any, places: Any, longest: float | None, p: float) -> None:
    """Make the rows that are looked up no longer than that, in the table."""
    if longest is None:
        return
    if weight.op is not None:
        raise ValueError(
            f"{name}() changes the table in place where max_norm is given, and it is a result of "
            f"{weight.op.name!r}; give the parameter itself, or leave max_norm out and use "
            "autodiff.renorm(table, ...)"
        )
    if not longest > 0 or not p > 0:
        raise ValueError(f"{name}() was given max_norm={longest}, norm_type={p}; give numbers > 0")
    table = weight._data
    asked = _times(places, len(weight)) > 0
    sizes = np.abs(table)
    norms = np.max(sizes, -1) if p == np.inf else np.sum(sizes**p, -1) ** (1 / p)
    # As in PyTorch, a little is added to the norm.
    factors = np.where(asked & (norms > longest), longest / (norms + 1e-7), 1.0)
    weight.data = np.multiply(table, np.expand_dims(factors, -1).astype(table.dtype), out=table)


def embedding_bag(
    indices: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Sums, means or largest elements over bags of rows of a table.

    Args:
        indices: numbers of rows: of shape (B, n), one bag after the other; or along one axis,
            with ``offsets``.
        weight: the table, of shape (V, D).
        offsets: where each bag begins, rising from 0; for one axis of indices only.
        max_norm: as in `embedding`.
        norm_type: of which norm ``max_norm`` is.
        scale_grad_by_freq: as in `embedding`; not with ``mode="max"``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        sparse: refused.
        per_sample_weights: factors on the rows, of the shape of ``indices``; with
            ``mode="sum"`` only.
        include_last_offset: whether the last of the offsets is the end of the last bag.
        padding_idx: the number of a row that counts in no bag.

    Returns:
        A tensor of shape (B, D); zeros for a bag of nothing.

    Raises:
        IndexError: there is no row with that number.
        ShapeError: the shapes do not fit.
        TypeError: the indices are no integers.
        ValueError: the mode is another one, or something that is not supported is asked for.

    Example:
        >>> table = [[1.0], [2.0], [5.0]]
        >>> embedding_bag([0, 1, 2], table, offsets=[0, 2], mode="sum").tolist()
        [[3.0], [5.0]]
    """
    name = "embedding_bag"
    _refuse(name, sparse)
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"{name}() knows the modes 'sum', 'mean' and 'max', not {mode!r}")
    if per_sample_weights is not None and mode != "sum":
        raise ValueError(f"{name}() takes per_sample_weights with mode='sum' only, not {mode!r}")
    if scale_grad_by_freq and mode == "max":
        raise ValueError(f"{name}() takes scale_grad_by_freq with mode='sum' or 'mean' only")
    weight, factors = operands_of((weight, per_sample_weights))
    weight, places = _looked_up(name, indices, weight)
    _shorten(name, weight, places, max_norm, norm_type)
    bags, count = _bags(name, places, offsets, include_last_offset)
    if factors is not None and factors.shape != places.shape:
        raise ShapeError(
            f"{name}() was given indices of shape {places.shape} and per_sample_weights of shape "
            f"{factors.shape}; the shapes must be equal"
        )
    pad = _row(name, padding_idx, weight)
    if places.ndim == 2 and places.size and pad is None:
        rows = _weighted(_given_out(weight, places, scale_grad_by_freq), factors)
        if mode == "max":
            return _max(rows, axis=1)
        return _sum(rows, axis=1) if mode == "sum" else mean(rows, axis=1)
    flat = places.reshape(-1)
    factors = None if factors is None else factors.reshape(-1)
    rows = _weighted(_given_out(weight, flat, scale_grad_by_freq), factors)
    kept = None if pad is None else flat != pad
    if kept is not None:
        nothing = -math.inf if mode == "max" else 0.0
        rows = where(constant(np.expand_dims(kept, -1)), rows, nothing)
    if mode == "sum":
        return segment_sum(rows, bags, count)
    half = mode == "mean" and rows.dtype == np.float16
    if half:
        # Sums and sizes end at 65504 there.
        rows = rows.astype(np.float32)
    sizes = constant(np.expand_dims(_times(bags, count, kept), -1).astype(rows.dtype))
    if mode == "mean":
        means = segment_sum(rows, bags, count) / maximum(sizes, 1)
        return means.astype(np.float16) if half else means
    return where(sizes > 0, segment_max(rows, bags, count), 0.0)


def _weighted(rows: Tensor, factors: Any) -> Tensor:
    return rows if factors is None else rows * expand_dims(factors, -1)


def _bags(name: str, places: Any, offsets: Any, ends: bool) -> tuple[Any, int]:
    """The number of the bag of every index, and how many bags there are."""
    if places.ndim == 2 and offsets is None:
        count, each = places.shape
        return np.repeat(np.arange(count), each), count
    if places.ndim != 1 or offsets is None:
        raise ShapeError(
            f"{name}() was given indices of shape {places.shape} "
            + ("without" if offsets is None else "with")
            + " offsets; give indices (B, n) without offsets, or along one axis with them"
        )
    starts = plain_index(as_operand(offsets))
    whole = starts.dtype.kind in "iu" or starts.size == 0
    bounds = starts[:-1] if ends else starts
    inside = np.arange(places.size)
    if not is_array(starts):
        # In a recorded step the offsets change from call to call.
        return np.searchsorted(bounds, inside, side="right") - 1, len(bounds)
    if starts.ndim != 1 or not whole or (starts.size and starts[0] != 0):
        raise ValueError(f"{name}() was given offsets {offsets!r}; give integers that begin with 0")
    if np.any(starts[1:] < starts[:-1]) or (starts.size and starts[-1] > places.size):
        raise ValueError(
            f"{name}() was given offsets {offsets!r} for {places.size} indices; they must rise "
            "and not go beyond these"
        )
    return np.searchsorted(bounds, inside, side="right") - 1, len(bounds)


def _looked_up(name: str, indices: Any, weight: Any) -> tuple[Any, Any]:
    weight, node = as_operand(weight), as_operand(indices)
    if weight.ndim != 2:
        raise ShapeError(f"{name}() takes a table of shape (V, D), not {weight.shape}")
    if node.dtype.kind not in "iu" and node.size:
        raise TypeError(f"{name}() needs integers as indices, but was given {node.dtype}")
    places = plain_index(node if node.size else node.astype(np.int64))
    if not is_array(places):
        # In a recorded step the indices change from call to call, and NumPy's check remains;
        # those below 0 would count from the end.
        return weight, np.where(places < 0, len(weight), places)
    if places.size:
        low, high = int(places.min()), int(places.max())
        if low < 0 or high >= len(weight):
            wrong = low if low < 0 else high
            place = tuple(int(i) for i in np.argwhere(places == wrong)[0])
            where_it_is = f", at indices[{', '.join(map(str, place))}]" if place else ""
            raise IndexError(
                f"{name}() was asked for row {wrong} of a table with {len(weight)} rows, 0 to "
                f"{len(weight) - 1}{where_it_is}"
            )
    return weight, places


def _row(name: str, number: int | None, weight: Any) -> int | None:
    if number is None:
        return None
    if not -len(weight) <= operator.index(number) < len(weight):
        raise ValueError(
            f"{name}() was given padding_idx={number} for a table with {len(weight)} rows"
        )
    return operator.index(number) % len(weight)


def _refuse(name: str, sparse: bool) -> None:
    if sparse:
        raise ValueError(
            f"{name}() does not support sparse={sparse!r}; gradients are arrays in the shape of "
            "the table"
        )
