"""Class labels as places along an axis of scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.networks.one_hot import check_indices

__all__ = ["label_loss", "subtract_label"]


def label_loss(total: Any, x: Any, labels: Any, axis: int, ignored: int | None) -> Any:
    """``total`` less ``x`` at the labels; 0 where a label is ignored.

    Args:
        total: of the shape of ``labels``.
        x: with the axis of the classes beside those of ``labels``.
        labels: integers from 0 to the number of classes.
        axis: the axis of the classes.
        ignored: a label that does not count.

    Returns:
        An array of the shape of ``labels``.

    Raises:
        IndexError: a label is no class; names the first and where it is.

    Example:
        >>> label_loss(np.array([5.0, 6.0]), np.eye(2), np.array([0, -1]), 1, -1).tolist()
        [4.0, 0.0]
    """
    places, counts = _places(labels, x.shape[axis], ignored)
    found = total - x[_index(places, axis % x.ndim)]
    return found if counts is None else np.where(counts, found, np.zeros((), found.dtype))


def subtract_label(x: Any, v: Any, labels: Any, axis: int, ignored: int | None) -> Any:
    """A copy of ``x`` less ``v`` at the labels; zeros where a label is ignored.

    Args:
        x: with the axis of the classes beside those of ``labels``.
        v: broadcast to the shape of ``labels``.
        labels: integers from 0 to the number of classes.
        axis: the axis of the classes.
        ignored: a label that does not count.

    Returns:
        An array of the shape of ``x``.

    Raises:
        IndexError: a label is no class; names the first and where it is.

    Example:
        >>> subtract_label(np.ones((2, 2)), 5.0, np.array([1, -1]), 1, -1).tolist()
        [[1.0, -4.0], [0.0, 0.0]]
    """
    places, counts = _places(labels, x.shape[axis], ignored)
    result = np.array(x, dtype=np.result_type(x, v))
    result[_index(places, axis % x.ndim)] -= v
    if counts is not None:
        np.copyto(result, 0, where=np.expand_dims(~counts, axis))
    return result


def _places(labels: Any, classes: int, ignored: int | None) -> tuple[Any, Any]:
    """Labels that may be indexed with, and which of them count; None for all."""
    if not labels.size:
        return labels, None
    low, high = int(np.minimum.reduce(labels, None)), int(np.maximum.reduce(labels, None))
    inside = low >= 0 and high < classes
    if inside and (ignored is None or not low <= ignored <= high):
        return labels, None
    if not inside:
        check_indices(labels, classes, ignored)
    counts = labels != ignored
    return np.where(counts, labels, 0), counts


def _index(places: Any, axis: int) -> tuple[Any, ...]:
    """An index of one element for every label."""
    if places.ndim == 1:
        row = np.arange(len(places))
        return (row, places) if axis else (places, row)
    others: list[Any] = list(np.indices(places.shape, sparse=True))
    return (*others[:axis], places, *others[axis:])
