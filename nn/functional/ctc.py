"""The loss for sequences whose alignment is not known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.functional.operands import as_prediction, check_reduction, reduced

__all__ = ["ctc_loss"]


def ctc_loss(
    log_probabilities: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Minus the log-probability of a sequence of classes, summed over all its alignments.

    Source: Graves et al., "Connectionist Temporal Classification", 2006, section 4.1.

    Args:
        log_probabilities: of shape (T, N, C), or (T, C) for one sequence.
        targets: class indices without blanks, of shape (N, S); or those of all sequences
            along one axis, one after the other.
        input_lengths: how many of the T steps of each sequence count.
        target_lengths: how many classes each sequence has.
        blank: the class that stands for none.
        reduction: ``mean`` of the losses divided by the lengths of their targets, ``sum``,
            or ``none``.
        zero_infinity: whether sequences that are too short for their target count as 0; their
            loss is infinite, and its gradient 0, otherwise.

    Returns:
        A scalar; with ``none`` one loss per sequence.

    Raises:
        ShapeError: the shapes do not fit.
        TypeError: targets or lengths are no integers.
        IndexError: a target is not a class.
        ValueError: a length is out of range, or a target is the blank.

    Example:
        >>> logp = ad.log(ad.Tensor([[[0.5, 0.5]], [[0.5, 0.5]]]))
        >>> round(math.exp(-ctc_loss(logp, [[1]], [2], [1]).item()), 4)
        0.75
    """
    check_reduction(reduction)
    logp = as_prediction(log_probabilities)
    single = logp.ndim == 2
    logp = ad.expand_dims(logp, 1) if single else logp
    if logp.ndim != 3:
        raise ShapeError(f"ctc_loss takes log-probabilities of shape (T, N, C), not {logp.shape}")
    steps, samples, classes = logp.shape
    lengths = _lengths("input_lengths", input_lengths, samples, steps)
    rows, counts = _rows(targets, target_lengths, samples)
    if not 0 <= blank < classes or np.any((rows < 0) | (rows >= classes)):
        raise IndexError(f"ctc_loss: targets and blank must be classes, 0 to {classes - 1}")
    if np.any((rows == blank) & (np.arange(rows.shape[1]) < counts[:, None])):
        raise ValueError(
            f"ctc_loss: class {blank} is the blank, and among the targets, which are given "
            "without blanks; give blank= the class that stands for none"
        )
    states = np.full((samples, 2 * rows.shape[1] + 1), blank)
    states[:, 1::2] = rows
    seen = ad.take_along_axis(ad.swapaxes(logp, 0, 1), states[:, None], axis=2)
    first = np.arange(states.shape[1]) < 2
    starts = (np.arange(steps) > 0)[:, None] | first
    scores = ad.where(starts, seen, -np.inf)
    reached = ad.log_banded_recurrence(_ways(states, blank, logp.dtype), scores)
    last = reached[np.arange(samples), np.maximum(lengths - 1, 0)]
    ends = ad.where((lengths > 0)[:, None], _ends(last, counts), -np.inf)
    impossible = np.all(np.isneginf(ends.data), axis=1)
    likely = ad.logsumexp(ad.where(impossible[:, None], 0.0, ends), axis=1)
    unlikely = np.where(counts + lengths > 0, 0.0 if zero_infinity else math.inf, 0.0)
    losses = ad.where(impossible, unlikely.astype(logp.dtype), -likely)
    losses = losses[0] if single else losses
    if reduction != "mean":
        return reduced(losses, reduction)
    sizes = np.maximum(counts, 1).astype(logp.dtype)
    return ad.mean(losses / (sizes[0] if single else sizes))


def _ways(states: Any, blank: int, dtype: Any) -> Any:
    """Where each state may come from, as logarithms: itself, the one before, the one before that.

    The blank between two different classes may be left out.
    """
    ways = np.zeros((len(states), 3, states.shape[1]), dtype)
    skips = np.zeros(states.shape, bool)
    skips[:, 2:] = (states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])
    ways[:, 2][~skips] = -np.inf
    return ways


def _ends(last: Tensor, counts: Any) -> Tensor:
    """Both states in which a sequence may end: its last class, and the blank after it."""
    blank = ad.take_along_axis(last, 2 * counts[:, None], axis=1)
    final = ad.take_along_axis(last, np.maximum(2 * counts - 1, 0)[:, None], axis=1)
    return ad.concatenate([blank, ad.where((counts > 0)[:, None], final, -np.inf)], axis=1)


def _plain(name: str, given: Any) -> Any:
    """Whole numbers as an array."""
    numbers = np.asarray(given.data if isinstance(given, Tensor) else given)
    if numbers.size and numbers.dtype.kind not in "iu":
        raise TypeError(f"ctc_loss takes integers as {name}, and they are {numbers.dtype}")
    return numbers if numbers.size else numbers.astype(np.int64)


def _lengths(name: str, given: Any, samples: int, most: int) -> Any:
    lengths = _plain(name, given).reshape(-1)
    if lengths.shape != (samples,) or np.any((lengths < 0) | (lengths > most)):
        raise ValueError(
            f"ctc_loss was given {name}={given!r}; give {samples} numbers from 0 to {most}"
        )
    return lengths.astype(np.int64)


def _rows(targets: Any, target_lengths: Any, samples: int) -> tuple[Any, Any]:
    """Targets as rows of one length, filled up with repetitions, and their lengths."""
    targets = _plain("targets", targets)
    flat = targets.ndim == 1
    counts = _lengths("target_lengths", target_lengths, samples, targets.shape[-1])
    if flat and counts.sum() != targets.size and samples > 1:
        raise ValueError(
            f"ctc_loss was given {targets.size} targets for target_lengths {counts.tolist()}, "
            f"which add up to {counts.sum()}"
        )
    if not flat and targets.shape[0] != samples:
        raise ShapeError(
            f"ctc_loss was given targets of shape {targets.shape} for {samples} sequences"
        )
    width = int(counts.max(initial=0))
    inside = np.arange(width) < counts[:, None]
    rows = np.zeros((samples, width), np.int64)
    if flat:
        rows[inside] = targets[: counts.sum()]
    else:
        rows[inside] = targets[:, :width][inside]
    return rows, counts
