"""The backward pass as a network: amplifiers of a fixed gain, and the wires between them.

It is linear. What enters is the gradient that the loss sends to each neuron of the last layer;
what leaves an amplifier is δ = gain · (what entered + Σ w δ over the wires that lead to it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.draw.axes import power_of_ten
from viz.networks.model import Layer, Network

__all__ = ["Amplifiers", "Flow", "agreement", "amplifiers", "disagreement"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Amplifiers:
    """The backward network, by the numbers of the forward layers.

    Attributes:
        names: of each layer, what its neurons are called.
        gains: of each layer, σ′(z) of its neurons; ones for the inputs, where the wires end.
        values: of each layer, what its neurons passed on in the forward pass.
        wires: number of the layer that gives, number of the layer that receives, and the weights
            of shape (gives, receives), 0 where there is no wire.
        enters: what the loss sends to the neurons of the last layer.
    """

    names: tuple[tuple[str, ...], ...]
    gains: tuple[Array, ...]
    values: tuple[Array, ...]
    wires: tuple[tuple[int, int, Array], ...]
    enters: Array

    def run(self, seed: float = 1.0) -> Flow:
        """Let gradients flow from the loss to the inputs.

        Args:
            seed: ∂L/∂L; all that leaves is proportional to it.
        """
        with np.errstate(all="ignore"):
            return self._run(seed)

    def _run(self, seed: float) -> Flow:
        received = [np.zeros(len(gain)) for gain in self.gains]
        received[-1] = self.enters * seed
        deltas: list[Array] = list(received)
        for number in reversed(range(len(self.gains))):
            deltas[number] = self.gains[number] * received[number]
            for giver, receiver, weights in self.wires:
                if giver == number:
                    received[receiver] = received[receiver] + deltas[number] @ weights
        products = tuple(np.outer(deltas[a], self.values[b]) for a, b, _ in self.wires)
        return Flow(tuple(received), tuple(deltas), products)

    def to_dict(self) -> dict[str, Any]:
        """The same as lists and numbers, which JSON can hold."""
        return {
            "layers": [
                {"names": list(names), "gains": gains.tolist(), "values": values.tolist()}
                for names, gains, values in zip(self.names, self.gains, self.values, strict=True)
            ],
            "wires": [
                {"from": giver, "to": receiver, "weights": weights.tolist()}
                for giver, receiver, weights in self.wires
            ],
            "enters": self.enters.tolist(),
        }


@dataclass(frozen=True, slots=True)
class Flow:
    """What flowed through a backward network.

    Attributes:
        received: of each layer ∂L/∂a, what its amplifiers received; of the inputs the result.
        deltas: of each layer δ = ∂L/∂z, what its amplifiers gave.
        weights: for each bundle of wires ∂L/∂w = δ · h, of the shape of its weights.
    """

    received: tuple[Array, ...]
    deltas: tuple[Array, ...]
    weights: tuple[Array, ...]


def amplifiers(network: Network) -> Amplifiers:
    """The backward network of a forward and a backward pass.

    Raises:
        ValueError: if the last layer does not know what the loss sends to it, or another what its
            neurons amplify by, or if neurons were left out.
    """
    layers = network.layers
    for layer in layers:
        if layer.left_out:
            raise ValueError(
                f"layer {layer.name!r} holds {len(layer.neurons)} of its {layer.size} neurons, and "
                "a backward network needs all of them; read the network with every neuron"
            )
    enters = _numbers(layers[-1], [n.gradient for n in layers[-1].neurons], "gradient ∂L/∂a")
    gains = [np.ones(len(layers[0].neurons))]
    gains += [_numbers(x, [n.slope for n in x.neurons], "slope σ′(z)") for x in layers[1:]]
    return Amplifiers(
        tuple(tuple(neuron.name for neuron in layer.neurons) for layer in layers),
        tuple(gains),
        tuple(np.array([n.value for n in layer.neurons], dtype=float) for layer in layers),
        tuple(
            (w.target, w.source, np.where(w.mask, np.asarray(w.values, float), 0.0))
            for w in network.weights
        ),
        enters,
    )


def _numbers(layer: Layer, found: Sequence[float | None], what: str) -> Array:
    missing = [n.name for n, number in zip(layer.neurons, found, strict=True) if number is None]
    if missing:
        raise ValueError(
            f"the {what} of {missing[0]} in layer {layer.name!r} is not known, and a backward "
            "network needs it; give a loss, or loss= with the model, or a single output"
        )
    return np.array(found, dtype=float)


def disagreement(network: Network, flow: Flow) -> float:
    """The largest difference between the engine's gradients and what flowed.

    Those of one layer, or one matrix, are compared together: what differs is divided by the
    largest of them. Gradients that the network does not know are passed over.
    """
    groups: list[tuple[list[Any], Any]] = []
    for layer, received, deltas in zip(network.layers, flow.received, flow.deltas, strict=True):
        groups.append(([n.gradient for n in layer.neurons], received))
        groups.append(([n.bias_gradient for n in layer.neurons], deltas))
        groups.append(([None if n.z is None else n.delta for n in layer.neurons], deltas))
    for weights, found in zip(network.weights, flow.weights, strict=True):
        if weights.gradients is not None:
            groups.append((list(weights.gradients[weights.mask]), found[weights.mask]))
    return max(_apart(known, found) for known, found in groups)


def agreement(apart: float) -> str:
    """Up to what two computations agree, as text; empty if they do not.

    Rounding differs from machine to machine, so the text has round figures. In float32 about
    10⁻⁶ can be reached.

    >>> agreement(3e-16), agreement(2e-7), agreement(0.01)
    ('10⁻¹²', '10⁻⁶', '')
    """
    return next((power_of_ten(n) for n in (-12, -9, -6, -5) if apart <= 10.0**n), "")


def _apart(known: list[Any], found: Any) -> float:
    here = [number is not None for number in known]
    a = np.array([number for number in known if number is not None], dtype=float)
    b = np.asarray(found, dtype=float)[here]
    # Where both are nan, or infinite alike, they agree.
    differs = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    if not differs.any():
        return 0.0
    with np.errstate(all="ignore"):
        size = max(np.abs(a).max(), np.abs(b).max())
        return float(np.nan_to_num(np.abs(a - b)[differs] / size, nan=np.inf).max())
