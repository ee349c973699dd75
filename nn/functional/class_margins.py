"""Losses for classes by margins between their scores."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.functional.operands import (
    as_prediction,
    check_reduction,
    check_shapes,
    class_weights,
    paired,
    reduced,
    weighted,
)
from nn.functional.targets import ignored_mask, is_index_target, probabilities
from nn.module.inputs import as_node

__all__ = ["multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss"]


def multi_margin_loss(
    scores: Any,
    target: Any,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Σ max(0, margin − x_y + x_i)^p / C over all classes i but the true one, y.

    Args:
        scores: x of shape (N, C), or (C,) for one sample.
        target: y, class indices of shape (N,) or ().
        p: 1 or 2.
        margin: by how much the true class should lead.
        weight: a factor for every class, of shape (C,).
        reduction: ``mean`` over all samples, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per sample.

    Raises:
        ShapeError: the shapes do not fit.
        IndexError: a target is not a class.
        ValueError: ``p`` is neither 1 nor 2.

    Example:
        >>> multi_margin_loss([[1.0, 0.5]], [0]).item()
        0.25
    """
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss takes p=1 or p=2, not {p!r}")
    x, indices = as_prediction(scores), as_node(target)
    if not is_index_target("multi_margin_loss", x, indices) or x.ndim > 2:
        raise ShapeError(
            f"multi_margin_loss takes scores of shape (N, C) or (C,) and class indices, not "
            f"shapes {x.shape} and {indices.shape}"
        )
    classes = x.shape[-1]
    ignored_mask("multi_margin_loss", indices.data, classes)
    true = ad.one_hot(indices, classes, dtype=x.dtype)
    lead = x - ad.sum(x * true, axis=-1, keepdims=True)
    terms = ad.relu(lead + margin)
    terms = (ad.square(terms) if p == 2 else terms) * (1.0 - true)
    losses = ad.sum(terms, axis=-1) / classes
    if weight is not None:
        losses = losses * class_weights("multi_margin_loss", weight, classes, x)[indices]
    return reduced(losses, reduction)


def multilabel_margin_loss(scores: Any, target: Any, reduction: str = "mean") -> Tensor:
    """Σ max(0, 1 − x_y + x_i) / C over all classes y that are true and i that are not.

    Args:
        scores: x of shape (N, C), or (C,) for one sample.
        target: of the same shape: indices of the true classes, ended by −1.
        reduction: ``mean`` over all samples, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per sample.

    Raises:
        ShapeError: the shapes differ.
        IndexError: a target is not a class.

    Example:
        >>> multilabel_margin_loss([[1.0, 0.5]], [[0, -1]]).item()
        0.25
    """
    x, indices = as_prediction(scores), as_node(target)
    check_shapes("multilabel_margin_loss", x, indices)
    if indices.dtype.kind not in "iu":
        raise TypeError(
            f"multilabel_margin_loss takes indices of classes, integers, as target, and it is "
            f"{indices.dtype}; for one 0 or 1 for every class use multilabel_soft_margin_loss"
        )
    check_reduction(reduction)
    if not x.ndim:
        raise ShapeError("multilabel_margin_loss takes scores of shape (N, C) or (C,), not ()")
    classes = x.shape[-1]
    counts = ad.equal(ad.cumsum(ad.astype(indices < 0, np.int64), axis=-1), 0)
    places = ad.where(counts, indices, -1)
    if isinstance(indices.data, np.ndarray):
        read = np.where(counts.data, indices.data, np.minimum(indices.data, -1))
        for wrong in read[(read < -1) | (read >= classes)][:1]:
            raise IndexError(
                f"multilabel_margin_loss: the scores have {classes} classes, 0 to {classes - 1}, "
                f"and a target is class {wrong}; after the true classes give -1"
            )
    each = ad.one_hot(places, classes, dtype=x.dtype, ignored=-1)
    others = 1.0 - ad.max(each, axis=-2, keepdims=True)
    chosen = ad.sum(ad.expand_dims(x, -2) * each, axis=-1, keepdims=True)
    lead = ad.relu(1.0 - chosen + ad.expand_dims(x, -2))
    pairs = ad.expand_dims(ad.astype(counts, x.dtype), -1) * others
    losses = ad.sum(lead * pairs, axis=(-2, -1)) / classes
    return reduced(losses, reduction)


def multilabel_soft_margin_loss(
    scores: Any, target: Any, weight: Any = None, reduction: str = "mean"
) -> Tensor:
    """Mean over classes of −y log σ(x) − (1 − y) log σ(−x).

    Args:
        scores: x of shape (…, C).
        target: y, from 0 to 1, of the same shape.
        weight: a factor for every class, of shape (C,).
        reduction: ``mean`` over all samples, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per sample.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: a target is outside [0, 1].

    Example:
        >>> round(multilabel_soft_margin_loss([[0.0, 0.0]], [[1.0, 0.0]]).item(), 4)
        0.6931
    """
    x, y = paired("multilabel_soft_margin_loss", scores, target)
    remedy = "give 1 for every class that is true, and 0 for the others"
    probabilities("multilabel_soft_margin_loss", "target", y, remedy)
    losses = ad.softplus(x) - x * y
    if weight is not None:
        losses = weighted("multilabel_soft_margin_loss", losses, weight)
    return reduced(ad.mean(losses, axis=-1), reduction)
