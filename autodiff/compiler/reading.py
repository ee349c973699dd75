"""What functions are given while a step is recorded: stand-ins looked through, settings named."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.compiler.proxy import TraceArray

__all__ = ["is_mask", "named_reduction", "value_of"]

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


def is_mask(index: Any) -> bool:
    """Whether an index has an array of booleans among its parts."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(p, TraceArray) and p.dtype == np.bool_ for p in parts)


def named_reduction(inputs: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
    """The operand of a reduction, and all its settings by name, without those left out."""
    named = dict(zip(_REDUCTION_ARGS, inputs[1:], strict=False)) | kwargs
    kept = {k: v for k, v in named.items() if v is not None or k == "axis"}
    if kept.get("keepdims") is False:
        del kept["keepdims"]
    return inputs[:1], kept
