"""What things are called on the two planes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from viz.draw.metrics import fit, text_width
from viz.networks.model import Layer, Network, Neuron
from viz.networks.planes.activations import primed
from viz.networks.planes.amplifiers import Amplifiers
from viz.networks.planes.error_terms import error_term
from viz.text.formatting import clean, number, subscript

__all__ = ["Words", "short", "slope_rule"]

NAME_ROOM, SHORT = 110.0, 5
_INDEX = re.compile("[₀₁₂₃₄₅₆₇₈₉]+$")
_OWN = re.compile("(?<![A-Za-z])h(?![a-z(])")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(x: float) -> str:
    """A number in three digits, with a real minus sign.

    >>> short(-0.14771)
    '−0.148'
    """
    return number(x, 3)


def slope_rule(layer: Layer) -> str:
    """The gain of a layer's amplifiers as a formula, such as ``σ′(z) = h (1 − h)``.

    Empty for a layer that is linear.
    """
    if not layer.activation:
        return ""
    name = primed(layer, "z")
    letters = {_INDEX.sub("", clean(neuron.name)) for neuron in layer.neurons}
    letter = letters.pop() if len(letters) == 1 else ""
    # The rule calls h what a neuron passes on, and its own letter says it better.
    known = 0 < len(letter) <= SHORT and letter != "z"
    rule = _OWN.sub(letter, layer.rule) if known else layer.rule
    return f"{name} = {rule}" if rule else name


@dataclass(frozen=True, slots=True)
class Words:
    """The names in one picture."""

    network: Network
    amplifiers: Amplifiers

    @property
    def result(self) -> str:
        """What is differentiated, such as ``L``."""
        loss = self.network.loss
        named = loss.name if loss else self.network.layers[-1].neurons[0].name
        return fit(clean(named) or "L", 13, NAME_ROOM, True)

    def name(self, neuron: Neuron) -> str:
        """The name of a neuron, as much of it as there is room for."""
        return fit(clean(neuron.name), 13, NAME_ROOM, True)

    def gradient(self, neuron: Neuron) -> str:
        """How the gradient by a neuron is written, such as ``∂L/∂x₁``."""
        return f"∂{self.result}/∂{self.name(neuron)}"

    def gain(self, gain: float) -> str:
        """What stands in an amplifier, such as ``×0.215``."""
        return f"×{short(float(gain))}"

    def delta(self, layer: int, row: int) -> str:
        """The δ of a neuron: with its row, and with a prime or a number for its layer."""
        deep = len(self.network.layers) - 1
        index = subscript(row + 1) if len(self.network.layers[layer].neurons) > 1 else ""
        if deep <= 2:
            return f"δ{'′' * (layer - 1)}{index}"
        return f"δ{index}⁽{str(layer).translate(_RAISED)}⁾"

    def entering(self, row: int) -> str:
        """What the loss sends to a neuron of the last layer, in the form that its value has."""
        neuron, found = self.network.layers[-1].neurons[row], float(self.amplifiers.enters[row])
        loss = self.network.loss
        count, name = len(self.network.layers[-1].neurons), self.name(neuron)
        if loss is None:
            return f"seed = {short(found)}"
        index = subscript(row + 1) if count > 1 else ""
        if loss.kind == "softmax cross-entropy":
            return f"p{index} − y{index} = {short(found)}"
        term = error_term(self.network, self.amplifiers.enters.tolist())
        if term:
            return f"{term.format(f'{name} − t{index}')} = {short(found)}"
        return f"{self.gradient(neuron)} = {short(found)}"

    def entering_bundle(self, size: float) -> str:
        """The size of what the loss sends to a layer that is drawn as one card."""
        loss = self.network.loss
        softmax = loss is not None and loss.kind == "softmax cross-entropy"
        return f"‖{'p − y' if softmax else f'∂{self.result}/∂a'}‖ = {short(size)}"

    @property
    def seed_room(self) -> float:
        """Width of the widest of these."""
        rows = range(min(len(self.network.layers[-1].neurons), 16))
        return max(text_width(self.entering(row), 12.5) for row in rows)

    @property
    def loss_lines(self) -> tuple[str, str]:
        """What the card of the loss says above and below its value."""
        loss = self.network.loss
        if loss is None:
            return self.result, ""
        above = f"{self.result} = {clean(loss.formula)}" if loss.formula else self.result
        targets = ", ".join(short(t) for t in loss.targets)
        below = f"t = ({targets})" if len(loss.targets) > 1 else f"t = {targets}"
        return fit(above, 13, 216, True), fit(below, 12, 216) if targets else ""

    @property
    def loss_width(self) -> float:
        """Of that card, and of the card of the seed."""
        above, below = self.loss_lines
        return max(text_width(above, 13, True), text_width(below, 12), 108.0) + 26.0
