"""Putting elements in place: copies with some of their elements written anew.

NumPy's `put`, `place`, `put_along_axis` and `fill_diagonal` write into the array itself.
Tensors are not written into, so these give the changed copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.elementwise.masks import mask_of
from autodiff.functions.indexing.indexing import index_set, plain_index
from autodiff.functions.indexing.picking import whole, within
from autodiff.functions.shaping.shaping import broadcast_to, place_of_axis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "fill_diagonal",
    "index_copy",
    "index_fill",
    "masked_fill",
    "masked_scatter",
    "place",
    "put",
    "put_along_axis",
]


def put_along_axis(x: Any, indices: Any, values: Any, axis: int | None) -> Tensor:
    """A copy with values written along an axis, at places for every other axis.

    Of repeated places the last wins.

    Args:
        x: tensor or array.
        indices: integers with as many axes as ``x``.
        values: what is written; broadcasts against ``indices``.
        axis: along which axis; None: of the flattened operand.

    Returns:
        The changed copy.

    Example:
        >>> put_along_axis([[1.0, 2.0], [3.0, 4.0]], [[1], [0]], 9.0, axis=1).tolist()
        [[1.0, 9.0], [9.0, 4.0]]
    """
    x, values = operands_of((x, values))
    if axis is None:
        return put_along_axis(x.reshape(-1), indices, values, 0).reshape(x.shape)
    along = place_of_axis(axis, x.ndim)
    places = plain_index(as_operand(indices))
    return index_set(x, _grid(places, along, x.shape), values)


def _grid(places: Any, along: int, shape: tuple[int, ...]) -> tuple[Any, ...]:
    if places.ndim != len(shape):
        raise ShapeError(
            f"places of shape {places.shape} were given for shape {shape}; "
            "give as many axes in both"
        )
    spread = [
        np.arange(n).reshape((-1,) + (1,) * (len(shape) - 1 - i)) for i, n in enumerate(shape)
    ]
    return tuple(places if i == along else grid for i, grid in enumerate(spread))


def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> Tensor:
    """A copy with values at places of the flattened operand, repeated as often as needed.

    Example:
        >>> put([1.0, 2.0, 3.0], [0, 2], [8.0, 9.0]).tolist()
        [8.0, 2.0, 9.0]
    """
    a, v = operands_of((a, v))
    places = within(ind, a.size, mode, "put").reshape(-1)
    values = v.reshape(-1)[np.arange(places.size) % max(v.size, 1)]
    return index_set(a.reshape(-1), places, values).reshape(a.shape)


def place(arr: Any, mask: Any, vals: Any) -> Tensor:
    """A copy with values where a mask of its shape holds, repeated as often as needed.

    Example:
        >>> place([1.0, 2.0, 3.0], [True, False, True], [9.0]).tolist()
        [9.0, 2.0, 9.0]
    """
    arr, vals = operands_of((arr, vals))
    held = np.asarray(plain_index(mask_of(mask, "place")))
    if held.size != arr.size:
        raise ShapeError(
            f"'place' was given shape {arr.shape} and a mask of shape {held.shape}; give equal ones"
        )
    held = held.reshape(arr.shape)
    count = int(np.count_nonzero(held))
    return index_set(arr, held, vals.reshape(-1)[np.arange(count) % max(vals.size, 1)])


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> Tensor:
    """A copy with values on the main diagonal.

    Args:
        a: at least two axes, all of one length if there are more than two.
        val: what is written: one number, or as many as the diagonal has, repeated if fewer.
        wrap: begin anew below the diagonal of a tall matrix.

    Returns:
        The changed copy.

    Raises:
        ShapeError: there is no diagonal.

    Example:
        >>> fill_diagonal([[1.0, 2.0], [3.0, 4.0]], 0.0).tolist()
        [[0.0, 2.0], [3.0, 0.0]]
    """
    a, val = operands_of((a, val))
    if a.ndim < 2 or (a.ndim > 2 and len(set(a.shape)) > 1):
        raise ShapeError(
            f"'fill_diagonal' was given shape {a.shape}; give a matrix, or more axes of one length"
        )
    marks = np.zeros(a.shape, bool)
    np.fill_diagonal(marks, True, wrap=wrap)
    return put(a, np.flatnonzero(marks), val)


def index_copy(x: Any, dim: int, index: Any, source: Any) -> Tensor:
    """A copy with slices of ``source`` written along an axis; of repeated places the last wins.

    Example:
        >>> index_copy([1.0, 2.0, 3.0], 0, [2, 0], [8.0, 9.0]).tolist()
        [9.0, 2.0, 8.0]
    """
    x, source = operands_of((x, source))
    index = as_operand(index)
    if x.ndim == 0:
        return index_copy(x.reshape(1), dim, index.reshape(-1), source.reshape(-1)).reshape(())
    before = whole(place_of_axis(dim, x.ndim))
    return index_set(x, (*before, plain_index(index)), source)


def index_fill(x: TensorLike, dim: int, index: Any, value: TensorLike) -> Tensor:
    """A copy with one value in slices along an axis.

    Example:
        >>> index_fill([1.0, 2.0, 3.0], 0, [2, 0], 0.0).tolist()
        [0.0, 2.0, 0.0]
    """
    x, value = operands_of((x, value))
    return index_copy(x, dim, index, value)


def masked_fill(x: Any, mask: Any, value: Any) -> Tensor:
    """A copy with a value where a mask that broadcasts holds.

    Example:
        >>> masked_fill([1.0, 2.0], [True, False], 0.0).tolist()
        [0.0, 2.0]
    """
    x, value = operands_of((x, value))
    return elementwise.where(mask_of(mask, "masked_fill"), value, x)  # type: ignore[no-any-return]


def masked_scatter(x: Any, mask: Any, source: Any) -> Tensor:
    """A copy with the elements of ``source``, in order, where a mask holds.

    Raises:
        ShapeError: the source has fewer elements than the mask has places.

    Example:
        >>> masked_scatter([1.0, 2.0, 3.0], [True, False, True], [8.0, 9.0]).tolist()
        [8.0, 2.0, 9.0]
    """
    x, source = operands_of((x, source))
    mask = mask_of(mask, "masked_scatter")
    shape = np.broadcast_shapes(x.shape, mask.shape)
    held = np.asarray(plain_index(broadcast_to(mask, shape)))
    count = int(np.count_nonzero(held))
    if source.size < count:
        raise ShapeError(
            f"'masked_scatter' was given {source.size} elements for {count} places of the mask"
        )
    return index_set(broadcast_to(x, shape), held, source.reshape(-1)[:count])
