"""Targets of classification: class indices or class probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import raw

__all__ = [
    "class_axis",
    "ignored_mask",
    "is_index_target",
    "not_negative",
    "probabilities",
    "signs",
]

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


def ignored_mask(
    name: str, indices: Any, classes: int, ignore_index: int | None = None
) -> Array | None:
    """Which targets do not count; None if all do.

    In a recorded step the targets change from call to call, so there all are taken to
    count, and only NumPy's own check of indices remains.

    Raises:
        IndexError: an index that counts is not a class; names the first and where it is.
    """
    if not isinstance(indices, np.ndarray) or not indices.size:
        return None
    low, high = int(np.minimum.reduce(indices, None)), int(np.maximum.reduce(indices, None))
    inside = low >= 0 and high < classes
    if inside and (ignore_index is None or not low <= ignore_index <= high):
        return None
    ignored: Array = (
        np.zeros(indices.shape, bool) if ignore_index is None else indices == ignore_index
    )
    wrong = ((indices < 0) | (indices >= classes)) & ~ignored
    if wrong.any():
        place = tuple(int(i[0]) for i in np.nonzero(wrong))
        hint = ", or mark targets that do not count with ignore_index"
        raise IndexError(
            f"{name}: target{list(place)} is class {indices[place]}, but the scores have "
            f"{classes} classes, 0 to {classes - 1}; give the model more outputs"
            f"{'' if ignore_index is None else hint}"
        )
    return ignored if ignored.any() else None


def probabilities(name: str, what: str, given: Tensor, remedy: str) -> None:
    """Refuse numbers outside [0, 1]; as all checks of numbers, not in a recorded step.

    Raises:
        ValueError: there are such.
    """
    numbers = raw(given)
    if _inspectable(numbers):
        low, high = np.minimum.reduce(numbers, None), np.maximum.reduce(numbers, None)
        if low < 0 or high > 1:
            raise ValueError(
                f"{name} takes {what}s from 0 to 1, and they go from {low:g} to {high:g}; {remedy}"
            )


def signs(name: str, given: Tensor, *, scaled: bool = False) -> None:
    """Refuse targets other than 1 and -1; if they may be scaled, those that are 0.

    Raises:
        ValueError: there are such.
    """
    numbers = raw(given)
    if _inspectable(numbers):
        wrong = numbers == 0 if scaled else np.abs(numbers) != 1
        if wrong.any():
            hint = "; of labels 0 and 1 take 2 * y - 1" if not numbers[wrong].any() else ""
            raise ValueError(
                f"{name} takes targets that are 1 or -1, and {numbers[wrong].flat[0]:g} is among "
                f"them{hint}"
            )


def not_negative(name: str, what: str, given: Tensor, remedy: str) -> None:
    """Refuse numbers below 0.

    Raises:
        ValueError: there are such.
    """
    numbers = raw(given)
    if _inspectable(numbers):
        low = np.minimum.reduce(numbers, None)
        if low < 0:
            raise ValueError(
                f"{name} takes {what} of 0 or more, and the least is {low:g}; {remedy}"
            )


def _inspectable(numbers: Any) -> bool:
    """Whether there are numbers to look at: neither a recording's stand-in, nor complex ones."""
    return isinstance(numbers, np.ndarray) and numbers.size > 0 and numbers.dtype.kind != "c"
