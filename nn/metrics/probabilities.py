"""How good probabilities are: log loss, perplexity, Brier score, calibration."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from autodiff.errors import ShapeError
from nn.metrics.base import Metric, Sums
from nn.metrics.labels import as_array, check_range, counted

__all__ = [
    "BrierScore",
    "CalibrationError",
    "LogLoss",
    "Perplexity",
    "brier_score",
    "calibration_error",
    "log_loss",
    "perplexity",
]

Array = np.ndarray[Any, Any]
KINDS = ("probabilities", "logits", "log_probabilities")


class _Probabilities(Metric):
    """Figures of the probability that a model gives to each class, (N, C), or to a yes, (N,).

    Args:
        given: what the model gives: ``"probabilities"``, ``"logits"`` or
            ``"log_probabilities"``.
        ignore_index: targets of this value do not count.
    """

    def __init__(self, given: str = "probabilities", *, ignore_index: int | None = None) -> None:
        if given not in KINDS:
            raise ValueError(f"{self.name}: given must be one of {', '.join(KINDS)}, not {given!r}")
        self.given = given
        self.ignore_index = ignore_index

    def _logs(self, predictions: Any, targets: Any) -> tuple[Array, Array]:
        """Log-probabilities (N, C), C at least 2, and classes (N,)."""
        given, true = counted(as_array(predictions), as_array(targets), self.ignore_index)
        if given.dtype.kind != "f" or np.isnan(given).any():
            raise ValueError(f"{self.name}: {self.given} must be floats without NaN")
        if not given.size:
            raise ValueError("there is nothing to measure: zero samples were given")
        scores = given.astype(np.float64)
        alone = given.shape in ((given.size,), (given.size, 1))
        if alone and true.size == given.size and true.shape in (given.shape, (given.size,)):
            logs = self._of_yes(scores.reshape(-1), given.dtype)
            labels = true.reshape(-1)
            if not set(np.unique(labels).tolist()) <= {0, 1}:
                raise ValueError(f"{self.name}: targets of yes-or-no questions must be 0 or 1")
            return logs, labels.astype(np.intp)
        if given.ndim != 2 or true.shape != given.shape[:1] or true.dtype.kind not in "biu":
            raise ShapeError(
                f"{self.name}: {self.given} of shape {given.shape} do not fit targets of shape "
                f"{true.shape} and type {true.dtype}: expected (N, C) with classes (N,), or (N,) "
                "with 0 and 1 (N,)"
            )
        check_range(true, given.shape[1])
        if self.given == "logits":
            shifted = scores - scores.max(axis=1, keepdims=True)
            return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), true
        if self.given == "log_probabilities":
            return scores, true
        sums = scores.sum(axis=1)
        if (scores < 0).any() or not np.allclose(sums, 1.0, rtol=0, atol=1e-3):
            raise ValueError(
                f"{self.name}: probabilities must not be negative and sum to 1, and these sum to "
                f"{sums.min():g} … {sums.max():g}; for logits give given='logits'"
            )
        return _log(scores, given.dtype), true

    def _of_yes(self, scores: Array, kind: Any) -> Array:
        if self.given == "logits":
            return np.stack([-np.logaddexp(0, scores), -np.logaddexp(0, -scores)], axis=1)
        if self.given == "log_probabilities":
            scores = np.exp(scores)
        if (scores < 0).any() or (scores > 1).any():
            raise ValueError(
                f"{self.name}: probabilities must be from 0 to 1, and these run from "
                f"{scores.min():g} to {scores.max():g}; for logits give given='logits'"
            )
        return _log(np.stack([1 - scores, scores], axis=1), kind)


def _log(probabilities: Array, kind: Any) -> Array:
    """Logarithms, of 0 as of the least step below 1, so that one miss is not everything."""
    least = float(np.finfo(kind).eps)
    return np.asarray(np.log(np.clip(probabilities, least, 1 - least)))


class LogLoss(_Probabilities):
    """`log_loss` over batches; its arguments are those of `log_loss`."""

    name: ClassVar[str] = "log_loss"

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """The sum of −log p of the true classes, and how many there are."""
        logs, true = self._logs(predictions, targets)
        own = logs[np.arange(len(true)), true]
        return {"sum": -np.sum(own), "seen": np.asarray(len(true))}

    def figure(self, sums: Sums) -> float:
        """The mean."""
        return float(sums["sum"] / sums["seen"])


class Perplexity(LogLoss):
    """`perplexity` over batches; its arguments are those of `log_loss`."""

    name: ClassVar[str] = "perplexity"

    def figure(self, sums: Sums) -> float:
        """Exp of the mean."""
        return math.exp(super().figure(sums))


class BrierScore(_Probabilities):
    """`brier_score` over batches; its arguments are those of `log_loss`."""

    name: ClassVar[str] = "brier_score"

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """The sum of squares, halved for two classes, and how many samples there are."""
        logs, true = self._logs(predictions, targets)
        shares = np.exp(logs)
        off = np.square(shares - np.eye(shares.shape[1])[true]).sum()
        half = 0.5 if shares.shape[1] == 2 else 1.0
        return {"sum": np.asarray(half * off), "seen": np.asarray(len(true))}

    def figure(self, sums: Sums) -> float:
        """The mean."""
        return float(sums["sum"] / sums["seen"])


class CalibrationError(_Probabilities):
    """`calibration_error` over batches.

    Args:
        given: as for `log_loss`.
        bins: as for `calibration_error`.
        ignore_index: targets of this value do not count.
    """

    name: ClassVar[str] = "calibration_error"

    def __init__(
        self,
        given: str = "probabilities",
        bins: int = 15,
        *,
        ignore_index: int | None = None,
    ) -> None:
        super().__init__(given, ignore_index=ignore_index)
        if isinstance(bins, bool) or not isinstance(bins, int | np.integer) or bins < 1:
            raise ValueError(f"calibration_error: bins must be a positive integer, not {bins!r}")
        self.bins: int = int(bins)

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """Samples, right ones and summed confidence of every bin."""
        logs, true = self._logs(predictions, targets)
        sure = np.exp(logs.max(axis=1))
        right = logs.argmax(axis=1) == true
        place = np.clip(np.ceil(sure * self.bins).astype(np.intp) - 1, 0, self.bins - 1)
        return {
            "seen": np.bincount(place, minlength=self.bins),
            "right": np.bincount(place[right], minlength=self.bins),
            "sure": np.bincount(place, sure, minlength=self.bins),
        }

    def figure(self, sums: Sums) -> float:
        """The mean distance of accuracy and confidence."""
        return float(np.abs(sums["right"] - sums["sure"]).sum() / sums["seen"].sum())


def log_loss(predictions: Any, targets: Any, *, given: str = "probabilities") -> float:
    """Mean of −log p of the true class.

    Args:
        predictions: (N, C) for classes, (N, C, ...) with a target for each place, or (N,) and
            (N, 1) of a yes.
        targets: classes (N,), or 0 and 1 for every yes-or-no question.
        given: what the predictions are: ``"probabilities"`` (rows sum to 1; kept one rounding
            step away from 0 and 1), ``"logits"`` or ``"log_probabilities"``.

    Raises:
        ShapeError: predictions and targets do not fit together.
        ValueError: these are no probabilities, or a label is out of range.

    Example:
        >>> round(log_loss([[0.5, 0.5], [0.25, 0.75]], [0, 1]), 4)
        0.4904
    """
    return float(LogLoss(given)(predictions, targets))


def perplexity(predictions: Any, targets: Any, *, given: str = "probabilities") -> float:
    """Exp of the `log_loss`: among how many equally probable classes the model wavers.

    Example:
        >>> round(perplexity([[0.25, 0.25, 0.25, 0.25]], [2]), 6)
        4.0
    """
    return float(Perplexity(given)(predictions, targets))


def brier_score(predictions: Any, targets: Any, *, given: str = "probabilities") -> float:
    """Mean of Σ_c (p_c − y_c)²; of two classes or a yes-or-no question (p − y)² of the yes.

    Its arguments are those of `log_loss`.

    Source: Brier, "Verification of forecasts expressed in terms of probability", 1950.

    Example:
        >>> round(brier_score([0.5, 1.0], [1, 1]), 6)
        0.125
    """
    return float(BrierScore(given)(predictions, targets))


def calibration_error(
    predictions: Any, targets: Any, *, given: str = "probabilities", bins: int = 15
) -> float:
    """Expected calibration error: mean |accuracy − confidence| over bins of confidence.

    Confidence is the probability of the class with the highest one.

    Args:
        predictions: as for `log_loss`.
        targets: as for `log_loss`.
        given: as for `log_loss`.
        bins: how many, of equal width.

    Source: Guo et al., "On calibration of modern neural networks", 2017, equation 3.

    Example:
        >>> round(calibration_error([[0.75, 0.25], [0.75, 0.25]], [0, 1]), 6)
        0.25
    """
    return float(CalibrationError(given, bins)(predictions, targets))
