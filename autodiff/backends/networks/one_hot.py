"""Indices of classes as arrays of ones and zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["check_indices", "one_hot"]

Array = npt.NDArray[Any]


def one_hot(indices: Any, classes: int, axis: int, dtype: Any, ignored: int | None) -> Any:
    """Ones at the indices along a new axis, zeros elsewhere.

    Args:
        indices: integers from 0 to ``classes - 1``.
        classes: length of the new axis.
        axis: its place in the result.
        dtype: of the result.
        ignored: an index that gives zeros only.

    Returns:
        An array with one axis more than ``indices``.

    Raises:
        IndexError: an index is out of range; names the first and where it is.
    """
    if indices.size:
        low, high = int(indices.min()), int(indices.max())
        if low < 0 or high >= classes:
            check_indices(indices, classes, ignored)
    ndim = indices.ndim + 1
    axis %= ndim
    # Where they are few, class by class in memory, as losses reduce along the classes.
    first = 0 if classes <= 32 else axis
    along = [1] * ndim
    along[first] = classes
    places = indices.reshape((*indices.shape[:first], 1, *indices.shape[first:]))
    chosen = places == np.arange(classes).reshape(along)
    if ignored is not None and 0 <= ignored < classes:
        chosen &= places != ignored
    result = chosen.astype(dtype)
    if first == axis:
        return result
    return result.transpose((*range(1, axis + 1), 0, *range(axis + 1, ndim)))


def check_indices(indices: Array, classes: int, ignored: int | None) -> None:
    """Raise an IndexError that names the first index that is no class, and where it is."""
    wrong = (indices < 0) | (indices >= classes)
    if ignored is not None:
        wrong &= indices != ignored
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise IndexError(
            f"index{where} is {int(indices[place])}, but there are {classes} classes, "
            f"0 to {classes - 1}"
        )
