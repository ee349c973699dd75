"""Sorting, and what order decides: extremes, places in a sorted row."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.functions.ordering.along_axis import one_axis, take_along_axis
from autodiff.functions.shaping.shaping import flip, place_of_axis, squeeze
from autodiff.ops.ordering import ordering
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "argpartition",
    "argsort",
    "kthvalue",
    "lexsort",
    "partition",
    "searchsorted",
    "sort",
    "topk",
]


class Ranked(NamedTuple):
    """Elements that their order chose, and where they were."""

    values: Tensor
    indices: Tensor


def sort(
    x: TensorLike,
    axis: int | None = -1,
    kind: Any = None,
    *,
    descending: bool = False,
    stable: bool | None = True,
) -> Tensor:
    """Elements in order along an axis; each gets the gradient of its new place.

    Args:
        x: tensor or array.
        axis: along which axis; None: of the flattened operand.
        kind: of no effect, for NumPy's sake.
        descending: from the largest to the smallest.
        stable: of no effect: equal elements always keep their order.

    Returns:
        The sorted tensor.

    Derivative: of the result's gradient g, x receives g at the places where the elements came from.
    Equal elements count as rising in their order, and each gets the gradient of one place.

    Example:
        >>> sort([3.0, 1.0, 2.0]).tolist()
        [1.0, 2.0, 3.0]
        >>> sort([3.0, 1.0, 2.0], descending=True).tolist()
        [3.0, 2.0, 1.0]
    """
    x, axis = one_axis(x, axis)
    if not descending:
        return apply(ordering.sort, x, axis=axis)
    # Twice reversed, equal elements are in their old order again.
    return flip(apply(ordering.sort, flip(x, axis), axis=axis), axis)


def argsort(
    x: Any,
    axis: int | None = -1,
    kind: Any = None,
    *,
    descending: bool = False,
    stable: bool | None = True,
) -> Tensor:
    """Places that sort an operand; carries no gradient. Parameters as for `sort`.

    Example:
        >>> argsort([3.0, 1.0, 2.0]).tolist()
        [1, 2, 0]
    """
    x, axis = one_axis(x, axis)
    if not descending:
        return answer(np.argsort(x._data, axis=axis, stable=True), x, "argsort")
    order = np.argsort(np.flip(x._data, axis=axis), axis=axis, stable=True)
    return answer(x.shape[axis] - 1 - np.flip(order, axis=axis))


def partition(x: TensorLike, kth: Any, axis: int | None = -1) -> Tensor:
    """Elements with the kth smallest in its place, smaller ones before, larger after it.

    Args:
        x: tensor or array.
        kth: one place, or several.
        axis: along which axis; None: of the flattened operand.

    Returns:
        A tensor of the shape of ``x``; each element gets the gradient of its new place.

    Raises:
        ShapeError: a place does not exist.

    Derivative: of the result's gradient g, x receives g at the places where the elements came from.
    Of equal elements each gets the gradient of one place.

    Example:
        >>> partition([3.0, 1.0, 2.0], 0)[0].item()
        1.0
    """
    x, axis = one_axis(x, axis)
    return apply(ordering.partition, x, kth=_places(kth), axis=axis)


def argpartition(x: Any, kth: Any, axis: int | None = -1) -> Tensor:
    """Places that partition an operand; carries no gradient. Parameters as for `partition`.

    Example:
        >>> argpartition([3.0, 1.0, 2.0], 0)[0].item()
        1
    """
    x, axis = one_axis(x, axis)
    return answer(np.argpartition(x._data, _places(kth), axis=axis))


def _places(kth: Any) -> Any:
    if is_array(kth) or isinstance(kth, (tuple, list)):
        return tuple(operator.index(k) for k in kth)
    return operator.index(kth)


def topk(
    x: TensorLike, k: int, axis: int = -1, *, largest: bool = True, sorted: bool = True
) -> Ranked:
    """The k largest (or smallest) elements along an axis, and their places.

    Args:
        x: tensor or array.
        k: how many.
        axis: along which axis.
        largest: false for the smallest.
        sorted: in order, the most extreme first; false leaves them as they come.

    Returns:
        A pair of ``values``, which carry gradients, and ``indices``.

    Raises:
        ShapeError: the axis has fewer than ``k`` elements.

    Example:
        >>> topk([1.0, 5.0, 3.0], 2).indices.tolist()
        [1, 2]
    """
    x = as_operand(x)
    place = place_of_axis(axis, x.ndim)
    length = x.shape[place]
    if not 0 <= k <= length:
        raise ShapeError(f"'topk' was asked for {k} of axis {axis}, which has {length} elements")
    before = (slice(None),) * place
    if k == 0 or k * 4 > length:
        order = argsort(x, place, descending=largest)[(*before, slice(0, k))]
    else:
        chosen = slice(length - k, length) if largest else slice(0, k)
        order = argpartition(x, length - k if largest else k - 1, place)[(*before, chosen)]
        if sorted:
            inner = argsort(take_along_axis(x, order, place), place, descending=largest)
            order = take_along_axis(order, inner, place)
    return Ranked(take_along_axis(x, order, place), order)


def kthvalue(x: TensorLike, k: int, axis: int = -1, keepdims: bool = False) -> Ranked:
    """PyTorch's `kthvalue`: the kth smallest elements along an axis, and their places.

    Args:
        x: tensor or array.
        k: which one, from 1.
        axis: along which axis.
        keepdims: keep the axis with length 1.

    Returns:
        A pair of ``values``, which carry gradients, and ``indices``; of equal elements the one
        that a stable sort brings to the place.

    Raises:
        ShapeError: the axis has fewer than ``k`` elements, or ``k`` is less than 1.

    Example:
        >>> kthvalue([3.0, 1.0, 2.0], 2).values.item()
        2.0
    """
    given = as_operand(x)
    rows = given if given.ndim else given.reshape(1)
    place = place_of_axis(axis, rows.ndim)
    rank, length = operator.index(k), rows.shape[place]
    if not 1 <= rank <= length:
        raise ShapeError(
            f"'kthvalue' was asked for number {rank} of axis {axis}, which has {length} elements"
        )
    order = argsort(rows, place)[(*(slice(None),) * place, slice(rank - 1, rank))]
    found = take_along_axis(rows, order, place)
    if keepdims and given.ndim:
        return Ranked(found, order)
    return Ranked(squeeze(found, place), squeeze(order, place))


def lexsort(keys: Any, axis: int = -1) -> Tensor:
    """Places that sort by several keys, the last one first; carries no gradient.

    Args:
        keys: a tensor whose rows are the keys, or a sequence of tensors.
        axis: along which axis of a key.

    Returns:
        The places.

    Example:
        >>> lexsort(([2.0, 1.0, 1.0], [0.0, 0.0, -1.0])).tolist()
        [2, 1, 0]
    """
    rows = as_operand(keys) if is_array(keys) or isinstance(keys, Tensor) else keys
    return answer(np.lexsort([as_operand(row)._data for row in rows], axis=axis))


def searchsorted(a: TensorLike, v: TensorLike, side: str = "left", sorter: Any = None) -> Tensor:
    """Where values belong in a sorted row; carries no gradient.

    Args:
        a: one axis of rising numbers, or any order that ``sorter`` sorts.
        v: the values to place, of any shape.
        side: ``"left"`` or ``"right"`` of equal elements.
        sorter: places that sort ``a``.

    Returns:
        Integers of the shape of ``v``.

    Example:
        >>> searchsorted([1.0, 2.0, 4.0], [2.0, 3.0]).tolist()
        [1, 2]
    """
    row = as_operand(a)._data
    if sorter is not None:
        row = row[as_operand(sorter)._data]
    return answer(np.searchsorted(row, as_operand(v)._data, side=side))  # type: ignore[call-overload]
