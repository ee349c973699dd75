"""Sets of numbers: answers without a gradient, with NumPy's names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.functions.questions import answer
from autodiff.operands import operands_of
from autodiff.tensor import Tensor

__all__ = ["intersect1d", "setdiff1d", "setxor1d", "union1d"]


def _two(ar1: Any, ar2: Any) -> tuple[Any, Any]:
    a, b = operands_of((ar1, ar2))
    return a._data, b._data


def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """The different elements that are in both, in order.

    Args:
        ar1: tensor or array.
        ar2: tensor or array.
        assume_unique: neither holds an element twice, which is faster to answer.
        return_indices: give also where they are first in each, by which they can be taken
            with gradients.

    Returns:
        The elements; with ``return_indices`` a tuple of them and two tensors of places.

    Example:
        >>> intersect1d([3, 1, 2], [2, 3, 5]).tolist()
        [2, 3]
    """
    a, b = _two(ar1, ar2)
    if return_indices:
        return tuple(map(answer, np.intersect1d(a, b, assume_unique, return_indices=True)))
    return answer(np.intersect1d(a, b, assume_unique))


def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Tensor:
    """The different elements of the first that are not in the second, in order.

    Example:
        >>> setdiff1d([3, 1, 2], [2, 3, 5]).tolist()
        [1]
    """
    a, b = _two(ar1, ar2)
    return answer(np.setdiff1d(a, b, assume_unique))


def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Tensor:
    """The different elements that are in one of the two only, in order.

    Example:
        >>> setxor1d([3, 1, 2], [2, 3, 5]).tolist()
        [1, 5]
    """
    a, b = _two(ar1, ar2)
    return answer(np.setxor1d(a, b, assume_unique))


def union1d(ar1: Any, ar2: Any) -> Tensor:
    """The different elements of both, in order.

    Example:
        >>> union1d([3, 1], [2, 3]).tolist()
        [1, 2, 3]
    """
    return answer(np.union1d(*_two(ar1, ar2)))
