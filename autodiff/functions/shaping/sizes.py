"""Questions about the shape of what need not be a tensor yet: plain numbers, no nodes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.tensors.operands import as_operand

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["ndim", "shape", "size"]


def shape(a: TensorLike) -> tuple[int, ...]:
    """The lengths of the axes of a tensor, an array, a number, or nested lists of these.

    Raises:
        TypeError: the nesting is ragged, or holds no numbers.

    Example:
        >>> shape([[1.0, 2.0, 3.0]]), shape(1.0)
        ((1, 3), ())
    """
    return tuple(as_operand(a).shape)


def ndim(a: TensorLike) -> int:
    """The number of axes; see `shape`.

    Example:
        >>> ndim([[1.0, 2.0, 3.0]])
        2
    """
    return len(shape(a))


def size(a: TensorLike, axis: int | tuple[int, ...] | None = None) -> int:
    """The number of elements, or the length of an axis; see `shape`.

    Args:
        a: tensor, array, number or nested lists.
        axis: one axis, or several whose lengths are multiplied; all by default.

    Raises:
        AxisError: there is no such axis.

    Example:
        >>> size([[1.0, 2.0, 3.0]]), size([[1.0, 2.0, 3.0]], 0)
        (3, 1)
    """
    lengths = shape(a)
    if axis is None:
        return math.prod(lengths)
    axes = (axis,) if isinstance(axis, int) else axis
    return math.prod(lengths[place_of_axis(i, len(lengths))] for i in axes)
