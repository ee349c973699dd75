"""Functions of each element alone: the table's entries on Values, comparisons on numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.scalars import scalars
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.scalarizing.array import elements_of, numbers_in, objects
from autodiff.scalarizing.table import RULES
from autodiff.values.functions import scalar_functions
from autodiff.values.value import Value

__all__ = ["elementwise", "of_elements", "recorded"]

_OTHER_NAMES = {"absolute": "abs", "true_divide": "divide"}


def of_elements(entry: Elementwise, *elements: Any, **params: Any) -> Any:
    """An entry of the table on single Values and numbers; a float where no gradient flows."""
    if any(isinstance(x, Value) for x in elements):
        return recorded(scalar_functions[entry.name](*elements, **params))
    return entry.forward(scalars, *map(_plain, elements), **params)


def recorded(y: Value) -> Value | float:
    """A Value that is in the graph; of a constant the number."""
    return y if y.requires_grad else y.data


def _plain(x: Any) -> Any:
    return float(x) if x.__class__ is int else x


def elementwise(scalarizer: Any, entry: Elementwise, *operands: Any, **params: Any) -> Any:
    """An entry on all elements, the operands broadcast against each other."""
    if not entry.differentiable:
        numbers = [numbers_in(x) for x in operands]
        return getattr(np, entry.ufunc or entry.name)(*numbers)
    given = [elements_of(x) for x in operands]
    shape = np.broadcast_shapes(*(x.shape for x in given))
    rows = zip(*(np.broadcast_to(x, shape).reshape(-1) for x in given), strict=True)
    found = (of_elements(entry, *row, **params) for row in rows)
    return scalarizer.wrap(objects(found, shape))


def _ufunc(scalarizer: Any, ufunc: Any, *operands: Any, **kwargs: Any) -> Any:
    name = _OTHER_NAMES.get(ufunc.__name__, ufunc.__name__)
    entry = TABLE.get(name)
    if isinstance(entry, Elementwise) and not kwargs:
        return elementwise(scalarizer, entry, *operands)
    found = ufunc(*(numbers_in(x) for x in operands), **kwargs)
    if found.dtype.kind == "f":
        scalarizer.unknown(ufunc)
    return found


def _itself(scalarizer: Any, function: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    return x


def _where(scalarizer: Any, function: Any, condition: Any, a: Any, b: Any) -> Any:
    return scalarizer.wrap(np.where(numbers_in(condition), elements_of(a), elements_of(b)))


def _chosen(scalarizer: Any, function: Any, condition: Any, x: Any) -> Any:
    return _where(scalarizer, np.where, condition, x, 0.0)


def _strong_zero(scalarizer: Any, function: Any, g: Any, product: Any) -> Any:
    return _where(scalarizer, np.where, np.equal(numbers_in(g), 0), 0.0, product)


def _imaginary(scalarizer: Any, function: Any, x: Any) -> Any:
    return np.zeros(x.shape)


RULES.update(
    {
        np.ufunc: _ufunc,
        (np.conjugate, "__call__"): _itself,
        np.where: _where,
        np.real: _itself,
        np.imag: _imaginary,
        "chosen": _chosen,
        "short_rows": _itself,
        "strong_zero": _strong_zero,
    }
)
