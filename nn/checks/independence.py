"""Whether targets have to do with inputs at all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, warning
from nn.checks.trial import Trial

__all__ = ["dependence"]

Array = np.ndarray[Any, Any]

MOST = 600
FEWEST = 200
"""With fewer samples nothing can be said."""
CHANCE = 3.5
"""So many standard errors of chance a correlation has to be above 0."""


def dependence(trial: Trial) -> Finding | None:
    """Simple predictors, up to one that is good, judged on samples that they have not seen."""
    x, y = trial.data.inputs, trial.data.targets
    if not trial.plain or not isinstance(y, np.ndarray) or trial.data.size < FEWEST:
        return None
    leaves = [np.asarray(leaf) for leaf in ad.tree.leaves(x)]
    if not leaves or any(leaf.ndim == 0 or len(leaf) != len(y) for leaf in leaves):
        return None
    if any(leaf.dtype.kind == "f" and not np.isfinite(leaf).all() for leaf in leaves):
        return None
    answers = _answers(trial, y[:MOST])
    if answers is None:
        return None
    n, best = len(answers), -1.0
    for kind, view in _views([leaf[:MOST] for leaf in leaves]):
        best = max(best, _ridge(view, answers) if kind == "ridge" else _nearest(view, answers))
        if best * math.sqrt(n) > 2 * CHANCE:
            # The others are not needed any more.
            break
    z = best * math.sqrt(n)
    numbers = {"correlation": best, "standard errors": z}
    measured = (
        f"of {n} samples, targets predicted from the others correlate with the real ones by "
        f"{best:.2f}, {z:.1f} standard errors"
    )
    expected = f"more than {CHANCE:g} standard errors, as targets depend on inputs"
    if z > CHANCE:
        return fine(measured, expected, **numbers)
    return warning(
        f"targets seem to have nothing to do with inputs: {measured}",
        expected,
        "see that inputs and targets are shuffled, sorted and cut together, by one permutation",
        **numbers,
    )


def _answers(trial: Trial, y: Array) -> Array | None:
    """Targets as columns of numbers of mean 0 and variance 1."""
    if y.dtype.kind in "iu" and y.ndim == 1 and not trial.of_numbers:
        values = np.unique(y)
        if len(values) > 100:
            return None
        y = (y[:, None] == values).astype(np.float64)
    y = y.reshape(len(y), -1).astype(np.float64)
    if not np.isfinite(y).all():
        return None
    y = y[:, :64] - y[:, :64].mean(axis=0)
    std = y.std(axis=0)
    return np.asarray(y[:, std > 0] / std[std > 0]) if (std > 0).any() else None


def _views(leaves: list[Array]) -> list[tuple[str, Array]]:
    rng = np.random.default_rng(6)
    parts = []
    for leaf in leaves:
        flat = leaf.reshape(len(leaf), -1)
        if leaf.dtype.kind in "iu" and flat.max() < 2000:
            # Words: how often each occurs, and which are where.
            counts = np.zeros((len(flat), int(flat.max()) + 1))
            np.add.at(counts, (np.arange(len(flat))[:, None], np.maximum(flat, 0)), 1)
            parts.append(counts)
            if counts.shape[1] * flat.shape[1] <= 1000:
                parts.append(np.eye(counts.shape[1])[np.maximum(flat, 0)].reshape(len(flat), -1))
        else:
            parts.append(flat.astype(np.float64))
            if leaf.ndim > 2:
                # What does not depend on the place.
                apart = leaf.reshape(*leaf.shape[:2], -1).astype(np.float64)
                for axis in (1, 2):
                    parts += [apart.max(axis=axis), apart.mean(axis=axis), apart.std(axis=axis)]
    x = np.nan_to_num(np.concatenate(parts, axis=1))
    x = x - x.mean(axis=0)
    std = x.std(axis=0)
    x = x[:, std > 0] / std[std > 0]
    if x.shape[1] > 200:
        x = x @ rng.normal(size=(x.shape[1], 200)) / math.sqrt(200)
    scale = math.sqrt(max(x.shape[1], 1))
    hidden = np.maximum(x @ rng.normal(size=(x.shape[1], 100)) / scale + rng.normal(size=100), 0)
    steep = np.cos(3 * x @ rng.normal(size=(x.shape[1], 100)) / scale + 6 * rng.uniform(size=100))
    return [("nearest", x), ("ridge", x), ("ridge", hidden), ("ridge", steep)]


def _correlation(predicted: Array, y: Array) -> float:
    p = predicted - predicted.mean(axis=0)
    norms = np.sqrt((p**2).sum(axis=0) * (y**2).sum(axis=0))
    return float(np.mean((p * y).sum(axis=0) / np.where(norms > 0, norms, 1)))


def _ridge(x: Array, y: Array) -> float:
    """Predictions of each third of the samples by a linear map of the others."""
    if not x.shape[1]:
        return 0.0
    predicted = np.empty_like(y)
    fold = np.arange(len(x)) % 3
    x = x - x.mean(axis=0)
    for k in range(3):
        a, b = x[fold != k], y[fold != k]
        mean = b.mean(axis=0)
        strength = 0.3 * np.trace(a.T @ a) / a.shape[1] + 1e-9
        w = _solved(a.T @ a + strength * np.eye(a.shape[1]), a.T @ (b - mean))
        predicted[fold == k] = x[fold == k] @ w
    return _correlation(predicted, y)


def _solved(a: Array, b: Array, steps: int = 15) -> Array:
    """About a⁻¹ b, by conjugate gradients for each column.

    LAPACK's threads wait for each other longer than this takes where the machine is busy.
    """
    w, r = np.zeros_like(b), b
    d, size = r, (r * r).sum(axis=0)
    for _ in range(steps):
        along = a @ d
        slope = (d * along).sum(axis=0)
        rate = np.divide(size, slope, out=np.zeros_like(size), where=slope > 0)
        w, r = w + rate * d, r - rate * along
        new = (r * r).sum(axis=0)
        d = r + np.divide(new, size, out=np.zeros_like(size), where=size > 0) * d
        size = new
    return w


def _nearest(x: Array, y: Array, k: int = 5) -> float:
    """Predictions by the nearest other samples."""
    squares = (x**2).sum(axis=1)
    far = squares[:, None] + squares - 2 * x @ x.T
    np.fill_diagonal(far, np.inf)
    near = np.argpartition(far, k, axis=1)[:, :k]
    return _correlation(y[near].mean(axis=1), y)
