"""Targets of classification: class indices or class probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.errors import ShapeError

__all__ = ["class_axis", "ignored_mask", "is_index_target"]

Array = np.ndarray[Any, Any]


def class_axis(scores: Tensor) -> int:
    """The axis of the classes: 1, or 0 for a single sample."""
    axes = scores.ndim
    if axes == 0:
        raise ShapeError(
            "scores of shape () have no axis of classes; give shape (N, C), or (C,) for one sample"
        )
    return min(1, axes - 1)


def is_index_target(name: str, scores: Tensor, target: Tensor) -> bool:
    """Whether the targets are indices (true) or probabilities (false).

    Raises:
        ShapeError: they are neither, by their shape.
        TypeError: they have the shape of indices but are not integers.
    """
    axis = class_axis(scores)
    shape, given = scores.shape, target.shape
    expected = shape[:axis] + shape[axis + 1 :]
    if given != expected:
        if given == shape:
            return False
        hint = ""
        if target.size == np.prod(expected):
            hint = f"; reshape it: target.reshape{expected}"
        raise ShapeError(
            f"{name}: scores of shape {shape} need class indices of shape {expected} or "
            f"class probabilities of shape {shape}, and the target has shape {given}{hint}"
        )
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: class indices must be integers, and the target is {target.dtype}; "
            "convert it: target.astype(np.int64)"
        )
    return True


def ignored_mask(name: str, indices: Any, classes: int, ignore_index: int) -> Array | None:
    """Which targets do not count; None if all do.

    In a recorded step the targets change from call to call, so there all are taken to
    count, and only NumPy's own check of indices remains.

    Raises:
        IndexError: an index that counts is not a class; names the first and where it is.
    """
    if not isinstance(indices, np.ndarray) or not indices.size:
        return None
    low, high = int(np.minimum.reduce(indices, None)), int(np.maximum.reduce(indices, None))
    if low >= 0 and high < classes and not low <= ignore_index <= high:
        return None
    ignored: Array = indices == ignore_index
    wrong = ((indices < 0) | (indices >= classes)) & ~ignored
    if wrong.any():
        place = tuple(int(i[0]) for i in np.nonzero(wrong))
        raise IndexError(
            f"{name}: target{list(place)} is class {indices[place]}, but the scores have "
            f"{classes} classes, 0 to {classes - 1}; give the model more outputs, or mark "
            "targets that do not count with ignore_index"
        )
    return ignored if ignored.any() else None
