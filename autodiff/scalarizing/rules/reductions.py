"""Many elements to one along axes, and running results."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.ops.broadcasting import normalize_axes
from autodiff.ops.elementwise import arithmetic, exponential, selection
from autodiff.ops.networks.formulas import standardized
from autodiff.ops.primitive import Elementwise
from autodiff.scalarizing.array import ScalarArray, elements_of, objects
from autodiff.scalarizing.rules.elementwise import of_elements, recorded
from autodiff.scalarizing.table import RULES
from autodiff.values.fusions import largest, total
from autodiff.values.value import Value

__all__ = ["greatest", "least", "reduced", "summed"]


def summed(terms: list[Any]) -> Any:
    """The sum of Values and numbers as one node; numbers that are 0 are left out."""
    kept = [x for x in terms if isinstance(x, Value) or x != 0]
    if not any(isinstance(x, Value) for x in kept):
        return math.fsum(kept)
    return kept[0] if len(kept) == 1 else recorded(total(kept))


def greatest(terms: list[Any]) -> Any:
    """The largest of Values and numbers."""
    if len(terms) == 1:
        return terms[0]
    return recorded(largest(terms)) if any(isinstance(x, Value) for x in terms) else max(terms)


def least(terms: list[Any]) -> Any:
    """The smallest of Values and numbers."""
    turned = greatest([of_elements(arithmetic.negative, x) for x in terms])
    return of_elements(arithmetic.negative, turned) if len(terms) > 1 else terms[0]


def _product(terms: list[Any]) -> Any:
    found = terms[0] if terms else 1.0
    for term in terms[1:]:
        found = of_elements(arithmetic.multiply, found, term)
    return found


def reduced(
    scalarizer: Any, x: Any, reduce: Callable[[list[Any]], Any], axis: Any, keepdims: Any
) -> Any:
    """A function of a list of elements along axes."""
    given = elements_of(x)
    axes = normalize_axes(axis, given.ndim)
    kept = [i for i in range(given.ndim) if i not in axes]
    count = math.prod(given.shape[i] for i in axes)
    lengths = [given.shape[i] for i in kept]
    rows = given.transpose(*kept, *axes).reshape(math.prod(lengths), count)
    made = objects((reduce(row.tolist()) for row in rows), tuple(lengths))
    if keepdims is True:
        made = made.reshape([1 if i in axes else n for i, n in enumerate(given.shape)])
    return scalarizer.wrap(made)


def _by(reduce: Callable[[list[Any]], Any]) -> Any:
    def rule(
        scalarizer: Any,
        function: Any,
        x: Any,
        axis: Any = None,
        dtype: Any = None,
        out: Any = None,
        keepdims: Any = False,
    ) -> Any:
        if x.__class__ is not ScalarArray:
            scalarizer.unknown(function)
        return reduced(scalarizer, x, reduce, axis, keepdims)

    return rule


def _mean(
    scalarizer: Any, function: Any, x: Any, axis: Any = None, *, keepdims: Any = False
) -> Any:
    def of(terms: list[Any]) -> Any:
        return of_elements(arithmetic.divide, summed(terms), float(len(terms)))

    return reduced(scalarizer, x, of, axis, keepdims)


def _var(
    scalarizer: Any,
    function: Any,
    x: Any,
    axis: Any = None,
    *,
    ddof: float = 0,
    keepdims: Any = False,
) -> Any:
    deviation = x - np.mean(x, axis=axis, keepdims=True)
    squares = np.square(deviation)

    def of(terms: list[Any]) -> Any:
        count = len(terms) - ddof
        return of_elements(arithmetic.divide, summed(terms), float(count) or math.nan)

    return reduced(scalarizer, squares, of, axis, keepdims)


def _std(scalarizer: Any, function: Any, x: Any, axis: Any = None, **kwargs: Any) -> Any:
    return np.sqrt(_var(scalarizer, function, x, axis, **kwargs))


def _running(entry: Elementwise) -> Any:
    def rule(scalarizer: Any, function: Any, x: Any, axis: int = 0, dtype: Any = None) -> Any:
        rows = np.moveaxis(elements_of(x).copy(), axis, 0)
        for t, *at in np.ndindex(*rows.shape):
            if t:
                rows[t, *at] = of_elements(entry, rows[t - 1, *at], rows[t, *at])
        return scalarizer.wrap(np.moveaxis(rows, 0, axis))

    return rule


def _affine_standardize(
    scalarizer: Any, function: Any, x: Any, w: Any, b: Any, axis: Any, eps: float
) -> Any:
    return standardized(arrays, x, axis, eps) * w + b


def _standardize(scalarizer: Any, function: Any, x: Any, axis: Any, eps: float) -> Any:
    return standardized(arrays, x, axis, eps)


def _mean_variance(scalarizer: Any, function: Any, x: Any, axis: Any) -> Any:
    return np.stack([np.mean(x, axis=axis), np.var(x, axis=axis)])


_sum, _prod, _max, _min = map(_by, (summed, _product, greatest, least))

RULES.update(
    {
        (np.add, "reduce"): _sum,
        (np.multiply, "reduce"): _prod,
        (np.maximum, "reduce"): _max,
        (np.minimum, "reduce"): _min,
        np.sum: _sum,
        np.prod: _prod,
        np.mean: _mean,
        np.var: _var,
        np.std: _std,
        (np.add, "accumulate"): _running(arithmetic.add),
        (np.multiply, "accumulate"): _running(arithmetic.multiply),
        (np.maximum, "accumulate"): _running(selection.maximum),
        (np.minimum, "accumulate"): _running(selection.minimum),
        (np.logaddexp, "accumulate"): _running(exponential.logaddexp),
        np.cumsum: _running(arithmetic.add),
        np.cumprod: _running(arithmetic.multiply),
        "mean_variance": _mean_variance,
        "affine_standardize": _affine_standardize,
        "standardize": _standardize,
    }
)
