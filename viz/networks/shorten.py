"""Wide layers: only the neurons that matter most are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from viz.networks.model import Layer, Network, Weights

__all__ = ["shortened"]

Array = np.ndarray[Any, Any]


def shortened(network: Network, most: int) -> Network:
    """The network with at most so many neurons per layer, in the order they had.

    Those are kept whose value times gradient is largest: by so much would the loss change, to
    first order, without the neuron. Where gradients are not known, or all zero, value times
    weights decides.

    Args:
        network: the whole.
        most: neurons per layer, at least 1.

    Raises:
        ValueError: if ``most`` is not positive.
    """
    if most < 1:
        raise ValueError(f"most={most}: a layer cannot be drawn with fewer than one neuron")
    kept = [
        _most_important(network, number, most)
        if len(layer.neurons) > most
        else np.arange(len(layer.neurons))
        for number, layer in enumerate(network.layers)
    ]
    layers = tuple(_layer(a, k) for a, k in zip(network.layers, kept, strict=True))
    weights = tuple(_weights(w, kept[w.target], kept[w.source]) for w in network.weights)
    return replace(network, layers=layers, weights=weights)


def _most_important(network: Network, number: int, most: int) -> Array:
    neurons = network.layers[number].neurons
    values = np.array([neuron.value for neuron in neurons])
    gradients = np.array([neuron.gradient or 0.0 for neuron in neurons])
    size = np.abs(np.nan_to_num(values * gradients))
    if not size.any():
        leaving = [w for w in network.weights if w.source == number]
        size = np.abs(np.nan_to_num(values))
        for weights in leaving:
            size = size + np.abs(values) * np.abs(np.nan_to_num(weights.values)).sum(axis=0)
    return np.sort(np.argsort(-size, kind="stable")[:most])


def _layer(layer: Layer, kept: Array) -> Layer:
    size = layer.size or len(layer.neurons)
    shown = tuple(layer.neurons[i] for i in kept)
    silent = sum(n.slope == 0 for n in layer.neurons) - sum(n.slope == 0 for n in shown)
    return replace(
        layer,
        neurons=shown,
        size=size if size > len(shown) else 0,
        silent_left_out=layer.silent_left_out + silent,
    )


def _weights(weights: Weights, rows: Array, columns: Array) -> Weights:
    def part(array: Array | None) -> Array | None:
        return None if array is None else array[np.ix_(rows, columns)]

    return replace(
        weights,
        values=weights.values[np.ix_(rows, columns)],
        gradients=part(weights.gradients),
        wires=part(weights.wires),
        fixed=part(weights.fixed),
    )
