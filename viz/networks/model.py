"""A network as plain data: layers of neurons, the weights between them, and the loss.

All numbers are those of one forward and one backward pass of one example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Layer", "Loss", "Network", "Neuron", "Weights"]


@dataclass(frozen=True, slots=True)
class Neuron:
    """One neuron, or one input.

    Attributes:
        name: what it is called, such as ``h₁``.
        value: what it passes on, a = σ(z).
        z: what enters its activation; `None` for an input.
        slope: σ′(z), the gain of the neuron in the backward pass; `None` for an input.
        delta: ∂L/∂z; `None` where it is not known, and for an input.
        gradient: ∂L/∂a; `None` where it is not known.
        bias: its bias; `None` for none.
        bias_gradient: ∂L/∂b.
        tooltip: one line of details.
        index: its number in its layer, from 0; more than its place in `Layer.neurons` where some
            were left out.
    """

    name: str
    value: float
    z: float | None = None
    slope: float | None = None
    delta: float | None = None
    gradient: float | None = None
    bias: float | None = None
    bias_gradient: float | None = None
    tooltip: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class Layer:
    """A column of neurons.

    Attributes:
        name: such as ``layers[0]``, or ``inputs``.
        neurons: all of them, from the top.
        activation: name of the table's entry, such as ``relu``; empty for an input or a layer
            that is linear; ``f`` where it was put together from several entries, and where the
            neurons differ in it.
        rule: the derivative of the activation as text, such as ``h (1 − h)``; empty for none.
        size: how many neurons there are, where only those that matter most are in `neurons`.
        silent_left_out: how many of those left out have the slope 0.
        operands: those of the activation, `None` where z stands, nan for what is no number.
        settings: names and values of the activation's parameters.
    """

    name: str
    neurons: tuple[Neuron, ...]
    activation: str = ""
    rule: str = ""
    size: int = 0
    silent_left_out: int = 0
    operands: tuple[float | None, ...] = (None,)
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def left_out(self) -> int:
        """How many neurons the layer has beside those in `neurons`."""
        return max(self.size - len(self.neurons), 0)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The wires from one layer to another.

    Attributes:
        source: number of the layer from which they lead.
        target: number of the layer to which they lead.
        values: the weights, shape (neurons of the target, neurons of the source); nan where
            there is no wire.
        gradients: ∂L/∂w through this wire, δ of its target times what its source passes on; of
            the same shape, nan where there is no wire; `None` where unknown.
        name: such as ``W₁``, or ``layers[0].weight``.
        wires: where there is a wire, of the same shape; `None` for everywhere. (A weight may be
            nan itself.)
        fixed: where the weight is a plain number, such as the 1 of a sum, and nothing to be
            trained; `None` for nowhere.
    """

    source: int
    target: int
    values: np.ndarray[Any, Any]
    gradients: np.ndarray[Any, Any] | None = None
    name: str = ""
    wires: np.ndarray[Any, Any] | None = None
    fixed: np.ndarray[Any, Any] | None = None

    @property
    def mask(self) -> np.ndarray[Any, Any]:
        """Where there is a wire."""
        return np.ones(self.values.shape, bool) if self.wires is None else self.wires


@dataclass(frozen=True, slots=True)
class Loss:
    """What the last layer is judged by.

    Attributes:
        name: such as ``L``.
        value: its value.
        formula: such as ``½ Σ (o − t)²``; empty where none is known.
        targets: what the outputs should be; empty where that is not known.
        kind: ``softmax cross-entropy``, where the two are drawn as one; else empty.
    """

    name: str
    value: float
    formula: str = ""
    targets: tuple[float, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Layers, inputs first, the weights between them, and the loss.

    Attributes:
        layers: at least two.
        weights: ordered by target, then by source; of neighbouring layers, and of others where
            a connection skips some.
        loss: `None` where the result is an output of the network itself.
        title: such as ``One sample through a 2-16-16-1 network``.
        note: one line of details below it.
        trained: how many numbers are trained, those used in several places once; `None` where
            each is used once.
    """

    layers: tuple[Layer, ...]
    weights: tuple[Weights, ...]
    loss: Loss | None = None
    title: str = ""
    note: str = ""
    trained: int | None = None
