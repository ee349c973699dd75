"""Precision, recall and the F-scores."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn.metrics.base import Metric, Sums
from nn.metrics.labels import check_range, labels_of

__all__ = ["F1Score", "FBetaScore", "Precision", "Recall", "f1_score", "precision", "recall"]

Array = np.ndarray[Any, Any]
AVERAGES = ("auto", "binary", "micro", "macro", "weighted", None)


class _PerClass(Metric):
    """Figures of the counts of each class: of right answers, of answers, and of true ones."""

    def __init__(
        self,
        threshold: float | None = None,
        average: str | None = "auto",
        *,
        zero_division: float = 0.0,
        ignore_index: int | None = None,
    ) -> None:
        if average not in AVERAGES:
            raise ValueError(
                f"{self.name}: average must be 'auto', 'binary', 'micro', 'macro', 'weighted' or "
                f"None, not {average!r}"
            )
        if zero_division != zero_division:
            zero_division = float("nan")
        elif zero_division not in (0, 1):
            raise ValueError(
                f"{self.name}: zero_division, the figure of what never occurs, must be 0, 1 or "
                f"nan, not {zero_division!r}"
            )
        self.threshold = threshold
        self.average = average
        self.zero_division = zero_division
        self.ignore_index = ignore_index

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """Counts by class, or by question."""
        predicted, true, columns = labels_of(
            self.name, predictions, targets, self.threshold, self.ignore_index
        )
        several = predicted.ndim == 2 and predicted.shape[1] > 1
        if several:
            counts = [
                np.count_nonzero(which, axis=0)
                for which in ((predicted == 1) & (true == 1), predicted == 1, true == 1)
            ]
        else:
            predicted, true = predicted.ravel(), true.ravel()
            classes = max(int(max(predicted.max(), true.max())) + 1, columns, 2)
            check_range(np.concatenate([predicted, true]), classes)
            counts = [
                np.bincount(which, minlength=classes)
                for which in (true[predicted == true], predicted, true)
            ]
        names = ("right", "predicted", "true")
        sums = dict(zip(names, map(np.asarray, counts), strict=True))
        return {**sums, "questions": np.asarray(several, np.int64)}

    def figure(self, sums: Sums) -> Any:
        """The figure of the counts."""
        counts = sums["right"], sums["predicted"], sums["true"]
        several = bool(sums["questions"])
        average = self.average
        if average == "auto":
            one_question = self.threshold is not None and not several
            average = "binary" if one_question else "macro"
        if average == "binary":
            if several or len(sums["true"]) != 2:
                what = "questions" if several else "classes"
                raise ValueError(
                    f"{self.name}: average='binary' is for two classes, and there are "
                    f"{len(sums['true'])} {what}; give 'macro', 'micro', 'weighted' or None"
                )
            return float(self._rate(*(c[1:] for c in counts))[0])
        if average == "micro":
            return float(self._rate(*(c.sum(keepdims=True) for c in counts))[0])
        each = self._rate(*counts)
        if average is None:
            return each
        weights = np.asarray(sums["true"], np.float64)
        if average == "macro":
            # A class that occurs nowhere says nothing about the model.
            weights = np.asarray(several | (sums["predicted"] + sums["true"] > 0), np.float64)
        valid = ~np.isnan(each)
        total = weights[valid].sum()
        return float((each[valid] * weights[valid]).sum() / total) if total else self.zero_division

    def _rate(self, right: Array, predicted: Array, true: Array) -> Array:
        raise NotImplementedError

    def _ratio(self, above: Array, below: Array) -> Array:
        filled = np.full(len(below), float(self.zero_division))
        return np.asarray(np.divide(above, below, out=filled, where=below > 0))


class Precision(_PerClass):
    """`precision` over batches; its arguments are those of `precision`."""

    name: ClassVar[str] = "precision"

    def _rate(self, right: Array, predicted: Array, true: Array) -> Array:
        return self._ratio(right, predicted)


class Recall(_PerClass):
    """`recall` over batches; its arguments are those of `precision`."""

    name: ClassVar[str] = "recall"

    def _rate(self, right: Array, predicted: Array, true: Array) -> Array:
        return self._ratio(right, true)


class FBetaScore(_PerClass):
    """(1 + β²) · right / (β² · true + predicted): precision and recall in one figure.

    Args:
        beta: β, how many times as much recall counts as precision; above 0.
        threshold: as for `precision`.
        average: as for `precision`.
        zero_division: as for `precision`.
        ignore_index: targets of this value do not count.

    Source: van Rijsbergen, "Information Retrieval", 1979, chapter 7.

    Example:
        >>> round(FBetaScore(2.0)([0, 1, 1], [0, 0, 1]), 3)
        0.694
    """

    name: ClassVar[str] = "f_beta"

    def __init__(
        self,
        beta: float,
        threshold: float | None = None,
        average: str | None = "auto",
        *,
        zero_division: float = 0.0,
        ignore_index: int | None = None,
    ) -> None:
        if not beta > 0:
            raise ValueError(f"{self.name}: beta must be above 0, not {beta!r}")
        super().__init__(threshold, average, zero_division=zero_division, ignore_index=ignore_index)
        self.beta = beta

    def _rate(self, right: Array, predicted: Array, true: Array) -> Array:
        square = self.beta * self.beta
        return self._ratio((1.0 + square) * right, square * true + predicted)


class F1Score(FBetaScore):
    """`f1_score` over batches; its arguments are those of `precision`."""

    name: ClassVar[str] = "f1_score"

    def __init__(
        self,
        threshold: float | None = None,
        average: str | None = "auto",
        *,
        zero_division: float = 0.0,
        ignore_index: int | None = None,
    ) -> None:
        super().__init__(
            1.0, threshold, average, zero_division=zero_division, ignore_index=ignore_index
        )


def precision(
    predictions: Any,
    targets: Any,
    *,
    threshold: float | None = None,
    average: str | None = "auto",
    zero_division: float = 0.0,
) -> Any:
    """Of what was taken for a class, the share that is of it.

    Args:
        predictions: as for `accuracy`: scores or labels.
        targets: as for `accuracy`.
        threshold: as for `accuracy`; with several questions per sample, (N, L), each of the L
            questions is counted like a class.
        average: ``None`` for one figure per class or question; ``"macro"`` for their mean,
            over the classes that occur in predictions or targets; ``"weighted"`` for their
            mean by true samples; ``"micro"`` to count all of them together; ``"binary"`` for
            the yes (class 1) of two. ``"auto"`` is ``"binary"`` for one yes-or-no question per
            sample, and ``"macro"`` else.
        zero_division: the figure where nothing was taken for a class: 0, 1, or nan, which a
            mean leaves out.

    Returns:
        A number from 0 to 1; with ``average=None`` an array of them.

    Raises:
        ShapeError: predictions and targets do not fit together.
        TypeError: what should be labels are none.
        ValueError: a setting is unknown, or a label is out of range.

    Example:
        >>> precision([0, 1, 1, 1], [0, 0, 1, 1], average=None).round(3)
        array([1.   , 0.667])
        >>> precision([0.9, 0.8, 0.1], [1, 0, 1], threshold=0.5)
        0.5
    """
    metric = Precision(threshold, average, zero_division=zero_division)
    return metric(predictions, targets)


def recall(
    predictions: Any,
    targets: Any,
    *,
    threshold: float | None = None,
    average: str | None = "auto",
    zero_division: float = 0.0,
) -> Any:
    """Of what is of a class, the share that was taken for it; its arguments are `precision`'s.

    Example:
        >>> recall([0, 1, 1, 1], [0, 0, 1, 1], average="macro")
        0.75
    """
    return Recall(threshold, average, zero_division=zero_division)(predictions, targets)


def f1_score(
    predictions: Any,
    targets: Any,
    *,
    threshold: float | None = None,
    average: str | None = "auto",
    zero_division: float = 0.0,
) -> Any:
    """2 · right / (true + predicted), the harmonic mean of precision and recall.

    Its arguments are those of `precision`.

    Example:
        >>> round(f1_score([0, 1, 1, 1], [0, 0, 1, 1], average="binary"), 3)
        0.8
    """
    return F1Score(threshold, average, zero_division=zero_division)(predictions, targets)
