"""Cards and chips of a small network."""

from __future__ import annotations

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.chips.lines import SIZE, Line, card_lines
from viz.networks.chips.places import LINE, Chip, Column, card_height, chip_columns, gradient_text
from viz.networks.chips.symbols import Symbols, digits, silent, weights_to
from viz.networks.model import Network
from viz.text.formatting import subscript

__all__ = ["chip_group", "lined_card", "neuron_cards"]


def neuron_cards(network: Network, symbols: Symbols, layer: int, column: Column) -> list[Group]:
    """The cards of one layer, and their chips."""
    groups = []
    for row, rect in enumerate(column.cards):
        lines = card_lines(network, symbols, layer, row)
        quiet = layer > 0 and silent(network.layers[layer], row)
        style = "silent" if quiet else "op" if layer else "input"
        neuron = network.layers[layer].neurons[row]
        label = neuron.tooltip or ", ".join(f"{x.text} {x.number}".strip() for x in lines)
        groups.append(lined_card(rect, lines, style, label))
        groups += [chip_group(network, symbols, layer, row, chip) for chip in column.chips[row]]
    return groups


def lined_card(rect: Rect, lines: list[Line], style: str, label: str) -> Group:
    """A card of lines with their numbers."""
    shapes: list[Shape] = [Block(rect, style, 8.0)]
    extra = 5.0 if len(lines) == 3 else 0.0
    y = rect.middle[1] - card_height(len(lines)) / 2 + 24.0
    for number, line in enumerate(lines):
        y += extra if number else 0.0
        if line.ruled:
            y += 8.0 - extra
            rule = y - LINE + 4.0
            shapes.append(Path((rect.x + 11, rule), ((rect.right - 11, rule),), "grid-lane", 1.0))
        size = 15.0 if line.head else SIZE
        spans = [Span(line.text, "ink" if line.head else "muted", size, line.head)]
        if line.after:
            spans.append(Span(line.after, "muted", 12, gap=6.0))
        shapes.append(Text(rect.x + 11, y, tuple(spans)))
        if line.number:
            number_span = Span(line.number, line.colour, SIZE, line.bold)
            shapes.append(Text(rect.right - 11, y, (number_span,), "end"))
        y += LINE
    return Group("card", tuple(shapes), label=label)


def chip_group(network: Network, symbols: Symbols, layer: int, row: int, chip: Chip) -> Group:
    """A weight or a bias: its value and its gradient."""
    rect, neuron = chip.rect, network.layers[layer].neurons[row]
    weights = weights_to(network, layer)
    if chip.source is None:
        name = "b" + (subscript(row + 1) if len(network.layers[layer].neurons) > 1 else "")
        value, gradient = digits(neuron.bias), digits(neuron.bias_gradient)
    else:
        name = symbols.weight(weights, chip.source, row)
        value = digits(float(weights.values[row, chip.source]))
        gradient = gradient_text(network, layer, row, chip.source)
    widths = chip_columns(network, symbols, layer)
    y = rect.y + 15.5
    middle = rect.right - 8 - widths[2] - 10
    shapes = (
        Block(rect, "parameter", 5.0),
        Text(rect.x + 8, y, (Span(name, "muted", 12.5),)),
        Text(middle, y, (Span(value, "forward", 12.5, True),), "end"),
        Text(rect.right - 8, y, (Span(gradient, "backward", 12.5),), "end"),
    )
    assert text_width(name, 12.5) <= widths[0]
    return Group("chip", shapes, label=f"{name} = {value}, {symbols.by(name)} = {gradient}")
