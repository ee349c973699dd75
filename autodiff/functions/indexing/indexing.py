"""Indexing, and index update without changing the original."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in
from autodiff.dtypes import get_default_dtype
from autodiff.errors import ShapeError
from autodiff.functions import catalogue
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.ops.indexing import indexing
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "getitem",
    "index_add",
    "index_set",
    "one_hot",
    "scatter",
]

_NUMBERS = frozenset({int, type(None), type(Ellipsis)})


def plain_index(index: Any) -> Any:
    """An index without nodes or lists: tensors' data, lists as arrays.

    Raises:
        IndexError: an index is a tensor of floats.

    Example:
        >>> plain_index(([0, 1], slice(None)))
        (array([0, 1]), slice(None, None, None))
    """
    kind = index.__class__
    if kind in _NUMBERS:
        return index
    if kind is slice:
        if index.start.__class__ in _NUMBERS and index.stop.__class__ in _NUMBERS:
            return index
        # Not an array without axes, which may change.
        bounds = (index.start, index.stop, index.step)
        return slice(*[None if bound is None else operator.index(bound) for bound in bounds])
    if isinstance(index, tuple):
        return tuple(map(plain_index, index))
    if isinstance(index, Node):
        data: Any = index.data  # type: ignore[attr-defined]
        data = data if is_stand_in(data) else np.asarray(data)
        if data.dtype.kind not in "iub":
            raise IndexError(
                f"a tensor of dtype {data.dtype} cannot index another; "
                "give integers, booleans or slices"
            )
        return data
    return np.asarray(index) if isinstance(index, list) else index


def getitem(x: TensorLike, index: Any) -> Tensor:
    """Elements chosen by an index: basic, advanced or boolean, as in NumPy.

    An element chosen twice receives both cotangents.

    Derivative: of the result's gradient g, x receives g added at the index to zeros in the shape of
    x.

    Example:
        >>> getitem([1.0, 2.0, 3.0], [0, 0, 2]).tolist()
        [1.0, 1.0, 3.0]
    """
    plain = plain_index(index)
    if batches := current_mode().batches:
        # Another index for every example: so is what is taken.
        x = batches.spread(as_operand(x), plain)
    return apply(indexing.getitem, x, index=plain)


def scatter(x: TensorLike, index: Any, shape: tuple[int, ...]) -> Tensor:
    """Zeros of a shape with ``x`` added at an index, repeated places adding up.

    Derivative: of the result's gradient g, x receives g at the index.

    Example:
        >>> scatter([1.0, 2.0], [0, 0], (2,)).tolist()
        [3.0, 0.0]
    """
    return apply(indexing.scatter, x, index=plain_index(index), shape=shape)


def index_add(x: TensorLike, index: Any, v: TensorLike) -> Tensor:
    """A copy of ``x`` with ``v`` added at an index, repeated places adding up.

    Derivative: of the result's gradient g, x receives g; v receives g at the index.

    Example:
        >>> index_add([1.0, 2.0], 0, 5.0).tolist()
        [6.0, 2.0]
    """
    return _update(indexing.index_add, x, index, v)


def index_set(x: TensorLike, index: Any, v: TensorLike) -> Tensor:
    """A copy of ``x`` with ``v`` written at an index; of repeated places the last wins.

    Derivative: of the result's gradient g, x receives g with zeros at the index; v receives g at
    the index, 0 for what was overwritten.

    Example:
        >>> index_set([1.0, 2.0], 0, 5.0).tolist()
        [5.0, 2.0]
    """
    return _update(indexing.index_set, x, index, v)


def one_hot(
    indices: Any,
    classes: int,
    *,
    axis: int = -1,
    dtype: npt.DTypeLike | None = None,
    ignored: int | None = None,
) -> Tensor:
    """Ones at the indices along a new axis, zeros elsewhere.

    Args:
        indices: integers from 0 to ``classes - 1``, a tensor or array of any shape.
        classes: length of the new axis.
        axis: its place in the result, the last by default.
        dtype: of the result, the default floating type if not given.
        ignored: an index that gives zeros only.

    Returns:
        A constant with one axis more than ``indices``.

    Raises:
        IndexError: an index is out of range.
        TypeError: the indices are no integers.

    Example:
        >>> one_hot([2, 0], 3).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    node = as_operand(indices)
    if node.dtype.kind not in "iu":
        raise TypeError(f"one_hot needs integers, but the indices are {node.dtype}")
    wanted = np.dtype(dtype if dtype is not None else get_default_dtype())
    return constant(arrays.one_hot(node._data, classes, axis % (node.ndim + 1), wanted, ignored))


def _update(entry: Any, x: Any, index: Any, v: Any) -> Tensor:
    x, v = operands_of((x, v))
    plain = plain_index(index)
    if batches := current_mode().batches:
        x = batches.spread(x, plain)
    place = x._data[plain].shape
    try:
        fits = np.broadcast_shapes(v.shape, place) == place
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"{entry.name!r} cannot put a value of shape {v.shape} into the place of shape "
            f"{place} that the index selects from shape {x.shape}"
        )
    return apply(entry, x, v, index=plain)


class At:
    """The places of a tensor for a functional update: ``x.at[index].set(v)``.

    Example:
        >>> x = Tensor([1.0, 2.0, 3.0])
        >>> x.at[1].set(0.0).tolist(), x.at[1:].add(10.0).tolist(), x.tolist()
        ([1.0, 0.0, 3.0], [1.0, 12.0, 13.0], [1.0, 2.0, 3.0])
    """

    __slots__ = ("_index", "_tensor")

    def __init__(self, tensor: Tensor, index: Any = None) -> None:
        self._tensor = tensor
        self._index = index

    def __getitem__(self, index: Any) -> At:
        return At(self._tensor, index)

    def set(self, v: Any) -> Tensor:
        """A copy with ``v`` written there."""
        return index_set(self._tensor, self._index, v)

    def add(self, v: Any) -> Tensor:
        """A copy with ``v`` added there."""
        return index_add(self._tensor, self._index, v)

    def multiply(self, v: Any) -> Tensor:
        """A copy multiplied by ``v`` there."""
        return self.set(self._tensor[self._index] * v)

    def subtract(self, v: Any) -> Tensor:
        """A copy less ``v`` there, repeated places by every one."""
        return index_add(self._tensor, self._index, -as_operand(v, self._tensor))

    def divide(self, v: Any) -> Tensor:
        """A copy divided by ``v`` there."""
        return self.set(self._tensor[self._index] / v)

    def max(self, v: Any) -> Tensor:
        """A copy with the largest of what is there and all that is put there."""
        # Its file needs others that are loaded when asked for.
        return catalogue.find("index_max")(self._tensor, self._index, v)  # type: ignore[no-any-return]

    def min(self, v: Any) -> Tensor:
        """A copy with the smallest of what is there and all that is put there."""
        return catalogue.find("index_min")(self._tensor, self._index, v)  # type: ignore[no-any-return]
