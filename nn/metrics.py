"""Figures of merit for classifiers. All take NumPy arrays, lists or tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError

__all__ = ["accuracy", "confusion_matrix", "top_k_accuracy"]

Array = np.ndarray[Any, Any]


def _labels(predictions: Any, targets: Any) -> tuple[Array, Array]:
    """Predicted and true labels as integer vectors; scores become their argmax."""
    predicted, true = np.asarray(predictions), np.asarray(targets)
    if true.ndim == 2 and true.shape == predicted.shape:
        true = true.argmax(axis=1)
    if true.ndim != 1:
        raise ShapeError(
            f"targets of shape {true.shape}: expected class labels of shape (N,), "
            "or one row of class probabilities per sample"
        )
    if predicted.ndim == 2:
        predicted = predicted.argmax(axis=1)
    if predicted.shape != true.shape:
        raise ShapeError(
            f"predictions of shape {np.shape(predictions)} do not fit {len(true)} targets: "
            f"expected scores of shape ({len(true)}, classes) or labels of shape ({len(true)},)"
        )
    if not len(true):
        raise ValueError("there is nothing to measure: zero samples were given")
    for name, labels in (("predicted", predicted), ("true", true)):
        if not (np.issubdtype(labels.dtype, np.integer) or labels.dtype == np.bool_):
            raise TypeError(
                f"{name} labels are {labels.dtype}, not integers; "
                "give class indices, or scores with one column per class"
            )
    return predicted.astype(np.intp), true.astype(np.intp)


def accuracy(predictions: Any, targets: Any) -> float:
    """Share of samples whose highest score is at the true class.

    Args:
        predictions: scores (logits or probabilities) of shape (N, C), or labels (N,).
        targets: true labels, integers of shape (N,); or probabilities (N, C).

    Returns:
        A number from 0 to 1.

    Raises:
        ShapeError: predictions and targets do not fit together.

    Example:
        >>> accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
        0.5
    """
    predicted, true = _labels(predictions, targets)
    return float(np.mean(predicted == true))


def top_k_accuracy(predictions: Any, targets: Any, k: int = 5) -> float:
    """Share of samples whose true class is among the ``k`` highest scores.

    Of equal scores, those of the lower classes count as higher.

    Args:
        predictions: scores of shape (N, C).
        targets: true labels, integers of shape (N,).
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
    scores = np.asarray(predictions)
    if scores.ndim != 2:
        raise ShapeError(f"top-k accuracy needs scores of shape (N, C), not {scores.shape}")
    _, true = _labels(scores, targets)
    classes = scores.shape[1]
    if not 1 <= k <= classes:
        raise ValueError(f"k={k} is out of range: there are {classes} classes")
    if true.min() < 0 or true.max() >= classes:
        raise ValueError(f"labels run from {true.min()} to {true.max()} for {classes} classes")
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean((best == true[:, None]).any(axis=1)))


def confusion_matrix(predictions: Any, targets: Any, classes: int | None = None) -> Array:
    """How often each true class was taken for each class.

    Args:
        predictions: scores of shape (N, C), or labels (N,).
        targets: true labels, integers of shape (N,).
        classes: number of classes; by default as many as the scores have columns, or
            the highest label plus one.

    Returns:
        Integers of shape (C, C): row = true class, column = predicted class.

    Raises:
        ShapeError: predictions and targets do not fit together.
        ValueError: a label is out of range.

    Example:
        >>> confusion_matrix([0, 1, 1], [0, 0, 1])
        array([[1, 1],
               [0, 1]])
    """
    predicted, true = _labels(predictions, targets)
    top = int(max(predicted.max(), true.max()))
    if classes is None:
        scores = np.asarray(predictions)
        classes = max(top + 1, scores.shape[1] if scores.ndim == 2 else 0)
    if min(predicted.min(), true.min()) < 0 or top >= classes:
        raise ValueError(
            f"labels run from {min(predicted.min(), true.min())} to {top}; "
            f"with {classes} classes they must be from 0 to {classes - 1}"
        )
    counts = np.bincount(true * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes)
