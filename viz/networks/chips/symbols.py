"""What the vectors and matrices of a small network are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from viz.draw.metrics import fit
from viz.networks.model import Layer, Network, Weights
from viz.networks.planes.activations import applied, function_name, primed
from viz.text.formatting import clean, number, subscript

__all__ = ["Symbols", "digits", "silent", "vector", "weights_to"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INDEX = re.compile(r"[₀₁₂₃₄₅₆₇₈₉]+$")
SOFTMAX = "softmax cross-entropy"


def digits(x: float | None) -> str:
    """A number in four digits; a dash for what is not known."""
    return "—" if x is None else number(x, 4)


def vector(numbers: Iterable[float]) -> str:
    """Numbers in three digits, side by side in brackets.

    >>> vector([1.0, -0.25])
    '(1  −0.25)'
    """
    return f"({'  '.join(number(x, 3) for x in numbers)})"


@dataclass(frozen=True)
class Symbols:
    """The letters of one picture."""

    network: Network

    @cached_property
    def result(self) -> str:
        """What is differentiated, such as ``C``."""
        loss = self.network.loss
        named = loss.name if loss else self.network.layers[-1].neurons[0].name
        return fit(clean(named) or "L", 13, 50)

    @property
    def softmax(self) -> bool:
        """Whether the loss is drawn as one with its softmax."""
        loss = self.network.loss
        last = self.network.layers[-1]
        known = loss is not None and len(loss.targets) == len(last.neurons)
        return known and loss is not None and loss.kind == SOFTMAX and not last.activation

    @property
    def true_class(self) -> int | None:
        """The row of the class that is right, where softmax is judged by one class alone."""
        loss = self.network.loss
        if not self.softmax or loss is None or sorted(loss.targets, reverse=True)[:1] != [1.0]:
            return None
        return loss.targets.index(1.0) if loss.targets.count(0.0) == len(loss.targets) - 1 else None

    def letter(self, layer: int) -> str:
        """What a layer passes on, as a vector."""
        names = [clean(neuron.name) for neuron in self.network.layers[layer].neurons]
        letters = {_INDEX.sub("", name) for name in names}
        only = letters.pop() if len(letters) == 1 else ""
        others = {
            _INDEX.sub("", clean(neuron.name))
            for number, other in enumerate(self.network.layers)
            for neuron in other.neurons
            if number != layer
        }
        if only and len(only) <= 6 and only not in others:
            return only
        return "x" if layer == 0 else f"h{_raised(layer)}"

    def value(self, layer: int, row: int) -> str:
        """What one neuron passes on."""
        return self.letter(layer) + self._index(layer, row)

    def sum(self, layer: int) -> str:
        """What enters the activation of a layer; what it passes on, if it has none."""
        if not self.network.layers[layer].activation:
            return self.letter(layer)
        bent = [n for n, other in enumerate(self.network.layers) if other.activation]
        letters = {self.letter(n)[:1] for n in range(len(self.network.layers))}
        name = next(name for name in ("z", "s", "u", "v", "Z") if name not in letters)
        return name if len(bent) == 1 else f"{name}{_raised(layer)}"

    def sum_of(self, layer: int, row: int) -> str:
        """What enters the activation of one neuron."""
        return self.sum(layer) + self._index(layer, row)

    def _index(self, layer: int, row: int) -> str:
        return subscript(row + 1) if len(self.network.layers[layer].neurons) > 1 else ""

    def matrix(self, layer: int) -> str:
        """The weights that lead to a layer, such as ``W⁽⁰⁾``."""
        return "W" if len(self.network.layers) == 2 else f"W{_raised(layer - 1)}"

    def weight(self, weights: Weights, column: int, row: int) -> str:
        """One of them, by the number of its source and that of its target."""
        rows, columns = weights.values.shape
        first = subscript(column + 1) if columns > 1 or rows > 1 else ""
        return f"w{first}{subscript(row + 1) if first else ''}"

    def bias(self, layer: int) -> str:
        """The biases of a layer, such as ``b⁽⁰⁾``; empty for none."""
        if all(neuron.bias is None for neuron in self.network.layers[layer].neurons):
            return ""
        return "b" if len(self.network.layers) == 2 else f"b{_raised(layer - 1)}"

    def by(self, symbol: str) -> str:
        """The derivative by something."""
        return f"∂{self.result}/∂{symbol}"

    def error(self, layer: int) -> str:
        """∂L/∂z of a layer, in the shortest form it has."""
        last = layer == len(self.network.layers) - 1
        return "(p − y)" if last and self.softmax else self.by(self.sum(layer))

    def function(self, layer: int) -> str:
        """The activation of a layer, such as ``ReLU``."""
        return function_name(self.network.layers[layer])

    def applied(self, layer: int, row: int | None = None) -> str:
        """What a layer, or one neuron of it, computes from its sum, such as ``ReLU(z)``."""
        inner = self.sum(layer) if row is None else self.sum_of(layer, row)
        return applied(self.network.layers[layer], inner)

    def primed(self, layer: int) -> str:
        """The derivative of the activation of a layer, such as ``ReLU′``."""
        return primed(self.network.layers[layer])

    def described(self) -> str:
        """In words, what kind of network it is."""
        kinds = dict.fromkeys(_kind(x) for x in self.network.layers[1:])
        words = [kind or "linear" for kind in kinds]
        if self.softmax:
            words = [*filter(lambda word: word != "linear", words), "softmax", "cross-entropy"]
        return ", ".join([*words, "one sample"])


def _kind(layer: Layer) -> str:
    name = function_name(layer)
    return applied(layer) if name == "f" else name


def _raised(number: int) -> str:
    return f"⁽{str(number).translate(_RAISED)}⁾"


def weights_to(network: Network, layer: int) -> Weights:
    """The weights that lead to a layer from the one before."""
    return next(w for w in network.weights if w.target == layer)


def silent(layer: Layer, row: int) -> bool:
    """Whether a neuron lets no gradient through."""
    return layer.neurons[row].slope == 0
