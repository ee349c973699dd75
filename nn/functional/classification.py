"""Losses for classes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import constant, raw, setting
from nn.functional.operands import (
    as_prediction,
    check_reduction,
    class_weights,
    in_single,
    is_half,
    reduced,
)
from nn.functional.targets import class_axis, ignored_mask, is_index_target
from nn.module.inputs import as_node, cast_input

__all__ = ["cross_entropy", "nll_loss"]

Array = np.ndarray[Any, Any]
_MANY = 64
"""More classes than these are not written out as a distribution for every index."""


def _along(vector: Tensor, ndim: int, axis: int) -> Tensor:
    shape = [1] * ndim
    shape[axis] = -1
    return ad.reshape(vector, tuple(shape))


def nll_loss(
    log_probabilities: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability of the true class.

    Args:
        log_probabilities: of shape (N, C), (C,) or (N, C, ...).
        target: class indices, integers of that shape without the axis of the classes.
        weight: a factor for every class, of shape (C,).
        ignore_index: targets of this value do not count.
        reduction: ``mean`` (weighted, over the targets that count), ``sum`` or ``none``.

    Returns:
        A scalar; with ``none`` one loss per target, 0 where ignored.

    Raises:
        ShapeError: the shapes do not fit.
        IndexError: a target is not a class.
        ValueError: the mean of no target at all is asked for.

    Example:
        >>> nll_loss([[-0.5, -1.0]], [1]).item()
        1.0
    """
    logp, indices = as_prediction(log_probabilities), as_node(target)
    if is_half(logp):
        return in_single(nll_loss, logp, indices, weight, ignore_index, reduction)
    if not is_index_target("nll_loss", logp, indices):
        raise ShapeError(
            f"nll_loss takes class indices, and the target has shape {indices.shape} of the "
            "scores; for class probabilities use cross_entropy on the logits"
        )
    return _index_loss("nll_loss", logp, indices, weight, ignore_index, reduction)


def _index_loss(
    name: str,
    logp: Tensor,
    target: Tensor,
    weight: Any,
    ignore_index: int,
    reduction: str,
) -> Tensor:
    check_reduction(reduction)
    axis = class_axis(logp)
    classes, indices = logp.shape[axis], raw(target)
    with _said_of_targets(name, indices, classes, ignore_index):
        losses = ad.label_nll(logp, target, axis, ignore_index)
    counts = indices != ignore_index
    factors: Any = counts.astype(logp.dtype)
    if weight is None:
        total = constant(np.add.reduce(factors, axis=None))
    else:
        weights = class_weights(name, weight, classes, logp)
        shares = weights[constant(np.where(counts, indices, 0))] * constant(factors)
        losses, total = losses * shares, ad.sum(shares)
    if reduction != "mean":
        return reduced(losses, reduction)
    return _mean(name, losses, total, indices)


@contextmanager
def _said_of_targets(name: str, indices: Any, classes: int, ignore_index: int) -> Iterator[None]:
    """Say what is wrong with an index in terms of scores and targets."""
    try:
        yield
    except IndexError:
        ignored_mask(name, indices, classes, ignore_index)
        raise


def _mean(name: str, losses: Tensor, total: Tensor, indices: Any) -> Tensor:
    """The mean by what counts, refused where nothing does; in a recorded step it is NaN then."""
    count = raw(total)
    if isinstance(count, (np.generic, np.ndarray)) and not count and indices.size:
        raise ValueError(
            f"{name}: no target counts (all are ignored or of weight 0), so there is no mean; "
            "leave such batches out, or use reduction='sum'"
        )
    mean: Tensor = ad.sum(losses) / total
    return mean


def cross_entropy(
    logits: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """−Σ_c y_c log softmax(z)_c, computed from the logits z without overflow.

    Its gradient with respect to the logits is softmax(z) − y, over the number of samples.

    Args:
        logits: z of shape (N, C), (C,) for one sample, or (N, C, ...).
        target: class indices, integers of that shape without the axis of the classes; or
            class probabilities y, floats of the shape of the logits.
        weight: a factor for every class, of shape (C,).
        ignore_index: index targets of this value do not count.
        reduction: ``mean``, ``sum`` or ``none``. As in PyTorch the mean over index targets
            is weighted by the class weights; that over probabilities is not.
        label_smoothing: ε from 0 to 1; targets become (1 − ε) y + ε / C.

    Returns:
        A scalar; with ``none`` one loss per target.

    Raises:
        ShapeError: the shapes do not fit.
        TypeError: targets with the shape of indices are not integers.
        IndexError: a target is not a class.
        ValueError: an argument is out of range, or no target counts.

    Example:
        >>> round(cross_entropy([[2.0, 0.0]], [0]).item(), 4)
        0.1269
    """
    check_reduction(reduction)
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"label_smoothing must be from 0 to 1, not {label_smoothing}")
    scores, wanted = as_prediction(logits), as_node(target)
    if is_half(scores):
        how = (ignore_index, reduction, label_smoothing)
        return in_single(cross_entropy, scores, wanted, weight, *how)
    axis = class_axis(scores)
    classes = scores.shape[axis]
    weights = None
    if weight is not None:
        vector = class_weights("cross_entropy", weight, classes, scores)
        weights = _along(vector, scores.ndim, axis)
    if is_index_target("cross_entropy", scores, wanted):
        if classes > _MANY and weights is None and not label_smoothing:
            return _of_many_classes(scores, wanted, axis, ignore_index, reduction)
        smoothing = setting(label_smoothing, "cross_entropy", "label_smoothing")
        targets, total = _index_targets(wanted, scores, axis, weights, ignore_index, smoothing)
        targets.name = "y"
        losses = ad.softmax_cross_entropy(scores, targets, axis=axis)
        if reduction != "mean":
            return reduced(losses, reduction)
        return _mean("cross_entropy", losses, total, raw(wanted))
    if ignore_index >= 0:
        raise ValueError(
            f"cross_entropy: ignore_index={ignore_index} says which class indices do not count, "
            "and the targets are probabilities; leave it out, and give rows that do not count "
            "probabilities of 0"
        )
    wanted = cast_input(wanted, scores)
    if label_smoothing:
        wanted = wanted * (1.0 - label_smoothing) + label_smoothing / classes
    if weights is not None:
        wanted = wanted * weights
    return reduced(ad.softmax_cross_entropy(scores, wanted, axis=axis), reduction)


def _of_many_classes(
    scores: Tensor, target: Tensor, axis: int, ignore_index: int, reduction: str
) -> Tensor:
    """The loss without distributions, which would be nearly nothing but zeros."""
    indices = raw(target)
    with _said_of_targets("cross_entropy", indices, scores.shape[axis], ignore_index):
        losses = ad.label_cross_entropy(scores, target, axis, ignore_index)
    if reduction != "mean":
        return reduced(losses, reduction)
    total = constant(np.add.reduce((indices != ignore_index).astype(scores.dtype), axis=None))
    return _mean("cross_entropy", losses, total, indices)


def _index_targets(
    target: Tensor,
    scores: Tensor,
    axis: int,
    weights: Tensor | None,
    ignore_index: int,
    smoothing: float,
) -> tuple[Tensor, Tensor]:
    """Class indices as weighted distributions, and the divisor of their mean."""
    classes, indices = scores.shape[axis], raw(target)
    kind = scores.dtype
    try:
        y = raw(ad.one_hot(target, classes, axis=axis, dtype=kind, ignored=ignore_index))
    except IndexError:
        # The same finding, said in terms of scores and targets.
        ignored_mask("cross_entropy", indices, classes, ignore_index)
        raise
    total = constant(np.add.reduce(y, axis=None))
    if weights is not None:
        total = ad.sum(constant(y) * weights)
    if smoothing:
        even = np.expand_dims(indices != ignore_index, axis) * kind.type(smoothing / classes)
        y = y * kind.type(1.0 - smoothing) + even
    targets = constant(y)
    return (targets if weights is None else targets * weights), total
