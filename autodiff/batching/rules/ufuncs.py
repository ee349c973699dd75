"""NumPy's ufuncs: elementwise by aligning the axes, reductions with the axis shifted."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.kinds import is_plain
from autodiff.batching.array import BatchedArray
from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.axes import shifted, shifted_one
from autodiff.batching.rules.linear import matmul
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES
from autodiff.errors import BatchingError

__all__ = ["elementwise"]

_REDUCTION = ("axis", "dtype", "out", "keepdims", "initial", "where")


def _carried_out(batch: Batch, ufunc: Any, method: str, inputs: Any, kwargs: Any) -> Any:
    """A ufunc on all examples.

    Args:
        batch: the batch.
        ufunc: NumPy's.
        method: how it was called: ``"__call__"``, ``"reduce"`` and so on.
        inputs: its operands.
        kwargs: its options.
    """
    out = kwargs.pop("out", None)
    target = out[0] if isinstance(out, tuple) else out
    if method == "__call__" and ufunc.signature is None:
        result = elementwise(batch, ufunc, *inputs, **kwargs)
    elif method == "__call__" and ufunc is np.matmul and not kwargs:
        result = matmul(batch, ufunc, *inputs)
    elif method == "reduce":
        result = _reduced(batch, ufunc, inputs, kwargs)
    elif method == "accumulate":
        result = _accumulated(batch, ufunc, *inputs, **kwargs)
    else:
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        result = looped(batch, function, *inputs, **kwargs)
    return result if target is None else _written(target, result)


def elementwise(batch: Batch, function: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of each element alone, its operands broadcast against each other."""
    if function is np.multiply and not kwargs and all(map(batch.holds, args)):
        found = _outer(batch, *args)
        if found is not None:
            return found
    top = max(map(ndim_of, args))
    if "where" in kwargs:
        top = max(top, ndim_of(kwargs["where"]))
        kwargs["where"] = batch.aligned(kwargs["where"], top)
    result = function(*(batch.aligned(x, top) for x in args), **kwargs)
    return tuple(map(batch.wrap, result)) if isinstance(result, tuple) else batch.wrap(result)


def _outer(batch: Batch, a: Any, b: Any) -> Any:
    """The product of a column and a row; None if they are others."""
    if a.shape[1:] != (1,) or not b.ndim or b.shape[:-1] not in ((), (1,)):
        return None
    column, row = a.value, b.value
    if not all(is_plain(x) and x.dtype.kind in "fc" for x in (column, row)):
        return None
    return batch.outer(column, row.reshape(batch.size, 1, b.shape[-1]))


def _reduced(batch: Batch, ufunc: Any, inputs: Any, kwargs: Any) -> Any:
    x, *given = inputs
    named = dict(zip(_REDUCTION, given, strict=False)) | kwargs
    named.pop("out", None)
    named = {k: v for k, v in named.items() if v is not None or k == "axis"}
    if not batch.holds(x) or ndim_of(named.get("initial", 0)):
        return looped(batch, ufunc.reduce, x, **named)
    named["axis"] = shifted(named.get("axis", 0), x.ndim)
    if "where" in named:
        named["where"] = batch.aligned(named["where"], x.ndim)
    if batch.holds(named.get("initial")):
        return looped(batch, ufunc.reduce, *inputs, **kwargs)
    return batch.wrap(ufunc.reduce(x.value, **named))


def _accumulated(batch: Batch, ufunc: Any, x: Any, axis: int = 0, dtype: Any = None) -> Any:
    return batch.wrap(ufunc.accumulate(x.value, shifted_one(axis, x.ndim), dtype))


def _written(target: Any, result: Any) -> Any:
    if not isinstance(target, BatchedArray) or target.shape != result.shape:
        raise BatchingError(
            f"within vmap a result of shape {result.shape} for every example was to be written "
            f"into an array of shape {target.shape}, which is the same for all or too small"
        )
    target.replace(result.astype(target.dtype, copy=False))
    return target


RULES[np.ufunc] = _carried_out
