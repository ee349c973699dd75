"""The softmax family: probabilities, their logarithms and the loss made of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.elementwise.masks import mask_of
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.functions.shaping.shaping import broadcast_to
from autodiff.ops.networks import softmax as _softmax
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "log_softmax",
    "softmax",
    "softmax_cross_entropy",
]


def softmax(x: TensorLike, axis: Axis = -1, *, where: npt.ArrayLike | None = None) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Args:
        x: logits, tensor or array.
        axis: the axis of the classes.
        where: which elements take part, booleans that broadcast against ``x``; the others get 0,
            and so do all where none takes part.

    Returns:
        Probabilities of the shape of ``x``.

    Derivative: of the gradient g of the result y, x receives y ⊙ (g − Σ(g ⊙ y)).

    Example:
        >>> softmax([0.0, 0.0]).tolist()
        [0.5, 0.5]
        >>> softmax([0.0, 5.0, 0.0], where=[True, False, True]).tolist()
        [0.5, 0.0, 0.5]
    """
    if where is None:
        return _along_axis(_softmax.softmax, x, axis)
    return _among(_softmax.softmax, x, axis, where, 0.0)


def log_softmax(x: TensorLike, axis: Axis = -1, *, where: npt.ArrayLike | None = None) -> Tensor:
    """Logarithm of the `softmax`, without overflow; −∞ for what takes no part.

    Derivative: of the gradient g of the result y, x receives g − p ⊙ Σ(g), with p = exp(y).

    Example:
        >>> log_softmax([0.0, 1000.0]).tolist()
        [-1000.0, 0.0]
    """
    if where is None:
        return _along_axis(_softmax.log_softmax, x, axis)
    return _among(_softmax.log_softmax, x, axis, where, -math.inf)


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

    Derivative: of the result's gradient g, z receives g ⊙ (softmax(z) ⊙ Σ(y) − y), with
    p = softmax(z); y receives −g ⊙ log(softmax(z)), with p = softmax(z).

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


def _among(entry: Any, x: Any, axis: Axis, where: Any, other: float) -> Tensor:
    """An entry of the elements where a mask holds, and another number elsewhere."""
    x, mask = as_operand(x), mask_of(where, entry.name)
    shape = np.broadcast_shapes(x.shape, mask.shape)
    mask = broadcast_to(mask, shape)
    # Where nothing takes part all do, so that no division of 0 by 0 is met.
    some = np.any(mask._data, axis=plain_axis(axis), keepdims=True) if shape else mask._data
    logits = elementwise.where(mask | ~some, broadcast_to(x, shape), -math.inf)
    return elementwise.where(mask, _along_axis(entry, logits, axis), other)


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
