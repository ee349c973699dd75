"""Accuracy, top-k accuracy and the confusion matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from nn.metrics import accuracy, confusion_matrix, top_k_accuracy

SCORES = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.4, 0.4, 0.2]])
TRUE = np.array([1, 0, 0, 1])


def test_accuracy_of_scores_labels_tensors_and_probabilities() -> None:
    assert accuracy(SCORES, TRUE) == 0.5
    assert accuracy(SCORES.argmax(1), TRUE) == 0.5
    assert accuracy(ad.Tensor(SCORES), ad.Tensor(TRUE)) == 0.5
    assert accuracy(SCORES, np.eye(3)[TRUE]) == 0.5
    assert accuracy([True, False], [True, True]) == 0.5


def test_top_k_with_ties_in_favour_of_the_lower_class() -> None:
    assert top_k_accuracy(SCORES, TRUE, 1) == 0.5
    assert top_k_accuracy(SCORES, TRUE, 2) == 0.75
    assert top_k_accuracy(SCORES, TRUE, 3) == 1.0


def test_confusion_matrix_has_true_classes_as_rows() -> None:
    expected = [[1, 0, 1], [1, 1, 0], [0, 0, 0]]
    np.testing.assert_array_equal(confusion_matrix(SCORES, TRUE), expected)
    np.testing.assert_array_equal(confusion_matrix(SCORES.argmax(1), TRUE), expected)
    assert confusion_matrix([0, 1], [1, 1], classes=4).shape == (4, 4)
    labels = np.random.default_rng(0).integers(0, 5, 100)
    guesses = np.random.default_rng(1).integers(0, 5, 100)
    matrix = confusion_matrix(guesses, labels)
    assert np.trace(matrix) / 100 == accuracy(guesses, labels)
    np.testing.assert_array_equal(matrix.sum(1), np.bincount(labels))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: accuracy(SCORES, TRUE[:3]),
            ad.ShapeError,
            "expected scores of shape (3, classes)",
        ),
        (lambda: accuracy(SCORES, TRUE[:, None]), ad.ShapeError, "targets of shape (4, 1)"),
        (lambda: accuracy(SCORES[:0], TRUE[:0]), ValueError, "zero samples"),
        (lambda: accuracy([0.5, 0.7], [0, 1]), TypeError, "predicted labels are float64"),
        (lambda: accuracy(SCORES, TRUE + 0.5), TypeError, "true labels are float64"),
        (lambda: top_k_accuracy(TRUE, TRUE), ad.ShapeError, "scores of shape (N, C), not (4,)"),
        (lambda: top_k_accuracy(SCORES, TRUE, 4), ValueError, "k=4 is out of range: there are 3"),
        (lambda: top_k_accuracy(SCORES, TRUE + 2, 1), ValueError, "from 2 to 3 for 3 classes"),
        (lambda: confusion_matrix(TRUE, TRUE, 1), ValueError, "must be from 0 to 0"),
        (lambda: confusion_matrix(TRUE - 1, TRUE), ValueError, "labels run from -1 to 1"),
    ],
)
def test_messages(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
