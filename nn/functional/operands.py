"""What the losses share: operands of one float type and of equal shape, weights, reductions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node, cast_input

__all__ = [
    "alike",
    "as_prediction",
    "check_reduction",
    "check_shapes",
    "class_weights",
    "factors",
    "in_single",
    "is_half",
    "paired",
    "reduced",
    "weighted",
]


def check_reduction(reduction: str) -> str:
    """The reduction, refused if it is none of the three."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', not {reduction!r}")
    return reduction


def as_prediction(x: Any) -> Tensor:
    """What a model gave, as a tensor of floats; its type is that of the loss."""
    node = as_node(x)
    return node if node.dtype.kind in "fc" else ad.astype(node, get_default_dtype())


def is_half(x: Tensor) -> bool:
    """Whether numbers are of float16, in which sums and counts of samples end at 65504."""
    return x.dtype.char == "e"


def in_single(loss: Callable[..., Tensor], prediction: Tensor, *args: Any) -> Tensor:
    """A loss of a float16 prediction, computed in float32."""
    wide = loss(ad.astype(prediction, np.float32), *args)
    narrow: Tensor = ad.astype(wide, np.float16)
    return narrow


def paired(
    name: str, prediction: Any, target: Any, *, repeat: bool = False
) -> tuple[Tensor, Tensor]:
    """A prediction, and its target in the same float type.

    Args:
        name: of the loss.
        prediction: what the model gave.
        target: what it should have given.
        repeat: whether the target may be a number for all entries, or have length 1 along
            axes of which the prediction has more; it must not lack an axis in either case.

    Raises:
        ShapeError: the shapes are not equal, nor so that the target may be repeated.
    """
    left = as_prediction(prediction)
    right = cast_input(target, left)
    if left.shape == right.shape:
        return left, right
    if repeat and right.ndim in (0, left.ndim) and _fits(right.shape, left.shape):
        return left, ad.broadcast_to(right, left.shape)
    check_shapes(name, left, right)
    return left, right


def alike(name: str, first: Any, second: Any) -> tuple[Tensor, Tensor]:
    """Two predictions, each in its own float type, refused unless their shapes are equal."""
    left, right = as_prediction(first), as_prediction(second)
    check_shapes(name, left, right, "first operand", "second")
    return left, right


def check_shapes(
    name: str, left: Tensor, right: Tensor, first: str = "prediction", second: str = "target"
) -> None:
    """Refuse shapes that differ; nothing is broadcast in silence.

    Raises:
        ShapeError: they differ.
    """
    if left.shape == right.shape:
        return
    hint = f"reshape the {second} to the shape of the {first}"
    if left.size == right.size:
        hint = (
            f"broadcasting would compare every {first} with every {second}; "
            f"reshape one of them, for example {second}.reshape{left.shape}"
        )
    raise ShapeError(
        f"{name}: the {first} has shape {left.shape} and the {second} {right.shape}, but they "
        f"must be equal; {hint}"
    )


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether an array can be broadcast to a shape."""
    try:
        return np.broadcast_shapes(shape, wanted) == wanted
    except ValueError:
        return False


def weighted(name: str, losses: Tensor, weight: Any, what: str = "weight") -> Tensor:
    """Losses times factors that are broadcast to their shape, in the type of the losses.

    Raises:
        ShapeError: broadcasting would make another shape than that of the losses.
    """
    product: Tensor = losses * factors(name, losses, weight, what)
    return product


def factors(name: str, losses: Tensor, weight: Any, what: str) -> Tensor:
    """Factors on losses, in their type; a gradient passes to them.

    Raises:
        ShapeError: broadcasting would make another shape than that of the losses.
    """
    node = cast_input(weight, losses)
    if not _fits(node.shape, losses.shape):
        raise ShapeError(
            f"{name}: {what} of shape {node.shape} cannot be broadcast to the shape of the "
            f"losses, {losses.shape}; reshape it, so that its axes stand where those of the "
            "losses do"
        )
    return node


def class_weights(name: str, weight: Any, classes: int, like: Tensor) -> Tensor:
    """A factor for every class, in the type of the scores; a gradient passes to them.

    Raises:
        ShapeError: there is not one for each class.
    """
    node = cast_input(weight, like)
    if node.shape != (classes,):
        raise ShapeError(
            f"{name}: class weights of shape {node.shape} were given for {classes} classes; "
            f"give one number per class, shape ({classes},)"
        )
    return node


def reduced(losses: Tensor, reduction: str) -> Tensor:
    """Mean, sum, or the losses as they are."""
    if check_reduction(reduction) == "none":
        return losses
    return ad.mean(losses) if reduction == "mean" else ad.sum(losses)
