"""Functions that act on each element alone and are no ufuncs."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching.batch import Batch
from autodiff.batching.rules.ufuncs import elementwise
from autodiff.batching.table import RULES


def _like(batch: Batch, function: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    shape = kwargs.pop("shape", None)
    if shape is not None:
        return function(np.empty((), x.dtype), *args, shape=shape, **kwargs)
    return batch.wrap(function(x.value, *args, **kwargs))


def _full_like(batch: Batch, function: Any, x: Any, fill: Any, dtype: Any = None) -> Any:
    start = np.zeros_like(x, dtype=dtype)
    return (start + fill).astype(start.dtype)


RULES.update(
    dict.fromkeys(
        (
            np.where,
            np.real,
            np.imag,
            np.angle,
            np.round,
            np.around,
            np.fix,
            np.sinc,
            np.i0,
            np.nan_to_num,
            np.isclose,
            np.iscomplex,
            np.isreal,
            np.isneginf,
            np.isposinf,
        ),
        elementwise,
    )
    | {
        np.zeros_like: _like,
        np.ones_like: _like,
        np.empty_like: _like,
        np.copy: lambda batch, function, x, *args, **kwargs: x.copy(),
        np.full_like: _full_like,
    }
)
