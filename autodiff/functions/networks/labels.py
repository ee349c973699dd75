"""Losses of class labels, without a row of zeros and a one for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.networks.probabilities import with_axes
from autodiff.ops.networks import labels as _ops
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["label_cross_entropy", "label_nll"]


def label_cross_entropy(
    z: TensorLike, labels: Any, axis: int = -1, ignored: int | None = None
) -> Tensor:
    """`softmax_cross_entropy` for targets that are one class each, given by its number.

    With many classes that is several times faster than rows of zeros and a one.

    Args:
        z: logits.
        labels: integers from 0 to the number of classes, of the shape of ``z`` without
            ``axis``.
        axis: the axis of the classes.
        ignored: a label that does not count: its loss and gradient are 0.

    Returns:
        One loss per label. Its derivative by ``z`` is softmax(z) - y, where y is 1 at the
        label and 0 elsewhere.

    Raises:
        ShapeError: the shapes do not fit.
        TypeError: the labels are no integers.
        IndexError: a label is no class; names the first and where it is.

    Derivative: of the result's gradient g, z receives g ⊙ (softmax(z) − 1 at the label), 0 where it
    is ignored.

    Example:
        >>> label_cross_entropy([[2.0, 0.0], [0.0, 0.0]], [0, -1], ignored=-1).numpy().round(4)
        array([0.1269, 0.    ])
    """
    logits, given, axis = _labelled("label_cross_entropy", z, labels, axis)
    return apply(_ops.label_cross_entropy, logits, labels=given, axis=axis, ignored=ignored)


def label_nll(
    log_probabilities: Any, labels: Any, axis: int = -1, ignored: int | None = None
) -> Tensor:
    """Minus the log-probability of one class each, given by its number.

    Args:
        log_probabilities: such as `log_softmax` gives.
        labels: integers from 0 to the number of classes, of that shape without ``axis``.
        axis: the axis of the classes.
        ignored: a label that does not count: its loss and gradient are 0.

    Returns:
        One loss per label. Its derivative by the log-probabilities is −1 at the label.

    Raises:
        ShapeError: the shapes do not fit.
        TypeError: the labels are no integers.
        IndexError: a label is no class; names the first and where it is.

    Example:
        >>> label_nll([[-0.5, -1.0], [-0.2, -2.0]], [1, -1], ignored=-1).tolist()
        [1.0, 0.0]
    """
    logp, given, axis = _labelled("label_nll", log_probabilities, labels, axis)
    nothing = constant(np.zeros(given.shape, logp.dtype))
    return apply(_ops.label_loss, nothing, logp, labels=given, axis=axis, ignored=ignored)


def _labelled(name: str, scores: Any, labels: Any, axis: int) -> tuple[Any, Any, int]:
    """Scores as a node, labels as an array of the shape that fits, and the axis counted from 0."""
    x, places = with_axes(scores, name), as_operand(labels)
    axis %= x.ndim
    expected = x.shape[:axis] + x.shape[axis + 1 :]
    if places.shape != expected:
        raise ShapeError(
            f"{name!r} was given scores of shape {x.shape} and labels of shape {places.shape}; "
            f"without axis {axis}, that of the classes, they must be {expected}"
        )
    if places.dtype.kind not in "iu":
        raise TypeError(f"labels are integers, and those given are {places.dtype}")
    return x, places._data, axis
