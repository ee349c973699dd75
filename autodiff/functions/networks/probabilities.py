"""The softmax family: probabilities, their logarithms and the loss made of them."""

from __future__ import annotations

from typing import Any

from autodiff.errors import ShapeError
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.operands import as_operand, operands_of
from autodiff.operations import apply
from autodiff.ops.networks import softmax as _softmax
from autodiff.tensor import Tensor

__all__ = [
    "label_cross_entropy",
    "log_softmax",
    "softmax",
    "softmax_cross_entropy",
]


def softmax(x: Any, axis: Axis = -1) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Args:
        x: logits, tensor or array.
        axis: the axis of the classes.

    Returns:
        Probabilities of the shape of ``x``.

    Example:
        >>> softmax([0.0, 0.0]).tolist()
        [0.5, 0.5]
    """
    return _along_axis(_softmax.softmax, x, axis)


def log_softmax(x: Any, axis: Axis = -1) -> Tensor:
    """Logarithm of the `softmax`, without overflow.

    Example:
        >>> log_softmax([0.0, 1000.0]).tolist()
        [-1000.0, 0.0]
    """
    return _along_axis(_softmax.log_softmax, x, axis)


def softmax_cross_entropy(z: Any, y: Any, axis: int = -1) -> Tensor:
    """Cross-entropy -Σ y log softmax(z) along an axis, without overflow, as one operation.

    Args:
        z: logits.
        y: target probabilities of the same shape; also with weights multiplied in.
        axis: the axis of the classes.

    Returns:
        One loss per sample: the shape of ``z`` without ``axis``. Its derivative by ``z``
        is softmax(z) - y.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> round(softmax_cross_entropy([[2.0, 0.0]], [[1.0, 0.0]]).item(), 4)
        0.1269
    """
    z, targets = operands_of((z, y))
    logits = _with_axes(z, "softmax_cross_entropy")
    if logits.shape != targets.shape:
        raise ShapeError(
            f"'softmax_cross_entropy' was given logits of shape {logits.shape} and targets of "
            f"shape {targets.shape}; they must be equal"
        )
    return apply(_softmax.softmax_cross_entropy, logits, targets, axis=axis)


def label_cross_entropy(z: Any, labels: Any, axis: int = -1, ignored: int | None = None) -> Tensor:
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

    Example:
        >>> label_cross_entropy([[2.0, 0.0], [0.0, 0.0]], [0, -1], ignored=-1).numpy().round(4)
        array([0.1269, 0.    ])
    """
    from autodiff.ops.networks import labels as _labels

    logits, places = _with_axes(z, "label_cross_entropy"), as_operand(labels)
    axis %= logits.ndim
    expected = logits.shape[:axis] + logits.shape[axis + 1 :]
    if places.shape != expected:
        raise ShapeError(
            f"'label_cross_entropy' was given logits of shape {logits.shape} and labels of shape "
            f"{places.shape}; without axis {axis}, that of the classes, they must be {expected}"
        )
    if places.dtype.kind not in "iu":
        raise TypeError(f"labels are integers, and those given are {places.dtype}")
    given = places._data
    return apply(_labels.label_cross_entropy, logits, labels=given, axis=axis, ignored=ignored)


def _along_axis(entry: Any, x: Any, axis: Axis) -> Tensor:
    x = as_operand(x)
    if x.ndim == 0:
        # As in SciPy and PyTorch a single number is a vector of one.
        return apply(entry, x.reshape(1), axis=plain_axis(axis)).reshape(())
    return apply(entry, x, axis=plain_axis(axis))


def _with_axes(x: Any, name: str) -> Any:
    x = as_operand(x)
    if x.ndim == 0:
        raise ShapeError(f"{name!r} needs at least one axis, but was given a single number")
    return x
