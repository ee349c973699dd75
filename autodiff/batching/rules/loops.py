"""Example by example: right for every function whose results have equal shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.array import BatchedArray
from autodiff.batching.batch import Batch
from autodiff.batching.table import RULES
from autodiff.errors import BatchingError

__all__ = ["looped"]


def looped(batch: Batch, function: Any, *args: Any, **kwargs: Any) -> Any:
    """Carry out a function for one example after the other, and stack the results.

    Args:
        batch: the batch that is taken apart.
        function: of arrays.
        *args: its arguments, also nested.
        **kwargs: its keyword arguments.

    Returns:
        An array of the batch; or a tuple or list of them, as the function gives.

    Raises:
        BatchingError: the results have different shapes.
    """
    if batch.size:
        results = [
            function(*_example(batch, args, i), **_example(batch, kwargs, i))
            for i in range(batch.size)
        ]
        return _stacked(batch, function, results)
    # Without examples the shape of a result is that for zeros.
    shape = function(*_example(batch, args, None), **_example(batch, kwargs, None))
    return _stacked(batch, function, [shape], slice(0, 0))


def _example(batch: Batch, given: Any, i: int | None) -> Any:
    if isinstance(given, BatchedArray):
        if given.interpreter is not batch:
            return given
        return np.zeros(given.shape, given.dtype) if i is None else given.value[i]
    if isinstance(given, dict):
        return {key: _example(batch, part, i) for key, part in given.items()}
    if isinstance(given, (tuple, list)):
        return _like(given, [_example(batch, part, i) for part in given])
    return given


def _like(given: Any, parts: list[Any]) -> Any:
    if isinstance(given, list):
        return parts
    return type(given)(*parts) if hasattr(given, "_fields") else tuple(parts)


def _stacked(batch: Batch, function: Any, results: list[Any], kept: slice = slice(None)) -> Any:
    first = results[0]
    if isinstance(first, (tuple, list)):
        columns = zip(*results, strict=True)
        return _like(first, [_stacked(batch, function, list(column), kept) for column in columns])
    if first is None:
        return None
    shapes = {np.shape(result) for result in results}
    if len(shapes) > 1:
        name = getattr(function, "__name__", str(function))
        raise BatchingError(
            f"{name!r} gives results of different shapes for the examples of a batch within vmap "
            f"({', '.join(map(str, sorted(shapes)))}), which cannot be one array; use a function "
            "whose shape depends on shapes only, such as autodiff.where instead of a mask"
        )
    return batch.wrap(np.stack(results)[kept])


RULES.otherwise = looped
