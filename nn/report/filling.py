"""From what a training and a look into a model gave to the parts of a report."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import Any

import numpy as np

from nn import inspect
from nn.metrics import confusion_matrix
from nn.report.data import Curve, Fact, Flow, Layer, Mistake, Panel, Pixel
from nn.report.text import number, percent
from nn.training.history import History

__all__ = ["confusion_of", "curves_of", "fact_of", "flow_of", "mistakes_of", "short", "software"]

Array = np.ndarray[Any, Any]

LARGEST = 192
"""Pixels of the longer side of an image in the page, at most."""


def curves_of(
    history: History, name: str, title: str, *, held_out: str = "validation", **style: Any
) -> Panel:
    """A figure of the history, over the training data and over those held out.

    Args:
        history: what `nn.fit` gave; it has the figure also with ``val_`` before its name.
        name: of the figure.
        title: of the panel.
        held_out: what the other data are called.
        **style: of the panel: ``percent``, ``logarithmic``.

    Returns:
        A panel of two curves.
    """
    curves = (
        Curve(held_out, tuple(history[f"val_{name}"])),
        Curve("training", tuple(history[name]), "backward"),
    )
    return Panel(title, curves, **style)


def confusion_of(probabilities: Array, labels: Array) -> tuple[tuple[int, ...], ...]:
    """How often each true class (row) was taken for each class (column)."""
    counts = confusion_matrix(probabilities, labels, probabilities.shape[1])
    return tuple(tuple(int(n) for n in row) for row in counts)


def mistakes_of(images: Array, labels: Array, probabilities: Array) -> list[Mistake]:
    """The samples that were taken for another class, those first of which the model was surest.

    Args:
        images: from 0 (paper) to 1 (ink), of shape (N, height, width); or with red, green and blue,
            of shape (N, height, width, 3).
        labels: true classes, of shape (N,).
        probabilities: of shape (N, C).
    """
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != labels)
    order = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]
    return [
        Mistake(
            _pixels(images[i]),
            int(labels[i]),
            int(predicted[i]),
            tuple(float(p) for p in probabilities[i]),
        )
        for i in order
    ]


def _pixels(image: Array) -> tuple[tuple[Pixel, ...], ...]:
    """An image for the page: of each block of a large one a single pixel, its mean."""
    step = -(-max(image.shape[:2]) // LARGEST)
    if step > 1:
        height, width = (max(n // step, 1) for n in image.shape[:2])
        means = np.stack([rows.mean(axis=0) for rows in np.array_split(image, height)])
        columns = np.array_split(means, width, axis=1)
        image = np.stack([block.mean(axis=1) for block in columns], axis=1)
    if image.ndim == 2:
        return tuple(tuple(float(v) for v in row) for row in image)
    return tuple(tuple((float(r), float(g), float(b)) for r, g, b in row) for row in image)


def flow_of(title: str, flow: inspect.Flow) -> Flow:
    """What goes through the layers, in words.

    Args:
        title: the moment.
        flow: what `nn.inspect.measure` gave.
    """
    smallest, largest = flow.limits
    why = (
        f"rms gradient at {flow.first} ÷ at {flow.last} = {number(flow.ratio, 3)} "
        f"(healthy from {smallest:g} to {largest:g})"
    )
    layers = tuple(
        Layer(
            layer.name,
            layer.outputs,
            layer.gradients,
            layer.std,
            layer.rms,
            tuple(_notes(layer)),
            layer.alarming,
        )
        for layer in flow.layers
    )
    return Flow(title, "; ".join(flow.troubles) or "healthy", flow.healthy, why, layers)


def _notes(layer: inspect.LayerStatistics) -> Iterator[str]:
    if layer.dead is not None:
        yield f"{percent(layer.dead, 0)} of units dead"
    if layer.saturated is not None:
        yield f"{percent(layer.saturated, 0)} saturated"
    if layer.zeros:
        yield f"{percent(layer.zeros, 0)} of outputs 0"


def short(check: inspect.GradientCheck) -> str:
    """The size of a gradient check, in a few words."""
    return f"{check.parameters:,} parameters, error {number(check.largest_relative_error, 2)}"


def fact_of(check: inspect.GradientCheck, samples: str = "samples") -> Fact:
    """What was done in a gradient check and found, in sentences.

    Args:
        check: what `nn.inspect.check_gradients` gave.
        samples: what the samples are.
    """
    done = (
        f"All {check.parameters:,} parameters were covered by {check.derivatives} derivatives "
        f"of the loss of {check.samples} {samples}, estimated in double precision from its "
        "values alone; the largest relative difference from the gradients is "
        f"{number(check.largest_relative_error, 2)}."
    )
    text = " ".join([done, *check.complaints])
    return Fact("", f"{check.verdict.capitalize()}.", text, good=check.passed)


def software(packages: Sequence[str] = ("glassgrad", "numpy")) -> list[tuple[str, str]]:
    """Name and version of the software that figures depend on.

    Example:
        >>> [name for name, _ in software()]
        ['glassgrad', 'Python', 'numpy']
    """
    found = [(name, _version(name)) for name in packages]
    return [*found[:1], ("Python", platform.python_version()), *found[1:]]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "from source"
