"""The different elements of a tensor, their places and counts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autodiff.functions.shaping.joining import concatenate
from autodiff.graph.modes import is_grad_enabled
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

__all__ = ["unique_all", "unique_counts", "unique_inverse", "unique_values"]


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


def unique_all(x: Any, /) -> UniqueAll:
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


def unique_counts(x: Any, /) -> UniqueCounts:
    """The different elements in order, and how many of each; see `unique_all`.

    Example:
        >>> [part.tolist() for part in unique_counts([3, 1, 3])]
        [[1, 3], [1, 2]]
    """
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: Any, /) -> UniqueInverse:
    """The different elements in order, and the places that make ``x`` of them.

    Example:
        >>> [part.tolist() for part in unique_inverse([3, 1, 3])]
        [[1, 3], [1, 0, 1]]
    """
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_values(x: Any, /) -> Tensor:
    """The different elements in order; see `unique_all`.

    Example:
        >>> unique_values([3, 1, 3]).tolist()
        [1, 3]
    """
    return unique_all(x).values
