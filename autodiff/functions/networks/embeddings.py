"""Rows of a table looked up by number, and bags of them pooled, as in PyTorch."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.functions.elementwise.elementwise import maximum, where
from autodiff.functions.indexing.indexing import plain_index
from autodiff.functions.indexing.segments import segment_max, segment_sum
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
        max_norm: refused: it changes the table. Renormalise it between steps instead.
        norm_type: of no effect without ``max_norm``.
        scale_grad_by_freq: refused.
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
    _refuse("embedding", max_norm=max_norm, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
    weight, places = _looked_up("embedding", indices, weight)
    rows = weight[places]
    pad = _row("embedding", padding_idx, weight)
    if pad is None or not rows.requires_grad:
        return rows  # type: ignore[no-any-return]
    counts = expand_dims(constant(places != pad), -1)
    return where(counts, rows, rows.detach())


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
        max_norm: refused, as in `embedding`.
        norm_type: of no effect without ``max_norm``.
        scale_grad_by_freq: refused.
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
    _refuse(name, max_norm=max_norm, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"{name}() knows the modes 'sum', 'mean' and 'max', not {mode!r}")
    if per_sample_weights is not None and mode != "sum":
        raise ValueError(f"{name}() takes per_sample_weights with mode='sum' only, not {mode!r}")
    weight, factors = operands_of((weight, per_sample_weights))
    weight, places = _looked_up(name, indices, weight)
    bags, count = _bags(name, places, offsets, include_last_offset)
    if factors is not None and factors.shape != places.shape:
        raise ShapeError(
            f"{name}() was given indices of shape {places.shape} and per_sample_weights of shape "
            f"{factors.shape}; the shapes must be equal"
        )
    flat = places.reshape(-1)
    factors = None if factors is None else factors.reshape(-1)
    pad = _row(name, padding_idx, weight)
    if pad is not None:
        kept = np.flatnonzero(flat != pad)
        flat, bags = flat[kept], bags[kept]
        factors = None if factors is None else factors[kept]
    rows = weight[flat]
    if factors is not None:
        rows = rows * expand_dims(factors, -1)
    if mode == "sum":
        return segment_sum(rows, bags, count)
    half = mode == "mean" and rows.dtype == np.float16
    if half:
        # Sums and sizes end at 65504 there.
        rows = rows.astype(np.float32)
    sizes = constant(np.bincount(bags, minlength=count)[:, None].astype(rows.dtype))
    if mode == "mean":
        means = segment_sum(rows, bags, count) / maximum(sizes, 1)
        return means.astype(np.float16) if half else means
    return where(sizes > 0, segment_max(rows, bags, count), 0.0)


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
    starts = np.asarray(plain_index(as_operand(offsets)))
    whole = starts.dtype.kind in "iu" or starts.size == 0
    bounds = starts[:-1] if ends else starts
    if starts.ndim != 1 or not whole or (starts.size and starts[0] != 0):
        raise ValueError(f"{name}() was given offsets {offsets!r}; give integers that begin with 0")
    if np.any(starts[1:] < starts[:-1]) or (starts.size and starts[-1] > places.size):
        raise ValueError(
            f"{name}() was given offsets {offsets!r} for {places.size} indices; they must rise "
            "and not go beyond these"
        )
    return np.searchsorted(bounds, np.arange(places.size), side="right") - 1, len(bounds)


def _looked_up(name: str, indices: Any, weight: Any) -> tuple[Any, Any]:
    weight, node = as_operand(weight), as_operand(indices)
    if weight.ndim != 2:
        raise ShapeError(f"{name}() takes a table of shape (V, D), not {weight.shape}")
    if node.dtype.kind not in "iu" and node.size:
        raise TypeError(f"{name}() needs integers as indices, but was given {node.dtype}")
    places = plain_index(node if node.size else node.astype(np.int64))
    # In a recorded step the indices change from call to call; NumPy's check remains.
    if is_array(places) and places.size:
        low, high = int(places.min()), int(places.max())
        if low < 0 or high >= len(weight):
            raise IndexError(
                f"{name}() was asked for row {low if low < 0 else high} of a table with "
                f"{len(weight)} rows, 0 to {len(weight) - 1}"
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


def _refuse(name: str, **settings: Any) -> None:
    for what, given in settings.items():
        if given is not None and given is not False:
            hint = {
                "max_norm": "scale rows that are too long between the steps",
                "scale_grad_by_freq": "divide the gradient by autodiff.bincount(indices)",
                "sparse": "gradients are arrays in the shape of the table",
            }[what]
            raise ValueError(f"{name}() does not support {what}={given!r}; {hint}")
