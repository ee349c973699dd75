"""Elements along an axis by their places: taken from there, put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.functions.shaping.shaping import broadcast_to, place_of_axis
from autodiff.ops.ordering import ordering
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["scatter_along_axis", "take_along_axis"]


def one_axis(x: Any, axis: int | None) -> tuple[Any, int]:
    """An operand and an axis counted from 0; without an axis the operand flattened.

    Example:
        >>> one_axis([[1.0, 2.0]], None)[0].shape
        (2,)
    """
    x = as_operand(x)
    return (x.reshape(-1), 0) if axis is None else (x, place_of_axis(axis, x.ndim))


def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Tensor:
    """Elements chosen along an axis, by an array of places for every other axis.

    Args:
        x: tensor or array.
        indices: integers with as many axes as ``x``, broadcast against its other axes.
        axis: along which axis; None: of the flattened operand.

    Returns:
        The chosen elements; one chosen twice gets both gradients.

    Raises:
        ShapeError: the shapes do not fit.
        IndexError: the places are no integers or out of range.

    Derivative: of the result's gradient g, x receives g added along the axis at the places to zeros
    in the shape of x.

    Example:
        >>> take_along_axis([[1.0, 2.0], [3.0, 4.0]], [[1], [0]], axis=1).tolist()
        [[2.0], [3.0]]
    """
    x, axis = one_axis(x, axis)
    places = _integers(indices, "take_along_axis")
    if len(places.shape) != x.ndim:
        raise ShapeError(
            f"'take_along_axis' was given shape {x.shape} and indices of shape {places.shape}; "
            "give as many axes in both"
        )
    x, places = _aligned(x, places, axis, "take_along_axis")
    return apply(ordering.take_along_axis, x, indices=places, axis=axis)


def scatter_along_axis(x: TensorLike, indices: Any, axis: int, length: int) -> Tensor:
    """Zeros with ``x`` added along an axis at places, repeated ones adding up.

    Args:
        x: tensor or array.
        indices: integers of the shape of ``x``.
        axis: along which axis.
        length: of that axis in the result.

    Returns:
        A tensor of the shape of ``x`` but for that length.

    Raises:
        ShapeError: the shapes differ.
        IndexError: the places are no integers or out of range.

    Derivative: of the result's gradient g, x receives g at the places along the axis.

    Example:
        >>> scatter_along_axis([1.0, 2.0, 4.0], [0, 2, 0], 0, 3).tolist()
        [5.0, 0.0, 2.0]
    """
    x = as_operand(x)
    places = _integers(indices, "scatter_along_axis")
    if places.shape != x.shape:
        raise ShapeError(
            f"'scatter_along_axis' was given shape {x.shape} and indices of shape "
            f"{places.shape}; they must be equal"
        )
    place = place_of_axis(axis, x.ndim)
    return apply(ordering.scatter_along_axis, x, indices=places, axis=place, length=length)


def _integers(indices: Any, name: str) -> Any:
    node = as_operand(indices)
    if node.dtype.kind not in "iu":
        if node.size == 0 and not (isinstance(indices, Tensor) or is_array(indices)):
            return np.zeros(node.shape, np.intp)
        raise IndexError(f"{name!r} needs integers as places, but was given {node.dtype}")
    return node._data


def _aligned(x: Any, places: Any, axis: int, name: str) -> tuple[Any, Any]:
    """Both broadcast against each other but for the axis itself."""
    mine = (*x.shape[:axis], 1, *x.shape[axis + 1 :])
    theirs = (*places.shape[:axis], 1, *places.shape[axis + 1 :])
    if mine == theirs:
        return x, places
    try:
        common = np.broadcast_shapes(mine, theirs)
    except ValueError:
        raise ShapeError(
            f"{name!r} was given shape {x.shape} and indices of shape {places.shape}, which cannot "
            f"be broadcast together outside axis {axis}"
        ) from None
    x = broadcast_to(x, (*common[:axis], x.shape[axis], *common[axis + 1 :]))
    wanted = (*common[:axis], places.shape[axis], *common[axis + 1 :])
    return x, np.broadcast_to(places, wanted)
