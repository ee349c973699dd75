"""The different elements of a tensor, their places and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autodiff.functions.indexing.picking import take
from autodiff.functions.shaping.joining import concatenate
from autodiff.graph.modes import is_grad_enabled
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["unique", "unique_all", "unique_counts", "unique_inverse", "unique_values"]


def taken_from(found: Any, *operands: Any) -> Tensor:
    """Different numbers as the elements of operands that they are: the first that is equal.

    Args:
        found: an array without axes more than one, each of its elements among the operands'.
        *operands: tensors of one dtype.

    Returns:
        A node if one of the operands needs a gradient, else a constant.
    """
    if not is_grad_enabled() or not any(x.requires_grad for x in operands):
        return answer(found)
    pool = concatenate([x.reshape(-1) for x in operands])
    known, first = np.unique(pool._data, return_index=True)
    return pool.astype(found.dtype)[first[np.searchsorted(known, found)]]


class UniqueAll(NamedTuple):
    """What `unique_all` gives."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """What `unique_counts` gives."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """What `unique_inverse` gives."""

    values: Tensor
    inverse_indices: Tensor


def unique_all(x: TensorLike, /) -> UniqueAll:
    """The different elements in order, where they are, and how many of each.

    Every NaN counts as different from the others. Of equal elements the first gets the gradient.

    Args:
        x: tensor or array, taken as flattened.

    Returns:
        A named tuple of ``values``; ``indices``, the first place of each; ``inverse_indices``,
        of the shape of ``x``, which make ``x`` of the values; and ``counts``.

    Example:
        >>> found = unique_all([3.0, 1.0, 3.0])
        >>> found.values.tolist(), found.indices.tolist(), found.counts.tolist()
        ([1.0, 3.0], [1, 0], [1, 2])
        >>> found.inverse_indices.tolist()
        [1, 0, 1]
    """
    x = as_operand(x)
    values, indices, inverse, counts = np.unique(
        x._data, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    inverse = inverse.reshape(x.shape)
    carried = x.requires_grad and is_grad_enabled()
    elements = x.reshape(-1)[indices] if carried else answer(values)
    return UniqueAll(elements, answer(indices), answer(inverse), answer(counts))


def unique_counts(x: TensorLike, /) -> UniqueCounts:
    """The different elements in order, and how many of each; see `unique_all`.

    Example:
        >>> [part.tolist() for part in unique_counts([3, 1, 3])]
        [[1, 3], [1, 2]]
    """
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: TensorLike, /) -> UniqueInverse:
    """The different elements in order, and the places that make ``x`` of them.

    Example:
        >>> [part.tolist() for part in unique_inverse([3, 1, 3])]
        [[1, 3], [1, 0, 1]]
    """
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_values(x: TensorLike, /) -> Tensor:
    """The different elements in order; see `unique_all`.

    Example:
        >>> unique_values([3, 1, 3]).tolist()
        [1, 3]
    """
    return unique_all(x).values


def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """The different elements in order, or the different slices along an axis.

    Of equal elements the first gets the gradient.

    Args:
        ar: tensor or array.
        return_index: give also the place of the first of each.
        return_inverse: give also which of them each element is.
        return_counts: give also how often each occurs.
        axis: slices along this axis are compared; None: elements.
        equal_nan: NaN counts as equal to NaN.
        sorted: of no effect: they are always in order.

    Returns:
        The elements; with further answers asked for a tuple that begins with them.

    Example:
        >>> unique([3.0, 1.0, 3.0], return_counts=True)[1].tolist()
        [1, 2]
    """
    find: Any = np.unique
    x = as_operand(ar)
    carried = x.requires_grad and is_grad_enabled()
    found = find(
        x._data,
        return_index=return_index or carried,
        return_inverse=return_inverse,
        return_counts=return_counts,
        axis=axis,
        equal_nan=equal_nan,
    )
    if not isinstance(found, tuple):
        return answer(found)
    elements, *others = map(answer, found)
    if carried:
        first = others[0] if return_index else others.pop(0)
        elements = x.reshape(-1)[first] if axis is None else take(x, first, axis)
    return (elements, *others) if others else elements
