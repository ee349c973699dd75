"""What the cards of a small network say, line by line."""

from __future__ import annotations

from dataclasses import dataclass

from viz.draw.metrics import text_width
from viz.networks.chips.symbols import Symbols, digits
from viz.networks.model import Network
from viz.text.formatting import number

__all__ = ["Line", "card_lines", "width_of"]

SIZE = 13.0


@dataclass(frozen=True, slots=True)
class Line:
    """A symbol or formula on the left, its number on the right.

    Attributes:
        text: on the left.
        number: on the right.
        colour: of the number.
        bold: whether the number is.
        head: whether the text is a name.
        after: a word after a name.
        ruled: whether a thin rule stands over the line.
    """

    text: str
    number: str
    colour: str
    bold: bool = False
    head: bool = False
    after: str = ""
    ruled: bool = False


def card_lines(network: Network, symbols: Symbols, layer: int, row: int) -> list[Line]:
    """The lines of one neuron, or of an input."""
    neuron, name = network.layers[layer].neurons[row], symbols.value(layer, row)
    back = Line(symbols.by(name), digits(neuron.gradient), "backward", True, ruled=True)
    if layer == 0:
        return [
            Line(name, "", "ink", head=True, after="input"),
            Line("value", digits(neuron.value), "forward"),
            Line(symbols.by(name), digits(neuron.gradient), "backward"),
        ]
    bias = " + b" if symbols.bias(layer) else ""
    total = f"Σ {symbols.letter(layer - 1)} w{bias}"
    last = layer == len(network.layers) - 1
    if not symbols.function(layer):
        word = "logit" if symbols.softmax and last else "output" if last else "linear"
        if not last:
            back = Line(_sent(symbols, layer, name), back.number, "backward", True, ruled=True)
        return [
            Line(name, "", "ink", head=True, after=word),
            Line(f"= {total}", digits(neuron.value), "forward", True),
            back,
        ]
    inner = symbols.sum_of(layer, row)
    sent = symbols.by(name) if last else _sent(symbols, layer, name)
    slope = "—" if neuron.slope is None else number(neuron.slope, 3)
    return [
        Line(f"{inner} = {total}", digits(neuron.z), "forward"),
        Line(f"{name} = {symbols.applied(layer, row)}", digits(neuron.value), "forward", True),
        Line(sent, digits(neuron.gradient), "backward", ruled=True),
        Line(
            f"{symbols.by(inner)} = {slope} · {symbols.by(name)}",
            digits(neuron.delta), "backward", True,
        ),
    ]  # fmt: skip


def _sent(symbols: Symbols, layer: int, name: str) -> str:
    return f"{symbols.by(name)} = Σ w {symbols.error(layer + 1)}"


def width_of(lines: list[Line]) -> float:
    """How wide a card must be that holds these."""
    found = []
    for line in lines:
        text = text_width(line.text, 15 if line.head else SIZE, line.head)
        text += 6 + text_width(line.after, 12) if line.after else 0
        found.append(text + 14 + text_width(line.number, SIZE, line.bold) if line.number else text)
    return max(found) + 22
