"""Functions that move elements: NumPy's own, on the arrays of objects."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.scalarizing.array import elements_of, held, numbers_in, objects
from autodiff.scalarizing.table import RULES

_MOVED: Any = (
    np.reshape,
    np.transpose,
    np.swapaxes,
    np.moveaxis,
    np.expand_dims,
    np.squeeze,
    np.broadcast_to,
    np.flip,
    np.roll,
    np.pad,
    np.concatenate,
    np.stack,
    np.ravel,
    np.copy,
)
_ON_NUMBERS: Any = (
    np.argmax,
    np.argmin,
    np.argsort,
    np.argpartition,
    np.any,
    np.all,
    np.shape,
    np.ndim,
    np.size,
    np.result_type,
)


def _moved(scalarizer: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    found = function(*held(args, elements_of), **held(kwargs, elements_of))
    return scalarizer.wrap(found)


def _on_numbers(scalarizer: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    return function(*held(args, numbers_in), **held(kwargs, numbers_in))


def _along(scalarizer: Any, function: Any, x: Any, indices: Any, axis: Any = -1) -> Any:
    return scalarizer.wrap(np.take_along_axis(elements_of(x), numbers_in(indices), axis=axis))


def _sorted(scalarizer: Any, function: Any, x: Any, axis: Any = -1) -> Any:
    order = np.argsort(numbers_in(x), axis=axis, kind="stable")
    return _along(scalarizer, np.take_along_axis, x, order, axis)


def _filled(number: float) -> Any:
    def rule(scalarizer: Any, function: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        shape = np.shape(numbers_in(x))
        return scalarizer.wrap(objects([number] * math.prod(shape), shape))

    return rule


RULES.update(
    {
        **dict.fromkeys(_MOVED, _moved),
        **dict.fromkeys(_ON_NUMBERS, _on_numbers),
        np.take_along_axis: _along,
        np.sort: _sorted,
        np.zeros_like: _filled(0.0),
        np.ones_like: _filled(1.0),
    }
)
