"""Repetition: elements, whole tensors, and shapes brought together by broadcasting."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.indexing.indexing import plain_index
from autodiff.functions.shaping.shaping import broadcast_to, expand_dims, place_of_axis, reshape
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["broadcast_arrays", "broadcast_shapes", "meshgrid", "repeat", "tile", "unstack"]


def repeat(x: Any, repeats: Any, /, axis: int | None = None) -> Tensor:
    """Each element several times, one after the other.

    Args:
        x: tensor or array.
        repeats: how often; one number, or one for each place along the axis.
        axis: along which axis; None: of the flattened operand.

    Returns:
        The longer tensor.

    Raises:
        ShapeError: there are more or fewer numbers than places.
        ValueError: a number is negative.
        TypeError: the numbers are no integers.

    Example:
        >>> repeat([1.0, 2.0], 2).tolist(), repeat([1.0, 2.0], [0, 3]).tolist()
        ([1.0, 1.0, 2.0, 2.0], [2.0, 2.0, 2.0])
    """
    x = as_operand(x)
    if axis is None:
        x, axis = x.reshape(-1), 0
    axis = place_of_axis(axis, x.ndim)
    counts = np.asarray(plain_index(repeats))
    if counts.dtype.kind not in "iu" and counts.size:
        raise TypeError(f"repeat() needs integers for repeats, not {counts.dtype}")
    if (counts < 0).any():
        raise ValueError("repeat() was given a negative number of repeats")
    shape = x.shape
    if counts.size == 1:
        n = int(counts.reshape(()))
        wide = broadcast_to(expand_dims(x, axis + 1), (*shape[: axis + 1], n, *shape[axis + 1 :]))
        return reshape(wide, (*shape[:axis], shape[axis] * n, *shape[axis + 1 :]))
    if counts.shape != (shape[axis],):
        raise ShapeError(
            f"repeat() was given {counts.shape} numbers of repeats for axis {axis} of shape "
            f"{shape}; give one, or {shape[axis]}"
        )
    places = np.repeat(np.arange(shape[axis]), counts.astype(np.intp))
    return x[(slice(None),) * axis + (places,)]  # type: ignore[no-any-return]


def tile(x: TensorLike, repetitions: Any, /) -> Tensor:
    """The whole tensor several times along its axes.

    Args:
        x: tensor or array.
        repetitions: how often along each axis, aligned from the last.

    Returns:
        The larger tensor.

    Raises:
        ValueError: a number is negative.

    Example:
        >>> tile([1.0, 2.0], 2).tolist(), tile([1.0, 2.0], (2, 1)).tolist()
        ([1.0, 2.0, 1.0, 2.0], [[1.0, 2.0], [1.0, 2.0]])
    """
    x = as_operand(x)
    given = repetitions if isinstance(repetitions, (tuple, list)) else (repetitions,)
    reps = tuple(operator.index(n) for n in given)
    if any(n < 0 for n in reps):
        raise ValueError(f"tile() was given a negative number of repetitions: {reps}")
    ndim = max(len(reps), x.ndim)
    reps = (1,) * (ndim - len(reps)) + reps
    shape = (1,) * (ndim - x.ndim) + x.shape
    narrow = [n for length in shape for n in (1, length)]
    wide = [n for pair in zip(reps, shape, strict=True) for n in pair]
    return reshape(
        broadcast_to(reshape(x, narrow), wide),
        tuple(n * length for n, length in zip(reps, shape, strict=True)),
    )


def broadcast_shapes(*shapes: int | tuple[int, ...]) -> tuple[int, ...]:
    """The shape that operands of these shapes are broadcast to.

    Args:
        *shapes: lengths of axes.

    Returns:
        The common shape.

    Raises:
        ShapeError: there is none.

    Example:
        >>> broadcast_shapes((3, 1), (4,))
        (3, 4)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ShapeError(
            f"the shapes {', '.join(map(str, shapes))} cannot be broadcast together; aligned from "
            "the right, lengths must be equal or 1"
        ) from None


def broadcast_arrays(*arrays: Any) -> tuple[Tensor, ...]:
    """Operands repeated to their common shape.

    Args:
        *arrays: tensors or arrays.

    Returns:
        The tensors in order.

    Raises:
        ShapeError: the shapes cannot be broadcast together.

    Example:
        >>> [x.shape for x in broadcast_arrays([1.0, 2.0], [[3.0]])]
        [(1, 2), (1, 2)]
    """
    nodes = [as_operand(x) for x in arrays]
    shape = broadcast_shapes(*(x.shape for x in nodes))
    return tuple(x if x.shape == shape else broadcast_to(x, shape) for x in nodes)


def meshgrid(*arrays: Any, indexing: str = "xy", sparse: bool = False) -> tuple[Tensor, ...]:
    """Coordinates of a grid from coordinates along its axes.

    Args:
        *arrays: tensors or arrays of one axis.
        indexing: ``"ij"`` for the axes in order, ``"xy"`` for the first two exchanged.
        sparse: leave each with length 1 along the other axes.

    Returns:
        One tensor for each axis, all of the grid's shape unless sparse.

    Raises:
        ValueError: ``indexing`` is something else.
        ShapeError: an operand has several axes.

    Example:
        >>> x, y = meshgrid([1.0, 2.0], [3.0, 4.0, 5.0])
        >>> x.tolist(), y.tolist()
        ([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]], [[3.0, 3.0], [4.0, 4.0], [5.0, 5.0]])
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid() knows indexing='xy' and 'ij', not {indexing!r}")
    nodes = [as_operand(x) for x in arrays]
    for x in nodes:
        if x.ndim > 1:
            raise ShapeError(f"meshgrid() needs tensors of one axis, not of shape {x.shape}")
    order = list(range(len(nodes)))
    if indexing == "xy" and len(nodes) > 1:
        order[:2] = 1, 0
    open_ = tuple(
        reshape(x, [x.size if i == place else 1 for i in range(len(nodes))])
        for x, place in zip(nodes, order, strict=True)
    )
    return open_ if sparse else broadcast_arrays(*open_)


def unstack(x: TensorLike, /, *, axis: int = 0) -> tuple[Tensor, ...]:
    """The pieces along an axis, without it; what `stack` puts together.

    Args:
        x: tensor or array of at least one axis.
        axis: which axis.

    Returns:
        As many tensors as the axis is long.

    Example:
        >>> [y.tolist() for y in unstack([[1.0, 2.0], [3.0, 4.0]], axis=1)]
        [[1.0, 3.0], [2.0, 4.0]]
    """
    x = as_operand(x)
    before: Sequence[Any] = (slice(None),) * place_of_axis(axis, x.ndim)
    return tuple(x[(*before, i)] for i in range(x.shape[len(before)]))
