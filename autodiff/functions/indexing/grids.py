"""Grids of places: what indexes whole arrays at once. They are constants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import answer, constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = ["indices", "ix_"]


def indices(
    dimensions: Sequence[int], dtype: npt.DTypeLike = np.int64, sparse: bool = False
) -> Any:
    r"""The place of every element of a shape along each axis.

    Args:
        dimensions: the shape.
        dtype: of the result.
        sparse: give a tensor for each axis, of length 1 along all the others.

    Returns:
        A tensor of shape (axes, \*dimensions), or a tuple of tensors.

    Example:
        >>> indices((2, 2)).tolist()
        [[[0, 0], [1, 1]], [[0, 1], [0, 1]]]
    """
    if sparse:
        return tuple(map(constant, np.indices(dimensions, np.dtype(dtype), sparse=True)))
    return constant(np.indices(dimensions, np.dtype(dtype)))


def ix_(*places: TensorLike) -> tuple[Tensor, ...]:
    """An index of all combinations of places along each axis.

    Args:
        *places: for each axis, integers or booleans along one axis.

    Returns:
        As many tensors of as many axes, which broadcast against each other.

    Raises:
        ShapeError: places lie along other than one axis.

    Example:
        >>> x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        >>> x[ix_([1, 0], [0, 2])].tolist()
        [[4.0, 6.0], [1.0, 3.0]]
    """
    return tuple(_laid(as_operand(given), i, len(places)) for i, given in enumerate(places))


def _laid(x: Any, axis: int, count: int) -> Tensor:
    if x.ndim != 1:
        raise ShapeError(f"'ix_' was given places of shape {x.shape}; give them along one axis")
    places = x._data
    if places.dtype.kind == "b":
        (places,) = np.nonzero(places)
    elif not x.size:
        places = places.astype(np.intp)
    return answer(places.reshape((1,) * axis + (-1,) + (1,) * (count - 1 - axis)))
