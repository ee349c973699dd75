"""Accuracy, top-k accuracy and the confusion matrix."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from autodiff.errors import ShapeError
from nn.metrics.base import Metric, Sums
from nn.metrics.labels import as_array, check_range, counted, labels_of

__all__ = [
    "Accuracy",
    "ConfusionMatrix",
    "TopKAccuracy",
    "accuracy",
    "confusion_matrix",
    "top_k_accuracy",
]

Array = np.ndarray[Any, Any]


class Accuracy(Metric):
    """`accuracy` over batches.

    Args:
        threshold: as for `accuracy`.
        subset: as for `accuracy`.
        ignore_index: as for `accuracy`.
    """

    name: ClassVar[str] = "accuracy"

    def __init__(
        self,
        threshold: float | None = None,
        *,
        subset: bool = False,
        ignore_index: int | None = None,
    ) -> None:
        self.threshold = threshold
        self.subset = subset
        self.ignore_index = ignore_index

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """How many were right, and how many there were."""
        predicted, true, _ = labels_of(
            self.name, predictions, targets, self.threshold, self.ignore_index
        )
        right = predicted == true
        if self.subset and right.ndim > 1:
            right = right.reshape(len(right), -1).all(axis=1)
        return {"right": np.asarray(np.count_nonzero(right)), "seen": np.asarray(right.size)}

    def figure(self, sums: Sums) -> float:
        """The share."""
        return float(sums["right"] / sums["seen"])


class TopKAccuracy(Metric):
    """`top_k_accuracy` over batches.

    Args:
        k: how many scores count.
        ignore_index: targets of this value do not count.
    """

    name: ClassVar[str] = "top_k_accuracy"

    def __init__(self, k: int = 5, *, ignore_index: int | None = None) -> None:
        self.k = k
        self.ignore_index = ignore_index

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """How many were right, and how many there were."""
        scores, wanted = counted(as_array(predictions), as_array(targets), self.ignore_index)
        if scores.ndim != 2 or scores.shape[1] < 2:
            raise ShapeError(
                "top-k accuracy needs scores of shape (N, C) with at least 2 classes, "
                f"not {scores.shape}"
            )
        k = self.k
        _, true, classes = labels_of(self.name, scores, wanted, None)
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= classes:
            raise ValueError(f"k={k!r} is out of range: there are {classes} classes")
        # Sorting the negated scores instead would wrap those of unsigned integers.
        order = np.argsort(scores[:, ::-1], axis=1, kind="stable")[:, ::-1]
        best = classes - 1 - order[:, :k]
        right = np.count_nonzero((best == true[:, None]).any(axis=1))
        return {"right": np.asarray(right), "seen": np.asarray(len(true))}

    def figure(self, sums: Sums) -> float:
        """The share."""
        return float(sums["right"] / sums["seen"])


class ConfusionMatrix(Metric):
    """`confusion_matrix` over batches.

    Args:
        classes: as for `confusion_matrix`.
        threshold: as for `confusion_matrix`.
        ignore_index: targets of this value do not count.
    """

    name: ClassVar[str] = "confusion_matrix"

    def __init__(
        self,
        classes: int | None = None,
        *,
        threshold: float | None = None,
        ignore_index: int | None = None,
    ) -> None:
        self.classes = classes
        self.threshold = threshold
        self.ignore_index = ignore_index

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """The matrix of a batch."""
        predicted, true, columns = labels_of(
            self.name, predictions, targets, self.threshold, self.ignore_index
        )
        if math.prod(predicted.shape[1:]) != 1:
            raise ShapeError(
                "a confusion matrix with a threshold takes one score per sample, and predictions "
                f"of shape {predicted.shape} have several; give one column at a time"
            )
        predicted, true = predicted.ravel(), true.ravel()
        top = int(max(predicted.max(), true.max()))
        classes = max(top + 1, columns) if self.classes is None else self.classes
        check_range(np.concatenate([predicted, true]), classes)
        counts = np.bincount(true * classes + predicted, minlength=classes * classes)
        return {"counts": counts.reshape(classes, classes)}

    def figure(self, sums: Sums) -> Array:
        """The matrix."""
        return sums["counts"].copy()


def accuracy(
    predictions: Any,
    targets: Any,
    *,
    threshold: float | None = None,
    subset: bool = False,
    ignore_index: int | None = None,
) -> float:
    """Share of right answers: of samples whose highest score is at the true class.

    With a threshold, share of entries on the right side of it: for one score per sample, or
    for several yes-or-no questions per sample, each of which counts by itself.

    Args:
        predictions: scores (logits or probabilities) of shape (N, C), C at least 2, or labels
            (N,). With a threshold, scores of any shape. Scores (N, C, ...) have a target for
            each place.
        targets: true labels, integers of shape (N,); or class probabilities (N, C), whose
            rows sum to 1. With a threshold, 0 or 1 (or −1 or 1) for every prediction.
        threshold: what scores above mean yes, 1: 0 for logits and margins, 0.5 for
            probabilities.
        subset: with several questions per sample, a sample is right if all its answers are.
        ignore_index: targets of this value do not count.

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
    metric = Accuracy(threshold, subset=subset, ignore_index=ignore_index)
    return float(metric(predictions, targets))


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
    return float(TopKAccuracy(k)(predictions, targets))


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
    matrix: Array = ConfusionMatrix(classes, threshold=threshold)(predictions, targets)
    return matrix
