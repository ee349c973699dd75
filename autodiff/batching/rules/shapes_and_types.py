"""Questions of shapes and types, whose answer is the same for all examples."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.array import BatchedArray
from autodiff.batching.batch import Batch
from autodiff.batching.table import RULES


def _of_one(batch: Batch, function: Any, *args: Any, **kwargs: Any) -> Any:
    return function(*map(_example, args), **kwargs)


def _example(x: Any) -> Any:
    """An array in the shape and type of one example, in no memory of its own."""
    if isinstance(x, BatchedArray):
        return np.broadcast_to(np.zeros((), x.dtype), x.shape)
    return x


def _result_type(batch: Batch, function: Any, *args: Any) -> Any:
    return np.result_type(*(x.dtype if isinstance(x, BatchedArray) else x for x in args))


def _text(batch: Batch, function: Any, x: Any, *args: Any, **kwargs: Any) -> str:
    return repr(x)


RULES.update(
    dict.fromkeys((np.shape, np.ndim, np.size, np.iscomplexobj, np.isrealobj), _of_one)
    | {
        np.result_type: _result_type,
        np.can_cast: _of_one,
        np.array2string: _text,
        np.array_repr: _text,
        np.array_str: _text,
    }
)
