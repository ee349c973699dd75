"""The NumPy functions that a recording understands, beside the ufuncs."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["FRESH", "PLAIN", "TAKES_OUT", "VIEWS", "name_of"]

PLAIN = {np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj}
"""Functions of shapes and dtypes only, which a recording need not note."""

VIEWS = {
    np.reshape,
    np.transpose,
    np.swapaxes,
    np.moveaxis,
    np.expand_dims,
    np.squeeze,
    np.broadcast_to,
    np.ravel,
    np.flip,
    np.diagonal,
    np.real,
    np.imag,
}
"""Functions whose result may lie in the memory of their operand."""

TAKES_OUT = {
    np.concatenate,
    np.stack,
    np.clip,
    np.cumsum,
    np.cumprod,
    np.mean,
    np.var,
    np.std,
    np.sum,
    np.prod,
    np.max,
    np.min,
    np.argmax,
    np.argmin,
    np.any,
    np.all,
    np.dot,
    np.outer,
    np.take,
    np.round,
    np.trace,
}
"""Functions with a parameter ``out``."""

FRESH = {
    np.where,
    np.einsum,
    np.roll,
    np.pad,
    np.zeros_like,
    np.ones_like,
    np.full_like,
    np.copy,
    np.tile,
    np.repeat,
    np.tril,
    np.triu,
    np.inner,
    np.vdot,
    np.tensordot,
    np.sort,
    np.argsort,
    np.partition,
    np.argpartition,
    np.searchsorted,
    np.digitize,
    np.lexsort,
    np.isin,
    np.nan_to_num,
    np.take_along_axis,
    np.diff,
    np.convolve,
    np.isclose,
    np.count_nonzero,
    np.linalg.norm,
}
"""Functions that give an array of their own, its shape depending on shapes only."""


def name_of(function: Any) -> str:
    """How a NumPy function is written in the source."""
    inside = "linalg." if function is np.linalg.norm else ""
    return f"np.{inside}{function.__name__}"
