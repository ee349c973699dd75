"""The network of the job."""

from __future__ import annotations

import numpy as np

from nn.jobs.digits.options import ACTIVATIONS, Options
from nn.layers import BatchNorm1d, Dropout, Linear
from nn.module.base import Module
from nn.module.sequential import Sequential

__all__ = ["build"]


def build(
    options: Options,
    inputs: int,
    classes: int,
    weights: np.random.Generator,
    chance: np.random.Generator,
) -> Sequential:
    """Hidden layers with normalisation, activation and dropout, then one score per class.

    Args:
        options: of the job.
        inputs: numbers per sample.
        classes: how many there are.
        weights: source of the initial weights.
        chance: source of the dropout.

    Returns:
        A sequence of ``hidden1``, ``hidden2``, … and ``output``.
    """
    layers: dict[str, Module] = {}
    width = inputs
    for number, units in enumerate(options.hidden, 1):
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
        layers[f"hidden{number}"] = Sequential(parts)
        width = units
    layers["output"] = Linear(width, classes, init=options.init, rng=weights)
    return Sequential(layers)
