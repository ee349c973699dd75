"""Neurons, inputs, and the loss, of one pass."""

from __future__ import annotations

import math

from viz.draw.metrics import fit
from viz.draw.scene import Block, Group, Path, Polygon, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.losses import SOFTMAX
from viz.networks.model import Network, Neuron
from viz.networks.panels.grid import Column, Grid, loss_lines
from viz.networks.panels.numbers import activation_name, by, short
from viz.text.formatting import number, subscript

__all__ = ["draw_columns", "draw_loss", "shown"]

DARKEST = 0.42
LONGEST_BIAS = 17.0


def shown(neuron: Neuron, layer: int, backward: bool) -> float | None:
    """The number in a neuron: what it passes on, or δ; of an input its gradient."""
    if not backward:
        return neuron.value
    return neuron.delta if layer else neuron.gradient


def draw_columns(network: Network, grid: Grid, backward: bool, prefix: str) -> list[Group]:
    """All neurons of a panel.

    Args:
        network: with the numbers.
        grid: with the places.
        backward: which pass.
        prefix: of the ids of the groups.
    """
    groups: list[Group] = []
    biases = [
        abs(size)
        for layer in network.layers
        for neuron in layer.neurons
        if (size := _bias(neuron, backward)) is not None and math.isfinite(size)
    ]
    longest = max(biases, default=0.0)
    for column in grid.columns:
        layer = network.layers[column.layer]
        sizes = [shown(neuron, column.layer, backward) for neuron in layer.neurons]
        largest = max((abs(s) for s in sizes if s is not None and math.isfinite(s)), default=0.0)
        for place, (neuron, rect) in enumerate(zip(layer.neurons, column.rects, strict=True)):
            shapes = _neuron(network, column, neuron, rect, largest, backward)
            shapes += _bias_tick(neuron, rect, longest, backward)
            label = spoken(network, column.layer, neuron, backward)
            kind = "neuron" if column.again else "card"
            id = "" if column.again else f"{prefix}{column.layer}-{place}"
            groups.append(Group(kind, tuple(shapes), id, label))
        if layer.left_out:
            last = column.rects[-1]
            text = f"… {layer.left_out} more"
            spot = Text(last.middle[0], last.bottom + 25, (Span(text, "muted", 12),), "middle")
            groups.append(Group("notice", (spot,)))
    return groups


def _neuron(
    network: Network, column: Column, neuron: Neuron, rect: Rect, largest: float, backward: bool
) -> list[Shape]:
    colour = "backward" if backward else "forward"
    size = shown(neuron, column.layer, backward)
    silent = column.layer > 0 and neuron.slope == 0
    radius = 8.0 if column.layer == 0 else rect.height / 2
    style = "input" if column.layer == 0 else "silent" if silent else f"{colour}-outline"
    shapes: list[Shape] = [Block(rect, style, radius)]
    several = len(column.rects) > 1
    if size and several and column.layer and not silent and math.isfinite(size):
        shapes.append(Block(rect, colour, radius, DARKEST * abs(size) / largest))
    x, y = rect.middle
    text = short(size, 3 if column.large else 2)
    if column.large:
        name = fit(_name(network, column.layer, neuron, backward), 13, rect.width - 10, True)
        shapes.append(Text(x, y - 4, (Span(name, "ink", 13, True),), "middle"))
        value = Span(fit(text, 13, rect.width - 8), "muted" if silent else _ink(size), 13)
        shapes.append(Text(x, y + 13, (value,), "middle"))
    else:
        bold = not silent and bool(size)
        span = Span(fit(text, 12, rect.width - 2, bold), "ink" if bold else "muted", 12, bold)
        shapes.append(Text(x, y + 4.3, (span,), "middle"))
    return shapes


def _ink(size: float | None) -> str:
    return "ink" if size else "muted"


def _name(network: Network, layer: int, neuron: Neuron, backward: bool) -> str:
    if not backward:
        return neuron.name
    if 0 < layer < len(network.layers) - 1 or (layer and network.layers[layer].activation):
        several = len(network.layers[layer].neurons) > 1
        return "δ" + (subscript(neuron.index + 1) if several else "")
    return by(network.loss.name if network.loss else "L", neuron.name)


def _bias(neuron: Neuron, backward: bool) -> float | None:
    return neuron.bias_gradient if backward else neuron.bias


def _bias_tick(neuron: Neuron, rect: Rect, longest: float, backward: bool) -> list[Shape]:
    """A bar under the neuron: to the right if positive, to the left if negative."""
    size = _bias(neuron, backward)
    if size is None:
        return []
    x, y = rect.middle[0], rect.bottom + 4.5
    shapes: list[Shape] = [Path((x, y - 2), ((x, y + 5.5),), "muted-lane", 0.8, 0.7)]
    length = LONGEST_BIAS * (abs(size) / longest) if longest and math.isfinite(size) else 0.0
    if length >= 0.3:
        left = x if size > 0 else x - length
        style = "positive" if size > 0 else "negative"
        shapes.insert(0, Block(Rect(left, y, length, 3.5), style, 0.8))
    return shapes


def spoken(network: Network, layer: int, neuron: Neuron, backward: bool) -> str:
    """All that is known of a neuron, as one line."""
    name = network.loss.name if network.loss else "L"
    parts = [f"{neuron.name} = {number(neuron.value)}"]
    if layer:
        entry = network.layers[layer].activation
        if entry and neuron.z is not None:
            parts = [f"{neuron.name} = {activation_name(entry)}({number(neuron.z)})"]
            parts[0] += f" = {number(neuron.value)}"
        if neuron.slope is not None and entry:
            parts.append(f"slope {number(neuron.slope)}" + (", blocks" if not neuron.slope else ""))
        if neuron.bias is not None:
            parts.append(f"bias {number(neuron.bias)}")
        if neuron.delta is not None:
            parts.append(f"δ = {number(neuron.delta)}")
    if neuron.gradient is not None:
        parts.append(f"{by(name, neuron.name)} = {number(neuron.gradient)}")
    if neuron.tooltip:
        parts.append(neuron.tooltip)
    where = network.layers[layer].name
    return f"{'backward' if backward else 'forward'}, {where}: " + "; ".join(parts)


def draw_loss(network: Network, grid: Grid, backward: bool, prefix: str) -> list[Group]:
    """The box of the loss, what it compares with, and its wires."""
    loss, rect = network.loss, grid.loss
    if loss is None or rect is None:
        return []
    name, formula, targets = loss_lines(network)
    colour = "backward" if backward else "forward"
    room = rect.width - 16
    x, top = rect.middle[0], rect.y
    title = by(name, name if len(name) <= 2 else "L") if backward else fit(name, 15, room, True)
    value = "1" if backward else number(loss.value)
    below = "seed" if backward else formula
    shapes: list[Shape] = [
        Block(rect, "output", 8),
        Text(x, top + 21, (Span(title, "ink", 15, True),), "middle"),
        Text(x, top + 45, (Span(value, colour, 18, True),), "middle"),
    ]
    if below and rect.height > 70:
        span = Span(fit(below, 12, room), "muted", 12)
        shapes.append(Text(x, top + 66, (span,), "middle"))
    last = next(column for column in reversed(grid.columns) if not column.again)
    wires: list[Shape] = []
    count = len(last.rects)
    step = (rect.height - 24) / max(count - 1, 1)
    for place, start in enumerate(last.rects):
        y = rect.y + 12 + place * step if count > 1 else rect.middle[1]
        wires += _arrow(start, (rect.x, y), min(4.0, max(step / 2, 2.0)), backward)
    label = f"loss {name} = {number(loss.value)}" + (f", {formula}" if formula else "")
    groups = [Group("wire", tuple(wires)), Group("card", tuple(shapes), f"{prefix}loss", label)]
    texts = [targets] if not backward else _slopes(network, name)
    lines = tuple(
        Text(
            x,
            rect.bottom + 20 + 17 * i,
            (Span(fit(text, 13, rect.width + 30), colour, 13),),
            "middle",
        )
        for i, text in enumerate(texts)
        if text
    )
    return [*groups, Group("notice", lines)] if lines else groups


def _slopes(network: Network, loss: str) -> list[str]:
    """The derivatives of the loss by the outputs, if they are few."""
    last = network.layers[-1].neurons
    if len(last) > 3:
        return []
    softmax = network.loss is not None and network.loss.kind == SOFTMAX
    texts = []
    for neuron in last:
        if neuron.gradient is not None:
            index = subscript(neuron.index + 1)
            name = f"p{index} − y{index}" if softmax else by(loss, neuron.name)
            texts.append(f"{name} = {short(neuron.gradient)}")
    return texts


def _arrow(neuron: Rect, end: tuple[float, float], half: float, backward: bool) -> list[Shape]:
    start = (neuron.right, neuron.middle[1])
    colour = "backward" if backward else "forward"
    mid = (start[0] + end[0]) / 2
    a, b = (start, end) if not backward else (end, start)
    direction = 1 if not backward else -1
    tip = b[0]
    base = tip - 9 * direction
    return [
        Path(a, ((mid, a[1], mid, b[1], base, b[1]),), f"{colour}-lane", 1.8),
        Polygon(((tip, b[1]), (base, b[1] - half), (base, b[1] + half)), colour),
    ]
