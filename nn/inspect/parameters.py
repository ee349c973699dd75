"""The loss over a model's parameters, and its weights as images."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from nn.inspect.copies import without_chance
from nn.inspect.views import Filters, Surface
from nn.module.base import Module
from nn.module.inputs import as_node

__all__ = ["filters", "surface"]

Array = np.ndarray[Any, Any]
Direction = Sequence[Array]


def surface(
    model: Module,
    loss: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    directions: Sequence[Any] | int = 2,
    *,
    span: float = 1.0,
    steps: int = 31,
    rng: np.random.Generator | int | None = None,
) -> Surface:
    """The loss of a batch on a grid along one or two directions from where the model is.

    Args:
        model: the model, which stays as it is; batches are normalised by their own figures, and
            dropout is off.
        loss: of predictions and targets.
        x: a batch of inputs.
        y: their targets.
        directions: 1 or 2 for so many random ones, each row or filter of which has the norm of
            the weights that it moves (Li et al. 2018); or one or two of: arrays as many and as
            large as the parameters, another model of the same structure (the way to it is from
            0 to 1), or ``"gradient"``.
        span: how far the grid goes to each side, in units of a direction.
        steps: points along each direction; an odd number has one where the model is.
        rng: the source of random directions; by default that of `autodiff.random`.

    Returns:
        The losses, and the slopes at 0 that the gradient gives.

    Raises:
        ValueError: if there are neither one nor two directions, or one does not fit.

    Example:
        >>> import nn
        >>> found = surface(nn.Linear(2, 1), nn.MSELoss(), [[1.0, 2.0]], [[0.5]], 1, steps=5)
        >>> found.losses.shape
        (1, 5)
    """
    twin = without_chance(model)
    parameters = list(twin.parameters())
    start = [np.array(p.data) for p in parameters]
    x, y = as_node(x), y
    chosen = list(range(directions)) if isinstance(directions, int) else list(directions)
    if len(chosen) not in (1, 2):
        raise ValueError(f"surface() was given {len(chosen)} directions; give one or two")
    rng = ad.random.generator(rng)
    gradient = ad.gradients(loss(twin(x), y), inputs=parameters)
    ways = [_way(given, start, gradient, rng) for given in chosen]
    line = np.linspace(-span, span, steps)
    second = line if len(ways) == 2 else np.zeros(1)
    losses = np.empty((len(second), steps))
    with ad.no_grad():
        for row, b in enumerate(second):
            for column, a in enumerate(line):
                for number, p in enumerate(parameters):
                    moved = start[number] + a * ways[0][number]
                    p.data = (moved + b * ways[-1][number]) if len(ways) == 2 else moved
                losses[row, column] = float(np.asarray(loss(twin(x), y).data))
    slopes = tuple(
        float(sum(np.vdot(np.asarray(g), w) for g, w in zip(gradient, way, strict=True)))
        for way in ways
    )
    names = tuple(given if isinstance(given, str) else f"direction {i + 1}"
                  for i, given in enumerate(chosen))  # fmt: skip
    return Surface(line, second, losses, slopes, names)


def _way(given: Any, start: Direction, gradient: Direction, rng: np.random.Generator) -> Direction:
    if isinstance(given, int):
        return [_like(np.asarray(rng.standard_normal(p.shape)), p) for p in start]
    if isinstance(given, str):
        if given != "gradient":
            raise ValueError(
                f"the direction {given!r} is not known; the one with a name is 'gradient'"
            )
        length = np.sqrt(sum(float(np.sum(np.square(g))) for g in gradient)) or 1.0
        return [np.asarray(g) / length for g in gradient]
    arrays: list[Array]
    if isinstance(given, Module):
        arrays = [np.asarray(p.data) - s for p, s in zip(given.parameters(), start, strict=False)]
    else:
        arrays = [np.asarray(getattr(array, "data", array)) for array in given]
    shapes = [array.shape for array in arrays], [p.shape for p in start]
    if shapes[0] != shapes[1]:
        raise ValueError(f"a direction has the shapes {shapes[0]}; the parameters have {shapes[1]}")
    return arrays


def _like(direction: Array, p: Array) -> Array:
    """A direction whose rows, or filters, have the norms of those that it moves."""
    if p.ndim < 2:
        size = float(np.linalg.norm(direction))
        short: Array = direction * (float(np.linalg.norm(p)) / size if size else 0.0)
        return short
    flat, own = direction.reshape(len(p), -1), p.reshape(len(p), -1)
    scale = np.linalg.norm(own, axis=1) / np.linalg.norm(flat, axis=1)
    scaled: Array = (flat * scale[:, None]).reshape(p.shape)
    return scaled


def filters(
    model: Module, name: str | None = None, shape: tuple[int, int] | None = None
) -> Filters:
    """The weights of one layer, each filter or unit as an image.

    Args:
        model: the model.
        name: path of the parameter; by default the first with at least two dimensions.
        shape: height and width of an image, for layers whose inputs are flattened images; by
            default a square where they fill one.

    Returns:
        The images: of a convolution over several channels their mean.

    Raises:
        ValueError: if there is no such parameter, or the shape does not fit.

    Example:
        >>> import nn
        >>> filters(nn.Linear(9, 4)).weights.shape
        (4, 3, 3)
    """
    known: Mapping[str, Any] = dict(model.named_parameters())
    fitting = [path for path, p in known.items() if p.ndim >= 2]
    path = (fitting[0] if fitting else None) if name is None else name
    if path not in fitting or path is None:
        listed = ", ".join(fitting) or "none"
        raise ValueError(f"no parameter {name!r} of two or more dimensions; there are: {listed}")
    parameter = known[path]
    found = copy.copy(np.asarray(parameter.data))
    gradient = None if parameter.grad is None else _pictures(np.asarray(parameter.grad), shape)
    return Filters(path, _pictures(found, shape), gradient)


def _pictures(array: Array, shape: tuple[int, int] | None) -> Array:
    if array.ndim > 3:
        images: Array = array.mean(axis=1).reshape(len(array), array.shape[2], -1)
        return images
    if array.ndim == 3:
        return array
    side = round(array.shape[1] ** 0.5)
    if shape is None:
        shape = (side, side) if side * side == array.shape[1] else (1, array.shape[1])
    if shape[0] * shape[1] != array.shape[1]:
        raise ValueError(f"shape={shape} does not hold the {array.shape[1]} inputs of a unit")
    return array.reshape(len(array), *shape)
