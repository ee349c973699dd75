"""Weights of classes in a loss: given, or from how often they occur."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from autodiff import Tensor
from nn.functional.classification import cross_entropy, nll_loss
from nn.losses.classification import CrossEntropyLoss, NLLLoss
from nn.module.parameter import Buffer
from nn.training.named_metrics import plain_loss

__all__ = ["class_weights", "weighted_loss"]


def class_weights(targets: Any, classes: int | None = None) -> np.ndarray[Any, Any]:
    """N / (K · N_k) for each of K classes: by these, all classes weigh the same in a loss.

    Args:
        targets: class indices of shape (N,).
        classes: K; by default the highest label plus one.

    Raises:
        ValueError: a class does not occur, or there are no labels.

    Example:
        >>> class_weights([0, 0, 0, 1]).round(3)
        array([0.667, 2.   ])
    """
    labels = np.asarray(targets.data if isinstance(targets, Tensor) else targets)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or not labels.size or labels.min() < 0:
        raise ValueError(
            f"balanced class weights need class indices of shape (N,), and targets of shape "
            f"{labels.shape} and type {labels.dtype} were given"
        )
    counts = np.bincount(labels, minlength=classes or 0)
    if not counts.all():
        missing = ", ".join(map(str, np.flatnonzero(counts == 0)[:5]))
        raise ValueError(
            f"class {missing} does not occur among {labels.size} targets, so it has no balanced "
            "weight; give the weights as a list"
        )
    return np.asarray(labels.size / (len(counts) * counts))


def weighted_loss(loss: Any, weights: Any, train: Any) -> Callable[[Any, Any], Any]:
    """A loss for classes with weights for them.

    Args:
        loss: `CrossEntropyLoss`, `NLLLoss`, or one of their functions.
        weights: as given to `nn.fit`: ``"balanced"``, a list, or a dict by class.
        train: the training data, whose labels ``"balanced"`` counts.

    Raises:
        TypeError: the loss takes no weights for classes.
        ValueError: they are none, or given twice.
    """
    if plain_loss(loss) not in (cross_entropy, nll_loss):
        raise TypeError(
            "class_weight goes with nn.CrossEntropyLoss, nn.NLLLoss or their functions, not with "
            f"{loss!r}; BCEWithLogitsLoss takes pos_weight="
        )
    given = loss.keywords if isinstance(loss, functools.partial) else vars(loss)
    if given.get("weight") is not None:
        raise ValueError("the loss has weights for classes already; leave out class_weight")
    if isinstance(weights, str):
        if weights != "balanced":
            raise ValueError(f"class_weight is 'balanced' or the weights, not {weights!r}")
        found = class_weights(_labels(train))
    elif isinstance(weights, Mapping):
        found = _of_all(weights, train)
    else:
        found = np.asarray(weights, np.float64)
    if found.ndim != 1 or not np.isfinite(found).all() or (found < 0).any():
        raise ValueError(f"class_weight must be one number from 0 up for each class, not {weights}")
    found = found.astype(np.float32)
    if type(loss) in (CrossEntropyLoss, NLLLoss):
        own: Any = copy.copy(loss)
        own.weight = Buffer(found)
        return cast(Callable[[Any, Any], Any], own)
    return functools.partial(loss, weight=found)


def _of_all(weights: Mapping[Any, Any], train: Any) -> np.ndarray[Any, Any]:
    """The weights of all classes, 1 where none is given."""
    whole = (isinstance(label, int | np.integer) and label >= 0 for label in weights)
    if not weights or not all(whole):
        raise ValueError(
            f"class_weight has class indices from 0 up as keys, and {dict(weights)} was given"
        )
    highest = max(weights)
    with contextlib.suppress(ValueError):
        # Of data that are no arrays the loss says how many classes it takes.
        highest = max(highest, int(np.max(_labels(train), initial=0)))
    found = np.ones(int(highest) + 1)
    for label, weight in weights.items():
        found[label] = weight
    return found


def _labels(train: Any) -> Any:
    data = getattr(train, "dataset", train)
    arrays = getattr(data, "arrays", data)
    if isinstance(arrays, tuple) and len(arrays) == 2:
        return arrays[1]
    raise ValueError(
        "class_weight='balanced' counts the labels of arrays (x, y); of other data count them "
        "yourself: class_weight=nn.training.class_weights(labels)"
    )
