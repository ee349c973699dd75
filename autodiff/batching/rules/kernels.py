"""The library's own functions of arrays, by their names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kernels import SPECIAL_FUNCTIONS
from autodiff.batching.array import BatchedArray
from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.axes import shifted_one
from autodiff.batching.rules.indexing import updated
from autodiff.batching.rules.ufuncs import elementwise
from autodiff.batching.table import RULES
from autodiff.ops.networks import formulas


def _along_axis(batch: Batch, function: Any, *args: Any, axis: int = -1) -> Any:
    operands = [x for x in args if hasattr(x, "shape")]
    along = args[len(operands)] if len(args) > len(operands) else axis
    ndim = ndim_of(operands[0])
    return batch.wrap(function(*map(batch.spread, operands), shifted_one(along, ndim)))


def _of_every_example(batch: Batch, function: Any, *operands: Any) -> Any:
    return batch.wrap(function(*map(batch.spread, operands)))


def _strong_zero(batch: Batch, function: Any, g: Any, product: Any) -> Any:
    return np.where(np.equal(g, 0), np.zeros((), product.dtype), product)


def _one_hot(batch: Batch, function: Any, indices: Any, classes: int, axis: int, *rest: Any) -> Any:
    return batch.wrap(function(indices.value, classes, axis + 1, *rest))


def _power(batch: Batch, function: Any, a: Any, b: Any) -> Any:
    if batch.holds(a) and not isinstance(b, BatchedArray) and not np.ndim(b):
        return batch.wrap(arrays.power(a.value, b))
    return elementwise(batch, np.power, a, b)


def _require_finite(batch: Batch, function: Any, x: Any) -> None:
    function(x.value)


def _scatter(batch: Batch, function: Any, x: Any, index: Any, shape: Any) -> Any:
    return updated(batch, arrays.index_add, np.zeros(shape, x.dtype), index, x)


def _add_at(batch: Batch, function: Any, target: Any, index: Any, v: Any) -> None:
    found = updated(batch, arrays.index_add, target, index, v)
    target.replace(found)


def _updated(batch: Batch, function: Any, x: Any, index: Any, v: Any) -> Any:
    return updated(batch, function, x, index, v)


def _scatter_along_axis(
    batch: Batch, function: Any, x: Any, indices: Any, axis: int, length: int
) -> Any:
    along = shifted_one(axis, ndim_of(x))
    return batch.wrap(function(batch.spread(x), batch.spread(indices), along, length))


def _at_labels(
    batch: Batch, function: Any, a: Any, b: Any, labels: Any, axis: int, ignored: Any
) -> Any:
    along = shifted_one(axis, ndim_of(labels) + 1)
    return batch.wrap(function(*map(batch.spread, (a, b, labels)), along, ignored))


def _standardize(batch: Batch, function: Any, x: Any, axis: Any, eps: float) -> Any:
    return formulas.standardized(arrays, x, axis, eps)


def _standardize_pull(batch: Batch, function: Any, g: Any, x: Any, axis: Any, eps: float) -> Any:
    return formulas.standardized_pull(arrays, g, x, axis, eps)


def _affine_standardize(
    batch: Batch, function: Any, x: Any, w: Any, b: Any, axis: Any, eps: float
) -> Any:
    return formulas.standardized(arrays, x, axis, eps) * w + b


def _affine_standardize_packed(
    batch: Batch, function: Any, g: Any, x: Any, w: Any, axis: Any, eps: float
) -> Any:
    parts = formulas.affine_shares(arrays, g, x, w, axis, eps)
    return np.concatenate([np.reshape(part, (-1,)) for part in parts])


def _mean_variance(batch: Batch, function: Any, x: Any, axis: Any) -> Any:
    return np.stack([np.mean(x, axis), np.var(x, axis)])


def _short_rows(batch: Batch, function: Any, x: Any, axis: int) -> Any:
    return x


RULES.update(
    {
        **dict.fromkeys(SPECIAL_FUNCTIONS, elementwise),
        "add_at": _add_at,
        "affine_standardize": _affine_standardize,
        "affine_standardize_packed": _affine_standardize_packed,
        "banded_recurrence": _of_every_example,
        "cummax": _along_axis,
        "cummin": _along_axis,
        "index_add": _updated,
        "index_max": _updated,
        "index_min": _updated,
        "index_set": _updated,
        "label_loss": _at_labels,
        "linear_recurrence": _along_axis,
        "log_banded_recurrence": _of_every_example,
        "logcumsumexp": _along_axis,
        "lstm_adjoint": _of_every_example,
        "lstm_recurrence": _of_every_example,
        "make_complex": elementwise,
        "mean_variance": _mean_variance,
        "one_hot": _one_hot,
        "power": _power,
        "require_finite": _require_finite,
        "scatter": _scatter,
        "scatter_along_axis": _scatter_along_axis,
        "short_rows": _short_rows,
        "silu": elementwise,
        "standardize": _standardize,
        "standardize_pull": _standardize_pull,
        "strong_zero": _strong_zero,
        "subtract_label": _at_labels,
    }
)
