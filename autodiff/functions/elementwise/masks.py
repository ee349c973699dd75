"""Conditions: booleans, or integers that stand for them; and the places where they hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.tensors.operand_errors import condition_refused
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

__all__: list[str] = []


def mask_of(given: Any, function: str) -> Any:
    """A condition as a tensor of booleans.

    Args:
        given: what was given as one.
        function: to what, for the message.

    Raises:
        TypeError: it holds floating-point or complex numbers: more likely values, weights or a
            mask that was multiplied into something than a condition.

    Example:
        >>> mask_of([1, 0], "compress").tolist()
        [True, False]
    """
    mask = as_operand(given)
    if mask.dtype.kind in "fc":
        raise condition_refused(mask.dtype, function)
    return mask if mask.dtype.kind == "b" else mask.astype(bool)


def nonzero(x: Any, /) -> tuple[Tensor, ...]:
    """The places of elements that are not 0, in C order; carries no gradient.

    Args:
        x: tensor or array of at least one axis.

    Returns:
        Their numbers along each axis.

    Raises:
        ShapeError: ``x`` has no axes.

    Example:
        >>> [places.tolist() for places in nonzero([[1.0, 0.0], [0.0, 2.0]])]
        [[0, 1], [0, 1]]
    """
    x = as_operand(x)
    if x.ndim == 0:
        raise ShapeError("nonzero() needs at least one axis; use x.reshape(1)")
    return tuple(answer(places) for places in np.nonzero(x._data))
