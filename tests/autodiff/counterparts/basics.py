"""Counterparts of the structural entries that every program uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _scatter(x: Any, index: Any, shape: Any) -> Any:
    result = np.zeros(shape, x.dtype)
    np.add.at(result, index, x)
    return result


def _index_add(x: Any, v: Any, index: Any) -> Any:
    result = x.copy()
    np.add.at(result, index, v)
    return result


def _index_set(x: Any, v: Any, index: Any) -> Any:
    result = x.copy()
    result[index] = v
    return result


def _exclusive_product(x: Any) -> Any:
    n = x.shape[-1]
    columns = [np.prod(np.delete(x, i, axis=-1), axis=-1) for i in range(n)]
    return np.stack(columns, axis=-1) if n else x


def _softmax(x: Any, axis: Any = -1) -> Any:
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def _corrected(function: Callable[..., Any]) -> Callable[..., Any]:
    def corrected(x: Any, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Any:
        return function(x, axis=axis, ddof=correction, keepdims=keepdims)

    return corrected


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "reshape": lambda x, shape: np.reshape(x, shape),
    "transpose": lambda x, axes=None: np.transpose(x, axes),
    "expand_dims": np.expand_dims,
    "squeeze": np.squeeze,
    "broadcast_to": np.broadcast_to,
    "flip": np.flip,
    "roll": np.roll,
    "pad": lambda x, pad_width, value=0.0: np.pad(x, pad_width, constant_values=value),
    "astype": lambda x, dtype: x.astype(dtype),
    "concatenate": lambda *operands, axis=0: np.concatenate(operands, axis),
    "stack": lambda *operands, axis=0: np.stack(operands, axis),
    "sum": np.sum,
    "mean": np.mean,
    "var": _corrected(np.var),
    "std": _corrected(np.std),
    "max": np.max,
    "min": np.min,
    "prod": np.prod,
    "cumsum": np.cumsum,
    "exclusive_product": _exclusive_product,
    "logsumexp": _logsumexp,
    "softmax": _softmax,
    "log_softmax": lambda x, axis=-1: np.log(_softmax(x, axis)),
    "softmax_cross_entropy": lambda z, y, axis=-1: -np.sum(y * np.log(_softmax(z, axis)), axis),
    "matmul": np.matmul,
    "inner": np.inner,
    "einsum": lambda *operands, subscripts: np.einsum(subscripts, *operands),
    "getitem": lambda x, index: x[index],
    "scatter": _scatter,
    "index_add": _index_add,
    "index_set": _index_set,
}
