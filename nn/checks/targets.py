"""Checks of the targets."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.trial import Trial

__all__ = ["balance", "kind_of_targets", "label_range", "target_scale"]

RARE = 20.0
"""So many times rarer than its equal share a class is when there is a warning."""
MAJORITY = 0.95


def _ignored(loss: Any) -> int:
    return int(getattr(loss, "ignore_index", -100))


def label_range(trial: Trial) -> Finding | None:
    """Class indices from 0 to K − 1; K the number of outputs."""
    labels = trial.labels
    if trial.outputs is None or labels is None or not trial.of_classes:
        return None
    k = trial.outputs.shape[1]
    counted = labels[labels != _ignored(trial.loss)]
    if not counted.size:
        return wrong(
            f"all targets are {_ignored(trial.loss)}, which do not count",
            "some targets count",
            "see what the targets should be, or give the loss another ignore_index",
        )
    low, high = int(counted.min()), int(counted.max())
    numbers = {"lowest": low, "highest": high, "outputs": k}
    expected = f"class indices from 0 to {k - 1}, as the model has {k} outputs"
    measured = f"the labels go from {low} to {high}"
    if low == 1 and high == k:
        return wrong(
            f"the labels are off by one: they go from 1 to {k}",
            expected,
            "count from 0: targets - 1",
            **numbers,
        )
    if low < 0 or high >= k:
        return wrong(
            measured,
            expected,
            f"give the model {high + 1} outputs, or map the labels to 0 … {k - 1} "
            "(np.unique(labels, return_inverse=True))",
            **numbers,
        )
    present = np.unique(counted)
    if low == 1 and high == k - 1 and present.size == k - 1 and counted.size >= 10 * k:
        return warning(
            f"class 0 never occurs, and all others do: {measured}",
            expected,
            "the labels seem to count from 1: give targets - 1, and the model one output less",
            **numbers,
        )
    return fine(measured, expected, **numbers)


def kind_of_targets(trial: Trial) -> Finding | None:
    """Whether targets are of the kind that the loss takes."""
    y, out = trial.data.targets, trial.outputs
    if not isinstance(y, np.ndarray) or out is None or y.dtype.kind not in "fiub":
        return None
    if trial.of_classes:
        return _for_classes(y, out, trial.known.kind if trial.known else "")
    if trial.of_answers:
        outside = float(((y < 0) | (y > 1)).mean())
        expected = "answers 0 or 1, or probabilities"
        if not outside:
            return fine(f"the targets go from {y.min():g} to {y.max():g}", expected)
        signs = set(np.unique(y).tolist()) == {-1, 1}
        return wrong(
            f"the targets go from {y.min():g} to {y.max():g}",
            expected,
            "give (targets + 1) / 2" if signs else "for several classes take nn.CrossEntropyLoss",
            outside=outside,
        )
    if trial.of_numbers:
        return _for_numbers(trial, y, out)
    return None


def _for_classes(y: Any, out: Any, kind: str) -> Finding:
    expected = f"integer class indices of shape {(len(y), *out.shape[2:])}"
    said = f"the targets have dtype {y.dtype} and shape {y.shape}"
    whole = y.dtype.kind in "iub"
    column = y.ndim == 2 and y.shape[1] == 1 and out.ndim == 2 and out.shape[1] > 1
    if column:
        return wrong(said, expected, "give targets[:, 0], as integers (astype(np.int64))")
    hot = y.shape[1:] == out.shape[1:] and y.ndim >= 2
    if hot:
        sums = y.sum(axis=1)
        if not np.allclose(sums, 1, atol=1e-3):
            return wrong(
                f"{said}, and a sample's add up to {sums.min():.3g} … {sums.max():.3g}",
                "class indices, or probabilities that add up to 1",
                "of several answers to a sample take nn.BCEWithLogitsLoss; pixels and counts are "
                "no probabilities",
            )
        if whole or kind == "NLL":
            return wrong(f"{said}: one-hot", expected, "give targets.argmax(axis=1)")
        return fine(f"{said}: probabilities that add up to 1", expected)
    if not whole:
        return wrong(said, expected, "convert them: targets.astype(np.int64)")
    return fine(said, expected)


def _for_numbers(trial: Trial, y: Any, out: Any) -> Finding | None:
    expected = "numbers, not classes"
    x = trial.data.inputs
    if isinstance(x, np.ndarray) and x.shape == y.shape and np.allclose(x, y):
        return fine("the targets are the inputs", expected)
    if y.size < 50 or ((out >= 0).all() and (out <= 1).all() and y.min() >= 0 and y.max() <= 1):
        return fine(f"the targets have dtype {y.dtype} and shape {y.shape}", expected)
    values = np.unique(y)
    single = y.ndim == 1 or y.shape[1:] == (1,)
    classes = 2 <= values.size <= 20 and np.array_equal(values, np.arange(values.size))
    hot = y.ndim == 2 and y.shape[1] > 1 and set(values.tolist()) == {0, 1}
    hot = hot and bool((y.sum(axis=1) == 1).all())
    if not (single and classes) and not hot:
        return fine(f"the targets take {values.size} values", expected, values=values.size)
    count = y.shape[1] if hot else values.size
    form = "one-hot" if hot else f"the whole numbers 0 … {count - 1}"
    mend = (
        "for classes take nn.CrossEntropyLoss with one output per class"
        if count > 2
        else "for yes or no take nn.BCEWithLogitsLoss"
    )
    return warning(
        f"the loss is a {trial.known.kind if trial.known else ''}, and the targets are {form}, as "
        "classes are",
        expected,
        f"{mend}; if they are amounts, never mind",
        values=values.size,
    )


def balance(trial: Trial) -> Finding | None:
    """How often the classes occur."""
    labels = trial.labels
    if labels is None or labels.size < 50:
        return None
    labels = labels[labels != _ignored(trial.loss)]
    if labels.size < 50:
        return None
    values, counts = np.unique(labels, return_counts=True)
    share = float(counts.max() / counts.sum())
    rare = float(counts.sum() / len(values) / counts.min())
    numbers = {"largest share": share, "classes": len(values), "rarest": int(counts.min())}
    expected = "every class occurs often enough to be learned"
    if len(values) == 1:
        return wrong(
            f"all {labels.size} targets are {values[0]}",
            expected,
            "see how the targets are made, and that the data are shuffled before they are split",
            **numbers,
        )
    measured = (
        f"the most frequent of {len(values)} classes makes {share:.0%}; the rarest occurs "
        f"{counts.min()} times in {labels.size}"
    )
    weighted = any(getattr(trial.loss, name, None) is not None for name in ("weight", "pos_weight"))
    if weighted or (share < MAJORITY and (rare < RARE or labels.ndim > 1)):
        return fine(measured, expected, **numbers)
    return warning(
        measured,
        expected,
        'give fit(class_weight="balanced"), or draw evenly; and judge by nn.metrics.F1Score, as '
        f"saying always the same is right in {share:.0%}",
        **numbers,
    )


def target_scale(trial: Trial) -> Finding | None:
    """How large the targets of a regression are."""
    y = trial.data.targets
    if not trial.of_numbers or not isinstance(y, np.ndarray) or y.dtype.kind not in "fiu":
        return None
    if not np.isfinite(y).all():
        return None
    y = y.astype(np.float64)
    std, mean, rms = float(y.std()), float(np.abs(y.mean())), float(np.sqrt(np.mean(y**2)))
    numbers = {"std": std, "mean": mean}
    expected = "targets of about 1, around 0"
    measured = f"the targets have mean {y.mean():.3g} and standard deviation {std:.3g}"
    if std == 0 and y.size > 1:
        return wrong(
            f"all targets are {y.flat[0]:g}", "targets that differ", "see how they are made"
        )
    if rms > 30 or rms < 1e-3 or mean > DISTANT * std:
        return warning(
            measured,
            expected,
            "train on (targets - mean) / std of the training data, and turn predictions back",
            **numbers,
        )
    return fine(measured, expected, **numbers)


DISTANT = 10.0
