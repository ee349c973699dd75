"""Where elements are and which there are: answers without a gradient, with NumPy's names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.functions.indexing.picking import take
from autodiff.functions.reductions.reductions import Axis, max, min
from autodiff.graph.modes import is_grad_enabled
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

__all__ = ["amax", "amin", "argwhere", "flatnonzero", "isin", "unique"]


def amax(
    x: Any,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    initial: Any = None,
    where: Any = None,
) -> Tensor:
    """The same as `autodiff.max`.

    Example:
        >>> amax([[1.0, 2.0], [3.0, 0.0]], axis=1).tolist()
        [2.0, 3.0]
    """
    return max(x, axis, keepdims, initial=initial, where=where)


def amin(
    x: Any,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    initial: Any = None,
    where: Any = None,
) -> Tensor:
    """The same as `autodiff.min`.

    Example:
        >>> amin([[1.0, 2.0], [3.0, 0.0]], axis=1).tolist()
        [1.0, 0.0]
    """
    return min(x, axis, keepdims, initial=initial, where=where)


def argwhere(a: Any) -> Tensor:
    """The places of the elements that are not 0, a row for each.

    Example:
        >>> argwhere([[0.0, 5.0], [0.0, 2.0]]).tolist()
        [[0, 1], [1, 1]]
    """
    return answer(np.argwhere(as_operand(a)._data))


def flatnonzero(a: Any) -> Tensor:
    """The places of the elements that are not 0 in the flattened operand.

    Example:
        >>> flatnonzero([[0.0, 5.0], [0.0, 2.0]]).tolist()
        [1, 3]
    """
    return answer(np.flatnonzero(as_operand(a)._data))


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


def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """The different elements in order, or the different slices along an axis.

    Of equal elements the first gets the gradient.

    Args:
        ar: tensor or array.
        return_index: give also the place of the first of each.
        return_inverse: give also which of them each element is.
        return_counts: give also how often each occurs.
        axis: slices along this axis are compared; None: elements.
        equal_nan: NaN counts as equal to NaN.
        sorted: of no effect: they are always in order.

    Returns:
        The elements; with further answers asked for a tuple that begins with them.

    Example:
        >>> unique([3.0, 1.0, 3.0], return_counts=True)[1].tolist()
        [1, 2]
    """
    find: Any = np.unique
    x = as_operand(ar)
    carried = x.requires_grad and is_grad_enabled()
    found = find(
        x._data,
        return_index=return_index or carried,
        return_inverse=return_inverse,
        return_counts=return_counts,
        axis=axis,
        equal_nan=equal_nan,
    )
    if not isinstance(found, tuple):
        return answer(found)
    elements, *others = map(answer, found)
    if carried:
        first = others[0] if return_index else others.pop(0)
        elements = x.reshape(-1)[first] if axis is None else take(x, first, axis)
    return (elements, *others) if others else elements
