"""Predicted and true labels, out of what a model gave and should have given."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.errors import ShapeError

__all__ = ["as_array", "check_range", "counted", "labels_of"]

Array = np.ndarray[Any, Any]


def as_array(x: Any) -> Array:
    """The numbers of a tensor, array or list."""
    return np.asarray(x.data if isinstance(x, Tensor) else x)


def labels_of(
    name: str,
    predictions: Any,
    targets: Any,
    threshold: float | None,
    ignore_index: int | None = None,
) -> tuple[Array, Array, int]:
    """Predicted and true labels as integers, and the number of columns of scores.

    Scores of shape (N, C, ...) with targets (N, ...) are read as one row for each target.

    Args:
        name: of the metric.
        predictions: labels, or scores, which become their argmax or what is above a threshold.
        targets: labels, or class probabilities, which become their argmax.
        threshold: None if scores have one column for each class.
        ignore_index: targets of this value do not count.

    Raises:
        ShapeError, TypeError, ValueError: they do not fit together, or have several meanings.
    """
    given, true = counted(as_array(predictions), as_array(targets), ignore_index)
    if not given.size or not true.size:
        raise ValueError("there is nothing to measure: zero samples were given")
    if given.dtype.kind not in "biuf":
        raise TypeError(f"{name}: predictions are {given.dtype}; give scores or labels")
    if given.dtype.kind == "f" and np.isnan(given).any():
        raise ValueError(
            f"{name}: {int(np.isnan(given).sum())} of {given.size} predictions are NaN, and have "
            "no highest score; look for what made them"
        )
    if threshold is not None:
        return *_by_threshold(name, given, true, threshold), 2
    if given.ndim == 2 and given.shape[1] == 1:
        raise _undecided(name, given.shape)
    if given.ndim == 2:
        return given.argmax(axis=1), _true_classes(name, given, true), given.shape[1]
    if given.ndim == 1 and given.dtype.kind == "f":
        raise _undecided(name, given.shape)
    if true.ndim != 1 or given.shape != true.shape:
        raise _misfit(name, given, true)
    labels, wanted = given.astype(np.intp), _integers(name, true)
    for one, other in ((labels, wanted), (wanted, labels)):
        if one.min() < 0 <= other.min() and (other == 0).any() and not (one == 0).any():
            raise ValueError(
                f"{name}: some labels are −1 and 1, the others 0 and 1; bring them to one code, "
                "for example (labels + 1) // 2"
            )
    return labels, wanted, 0


def counted(given: Array, true: Array, ignore_index: int | None) -> tuple[Array, Array]:
    """Scores (N, C, ...) as rows, and what is left when ignored targets are taken out.

    Args:
        given: scores or labels.
        true: targets.
        ignore_index: the value of targets that do not count; None if all do.
    """
    if given.ndim > 2 and true.shape == (given.shape[0], *given.shape[2:]):
        given = np.moveaxis(given, 1, -1).reshape(-1, given.shape[1])
        true = true.reshape(-1)
    if ignore_index is not None and true.dtype.kind in "iu" and true.shape == given.shape[:1]:
        kept = true != ignore_index
        if not kept.all():
            given, true = given[kept], true[kept]
    return given, true


def _misfit(name: str, given: Array, true: Array) -> ShapeError:
    hint = f"; reshape it: targets.reshape({len(given)})" if true.size == len(given) else ""
    return ShapeError(
        f"{name}: predictions of shape {given.shape} do not fit targets of shape {true.shape}: "
        f"expected scores of shape ({len(true)}, classes) or labels of shape ({len(true)},), and "
        f"targets of shape ({len(true)},) or one row of class probabilities per sample{hint}"
    )


def _undecided(name: str, shape: tuple[int, ...]) -> ValueError:
    """What to say of one score per sample."""
    return ValueError(
        f"{name}: predictions of shape {shape} are one score per sample, and from which one on it "
        "means yes is not known; give threshold=0 for logits or margins, threshold=0.5 for "
        f"probabilities (in nn.fit: metrics={{'{name}': lambda p, y: "
        f"nn.metrics.{name}(p, y, threshold=0)}}), or integer labels of shape ({shape[0]},)"
    )


def _integers(name: str, labels: Array) -> Array:
    if labels.dtype.kind not in "biu":
        raise TypeError(
            f"{name}: true labels are {labels.dtype}, not integers; "
            "give class indices, or one row of class probabilities per sample"
        )
    return labels.astype(np.intp)


def _true_classes(name: str, scores: Array, true: Array) -> Array:
    """True classes for scores with a column for each."""
    classes = scores.shape[1]
    if true.shape == scores.shape:
        sums = true.sum(axis=1, dtype=np.float64)
        if np.any(true < 0) or not np.allclose(sums, 1.0, rtol=0, atol=1e-3):
            raise ValueError(
                f"{name}: targets of the shape of the scores, {true.shape}, are class "
                "probabilities or one-hot rows, which sum to 1, and these rows sum to "
                f"{sums.min():g} … {sums.max():g}; for several yes-or-no questions per sample give "
                "threshold=0 (logits) or threshold=0.5 (probabilities)"
            )
        return np.asarray(true.argmax(axis=1))
    if true.shape != scores.shape[:1]:
        raise _misfit(name, scores, true)
    labels = _integers(name, true)
    check_range(labels, classes)
    return labels


def check_range(labels: Array, classes: int) -> None:
    """Refuse labels that are no class.

    Raises:
        ValueError: there are some.
    """
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"labels run from {labels.min()} to {labels.max()}; with {classes} classes they must "
            f"be from 0 to {classes - 1}; leave out samples that do not count"
        )


def _by_threshold(name: str, given: Array, true: Array, threshold: float) -> tuple[Array, Array]:
    """Answers to yes-or-no questions, 0 or 1, of the shape of the predictions."""
    if isinstance(threshold, bool | str) or not np.isfinite(threshold):
        raise ValueError(f"{name}: threshold must be a finite number, not {threshold!r}")
    if given.shape != true.shape and {given.shape, true.shape} != {(len(given),), (len(given), 1)}:
        raise ShapeError(
            f"{name}: with a threshold every prediction has a target of its own, and predictions "
            f"of shape {given.shape} do not fit targets of shape {true.shape}"
            + ("; for one score per class leave the threshold out" if given.ndim == 2 else "")
        )
    found = set(np.unique(true).tolist())
    if not (found <= {0, 1} or found <= {-1, 1}):
        few = ", ".join(f"{v:g}" for v in sorted(found)[:4])
        raise ValueError(
            f"{name}: with a threshold targets are 0 or 1 (or −1 or 1), and there are {few}"
            + ("" if len(found) <= 4 else ", …")
        )
    answers = (given > threshold).astype(np.intp)
    return answers, (true.reshape(given.shape) == 1).astype(np.intp)
