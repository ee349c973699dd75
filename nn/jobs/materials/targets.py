"""What is to be predicted: classes or numbers, and which of these."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.jobs.materials.material import MaterialError

__all__ = ["FARTHEST", "as_classes", "as_numbers", "choose_task", "spelt_class", "taken"]

Array = np.ndarray[Any, Any]

MOST = 20
"""Whole numbers of so many different values at most are taken for classes."""
LARGEST = 10_000
"""So many classes are refused."""
FARTHEST = 1e100
"""Numbers beyond are refused; their squares would be infinite."""


def choose_task(y: Array, texts: tuple[str, ...] | None) -> str:
    """Whether classes or numbers are to be predicted.

    Args:
        y: the targets.
        texts: what the numbers stand for, if they are categories of text.
    """
    if texts is not None or y.dtype.kind in "bUS":
        return "classification"
    whole = y.dtype.kind in "iu" or bool(np.all(np.isfinite(y) & (y == np.round(y))))
    values = len(np.unique(y))
    return "classification" if whole and values <= MOST and 2 * values <= len(y) else "regression"


def taken(
    y: Array, texts: tuple[str, ...] | None, task: str | None, name: str
) -> tuple[Array, tuple[str, ...]]:
    """The targets as the network takes them, and the names of the classes.

    Args:
        y: the targets as read; those of text as numbers of categories.
        texts: the categories.
        task: ``classification``, ``regression`` or None to find out.
        name: what the target is called.

    Raises:
        MaterialError: they cannot be taken so.
    """
    if y.ndim != 1:
        raise MaterialError(
            f"{name} has shape {y.shape}; one number or class for each sample is predicted, and "
            "it needs shape (N,)"
        )
    if y.dtype.kind not in "biufUS":
        raise MaterialError(
            f"{name} holds {y.dtype}; numbers, or text for classes, are predicted: convert it"
        )
    if not len(y):
        raise MaterialError(f"{name} is empty: there is nothing to learn from")
    chosen = choose_task(y, texts) if task is None else task
    if chosen == "regression":
        if texts is not None or y.dtype.kind not in "biuf":
            shown = ", ".join((texts or tuple(map(str, y)))[:3])
            raise MaterialError(
                f"{name} holds text ({shown}, …), which cannot be predicted as a number; leave "
                "out --task regression"
            )
        return as_numbers(y, name), ()
    return as_classes(y, texts, name)


def as_numbers(y: Array, name: str) -> Array:
    """Targets of a regression, float64: they are scaled before they lose digits.

    Raises:
        MaterialError: one is missing or too large, or all are the same.
    """
    y = y.astype(np.float64)
    _all_there(np.isnan(y), name)
    far = np.flatnonzero(np.abs(y) > FARTHEST)
    if len(far):
        raise MaterialError(
            f"{name} is {y[far[0]]:g} in sample number {far[0] + 1}; numbers up to {FARTHEST:g} "
            "can be learnt: mend it, or remove this sample"
        )
    if len(np.unique(y)) < 2:
        raise MaterialError(f"{name} is {y[0]:g} in all {len(y)} samples: nothing can be learnt")
    return y


def as_classes(y: Array, texts: tuple[str, ...] | None, name: str) -> tuple[Array, tuple[str, ...]]:
    """Numbers of classes, int64, and their names.

    Raises:
        MaterialError: one is missing, all are the same, or there are too many.
    """
    if texts is not None:
        _all_there(y < 0, name)
        numbers, names = np.unique(y, return_inverse=True)[1], np.unique(y)
        found = tuple(texts[i] for i in names)
    else:
        if y.dtype.kind == "f":
            _all_there(~np.isfinite(y), name)
        values, numbers = np.unique(y, return_inverse=True)
        found = tuple(spelt_class(value) for value in values.tolist())
    if len(found) < 2:
        raise MaterialError(
            f"{name} is {found[0]!r} in all {len(y)} samples: nothing can be learnt"
        )
    if len(found) > min(LARGEST, len(y) // 2):
        raise MaterialError(
            f"{name} has {len(found)} different values in {len(y)} samples, too many to be "
            "classes; give --task regression if it is a number, or another --target"
        )
    return numbers.reshape(-1).astype(np.int64), found


def spelt_class(value: Any) -> str:
    """The name of a class that is a number: of 1.0 as of 1.

    >>> spelt_class(1.0), spelt_class(0.5), spelt_class(1234567.0)
    ('1', '0.5', '1234567')
    """
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if not isinstance(value, float):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _all_there(gone: Array, name: str) -> None:
    if gone.any():
        first = int(np.flatnonzero(gone)[0])
        raise MaterialError(
            f"{name} is missing in {int(gone.sum())} of {len(gone)} samples, the first is number "
            f"{first + 1}; what is to be learnt must be known: remove these samples"
        )
