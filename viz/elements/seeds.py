"""What arrives at the elements of a result, and which element is meant."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autodiff.sweeps.gradients import gradients

__all__ = ["place_of", "seed_of"]

Place = tuple[int, ...]


def seed_of(node: Any, loss: Any) -> tuple[np.ndarray[Any, Any], str]:
    """The gradient that arrives at a node, and where it comes from, in a few words.

    Raises:
        ValueError: the loss was not computed from the node.
    """
    shape = getattr(node, "shape", ())
    if loss is not None:
        found = gradients(loss).get(node)
        if found is None:
            raise ValueError(
                f"the loss given was not computed from {node.describe()}, so no gradient arrives "
                "there; give the node that backward() would be called on"
            )
        return np.asarray(found, float).reshape(shape), "loss"
    if node.retains_grad and node.grad is not None and shape:
        return np.asarray(node.grad, float), "stored"
    return np.ones(shape), "" if np.prod(shape) == 1 else "sum"


def place_of(node: Any, element: int | Place) -> Place:
    """The place of an element, as a tuple.

    Raises:
        IndexError: there is no such element.
        TypeError: it is no tuple of integers.
    """
    shape: Place = getattr(node, "shape", ())
    given = element if isinstance(element, tuple) else (element,)
    try:
        numbers = tuple(map(operator.index, given))
    except TypeError:
        raise TypeError(
            f"element={element!r} is no place of one element; give an integer for each axis, "
            "such as element=(0, 2)"
        ) from None
    inside = len(numbers) == len(shape) and all(
        -n <= i < n for i, n in zip(numbers, shape, strict=True)
    )
    if not inside:
        raise IndexError(
            f"element={element!r} is no place in a result of shape {shape}; give one integer for "
            f"each of its {len(shape)} axes"
        )
    return numbers
