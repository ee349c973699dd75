"""How far numbers are off: squared and absolute errors, and R²."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from autodiff.errors import ShapeError
from nn.metrics.base import Metric, Sums
from nn.metrics.labels import as_array

__all__ = [
    "MeanAbsoluteError",
    "MeanSquaredError",
    "R2Score",
    "RootMeanSquaredError",
    "mean_absolute_error",
    "mean_squared_error",
    "r2_score",
    "root_mean_squared_error",
]

Array = np.ndarray[Any, Any]


def _numbers(name: str, predictions: Any, targets: Any) -> tuple[Array, Array]:
    given, true = as_array(predictions), as_array(targets)
    for what, array in (("predictions", given), ("targets", true)):
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{name}: {what} are {array.dtype}; give real numbers")
    if not given.size:
        raise ValueError("there is nothing to measure: zero samples were given")
    column = {given.shape, true.shape} == {(given.size,), (given.size, 1)}
    if given.shape != true.shape and not column:
        raise ShapeError(
            f"{name}: predictions of shape {given.shape} do not fit targets of shape {true.shape}; "
            "give both of one shape"
        )
    return given.astype(np.float64), true.reshape(given.shape).astype(np.float64)


class MeanSquaredError(Metric):
    """`mean_squared_error` over batches."""

    name: ClassVar[str] = "mean_squared_error"

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """The sum of squares, and how many there are."""
        given, true = _numbers(self.name, predictions, targets)
        return {"sum": np.sum(np.square(given - true)), "seen": np.asarray(given.size)}

    def figure(self, sums: Sums) -> float:
        """The mean."""
        return float(sums["sum"] / sums["seen"])


class RootMeanSquaredError(MeanSquaredError):
    """`root_mean_squared_error` over batches."""

    name: ClassVar[str] = "root_mean_squared_error"

    def figure(self, sums: Sums) -> float:
        """The root of the mean."""
        return math.sqrt(super().figure(sums))


class MeanAbsoluteError(Metric):
    """`mean_absolute_error` over batches."""

    name: ClassVar[str] = "mean_absolute_error"

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """The sum of magnitudes, and how many there are."""
        given, true = _numbers(self.name, predictions, targets)
        return {"sum": np.sum(np.abs(given - true)), "seen": np.asarray(given.size)}

    def figure(self, sums: Sums) -> float:
        """The mean."""
        return float(sums["sum"] / sums["seen"])


class R2Score(Metric):
    """`r2_score` over batches.

    Means and squares about them are joined so that a large mean costs no digits.

    Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
    sample variances", 1979.
    """

    name: ClassVar[str] = "r2_score"

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """Number, mean, squares about the mean, and squared errors, by column."""
        given, true = _numbers(self.name, predictions, targets)
        given, true = (a.reshape(len(a) if a.ndim else 1, -1) for a in (given, true))
        mean = true.mean(axis=0)
        return {
            "seen": np.asarray(len(true)),
            "mean": mean,
            "about": np.square(true - mean).sum(axis=0),
            "errors": np.square(given - true).sum(axis=0),
        }

    def joined(self, first: Sums, second: Sums) -> Sums:
        """The sums of both parts."""
        if first["mean"].shape != second["mean"].shape:
            raise ShapeError(
                f"r2_score: batches have {len(first['mean'])} and {len(second['mean'])} columns"
            )
        n, m = float(first["seen"]), float(second["seen"])
        apart = second["mean"] - first["mean"]
        return {
            "seen": np.asarray(first["seen"] + second["seen"]),
            "mean": first["mean"] + apart * (m / (n + m)),
            "about": first["about"] + second["about"] + apart * apart * (n * m / (n + m)),
            "errors": first["errors"] + second["errors"],
        }

    def figure(self, sums: Sums) -> float:
        """1 − errors / about, the mean over columns."""
        errors, about = sums["errors"], sums["about"]
        if sums["seen"] < 2:
            raise ValueError("r2_score needs at least two samples: of one there is no variance")
        # Of a constant target there is nothing to explain: right is 1, wrong is 0.
        constant = np.where(errors == 0, 1.0, 0.0)
        shares = np.divide(errors, about, out=1.0 - constant, where=about != 0)
        return float(np.mean(1.0 - shares))


def mean_squared_error(predictions: Any, targets: Any) -> float:
    """Mean of (p − y)² over all entries, summed in float64.

    Raises:
        ShapeError: the shapes differ; (N,) and (N, 1) are taken as one.

    Example:
        >>> mean_squared_error([1.0, 2.0], [0.0, 4.0])
        2.5
    """
    return float(MeanSquaredError()(predictions, targets))


def root_mean_squared_error(predictions: Any, targets: Any) -> float:
    """Root of the mean of (p − y)² over all entries.

    Example:
        >>> root_mean_squared_error([1.0, 2.0], [4.0, 5.0])
        3.0
    """
    return float(RootMeanSquaredError()(predictions, targets))


def mean_absolute_error(predictions: Any, targets: Any) -> float:
    """Mean of |p − y| over all entries, summed in float64.

    Example:
        >>> mean_absolute_error([1.0, 2.0], [0.0, 4.0])
        1.5
    """
    return float(MeanAbsoluteError()(predictions, targets))


def r2_score(predictions: Any, targets: Any) -> float:
    """1 − Σ (p − y)² / Σ (y − ȳ)², the share of variance explained; the mean over columns.

    Of a constant target it is 1 where the predictions are right, and 0 else.

    Raises:
        ShapeError: the shapes differ; (N,) and (N, 1) are taken as one.
        ValueError: there are fewer than two samples.

    Example:
        >>> round(r2_score([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0]), 3)
        0.949
    """
    return float(R2Score()(predictions, targets))
