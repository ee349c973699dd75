"""The networks that jobs train."""

from __future__ import annotations

import math

import numpy as np

from nn.jobs.options import ACTIVATIONS, Options
from nn.layers import BatchNorm1d, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d
from nn.module.base import Module
from nn.module.sequential import Sequential

__all__ = ["build", "widths"]


def build(
    options: Options,
    inputs: tuple[int, ...],
    outputs: int,
    weights: np.random.Generator,
    chance: np.random.Generator,
) -> Sequential:
    """A network by the options of a run.

    Args:
        options: of the run.
        inputs: the shape of one input.
        outputs: how many numbers it gives.
        weights: source of the initial weights.
        chance: source of the dropout.

    Returns:
        A sequence of ``conv1``, … for images, ``hidden1``, ``hidden2``, … and ``output``.
    """
    layers: dict[str, Module] = {}
    width = math.prod(inputs)
    if options.model == "cnn":
        channels, height, rows = inputs
        for number, filters in enumerate(options.channels, 1):
            pooled = min(height, rows) >= 4
            layers[f"conv{number}"] = _convolution(options, channels, filters, pooled, weights)
            channels = filters
            if pooled:
                height, rows = height // 2, rows // 2
        width = channels * height * rows
    if len(inputs) > 1:
        layers["flatten"] = Flatten()
    for number, units in enumerate(_hidden(options), 1):
        layers[f"hidden{number}"] = _hidden_layer(options, width, units, weights, chance)
        width = units
    layers["output"] = Linear(width, outputs, init=options.init, rng=weights)
    return Sequential(layers)


def _hidden(options: Options) -> tuple[int, ...]:
    return () if options.model == "linear" else options.hidden


def _convolution(
    options: Options, channels: int, filters: int, pooled: bool, weights: np.random.Generator
) -> Sequential:
    """A convolution of 3 × 3 that keeps the size, normalisation, activation, maxima of 2 × 2."""
    bias = not options.batch_norm
    parts: dict[str, Module] = {
        "conv": Conv2d(channels, filters, 3, padding=1, bias=bias, init=options.init, rng=weights)
    }
    if options.batch_norm:
        parts["norm"] = BatchNorm2d(filters)
    parts["activation"] = ACTIVATIONS[options.activation]()
    if pooled:
        parts["pool"] = MaxPool2d(2)
    return Sequential(parts)


def _hidden_layer(
    options: Options,
    width: int,
    units: int,
    weights: np.random.Generator,
    chance: np.random.Generator,
) -> Sequential:
    # Before a normalisation a bias would have no effect.
    bias = not options.batch_norm
    parts: dict[str, Module] = {
        "linear": Linear(width, units, bias, init=options.init, rng=weights)
    }
    if options.batch_norm:
        parts["norm"] = BatchNorm1d(units)
    parts["activation"] = ACTIVATIONS[options.activation]()
    if options.dropout:
        parts["dropout"] = Dropout(options.dropout, rng=chance)
    return Sequential(parts)


def widths(options: Options, inputs: tuple[int, ...], outputs: int) -> str:
    """The sizes from input to output, in words.

    >>> widths(Options(hidden=(8,)), (64,), 10)
    '64 → 8 → 10'
    """
    first = " × ".join(map(str, inputs))
    filters = [f"{n} filters" for n in options.channels] if options.model == "cnn" else []
    return " → ".join([first, *filters, *map(str, _hidden(options)), str(outputs)])
