"""The softmax family: probabilities, their logarithms and the loss made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.errors import ShapeError
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.ops.networks import softmax as _softmax
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "log_softmax",
    "softmax",
    "softmax_cross_entropy",
]


def softmax(x: TensorLike, axis: Axis = -1) -> Tensor:
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


def log_softmax(x: TensorLike, axis: Axis = -1) -> Tensor:
    """Logarithm of the `softmax`, without overflow.

    Example:
        >>> log_softmax([0.0, 1000.0]).tolist()
        [-1000.0, 0.0]
    """
    return _along_axis(_softmax.log_softmax, x, axis)


def softmax_cross_entropy(z: TensorLike, y: TensorLike, axis: int = -1) -> Tensor:
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
    logits = with_axes(z, "softmax_cross_entropy")
    if logits.shape != targets.shape:
        raise ShapeError(
            f"'softmax_cross_entropy' was given logits of shape {logits.shape} and targets of "
            f"shape {targets.shape}; they must be equal"
        )
    return apply(_softmax.softmax_cross_entropy, logits, targets, axis=axis)


def _along_axis(entry: Any, x: Any, axis: Axis) -> Tensor:
    x = as_operand(x)
    if x.ndim == 0:
        # As in SciPy and PyTorch a single number is a vector of one.
        return apply(entry, x.reshape(1), axis=plain_axis(axis)).reshape(())
    return apply(entry, x, axis=plain_axis(axis))


def with_axes(x: Any, name: str) -> Any:
    """An operand that has at least one axis; ``name`` is that of the function.

    Example:
        >>> with_axes([1.0, 2.0], "softmax").shape
        (2,)
    """
    x = as_operand(x)
    if x.ndim == 0:
        raise ShapeError(f"{name!r} needs at least one axis, but was given a single number")
    return x
