"""Elements added and taken out along an axis: changed copies, with NumPy's names."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.indexing.indexing import plain_index
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import broadcast_to, moveaxis, place_of_axis
from autodiff.graph.node import Node
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["append", "delete", "insert", "resize", "trim_zeros"]


def append(arr: TensorLike, values: TensorLike, axis: int | None = None) -> Tensor:
    """A copy with values at the end.

    Args:
        arr: tensor or array.
        values: as many axes as ``arr``, of the same lengths but along ``axis``.
        axis: along which axis; None flattens both.

    Returns:
        The longer tensor.

    Example:
        >>> append([1.0, 2.0], [[3.0]]).tolist()
        [1.0, 2.0, 3.0]
    """
    return concatenate([arr, values], axis)


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Tensor:
    """A copy with values before the given places.

    Args:
        arr: tensor or array.
        obj: a place, several, a slice, or marks; places are those in ``arr``.
        values: what is inserted, broadcast to what is needed, in the type of ``arr``. At a
            single place as many as they are long along the axis.
        axis: along which axis; None flattens ``arr``.

    Returns:
        The longer tensor.

    Raises:
        IndexError: a place is out of range.
        ShapeError: the values do not fit.

    Example:
        >>> insert([1.0, 2.0], 1, [8.0, 9.0]).tolist()
        [1.0, 8.0, 9.0, 2.0]
    """
    arr, new = operands_of((arr, values))
    arr, place = _along(arr, axis)
    length = arr.shape[place]
    places = _places(obj, length)
    new = new.astype(arr.dtype)
    if np.size(places) == 1:
        if new.ndim < arr.ndim:
            new = new.reshape((1,) * (arr.ndim - new.ndim) + new.shape)
        if np.ndim(places) == 0:
            new = moveaxis(new, 0, place)
        count = new.shape[place]
    else:
        count = len(places)
    wanted = (*arr.shape[:place], count, *arr.shape[place + 1 :])
    try:
        fits = np.broadcast_shapes(new.shape, wanted) == wanted
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"'insert' was given values of shape {as_operand(values).shape} for shape {arr.shape} "
            f"with axis={axis}; they must be broadcast to {wanted}"
        )
    order = np.insert(np.arange(length), places, length + np.arange(count))
    both = concatenate([arr, broadcast_to(new, wanted)], place)
    return both[(*(slice(None),) * place, order)]


def delete(arr: Any, obj: Any, axis: int | None = None) -> Tensor:
    """A copy without the given places.

    Args:
        arr: tensor or array.
        obj: a place, several, a slice, or marks.
        axis: along which axis; None flattens ``arr``.

    Returns:
        The shorter tensor.

    Raises:
        IndexError: a place is out of range.

    Example:
        >>> delete([1.0, 2.0, 3.0], [0, -1]).tolist()
        [2.0]
    """
    arr, place = _along(arr, axis)
    kept = np.delete(np.arange(arr.shape[place]), _places(obj, arr.shape[place]))
    return arr[(*(slice(None),) * place, kept)]  # type: ignore[no-any-return]


def _along(arr: Any, axis: int | None) -> tuple[Any, int]:
    arr = as_operand(arr)
    return (arr.reshape(-1), 0) if axis is None else (arr, place_of_axis(axis, arr.ndim))


def _places(obj: Any, length: int) -> Any:
    if isinstance(obj, slice):
        return np.arange(length)[obj]
    places = plain_index(obj) if isinstance(obj, Node) else np.asarray(obj)
    if places.size == 0:
        return np.zeros(0, np.intp)
    if places.dtype.kind != "b":
        return places
    if places.shape != (length,):
        raise IndexError(
            f"marks of shape {places.shape} were given for an axis of length {length}; "
            "give one mark for each place"
        )
    return np.flatnonzero(places)


def resize(a: Any, new_shape: Any) -> Tensor:
    """The elements in a new shape, repeated from the beginning as often as needed.

    Args:
        a: tensor or array.
        new_shape: lengths of the axes.

    Returns:
        A tensor of that shape; zeros where there is nothing to repeat.

    Raises:
        ShapeError: a length is negative.

    Example:
        >>> resize([1.0, 2.0], (2, 3)).tolist()
        [[1.0, 2.0, 1.0], [2.0, 1.0, 2.0]]
    """
    a = as_operand(a)
    sizes = new_shape if isinstance(new_shape, (tuple, list)) else (new_shape,)
    shape = tuple(operator.index(n) for n in sizes)
    if any(n < 0 for n in shape):
        raise ShapeError(f"'resize' was given the shape {shape}; no length may be negative")
    if a.size == 0:
        return constant(np.zeros(shape, a.dtype))
    return a.reshape(-1)[np.arange(math.prod(shape)) % a.size].reshape(*shape)  # type: ignore[no-any-return]


def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Tensor:
    """A copy without the zeros at the ends.

    Args:
        filt: tensor or array.
        trim: ``"f"`` for those in front, ``"b"`` for those at the back, ``"fb"`` for both.
        axis: the axis or axes along which slices of nothing but zeros are left out, all by
            default.

    Returns:
        The smallest part that holds all that is not 0.

    Raises:
        ValueError: ``trim`` is another one.

    Example:
        >>> trim_zeros([0.0, 1.0, 0.0, 2.0, 0.0]).tolist()
        [1.0, 0.0, 2.0]
    """
    x = as_operand(filt)
    sides = trim.lower()
    if sides not in ("f", "b", "fb", "bf"):
        raise ValueError(f"trim_zeros() was given trim={trim!r}; give 'f', 'b' or 'fb'")
    given = range(x.ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = [place_of_axis(a, x.ndim) for a in given]
    places = np.argwhere(x._data)
    index = [slice(None)] * x.ndim
    for a in axes:
        # Where all is 0 nothing is left.
        first, last = (places[:, a].min(), places[:, a].max() + 1) if len(places) else (0, 0)
        begin = first if "f" in sides or not len(places) else 0
        index[a] = slice(begin, last if "b" in sides or not len(places) else None)
    return x[tuple(index)]
