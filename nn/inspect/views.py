"""What a model does over its inputs and its parameters, as plain data to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Boundary", "Filters", "Saliency", "Surface"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """What a model says at every point of a rectangle in its input space.

    Attributes:
        across: the first coordinate of each column, shape (columns,).
        down: the second coordinate of each row, shape (rows,), ascending.
        classes: the class at each point, shape (rows, columns), int64.
        scores: how sure the model is of it, from 0 to 1, of the same shape.
        points: samples, shape (N, 2).
        labels: their classes, shape (N,), int64; empty where none were given.
        axes: which two features are shown.
    """

    across: Array
    down: Array
    classes: Array
    scores: Array
    points: Array
    labels: Array
    axes: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The loss along one or two directions through the space of parameters.

    Attributes:
        first: steps along the first direction, shape (n,); 0 is where the model is.
        second: along the second one, shape (m,); of length 1 for a single direction.
        losses: shape (m, n).
        slopes: the derivative of the loss along each direction at 0, from the gradient.
        labels: what the directions are called.
    """

    first: Array
    second: Array
    losses: Array
    slopes: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Saliency:
    """How much a score changes with each input.

    Attributes:
        inputs: shape (N, height, width), or (N, 1, features).
        gradients: the score's derivative by them, of the same shape.
        classes: whose score it is, shape (N,), int64.
        scores: the scores, shape (N,).
    """

    inputs: Array
    gradients: Array
    classes: Array
    scores: Array


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """Weights of a layer as images.

    Attributes:
        name: path of the parameter.
        weights: shape (filters, height, width).
        gradients: their gradients, of the same shape; `None` before a backward pass.
    """

    name: str
    weights: Array
    gradients: Array | None = None
