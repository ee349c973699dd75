"""Accuracy, top-k accuracy and the confusion matrix."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.metrics.labels import as_array, check_range, labels_of

__all__ = ["accuracy", "confusion_matrix", "top_k_accuracy"]

Array = np.ndarray[Any, Any]


def accuracy(predictions: Any, targets: Any, *, threshold: float | None = None) -> float:
    """Share of right answers: of samples whose highest score is at the true class.

    With a threshold, share of entries on the right side of it: for one score per sample, or
    for several yes-or-no questions per sample, each of which counts by itself.

    Args:
        predictions: scores (logits or probabilities) of shape (N, C), C at least 2, or labels
            (N,). With a threshold, scores of any shape.
        targets: true labels, integers of shape (N,); or class probabilities (N, C), whose
            rows sum to 1. With a threshold, 0 or 1 (or −1 or 1) for every prediction.
        threshold: what scores above mean yes, 1: 0 for logits and margins, 0.5 for
            probabilities.

    Returns:
        A number from 0 to 1.

    Raises:
        ShapeError: predictions and targets do not fit together.
        TypeError: what should be labels are none.
        ValueError: a threshold is needed, a label is no class, scores are NaN, or there are
            no samples.

    Example:
        >>> accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
        0.5
        >>> accuracy([[9.0], [8.0], [-9.0]], [[1], [1], [0]], threshold=0)
        1.0
    """
    predicted, true, _ = labels_of("accuracy", predictions, targets, threshold)
    return float(np.mean(predicted == true))


def top_k_accuracy(predictions: Any, targets: Any, k: int = 5) -> float:
    """Share of samples whose true class is among the ``k`` highest scores.

    Of equal scores, those of the lower classes count as higher.

    Args:
        predictions: scores of shape (N, C), C at least 2.
        targets: true labels, integers of shape (N,); or class probabilities (N, C).
        k: how many scores count, from 1 to C.

    Returns:
        A number from 0 to 1.

    Raises:
        ShapeError: predictions and targets do not fit together.
        ValueError: ``k`` is out of range, or a label is.

    Example:
        >>> top_k_accuracy([[0.1, 0.5, 0.4], [0.6, 0.3, 0.1]], [2, 2], k=2)
        0.5
    """
    scores = as_array(predictions)
    if scores.ndim != 2 or scores.shape[1] < 2:
        raise ShapeError(
            "top-k accuracy needs scores of shape (N, C) with at least 2 classes, "
            f"not {scores.shape}"
        )
    _, true, classes = labels_of("top_k_accuracy", scores, targets, None)
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= classes:
        raise ValueError(f"k={k!r} is out of range: there are {classes} classes")
    # Sorting the negated scores instead would wrap those of unsigned integers.
    order = np.argsort(scores[:, ::-1], axis=1, kind="stable")[:, ::-1]
    best = classes - 1 - order[:, :k]
    return float(np.mean((best == true[:, None]).any(axis=1)))


def confusion_matrix(
    predictions: Any,
    targets: Any,
    classes: int | None = None,
    *,
    threshold: float | None = None,
) -> Array:
    """How often each true class was taken for each class.

    Args:
        predictions: as for `accuracy`.
        targets: as for `accuracy`.
        classes: number of classes; by default as many as the scores have columns, or
            the highest label plus one. With a threshold there are 2.
        threshold: as for `accuracy`; predictions and targets have one entry per sample then.

    Returns:
        Integers of shape (C, C): row = true class, column = predicted class.

    Raises:
        ShapeError: predictions and targets do not fit together.
        ValueError: a label is out of range, or a threshold is needed.

    Example:
        >>> confusion_matrix([0, 1, 1], [0, 0, 1])
        array([[1, 1],
               [0, 1]])
    """
    predicted, true, columns = labels_of("confusion_matrix", predictions, targets, threshold)
    if math.prod(predicted.shape[1:]) != 1:
        raise ShapeError(
            f"a confusion matrix with a threshold takes one score per sample, and predictions of "
            f"shape {predicted.shape} have several; give one column at a time"
        )
    predicted, true = predicted.ravel(), true.ravel()
    top = int(max(predicted.max(), true.max()))
    if classes is None:
        classes = max(top + 1, columns)
    check_range(np.concatenate([predicted, true]), classes)
    counts = np.bincount(true * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes)
