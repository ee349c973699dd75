"""Where the columns of a small network stand."""

from __future__ import annotations

from dataclasses import dataclass

from viz.draw.metrics import text_width
from viz.geometry import Rect
from viz.networks.chips.lines import card_lines, width_of
from viz.networks.chips.symbols import Symbols, digits, weights_to
from viz.networks.model import Network

__all__ = ["CHIP", "Chip", "Column", "Places", "card_height", "places"]

BAND_TOP, BAND, BODY_TOP = 84.0, 36.0, 142.0
FRAME_HEAD = 36.0
"""Over the columns, for the title of the frame of a softmax."""
CHIP, CHIP_GAP, STUB = 22.0, 3.0, 16.0
BETWEEN = 34.0
LINE = 20.0
CARD_GAP = 26.0


@dataclass(frozen=True, slots=True)
class Chip:
    """The chip of a weight, or of a bias, whose source is `None`."""

    rect: Rect
    source: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One layer: its cards from the top, and the weights that arrive at each."""

    cards: tuple[Rect, ...]
    chips: tuple[tuple[Chip, ...], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The columns, and the room that is left for the loss on the right of them.

    Attributes:
        columns: one for each layer.
        top: y of the upper end of the columns.
        bottom: y of their lower end.
        right: x of the right side of the last card.
    """

    columns: tuple[Column, ...]
    top: float
    bottom: float
    right: float


def places(network: Network, symbols: Symbols, least: float) -> Places:
    """Place cards in columns of one height, each card behind its chips.

    Args:
        network: what is drawn.
        symbols: what it is called.
        least: how high the columns are at least, for what stands on the right.
    """
    blocks = [_block(network, symbols, layer) for layer in range(len(network.layers))]
    counts = [len(layer.neurons) for layer in network.layers]
    height = max(
        [n * block + (n - 1) * CARD_GAP for n, block in zip(counts, blocks, strict=True)] + [least]
    )
    pitches = [min(height / n, 1.6 * block + 40) for n, block in zip(counts, blocks, strict=True)]
    free = (height - (counts[-1] - 1) * pitches[-1] - blocks[-1]) / 2
    top = BODY_TOP + (max(FRAME_HEAD - free, 0.0) if symbols.softmax else 0.0)
    x, columns = 24.0, []
    for layer, count in enumerate(counts):
        lines = [card_lines(network, symbols, layer, row) for row in range(count)]
        width = max(112.0, *map(width_of, lines))
        # A card is as high as the chips before it, so that every one of them leads to it.
        tall = blocks[layer]
        chips: list[tuple[Chip, ...]] = [()] * count
        rows = [(row - (count - 1) / 2) * pitches[layer] for row in range(count)]
        middles = [top + height / 2 + row for row in rows]
        if layer:
            x += 118.0 + 5.0 * (counts[layer - 1] + count)
            wide = chip_width(network, symbols, layer)
            chips = [_chips(network, layer, row, x, y, wide) for row, y in enumerate(middles)]
            x += wide + STUB
        columns.append(
            Column(tuple(Rect(x, y - tall / 2, width, tall) for y in middles), tuple(chips))
        )
        x += width
    return Places(tuple(columns), top, top + height, x)


def card_height(lines: int) -> float:
    """How high a card of so many lines is."""
    return 24.0 + LINE * lines + (10.0 if lines == 3 else 2.0)


def _block(network: Network, symbols: Symbols, layer: int) -> float:
    """Height of the highest card of a layer, or of its chips."""
    card = card_height(len(card_lines(network, symbols, layer, 0)))
    if not layer:
        return card
    mask = weights_to(network, layer).mask
    extra = 1 if symbols.bias(layer) else 0
    return max(card, (int(mask.sum(axis=1).max()) + extra) * (CHIP + CHIP_GAP))


def _chips(
    network: Network, layer: int, row: int, x: float, y: float, width: float
) -> tuple[Chip, ...]:
    weights = weights_to(network, layer)
    sources: list[int | None] = [i for i, here in enumerate(weights.mask[row]) if here]
    sources += [] if network.layers[layer].neurons[row].bias is None else [None]
    top = y - (len(sources) * (CHIP + CHIP_GAP) - CHIP_GAP) / 2
    return tuple(
        Chip(Rect(x, top + place * (CHIP + CHIP_GAP), width, CHIP), source)
        for place, source in enumerate(sources)
    )


def chip_columns(network: Network, symbols: Symbols, layer: int) -> tuple[float, float, float]:
    """Widths of the name, the value and the gradient on the chips of a layer."""
    weights = weights_to(network, layer)
    names, values, gradients = [], [], []
    for row, neuron in enumerate(network.layers[layer].neurons):
        for column, here in enumerate(weights.mask[row]):
            if here:
                names.append(symbols.weight(weights, column, row))
                values.append(digits(float(weights.values[row, column])))
                gradients.append(gradient_text(network, layer, row, column))
        if neuron.bias is not None:
            names.append("b₁")
            values.append(digits(neuron.bias))
            gradients.append(digits(neuron.bias_gradient))
    return (
        max([text_width(name, 12.5) for name in names]),
        max([text_width(value, 12.5, True) for value in values] + [34.0]),
        max([text_width(gradient, 12.5) for gradient in gradients] + [40.0]),
    )


def gradient_text(network: Network, layer: int, row: int, column: int) -> str:
    """∂L/∂w as it stands on a chip."""
    gradients = weights_to(network, layer).gradients
    return digits(None if gradients is None else float(gradients[row, column]))


def chip_width(network: Network, symbols: Symbols, layer: int) -> float:
    """Of all chips of a layer."""
    return sum(chip_columns(network, symbols, layer)) + 8 + 10 + 10 + 8
