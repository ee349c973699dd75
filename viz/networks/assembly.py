"""What both readers share: matrices of weights with their gradients, and the inputs' share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from viz.networks.model import Layer, Weights

__all__ = ["line_of", "matrix", "sent_back"]

Array = np.ndarray[Any, Any]


def line_of(node: Any) -> str:
    """File and line of the user's code that made a node; empty for a leaf."""
    return "" if node.origin is None else f"{Path(node.origin[0]).name}:{node.origin[1]}"


def matrix(
    layers: tuple[Layer, ...], source: int, target: int, values: Array, wires: Array, fixed: Array
) -> Weights:
    """The wires between two layers, each with δ of its target times what its source passes on.

    Args:
        layers: all of them.
        source: number of the layer from which they lead.
        target: number of the layer to which they lead.
        values: shape (neurons of the target, neurons of the source).
        wires: where there is one.
        fixed: where the weight is a plain number.
    """
    deltas = [neuron.delta for neuron in layers[target].neurons]
    gradients = None
    if None not in deltas:
        passed = np.array([neuron.value for neuron in layers[source].neurons])
        with np.errstate(all="ignore"):
            products = np.outer(np.array(deltas, float), passed)
        gradients = np.where(wires, products, np.nan)
    values = np.where(wires, values, np.nan)
    held = fixed & wires
    return Weights(
        source,
        target,
        values,
        gradients,
        wires=None if wires.all() else wires,
        fixed=held if held.any() else None,
    )


def sent_back(layers: tuple[Layer, ...], weights: tuple[Weights, ...]) -> tuple[Layer, ...]:
    """Give inputs that need no gradient what the first neurons send back to them: Σ w δ."""
    first = layers[0]
    if all(neuron.gradient is not None for neuron in first.neurons):
        return layers
    total = np.zeros(len(first.neurons))
    for wires in weights:
        if wires.source == 0:
            deltas = [neuron.delta for neuron in layers[wires.target].neurons]
            if None in deltas:
                return layers
            parts = np.array(deltas, float)[:, None] * wires.values
            total += np.where(wires.mask, parts, 0.0).sum(axis=0)
    neurons = tuple(
        replace(neuron, gradient=g) if neuron.gradient is None else neuron
        for neuron, g in zip(first.neurons, total.tolist(), strict=True)
    )
    return (replace(first, neurons=neurons), *layers[1:])
