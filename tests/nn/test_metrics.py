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


# One score per sample: five positives and negatives, one of them on the wrong side.
YES = np.array([1, 1, 0, 0, 0])
LOGITS = np.array([9.0, 0.2, -9.0, -0.1, 0.1])
PROBABILITIES = 1 / (1 + np.exp(-LOGITS))


@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("target_column", [False, True])
@pytest.mark.parametrize("code", [YES, YES.astype(np.float32), YES > 0, 2 * YES - 1])
@pytest.mark.parametrize(("scores", "threshold"), [(LOGITS, 0), (PROBABILITIES, 0.5)])
def test_one_score_per_sample_needs_a_threshold(
    column: bool, target_column: bool, code: Any, scores: Any, threshold: float
) -> None:
    p = scores[:, None] if column else scores
    y = code[:, None] if target_column else code
    assert accuracy(p, y, threshold=threshold) == 0.8
    assert accuracy(ad.Tensor(p), y, threshold=threshold) == 0.8
    expected = [[2, 1], [0, 2]]
    assert confusion_matrix(p, y, threshold=threshold).tolist() == expected
    for metric in (accuracy, confusion_matrix):
        with pytest.raises(ValueError, match=r"give threshold=0 for logits.*threshold=0.5 for"):
            metric(p, y)


def test_several_questions_per_sample_count_each_by_itself() -> None:
    scores, wanted = np.array([[1.0, -1.0, 2.0], [-1.0, 3.0, -2.0]]), [[1, 0, 1], [1, 1, 1]]
    assert accuracy(scores, wanted, threshold=0) == pytest.approx(4 / 6)
    with pytest.raises(ValueError, match=r"these rows sum to 2 … 3; for several"):
        accuracy(scores, wanted)
    with pytest.raises(ad.ShapeError, match="one score per sample"):
        confusion_matrix(scores, wanted, threshold=0)
    with pytest.raises(ValueError, match="rows sum to -1 … -1"):
        accuracy(scores, [[1, -1, -1], [1, -1, -1]])


def test_scores_of_any_type_are_sorted_right() -> None:
    assert top_k_accuracy(np.array([[0, 1, 2]], np.uint8), [2], 1) == 1.0
    assert accuracy(np.array([[5, 4]], np.uint8), [[0.6, 0.4]]) == 1.0


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
        (lambda: accuracy([0.5, 0.7], [0, 1]), ValueError, "(2,) are one score per sample"),
        (lambda: accuracy(SCORES, TRUE + 0.5), TypeError, "true labels are float64"),
        (lambda: top_k_accuracy(TRUE, TRUE), ad.ShapeError, "at least 2 classes, not (4,)"),
        (lambda: top_k_accuracy(SCORES, TRUE, 4), ValueError, "k=4 is out of range: there are 3"),
        (lambda: top_k_accuracy(SCORES, TRUE + 2, 1), ValueError, "from 2 to 3; with 3 classes"),
        (lambda: accuracy(SCORES, TRUE + 2), ValueError, "from 2 to 3; with 3 classes"),
        (lambda: accuracy(SCORES, TRUE - 1), ValueError, "from -1 to 0; with 3 classes"),
        (lambda: accuracy(SCORES * np.nan, TRUE), ValueError, "12 of 12 predictions are NaN"),
        (lambda: accuracy(SCORES * 1j, TRUE), TypeError, "predictions are complex128"),
        (lambda: accuracy([0, 1], [-1, 1]), ValueError, "bring them to one code"),
        (lambda: accuracy([-1, 1], [0, 1]), ValueError, "bring them to one code"),
        (lambda: accuracy(TRUE, TRUE[:, None]), ad.ShapeError, "targets.reshape(4)"),
        (lambda: accuracy(SCORES, TRUE, threshold=0), ad.ShapeError, "leave the threshold out"),
        (lambda: accuracy([1.0], [0.5], threshold=0), ValueError, "and there are 0.5"),
        (lambda: accuracy([1.0, 2.0], [1, 2], threshold=0), ValueError, "there are 1, 2"),
        (lambda: accuracy([1.0], [1], threshold=np.nan), ValueError, "finite number, not nan"),
        (lambda: top_k_accuracy(SCORES[:, :1], TRUE), ad.ShapeError, "at least 2 classes"),
        (lambda: top_k_accuracy(SCORES, TRUE, True), ValueError, "k=True is out of range"),
        (lambda: confusion_matrix(TRUE, TRUE, 1), ValueError, "must be from 0 to 0"),
        (lambda: confusion_matrix(TRUE - 1, TRUE), ValueError, "labels run from -1 to 1"),
    ],
)
def test_messages(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
