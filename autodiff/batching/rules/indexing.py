"""Elements at an index, for every index that NumPy accepts."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.batching.array import BatchedArray
from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES
from autodiff.errors import BatchingError

__all__ = ["updated"]


@dataclass(frozen=True, slots=True)
class _Index:
    """An index into the array of all examples, and where NumPy puts the examples' axis.

    ``block`` is where the axes of the integer arrays stand in the result for one example,
    ``count`` how many they are; NumPy has put them first, after the examples' axis if
    ``examples`` is 0.
    """

    index: tuple[Any, ...]
    examples: int
    count: int
    block: int


def _getitem(batch: Batch, x: Any, index: Any) -> Any:
    """Elements of every example."""
    parts = _spelled_out(index, ndim_of(x))
    if parts is None:
        return looped(batch, _item, x, index)
    at = _indexed(batch, parts)
    return batch.wrap(_for_one(batch.spread(x)[at.index], at))


def updated(batch: Batch, function: Any, x: Any, index: Any, v: Any) -> Any:
    """A function ``f(x, index, v)`` that gives a changed copy, for every example."""
    parts = _spelled_out(index, ndim_of(x))
    if parts is None:
        return looped(batch, function, x, index, v)
    at = _indexed(batch, parts)
    target = batch.spread(x)
    shape = _for_one(np.broadcast_to(np.int8(0), target.shape)[at.index], at).shape
    given = np.broadcast_to(batch.aligned(v, len(shape) - 1), shape)
    return batch.wrap(function(target, at.index, _for_all(given, at)))


def _item(x: Any, index: Any) -> Any:
    return x[index]


def _spelled_out(given: Any, ndim: int) -> list[Any] | None:
    """The parts of an index, one for each axis or new axis; None if there is an odd one."""
    parts = list(given) if isinstance(given, tuple) else [given]
    found: list[Any] = []
    for part in parts:
        if isinstance(part, (bool, np.bool_)):
            return None
        if getattr(part, "dtype", None) == np.bool_:
            if isinstance(part, BatchedArray):
                raise BatchingError(
                    "within vmap an index of booleans differs from example to example, and so "
                    "would the shape of the result; choose with autodiff.where instead"
                )
            if not part.ndim:
                return None
            found.extend(np.nonzero(part))
        else:
            found.append(np.asarray(part) if isinstance(part, list) else part)
    used = sum(part is not None and part is not Ellipsis for part in found)
    rest = [slice(None)] * (ndim - used)
    if any(part is Ellipsis for part in found):
        at = next(i for i, part in enumerate(found) if part is Ellipsis)
        return found[:at] + rest + found[at + 1 :]
    return found + rest


def _indexed(batch: Batch, parts: list[Any]) -> _Index:
    arrays = [part for part in parts if hasattr(part, "shape")]
    if not arrays:
        return _Index((slice(None), *parts), 0, 0, 0)
    count = max(map(ndim_of, arrays))
    # Beside arrays a single integer counts as one.
    picks = [i for i, part in enumerate(parts) if part is not None and not _is_slice(part)]
    together = picks[-1] - picks[0] == len(picks) - 1
    block = picks[0] if together else 0
    if not any(map(batch.holds, arrays)):
        return _Index((slice(None), *parts), 0 if together else count, 0, 0)
    examples = np.arange(batch.size).reshape((-1,) + (1,) * count)
    return _Index((examples, *(batch.aligned(part, count) for part in parts)), 0, count, block)


def _is_slice(part: Any) -> bool:
    return isinstance(part, slice)


def _for_one(found: Any, at: _Index) -> Any:
    """What NumPy gives, with the examples' axis first and the others as for one example."""
    if at.examples:
        return np.moveaxis(found, at.examples, 0)
    if at.block:
        return np.moveaxis(found, *_blocks(at))
    return found


def _for_all(given: Any, at: _Index) -> Any:
    """The reverse: in the order in which NumPy takes what is put to an index."""
    if at.examples:
        return np.moveaxis(given, 0, at.examples)
    if at.block:
        return np.moveaxis(given, *reversed(_blocks(at)))
    return given


def _blocks(at: _Index) -> tuple[tuple[int, ...], tuple[int, ...]]:
    first = tuple(range(1, 1 + at.count))
    return first, tuple(i + at.block for i in first)


RULES[operator.getitem] = _getitem
