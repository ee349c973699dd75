"""Metrics over batches: equal to those over all data at once, and to scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn import metrics as m

RNG = np.random.default_rng(0)
N, C, L = 157, 4, 3
LABELS = RNG.integers(0, C, N)
LOGITS = np.round(RNG.standard_normal((N, C)) + 1.5 * np.eye(C)[LABELS], 1)
SHARES = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
GUESS = LOGITS.argmax(axis=1)
YES = RNG.integers(0, 2, N)
# Rounded, so that there are ties.
SCORES = np.round(np.clip(0.5 * YES + 0.7 * RNG.random(N), 0, 1), 2)
SEVERAL = RNG.integers(0, 2, (N, L))
ANSWERS = np.round(RNG.standard_normal((N, L)) + SEVERAL, 1)
NUMBERS = RNG.standard_normal((N, 2)) + 1e6
CLOSE = NUMBERS + 0.3 * RNG.standard_normal((N, 2))


def sk() -> Any:
    return pytest.importorskip("sklearn.metrics")


# The metric, what it is given, and scikit-learn's figure of the same.
CASES: dict[str, tuple[nn.metrics.Metric, Any, Any, Callable[[], Any]]] = {
    "accuracy": (m.Accuracy(), LOGITS, LABELS, lambda: sk().accuracy_score(LABELS, GUESS)),
    "accuracy, binary": (
        m.Accuracy(0.5),
        SCORES,
        YES,
        lambda: sk().accuracy_score(YES, SCORES > 0.5),
    ),
    "accuracy, subset": (
        m.Accuracy(0.0, subset=True),
        ANSWERS,
        SEVERAL,
        lambda: sk().accuracy_score(SEVERAL, ANSWERS > 0),
    ),
    "accuracy, each": (
        m.Accuracy(0.0),
        ANSWERS,
        SEVERAL,
        lambda: 1 - sk().hamming_loss(SEVERAL, ANSWERS > 0),
    ),
    "top-2": (
        m.TopKAccuracy(2),
        LOGITS + 1e-6 * np.arange(C)[::-1],
        LABELS,
        lambda: sk().top_k_accuracy_score(LABELS, LOGITS + 1e-6 * np.arange(C)[::-1], k=2),
    ),
    "confusion": (
        m.ConfusionMatrix(),
        LOGITS,
        LABELS,
        lambda: sk().confusion_matrix(LABELS, GUESS),
    ),
    "auroc": (m.AUROC(), SCORES, YES, lambda: sk().roc_auc_score(YES, SCORES)),
    "auroc, macro": (
        m.AUROC(),
        SHARES,
        LABELS,
        lambda: sk().roc_auc_score(LABELS, SHARES, multi_class="ovr"),
    ),
    "auroc, weighted": (
        m.AUROC("weighted"),
        SHARES,
        LABELS,
        lambda: sk().roc_auc_score(LABELS, SHARES, multi_class="ovr", average="weighted"),
    ),
    "auroc, questions": (
        m.AUROC(None),
        ANSWERS,
        SEVERAL,
        lambda: sk().roc_auc_score(SEVERAL, ANSWERS, average=None),
    ),
    "auroc, two columns": (
        m.AUROC(),
        np.stack([0 * SCORES, SCORES], 1),
        YES,
        lambda: sk().roc_auc_score(YES, SCORES),
    ),
    "average precision": (
        m.AveragePrecision(),
        SCORES,
        YES,
        lambda: sk().average_precision_score(YES, SCORES),
    ),
    "average precision, macro": (
        m.AveragePrecision(),
        SHARES,
        LABELS,
        lambda: sk().average_precision_score(np.eye(C)[LABELS], SHARES),
    ),
    "r2": (m.R2Score(), CLOSE, NUMBERS, lambda: sk().r2_score(NUMBERS, CLOSE)),
    "mae": (
        m.MeanAbsoluteError(),
        CLOSE,
        NUMBERS,
        lambda: sk().mean_absolute_error(NUMBERS, CLOSE),
    ),
    "mse": (m.MeanSquaredError(), CLOSE, NUMBERS, lambda: sk().mean_squared_error(NUMBERS, CLOSE)),
    "rmse": (
        m.RootMeanSquaredError(),
        CLOSE[:, 0],
        NUMBERS[:, :1],
        lambda: sk().root_mean_squared_error(NUMBERS[:, 0], CLOSE[:, 0]),
    ),
    "log loss": (m.LogLoss(), SHARES, LABELS, lambda: sk().log_loss(LABELS, SHARES)),
    "log loss, logits": (
        m.LogLoss("logits"),
        LOGITS,
        LABELS,
        lambda: sk().log_loss(LABELS, SHARES),
    ),
    "log loss, 0 and 1": (m.LogLoss(), SCORES, YES, lambda: sk().log_loss(YES, SCORES)),
    "log loss, logs": (
        m.LogLoss("log_probabilities"),
        np.log(SHARES),
        LABELS,
        lambda: sk().log_loss(LABELS, SHARES),
    ),
    "perplexity": (
        m.Perplexity(),
        SHARES,
        LABELS,
        lambda: np.exp(sk().log_loss(LABELS, SHARES)),
    ),
    "brier": (m.BrierScore(), SCORES, YES, lambda: sk().brier_score_loss(YES, SCORES)),
    "brier, classes": (
        m.BrierScore(),
        SHARES,
        LABELS,
        lambda: np.mean(np.sum((SHARES - np.eye(C)[LABELS]) ** 2, axis=1)),
    ),
}
for kind, name in ((m.Precision, "precision"), (m.Recall, "recall"), (m.F1Score, "f1")):
    for average in ("micro", "macro", "weighted", None):
        CASES[f"{name}, {average}"] = (
            kind(average=average),
            LOGITS,
            LABELS,
            lambda name=name, average=average: getattr(sk(), f"{name}_score")(
                LABELS, GUESS, average=average
            ),
        )
        CASES[f"{name}, {average}, questions"] = (
            kind(0.0, average),
            ANSWERS,
            SEVERAL,
            lambda name=name, average=average: getattr(sk(), f"{name}_score")(
                SEVERAL, ANSWERS > 0, average=average
            ),
        )
    CASES[f"{name}, binary"] = (
        kind(0.5),
        SCORES,
        YES,
        lambda name=name: getattr(sk(), f"{name}_score")(YES, SCORES > 0.5),
    )


@pytest.mark.parametrize("name", CASES)
def test_batches_and_parts_give_what_all_data_give(name: str) -> None:
    metric, predictions, targets, reference = CASES[name]
    expected = reference()
    np.testing.assert_allclose(metric(predictions, targets), expected, rtol=1e-9)
    with pytest.raises(ValueError, match="has nothing to measure yet"):
        metric.compute()
    other, loaded = metric.fresh(), metric.fresh()
    for part in np.array_split(np.arange(N), 7):
        half = metric if part[0] < N // 2 else other
        half.update(ad.Tensor(predictions[part]), targets[part])
    loaded.load_state_dict(other.state_dict())
    metric.merge(loaded)
    np.testing.assert_allclose(metric.compute(), expected, rtol=1e-9)
    # What was merged was copied.
    loaded.update(predictions[:5], targets[:5])
    other.reset()
    np.testing.assert_allclose(metric.compute(), expected, rtol=1e-9)
    metric.reset()
    assert metric.state_dict() == {}
    for array in loaded.state_dict().values():
        assert array.dtype.itemsize == 8 or name.startswith(("auroc", "average"))


def test_what_occurs_nowhere() -> None:
    guess, true = [0, 1, 1, 4], [0, 1, 0, 1]
    scores = sk()
    for kind, name in ((m.Precision, "precision"), (m.Recall, "recall"), (m.F1Score, "f1")):
        for zero in (0.0, 1.0, np.nan):
            for average in ("macro", "weighted", None):
                labels = range(5) if average is None else None
                found = kind(average=average, zero_division=zero)(guess, true)
                expected = getattr(scores, f"{name}_score")(
                    true, guess, average=average, zero_division=zero, labels=labels
                )
                np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=f"{name} {zero}")


def test_memory_does_not_grow() -> None:
    for name, (metric, predictions, targets, _) in CASES.items():
        first, second = metric.fresh(), metric.fresh()
        first.update(predictions, targets)
        for _ in range(2):
            second.update(predictions, targets)
        sizes = [sum(a.nbytes for a in x.state_dict().values()) for x in (first, second)]
        kept = name.startswith(("auroc", "average"))
        assert (sizes[1] == 2 * sizes[0]) is kept, name


def test_places_and_ignored_targets() -> None:
    maps = RNG.standard_normal((3, C, 5, 2))
    true = RNG.integers(0, C, (3, 5, 2))
    true[0, :2] = -100
    kept = true != -100
    expected = np.mean((maps.argmax(axis=1) == true)[kept])
    assert m.accuracy(maps, true, ignore_index=-100) == pytest.approx(expected)
    logs = maps - np.log(np.exp(maps).sum(axis=1, keepdims=True))
    chosen = np.take_along_axis(logs, np.where(kept, true, 0)[:, None], 1)[:, 0][kept]
    metric = m.Perplexity("logits", ignore_index=-100)
    assert metric(maps, true) == pytest.approx(np.exp(-chosen.mean()))


def test_calibration() -> None:
    sure, right = SHARES.max(axis=1), GUESS == LABELS
    total = 0.0
    for low in np.arange(10) / 10:
        inside = (sure > low) & (sure <= low + 0.1)
        total += abs(right[inside].sum() - sure[inside].sum())
    assert m.calibration_error(SHARES, LABELS, bins=10) == pytest.approx(total / N)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: m.Accuracy().merge(m.Accuracy(0.5)), "merge metrics of the same class and"),
        (lambda: m.precision([0, 1], [0, 1], average="mean"), "average must be 'auto'"),
        (lambda: m.recall([0, 1], [0, 1], zero_division=2), "must be 0, 1 or nan"),
        (lambda: m.f1_score([0, 2], [0, 1], average="binary"), "and there are 3 classes"),
        (lambda: m.FBetaScore(0), "beta must be above 0"),
        (lambda: m.auroc([0.1, 0.2], [1, 1]), "nothing can be ranked"),
        (lambda: m.auroc([0.1, 0.2], [1, 2]), "are 0 or 1 .* and there are 1, 2"),
        (lambda: m.auroc([0.1, np.nan], [1, 0]), "must be real numbers"),
        (lambda: m.auroc([[0.1, 0.2, 0.3]], [3]), "labels run from 3 to 3"),
        (lambda: m.auroc([0.1, 0.2], [1, 0, 1]), "do not fit targets"),
        (lambda: m.average_precision([0.1], [0]), "none of 1 samples"),
        (lambda: m.r2_score([1.0], [1.0]), "at least two samples"),
        (lambda: m.mean_squared_error([1.0, 2.0], [[1.0, 2.0]]), "give both of one shape"),
        (lambda: m.mean_absolute_error([], []), "zero samples"),
        (lambda: m.mean_absolute_error(["a"], [1.0]), "give real numbers"),
        (lambda: m.log_loss([[2.0, 0.5]], [0]), "for logits give given='logits'"),
        (lambda: m.log_loss([1.5], [1]), "from 0 to 1"),
        (lambda: m.log_loss([[0.5, 0.5]], [[0, 1]]), "do not fit targets"),
        (lambda: m.log_loss([0.5], [1], given="scores"), "given must be one of"),
        (lambda: m.calibration_error([0.5], [1], bins=0), "bins must be a positive integer"),
        (lambda: m.brier_score([0.5], [2]), "must be 0 or 1"),
    ],
)
def test_refusals(call: Callable[[], Any], said: str) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        call()
