"""What a model says over its inputs: decision boundaries and saliency."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from nn.inspect.views import Boundary, Saliency
from nn.module.base import Module

__all__ = ["boundary", "saliency"]

Array = np.ndarray[Any, Any]


def boundary(
    model: Module,
    x: Any,
    y: Any = None,
    *,
    axes: tuple[int, int] = (0, 1),
    steps: int = 80,
    margin: float = 0.15,
    threshold: float = 0.0,
) -> Boundary:
    """Ask a classifier at every point of a grid around its data.

    Args:
        model: takes an array of shape (N, features) and gives scores of shape (N, classes), or
            one score per sample, shape (N,) or (N, 1), which is class 1 above ``threshold``.
            It is asked in evaluation mode, and stays as it is.
        x: samples, shape (N, features) with at least two features. The others stay at their
            means.
        y: their classes, shape (N,): integers, or of two kinds such as -1 and 1.
        axes: which two features vary.
        steps: points along each of them.
        margin: how far the grid goes beyond the data, as a part of their range.
        threshold: see ``model``.

    Returns:
        Classes and scores on the grid.

    Raises:
        ValueError: if the samples have fewer than two features, an axis is not one of them, or
            the scores have another shape.

    Example:
        >>> import nn
        >>> model = nn.Linear(2, 3)
        >>> boundary(model, [[0.0, 0.0], [1.0, 2.0]], steps=5).classes.shape
        (5, 5)
    """
    samples = np.asarray(x, dtype=np.float64)
    if samples.ndim != 2 or samples.shape[1] < 2 or not len(samples):
        raise ValueError(
            f"boundary() was given samples of shape {samples.shape}; give (N, features) with at "
            "least one sample and two features"
        )
    features = samples.shape[1]
    if len(set(axes)) != 2 or not all(0 <= axis < features for axis in axes):
        raise ValueError(f"axes={axes} are not two of the {features} features, counted from 0")
    points = samples[:, axes]
    low, high = points.min(axis=0), points.max(axis=0)
    room = margin * np.where(high > low, high - low, 1.0)
    across, down = (np.linspace(low[i] - room[i], high[i] + room[i], steps) for i in (0, 1))
    asked = np.repeat(samples.mean(axis=0)[None], steps * steps, axis=0)
    asked[:, axes[0]] = np.tile(across, steps)
    asked[:, axes[1]] = np.repeat(down, steps)
    classes, scores = _decided(_asked(model, asked), threshold)
    shape = (steps, steps)
    return Boundary(
        across, down, classes.reshape(shape), scores.reshape(shape), points, _labels(y), axes
    )


def _asked(model: Module, x: Array) -> Array:
    training = model.training
    parameters = list(model.parameters())
    dtype = parameters[0].data.dtype if parameters else x.dtype
    try:
        model.eval()
        with ad.no_grad():
            return np.asarray(model(ad.Tensor(x.astype(dtype))).data)
    finally:
        model.train(training)


def _decided(found: Array, threshold: float) -> tuple[Array, Array]:
    """Classes, and a number from 0 to 1 for how sure the model is of each."""
    if found.ndim == 1 or (found.ndim == 2 and found.shape[1] == 1):
        score = found.reshape(-1).astype(np.float64) - threshold
        return (score > 0).astype(np.int64), np.abs(np.tanh(score))
    if found.ndim != 2:
        raise ValueError(
            f"the model gave scores of shape {found.shape}; a boundary needs (N, classes), "
            "(N, 1) or (N,)"
        )
    shifted = np.exp(found - found.max(axis=1, keepdims=True))
    shares = np.sort(shifted / shifted.sum(axis=1, keepdims=True), axis=1)
    return found.argmax(axis=1).astype(np.int64), shares[:, -1] - shares[:, -2]


def _labels(y: Any) -> Array:
    if y is None:
        return np.zeros(0, np.int64)
    labels = np.asarray(getattr(y, "data", y)).reshape(-1)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def saliency(model: Module, x: Any, classes: Any = None) -> Saliency:
    """The derivative of a score by every entry of the input.

    Args:
        model: gives scores of shape (N, classes), (N, 1) or (N,). It is asked in evaluation
            mode, and stays as it is.
        x: inputs; (N, features), (N, height, width), or (N, channels, height, width), of which
            the mean over the channels is given back. Features that fill a square are an image.
        classes: whose score is taken for each sample, shape (N,); by default the largest.

    Returns:
        Inputs and gradients as images.

    Raises:
        ValueError: if there are no inputs, the scores have another shape, or a class is not
            there.

    Example:
        >>> import nn
        >>> saliency(nn.Linear(16, 3), [[0.5] * 16]).gradients.shape
        (1, 4, 4)
    """
    given = np.asarray(x)
    if not given.size:
        raise ValueError(f"saliency() was given inputs of shape {given.shape}; give at least one")
    training = model.training
    parameters = list(model.parameters())
    dtype = parameters[0].data.dtype if parameters else np.dtype(np.float64)
    inputs = ad.Tensor(given.astype(dtype), requires_grad=True)
    try:
        model.eval()
        found = model(inputs)
    finally:
        model.train(training)
    scores = found.reshape(len(given), -1) if found.ndim < 2 else found
    if scores.ndim != 2:
        raise ValueError(
            f"the model gave scores of shape {found.shape}; saliency needs (N, classes)"
        )
    chosen = np.asarray(scores.data).argmax(axis=1) if classes is None else np.asarray(classes)
    chosen = np.broadcast_to(chosen, (len(given),)).astype(np.int64)
    if chosen.size and not (chosen.min() >= 0 and chosen.max() < scores.shape[1]):
        raise ValueError(f"classes={classes!r} names a class that is not among {scores.shape[1]}")
    picked = scores[np.arange(len(given)), chosen]
    (gradient,) = ad.gradients(picked.sum(), inputs=[inputs])
    return Saliency(_images(given), _images(np.asarray(gradient)), chosen, np.asarray(picked.data))


def _images(array: Array) -> Array:
    if array.ndim == 4:
        mean: Array = array.mean(axis=1)
        return mean
    if array.ndim == 2:
        side = round(array.shape[1] ** 0.5)
        square = side * side == array.shape[1] and side > 1
        return array.reshape(len(array), side, side) if square else array[:, None, :]
    return array.reshape(len(array), 1, -1) if array.ndim != 3 else array
