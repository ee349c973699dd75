"""Joining and cutting: concatenation, stacking, splitting."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autodiff.errors import ShapeError
from autodiff.functions.shaping.shaping import place_of_axis, ravel
from autodiff.graph.node import holds_nodes
from autodiff.ops.shaping import joining
from autodiff.tensors.operands import as_operand, from_nested, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "chunk",
    "concatenate",
    "split",
    "stack",
]


def concatenate(
    tensors: Sequence[TensorLike], axis: int | None = 0, *, dtype: npt.DTypeLike | None = None
) -> Tensor:
    """Operands one after the other along an axis.

    Args:
        tensors: at least one; shapes equal except along ``axis``.
        axis: the axis; None joins them flattened.
        dtype: of the result, the common one by default.

    Returns:
        The joined tensor.

    Derivative: of the result's gradient g, each operand receives the part of g where the operand
    lies.

    Example:
        >>> concatenate([[1.0], [2.0, 3.0]]).tolist()
        [1.0, 2.0, 3.0]
    """
    _some(tensors, "concatenate")
    if dtype is not None:
        return concatenate(tensors, axis).astype(dtype)
    if axis is None:
        return concatenate([ravel(t) for t in operands_of(tensors)])
    return apply(joining.concatenate, *tensors, axis=axis)


def stack(
    tensors: Sequence[TensorLike], axis: int = 0, *, dtype: npt.DTypeLike | None = None
) -> Tensor:
    """Operands of one shape side by side along a new axis; Values become a Tensor.

    Args:
        tensors: at least one; tensors, or (nested lists of) Values.
        axis: the place of the new axis.
        dtype: of the result, the common one by default.

    Returns:
        The stacked tensor.

    Derivative: of the result's gradient g, each operand receives the slice of g where the operand
    lies.

    Example:
        >>> stack([[1.0, 2.0], [3.0, 4.0]], axis=1).tolist()
        [[1.0, 3.0], [2.0, 4.0]]
    """
    _some(tensors, "stack")
    if dtype is not None:
        return stack(tensors, axis).astype(dtype)
    if axis == 0 and holds_nodes(list(tensors)):
        return from_nested(list(tensors))
    return apply(joining.stack, *tensors, axis=axis)


def split(x: TensorLike, sections: int | Sequence[int], axis: int = 0) -> list[Tensor]:
    """Pieces along an axis.

    Args:
        x: tensor or array.
        sections: the number of equal pieces, or the places at which to cut.
        axis: the axis to cut.

    Returns:
        The pieces in order.

    Raises:
        ShapeError: the axis cannot be cut into that many equal pieces.

    Example:
        >>> [piece.shape for piece in split([1.0, 2.0, 3.0], [1])]
        [(1,), (2,)]
    """
    x = as_operand(x)
    place = place_of_axis(axis, x.ndim)
    length = x.shape[place]
    if isinstance(sections, int):
        if sections < 1 or length % sections:
            raise ShapeError(
                f"'split' cannot cut axis {axis} of length {length} into {sections} equal "
                "pieces; give a divisor, or the places at which to cut"
            )
        step = length // sections
        cuts = [step * i for i in range(1, sections)]
    else:
        cuts = list(sections)
    edges = [None, *cuts, None]
    before = (slice(None),) * place
    return [x[(*before, slice(a, b))] for a, b in pairwise(edges)]


def chunk(x: TensorLike, chunks: int, axis: int = 0) -> list[Tensor]:
    """PyTorch's `chunk`: pieces of one length along an axis, the last of which may be shorter.

    Args:
        x: tensor or array.
        chunks: how many pieces at most; fewer if so many of that length are not needed.
        axis: the axis to cut.

    Returns:
        The pieces in order.

    Raises:
        ShapeError: less than one piece was asked for.

    Example:
        >>> [piece.tolist() for piece in chunk([1.0, 2.0, 3.0, 4.0, 5.0], 3)]
        [[1.0, 2.0], [3.0, 4.0], [5.0]]
    """
    x = as_operand(x)
    length, count = x.shape[place_of_axis(axis, x.ndim)], operator.index(chunks)
    if count < 1:
        raise ShapeError(f"'chunk' was asked for {count} pieces; give at least 1")
    step = -(-length // count)
    return split(x, range(step, length, step) if step else [0] * (count - 1), axis)


def _some(tensors: Sequence[Any], name: str) -> None:
    if not len(tensors):
        raise ShapeError(f"{name!r} needs at least one tensor, but was given none")
