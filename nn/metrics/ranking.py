"""How well scores rank: the area under the ROC curve, and average precision."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from autodiff.errors import ShapeError
from nn.metrics.base import Metric, Sums
from nn.metrics.labels import as_array, check_range

__all__ = ["AUROC", "AveragePrecision", "auroc", "average_precision"]

Array = np.ndarray[Any, Any]


class _Ranking(Metric):
    """Figures of the order of scores, which are kept: memory grows by each sample."""

    collected: ClassVar[tuple[str, ...]] = ("scores", "true")

    def __init__(self, average: str | None = "macro") -> None:
        if average not in ("macro", "weighted", None):
            raise ValueError(
                f"{self.name}: average must be 'macro', 'weighted' or None, not {average!r}"
            )
        self.average = average

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """Scores and truths of a batch, one column for each question."""
        scores, true = as_array(predictions), as_array(targets)
        if not scores.size:
            raise ValueError("there is nothing to measure: zero samples were given")
        if scores.dtype.kind not in "biuf" or np.isnan(scores).any():
            raise ValueError(f"{self.name}: scores must be real numbers, and some are not")
        if scores.ndim == 1 or (scores.ndim == 2 and scores.shape[1] == 1):
            if true.shape not in ((len(scores),), (len(scores), 1)):
                raise self._misfit(scores, true)
            return {"scores": scores.reshape(-1, 1), "true": self._yes(true.reshape(-1, 1))}
        if scores.ndim != 2:
            raise self._misfit(scores, true)
        if true.shape == scores.shape:
            return {"scores": scores, "true": self._yes(true)}
        if true.shape != scores.shape[:1] or true.dtype.kind not in "biu":
            raise self._misfit(scores, true)
        check_range(true, scores.shape[1])
        if scores.shape[1] == 2:
            # What ranks by the probability of class 1, of logits as well as of probabilities.
            return {"scores": scores[:, 1:] - scores[:, :1], "true": true.reshape(-1, 1) == 1}
        return {"scores": scores, "true": true[:, None] == np.arange(scores.shape[1])}

    def figure(self, sums: Sums) -> Any:
        """The figure of every column, or their mean."""
        scores, true = sums["scores"], sums["true"]
        each = np.array([self._of(s, t) for s, t in zip(scores.T, true.T, strict=True)])
        if len(each) == 1:
            return float(each[0])
        if self.average is None:
            return each
        return float(
            np.average(each, weights=true.sum(axis=0) if self.average != "macro" else None)
        )

    def _of(self, scores: Array, true: Array) -> float:
        raise NotImplementedError

    def _yes(self, true: Array) -> Array:
        found = set(np.unique(true).tolist())
        if not (found <= {0, 1} or found <= {-1, 1}):
            few = ", ".join(f"{v:g}" for v in sorted(found)[:4])
            raise ValueError(
                f"{self.name}: targets of yes-or-no questions are 0 or 1 (or −1 or 1), and there "
                f"are {few}; for classes give scores of shape (N, C) and integers of shape (N,)"
            )
        return np.asarray(true == 1)

    def _misfit(self, scores: Array, true: Array) -> ShapeError:
        return ShapeError(
            f"{self.name}: scores of shape {scores.shape} do not fit targets of shape "
            f"{true.shape} and type {true.dtype}: expected scores (N,) with targets of 0 and 1 "
            "(N,), scores (N, C) with classes (N,), or both of shape (N, L)"
        )


class AUROC(_Ranking):
    """`auroc` over batches; it keeps all scores, since it is exact.

    Args:
        average: as for `auroc`.
    """

    name: ClassVar[str] = "auroc"

    def _of(self, scores: Array, true: Array) -> float:
        yes = int(np.count_nonzero(true))
        no = len(true) - yes
        if not yes or not no:
            missing = "yes" if not yes else "no"
            raise ValueError(
                f"auroc: all {len(true)} samples of a question or class are alike (none is a "
                f"{missing}), and nothing can be ranked; measure over data that have both"
            )
        _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
        # Of equal scores each has the middle rank.
        ranks = np.cumsum(counts) - (counts - 1) / 2.0
        total = float(ranks[place[true]].sum())
        return (total - yes * (yes + 1) / 2.0) / (yes * no)


class AveragePrecision(_Ranking):
    """`average_precision` over batches; it keeps all scores, since it is exact.

    Args:
        average: as for `auroc`.
    """

    name: ClassVar[str] = "average_precision"

    def _of(self, scores: Array, true: Array) -> float:
        yes = int(np.count_nonzero(true))
        if not yes:
            raise ValueError(
                f"average_precision: none of {len(true)} samples of a question or class is a yes; "
                "measure over data that have some"
            )
        order = np.argsort(scores, kind="stable")[::-1]
        ends = np.flatnonzero(np.diff(scores[order], append=np.nan) != 0)
        right = np.cumsum(true[order])[ends]
        return float(np.sum(np.diff(right, prepend=0) / yes * (right / (ends + 1))))


def auroc(predictions: Any, targets: Any, *, average: str | None = "macro") -> Any:
    """Area under the ROC curve: how probably a yes has a higher score than a no.

    Exact; a pair of equal scores counts one half. Of classes each is held against the rest.

    Args:
        predictions: scores (N,) or (N, 1) of a yes; scores (N, C) of classes, of which each
            column is ranked by itself, so give probabilities; or scores (N, L) of L questions.
        targets: 0 or 1 (or −1 or 1) for every score, or classes (N,).
        average: ``"macro"`` for the mean over classes, ``"weighted"`` for that by samples,
            None for one figure each.

    Raises:
        ShapeError: predictions and targets do not fit together.
        ValueError: a class has no samples, or all of them.

    Source: Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982.

    Example:
        >>> auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
        0.75
    """
    return AUROC(average)(predictions, targets)


def average_precision(predictions: Any, targets: Any, *, average: str | None = "macro") -> Any:
    """Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds n: the area under precision P against recall R.

    Its arguments are those of `auroc`.

    Example:
        >>> round(average_precision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 3)
        0.833
    """
    return AveragePrecision(average)(predictions, targets)
