"""Sets of numbers, with NumPy's names: of equal ones the first gets the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.functions.ordering.unique import taken_from
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

__all__ = ["intersect1d", "isin", "setdiff1d", "setxor1d", "union1d"]


def _two(ar1: Any, ar2: Any) -> tuple[Any, Any]:
    a, b = operands_of((ar1, ar2))
    return a, b


def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """The different elements that are in both, in order.

    Args:
        ar1: tensor or array.
        ar2: tensor or array.
        assume_unique: neither holds an element twice, which is faster to answer.
        return_indices: give also where they are first in each.

    Returns:
        The elements; with ``return_indices`` a tuple of them and two tensors of places.

    Example:
        >>> intersect1d([3, 1, 2], [2, 3, 5]).tolist()
        [2, 3]
    """
    a, b = _two(ar1, ar2)
    if return_indices:
        found, *places = np.intersect1d(a._data, b._data, assume_unique, return_indices=True)
        return (taken_from(found, a, b), *map(answer, places))
    return taken_from(np.intersect1d(a._data, b._data, assume_unique), a, b)


def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Tensor:
    """The different elements of the first that are not in the second, in order.

    Example:
        >>> setdiff1d([3, 1, 2], [2, 3, 5]).tolist()
        [1]
    """
    a, b = _two(ar1, ar2)
    return taken_from(np.setdiff1d(a._data, b._data, assume_unique), a)


def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Tensor:
    """The different elements that are in one of the two only, in order.

    Example:
        >>> setxor1d([3, 1, 2], [2, 3, 5]).tolist()
        [1, 5]
    """
    a, b = _two(ar1, ar2)
    return taken_from(np.setxor1d(a._data, b._data, assume_unique), a, b)


def union1d(ar1: Any, ar2: Any) -> Tensor:
    """The different elements of both, in order.

    Example:
        >>> union1d([3, 1], [2, 3]).tolist()
        [1, 2, 3]
    """
    a, b = _two(ar1, ar2)
    return taken_from(np.union1d(a._data, b._data), a, b)


def isin(
    element: Any,
    test_elements: Any,
    assume_unique: bool = False,
    invert: bool = False,
    *,
    kind: Any = None,
) -> Tensor:
    """Which elements are among others.

    Args:
        element: tensor or array.
        test_elements: the others.
        assume_unique: neither operand holds an element twice, which is faster to answer.
        invert: which are not.
        kind: NumPy's algorithm, ``"sort"`` or ``"table"``.

    Returns:
        Booleans of the shape of ``element``.

    Example:
        >>> isin([1, 2, 3], [2, 5]).tolist()
        [False, True, False]
    """
    x = as_operand(element)
    others = as_operand(test_elements, x)._data
    return answer(np.isin(x._data, others, assume_unique=assume_unique, invert=invert, kind=kind))
