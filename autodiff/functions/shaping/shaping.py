"""Rearranging and joining: the same elements in another shape."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.devices import check_device
from autodiff.backends.kinds import is_array
from autodiff.errors import AxisError, ShapeError
from autodiff.ops.shaping import shape as shapes
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "astype",
    "broadcast_to",
    "expand_dims",
    "flip",
    "moveaxis",
    "ravel",
    "reshape",
    "roll",
    "squeeze",
    "swapaxes",
    "transpose",
]

Axes = int | Sequence[int]


def _shape(given: Any) -> tuple[int, ...]:
    sizes = given if isinstance(given, (tuple, list)) else (given,)
    return tuple(operator.index(n) for n in sizes)


def reshape(x: TensorLike, /, shape: Axes, *, copy: bool | None = None) -> Tensor:
    """The elements in C order under another shape.

    Args:
        x: tensor or array.
        shape: the new shape; one length may be -1 and is then worked out.
        copy: False to refuse where the elements have to be moved in memory. Whether they
            are is no concern otherwise: results are not written into.

    Returns:
        The reshaped tensor.

    Raises:
        ShapeError: the number of elements does not fit.
        ValueError: ``copy=False``, but the elements have to be moved.

    Derivative: of the result's gradient g, x receives g in the shape of x.

    Example:
        >>> reshape([1.0, 2.0, 3.0, 4.0], (2, -1)).shape
        (2, 2)
    """
    x = as_operand(x)
    y = apply(shapes.reshape, x, shape=_shape(shape))
    if copy is None:
        return y
    plain = is_array(x._data) and is_array(y._data)
    if not copy and plain and not np.may_share_memory(y._data, x._data):
        raise ValueError(
            f"reshape() to {y.shape} has to move the elements, which copy=False forbids; "
            "leave copy= out"
        )
    return apply(shapes.astype, y, dtype=y.dtype) if copy else y


def ravel(x: TensorLike) -> Tensor:
    """All elements along one axis.

    Derivative: of the result's gradient g, x receives g in the shape of x.

    Example:
        >>> ravel([[1.0, 2.0]]).shape
        (2,)
    """
    return reshape(x, (-1,))


def transpose(x: TensorLike, axes: Sequence[int] | None = None) -> Tensor:
    """Axes in another order.

    Args:
        x: tensor or array.
        axes: the new order, reversed by default.

    Returns:
        The transposed tensor.

    Derivative: of the result's gradient g, x receives g with its axes back in the order of x.

    Example:
        >>> transpose([[1.0, 2.0, 3.0]]).shape
        (3, 1)
    """
    return apply(shapes.transpose, x, axes=None if axes is None else _shape(axes))


def swapaxes(x: TensorLike, axis1: int, axis2: int) -> Tensor:
    """Two axes exchanged.

    Derivative: of the result's gradient g, x receives g with its axes back in the order of x.

    Example:
        >>> swapaxes([[1.0, 2.0, 3.0]], 0, 1).shape
        (3, 1)
    """
    x = as_operand(x)
    order = list(range(x.ndim))
    i, j = place_of_axis(axis1, x.ndim), place_of_axis(axis2, x.ndim)
    order[i], order[j] = order[j], order[i]
    return transpose(x, order)


def moveaxis(x: TensorLike, source: Axes, destination: Axes) -> Tensor:
    """Axes moved to other places, the rest in their order.

    Derivative: of the result's gradient g, x receives g with its axes back in the order of x.

    Example:
        >>> moveaxis(np.zeros((2, 3, 4)), 0, -1).shape
        (3, 4, 2)
    """
    x = as_operand(x)
    sources = [place_of_axis(a, x.ndim) for a in _shape(source)]
    targets = [place_of_axis(a, x.ndim) for a in _shape(destination)]
    if not len(sources) == len(targets) == len(set(sources)) == len(set(targets)):
        raise ShapeError(
            f"'moveaxis' was given source={source} and destination={destination}; "
            "give as many different axes in each"
        )
    order = [a for a in range(x.ndim) if a not in sources]
    for target, origin in sorted(zip(targets, sources, strict=True)):
        order.insert(target, origin)
    return transpose(x, order)


def place_of_axis(axis: int, ndim: int) -> int:
    """The non-negative number of an axis, refused if there is none.

    Example:
        >>> place_of_axis(-1, 3)
        2
    """
    if not -ndim <= axis < ndim:
        raise AxisError(f"axis {axis} does not exist in a tensor with {ndim} axes")
    return axis % ndim


def expand_dims(x: TensorLike, axis: Axes) -> Tensor:
    """New axes of length 1 at the given places.

    Derivative: of the result's gradient g, x receives g in the shape of x.

    Example:
        >>> expand_dims([1.0, 2.0], 0).shape
        (1, 2)
    """
    return apply(shapes.expand_dims, x, axis=axis if isinstance(axis, int) else _shape(axis))


def squeeze(x: TensorLike, axis: Axes | None = None) -> Tensor:
    """Axes of length 1 removed, all of them or those given.

    Derivative: of the result's gradient g, x receives g in the shape of x.

    Example:
        >>> squeeze([[1.0, 2.0]]).shape
        (2,)
    """
    wanted = axis if axis is None or isinstance(axis, int) else _shape(axis)
    return apply(shapes.squeeze, x, axis=wanted)


def broadcast_to(x: TensorLike, /, shape: Axes) -> Tensor:
    """The operand repeated to a larger shape, by NumPy's rules.

    Derivative: of the result's gradient g, x receives g summed over the axes along which x was
    repeated.

    Example:
        >>> broadcast_to([1.0, 2.0], (3, 2)).shape
        (3, 2)
    """
    return apply(shapes.broadcast_to, x, shape=_shape(shape))


def flip(x: TensorLike, axis: Axes | None = None) -> Tensor:
    """Elements in reverse order along axes, along all by default.

    Derivative: of the result's gradient g, x receives g flipped along the same axes.

    Example:
        >>> flip([1.0, 2.0]).tolist()
        [2.0, 1.0]
    """
    wanted = axis if axis is None or isinstance(axis, int) else _shape(axis)
    return apply(shapes.flip, x, axis=wanted)


def roll(x: TensorLike, shift: Axes, axis: Axes | None = None) -> Tensor:
    """Elements shifted along axes; those that leave re-enter at the other end.

    Derivative: of the result's gradient g, x receives g rolled back.

    Example:
        >>> roll([1.0, 2.0, 3.0], 1).tolist()
        [3.0, 1.0, 2.0]
    """
    wanted = axis if axis is None or isinstance(axis, int) else _shape(axis)
    return apply(
        shapes.roll, x, shift=shift if isinstance(shift, int) else _shape(shift), axis=wanted
    )


def astype(
    x: Any, dtype: npt.DTypeLike, /, *, copy: bool = True, device: str | None = None
) -> Tensor:
    """The elements in another type; a gradient passes between floating types only.

    Args:
        x: tensor or array.
        dtype: the type wanted.
        copy: False to give back ``x`` itself where it is of that type already.
        device: ``"cpu"`` or None.

    Returns:
        The tensor.

    Raises:
        TypeError: complex numbers are to become real ones.
        ValueError: the device is another one.

    Derivative: of the result's gradient g, x receives g in the type of x.

    Example:
        >>> astype([1.0, 2.0], np.float64).dtype
        dtype('float64')
    """
    check_device(device)
    x, wanted = as_operand(x), np.dtype(dtype)
    if not copy and x.dtype == wanted:
        return x  # type: ignore[no-any-return]
    if x.dtype.kind == "c" and wanted.kind in "fiu":
        raise TypeError(
            f"astype({wanted}) of {x.dtype} would drop the imaginary parts; say which part is "
            "meant: autodiff.real(x), autodiff.imag(x) or autodiff.abs(x)"
        )
    return apply(shapes.astype, x, dtype=wanted)
