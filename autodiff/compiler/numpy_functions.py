"""The rows of NumPy's functions beside the ufuncs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.compiler.instructions import Instruction

__all__ = ["MEAN", "NUMPY", "PLAIN", "TRANSPOSE"]

PLAIN = {np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj}
"""Functions of shapes and dtypes only, which a recording need not note."""


def _rows(*functions: Callable[..., Any], **row: Any) -> dict[Any, Instruction]:
    return {f: Instruction(f.__name__, "numpy", f, **row) for f in functions}


def _others(without_entry: str, *functions: Callable[..., Any], **row: Any) -> Any:
    return _rows(*functions, without_entry=without_entry, **row)


def _padded(x: Any, pad_width: Any, *mode: Any, **settings: Any) -> Any:
    """`numpy.pad`, a border of one value in a tenth of its time."""
    value = settings.get("constant_values", 0.0)
    if mode or len(settings) > ("constant_values" in settings) or np.ndim(value):
        return np.pad(x, pad_width, *mode, **settings)
    return arrays.pad(x, pad_width, value)


NUMPY: dict[Any, Instruction] = {
    **_rows(np.transpose, is_view=True, moves_axes=True),
    **_others("movement", np.swapaxes, np.moveaxis, is_view=True, moves_axes=True),
    **_rows(np.reshape, np.expand_dims, np.squeeze, np.broadcast_to, np.flip, is_view=True),
    **_rows(np.real, np.imag, is_view=True),
    **_others("movement", np.ravel, np.diagonal, is_view=True),
    **_rows(np.mean, np.var, np.std, np.sum, np.prod, takes_out=True, all_axes=True),
    **_rows(np.max, np.min, takes_out=True, all_axes=True),
    **_rows(np.concatenate, np.stack, np.clip, np.cumsum, np.cumprod, takes_out=True),
    **_others("positions", np.argmax, np.argmin, takes_out=True),
    **_others("reduction", np.any, np.all, np.trace, takes_out=True),
    **_others("product", np.dot, np.outer, takes_out=True),
    **_others("movement", np.take, takes_out=True),
    **_others("rounding to decimals", np.round, takes_out=True),
    **_rows(np.where, np.einsum, np.roll, np.inner, np.convolve),
    np.pad: Instruction("pad", "numpy", _padded),
    **_rows(np.sort, np.partition, np.take_along_axis),
    **_others("constants", np.zeros_like, np.ones_like, np.full_like),
    **_others("movement", np.copy, np.tile, np.repeat),
    **_others("a choice by position", np.tril, np.triu),
    **_others("a choice", np.nan_to_num),
    **_others("product", np.vdot, np.tensordot),
    **_others("positions", np.argsort, np.argpartition, np.searchsorted, np.digitize, np.lexsort),
    **_others("comparison", np.isin, np.isclose),
    **_others("differences of neighbours", np.diff),
    **_others("reduction", np.count_nonzero),
    np.linalg.norm: Instruction("linalg.norm", "numpy", np.linalg.norm, without_entry="reduction"),
}
"""The functions of NumPy that are understood beside the ufuncs.

What is no view, and takes no memory, gives an array of its own, its shape depending on shapes
only.
"""

MEAN, TRANSPOSE = NUMPY[np.mean], NUMPY[np.transpose]
