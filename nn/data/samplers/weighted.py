"""Samples that come more often than others."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.data.samplers.base import Sampler
from nn.data.samplers.plain import positive

__all__ = ["WeightedRandomSampler", "class_weights"]

Rng = np.random.Generator


class WeightedRandomSampler(Sampler):
    """Samples drawn in proportion to their weights.

    Args:
        weights: one number from 0 up for each sample; they need not add up to 1.
        num_samples: how many are drawn in an epoch.
        replacement: draw every number independently of the others, so that some come twice.
            Without, each comes once at most, and the heavier ones tend to come, and to come
            first (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
        rng: a generator or a seed; the library's generator if not given.

    Raises:
        ShapeError: the weights are not in one row.
        ValueError: a weight is negative or not finite, all are 0, or there are fewer than are to
            be drawn without replacement.

    Example:
        >>> list(WeightedRandomSampler([0.0, 1.0, 0.0], 4, rng=0))
        [1, 1, 1, 1]
    """

    def __init__(
        self,
        weights: Any,
        num_samples: int,
        replacement: bool = True,
        *,
        rng: Rng | int | None = None,
    ) -> None:
        self.weights: np.ndarray[Any, Any] = np.asarray(weights, np.float64)
        self.num_samples: int = positive("num_samples", num_samples)
        self.replacement: bool = replacement
        self.rng: Rng | None = ad.random.generator(rng)
        if self.weights.ndim != 1:
            raise ShapeError(f"weights have shape {self.weights.shape}; give one for each sample")
        if not np.isfinite(self.weights).all() or (self.weights < 0).any():
            raise ValueError("weights must be finite and not negative")
        there = int((self.weights > 0).sum())
        if there < (1 if replacement else self.num_samples):
            raise ValueError(
                f"{there} weights are above 0, and {num_samples} samples are to be drawn"
            )

    def order(self, rng: Rng | None) -> Any:
        """The numbers of an epoch."""
        rng = ad.random.generator(rng)
        if self.replacement:
            ends = np.cumsum(self.weights)
            drawn = rng.random(self.num_samples) * ends[-1]
            # Rounding may reach the end, behind which there is nothing.
            last = int(np.flatnonzero(self.weights)[-1])
            return np.minimum(np.searchsorted(ends, drawn, side="right"), last)
        there = np.flatnonzero(self.weights)
        arrival = rng.exponential(size=len(there)) / self.weights[there]
        return there[np.argsort(arrival, kind="stable")[: self.num_samples]]

    def __len__(self) -> int:
        """How many samples are drawn."""
        return self.num_samples


def class_weights(labels: Any) -> np.ndarray[Any, Any]:
    """A weight for every sample with which all classes come equally often.

    Args:
        labels: one for each sample, of shape (N,).

    Returns:
        N / (classes · samples of the class), float64 of shape (N,); their mean is 1.

    Example:
        >>> class_weights([0, 0, 0, 1])
        array([0.66666667, 0.66666667, 0.66666667, 2.        ])
    """
    _, which, counts = np.unique(np.asarray(labels), return_inverse=True, return_counts=True)
    weights: np.ndarray[Any, Any] = len(which) / (len(counts) * counts[which])
    return weights
