"""What functions are given while a step is recorded: stand-ins looked through, settings named."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.compiler.trace_array import TraceArray

__all__ = ["masks_in", "named_reduction", "value_of"]

_REDUCTION_ARGS = ("axis", "dtype", "out", "keepdims", "initial", "where")


def value_of(x: Any) -> Any:
    """The real array behind an argument, also inside tuples and lists."""
    if isinstance(x, TraceArray):
        return x.value
    if isinstance(x, tuple):
        return tuple(value_of(v) for v in x)
    if isinstance(x, list):
        return [value_of(v) for v in x]
    return x


def masks_in(index: Any) -> list[Any]:
    """The arrays of booleans among the parts of an index."""
    parts = index if isinstance(index, tuple) else (index,)
    arrays = [part for part in parts if isinstance(part, (TraceArray, np.ndarray))]
    return [array for array in arrays if array.dtype == np.bool_]


def named_reduction(inputs: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
    """The operand of a reduction, and all its settings by name, without those left out."""
    named = dict(zip(_REDUCTION_ARGS, inputs[1:], strict=False)) | kwargs
    kept = {k: v for k, v in named.items() if v is not None or k == "axis"}
    if kept.get("keepdims") is False:
        del kept["keepdims"]
    return inputs[:1], kept
