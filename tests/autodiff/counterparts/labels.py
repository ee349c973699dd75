"""Counterparts of the entries about class labels: by rows of zeros and a one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _rows(x: Any, labels: Any, axis: int, ignored: Any) -> tuple[Any, Any]:
    """A one at each label and zeros elsewhere; and which labels count."""
    classes = np.moveaxis(np.arange(x.shape[axis]).reshape((-1,) + (1,) * labels.ndim), 0, axis)
    chosen = np.expand_dims(labels, axis) == classes
    counts = np.ones(labels.shape, bool) if ignored is None else labels != ignored
    if not (chosen.any(axis) | ~counts).all():
        raise IndexError("a label is no class")
    return chosen, counts


def _label_loss(total: Any, x: Any, labels: Any, axis: int, ignored: Any) -> Any:
    chosen, counts = _rows(x, labels, axis, ignored)
    return np.where(counts, total - np.sum(np.where(chosen, x, 0), axis), 0)


def _subtract_label(x: Any, v: Any, labels: Any, axis: int, ignored: Any) -> Any:
    chosen, counts = _rows(x, labels, axis, ignored)
    rest = x - np.where(chosen, np.expand_dims(np.broadcast_to(v, labels.shape), axis), 0)
    return np.where(np.expand_dims(counts, axis), rest, 0)


def _label_cross_entropy(z: Any, labels: Any, axis: int, ignored: Any) -> Any:
    return _label_loss(np.log(np.sum(np.exp(z), axis)), z, labels, axis, ignored)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "label_cross_entropy": _label_cross_entropy,
    "label_loss": _label_loss,
    "subtract_label": _subtract_label,
}
