"""A network at the size of a thumbnail: what is left are columns, lines and which neurons live."""

from __future__ import annotations

import math

from viz.draw.metrics import fit
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.panels.neurons import DARKEST, shown
from viz.networks.panels.numbers import short
from viz.networks.panels.wires import largest, look, wires_of

__all__ = ["FEWEST", "draw_thumbnail"]

FEWEST = 10
"""Neurons per layer that a thumbnail shows at most."""

BODY, PITCH = 150.0, 22.0
STEP, LONGEST = 62.0, 330.0
WIDEST = 3.2
BOX = 58.0


def draw_thumbnail(network: Network, panels: tuple[bool, ...]) -> tuple[list[Group], float, float]:
    """The panels beside each other, without numbers on lines, and the width and height of them."""
    count = len(network.layers)
    step = min(STEP, LONGEST / max(count - 1, 1))
    width = step * (count - 1) + 40 + (BOX + 24 if network.loss else 0.0)
    width = max(width, 130.0)
    across, down = width + 12, _body(network) + 48
    stacked = len(panels) * across > 2.95 * (down + 34)
    groups: list[Group] = []
    for place, backward in enumerate(panels):
        one = _panel(network, backward, step, width)
        by = (0.0, place * down) if stacked else (place * across, 0.0)
        groups += [group.moved(*by) for group in one]
    if stacked:
        return groups, width, len(panels) * down - 12
    return groups, len(panels) * across - 12, down - 12


def _body(network: Network) -> float:
    """The height of the neurons."""
    most = max(len(layer.neurons) for layer in network.layers)
    return min(max(most * PITCH, 64.0), BODY)


def _panel(network: Network, backward: bool, step: float, width: float) -> list[Group]:
    name, colour = ("Backward", "backward") if backward else ("Forward", "forward")
    body = _body(network)
    frame = Block(Rect(0, 0, width, body + 36), "frame", 8)
    head = Text(10, 19, (Span(name, colour, 13, True),))
    pitch = min(PITCH, body / max(len(layer.neurons) for layer in network.layers))
    radius = min(7.0, pitch * 0.36)
    spots = [
        [
            (20 + number * step, 30 + body / 2 + (i - (len(layer.neurons) - 1) / 2) * pitch)
            for i in range(len(layer.neurons))
        ]
        for number, layer in enumerate(network.layers)
    ]
    groups = [Group("panel", (frame, head)), Group("wires", _lines(network, backward, spots))]
    groups += _dots(network, backward, spots, radius)
    return groups + _loss(network, backward, spots[-1], radius)


def _lines(
    network: Network, backward: bool, spots: list[list[tuple[float, float]]]
) -> tuple[Shape, ...]:
    wires = wires_of(network, backward)
    top = largest(wires)
    lines = []
    for wire in wires:
        weights = network.weights[wire.weights]
        x0, y0 = spots[weights.source][wire.column]
        x1, y1 = spots[weights.target][wire.row]
        style, width, opacity = look(wire, top, WIDEST)
        bend = (x1 - x0) * 0.4
        steps = ((x0 + bend, y0, x1 - bend, y1, x1, y1),)
        lines.append(Path((x0, y0), steps, style, min(width, WIDEST), opacity))
    return tuple(lines)


def _dots(
    network: Network, backward: bool, spots: list[list[tuple[float, float]]], radius: float
) -> list[Group]:
    colour = "backward" if backward else "forward"
    shapes: list[Shape] = []
    for number, (layer, places) in enumerate(zip(network.layers, spots, strict=True)):
        sizes = [shown(neuron, number, backward) or 0.0 for neuron in layer.neurons]
        top = max((abs(s) for s in sizes if math.isfinite(s)), default=0.0)
        for neuron, size, (x, y) in zip(layer.neurons, sizes, places, strict=True):
            rect = Rect(x - radius, y - radius, 2 * radius, 2 * radius)
            silent = number > 0 and neuron.slope == 0
            style = "silent" if silent else f"{colour}-outline" if number else "input"
            shapes.append(Block(rect, style, radius if number else 2.0))
            if number and not silent and top and math.isfinite(size):
                shapes.append(Block(rect, colour, radius, DARKEST * 1.6 * abs(size) / top))
    return [Group("neurons", tuple(shapes))]


def _loss(
    network: Network, backward: bool, outputs: list[tuple[float, float]], radius: float
) -> list[Group]:
    if network.loss is None:
        return []
    colour = "backward" if backward else "forward"
    x = outputs[0][0] + 32
    rect = Rect(x, (outputs[0][1] + outputs[-1][1]) / 2 - 21, BOX, 42)
    name = network.loss.name if len(network.loss.name) <= 2 else "loss"
    top, value = (f"∂{name}" if backward else name), network.loss.value
    number = "1" if backward else short(value)
    lines = [
        Path(
            (a + radius, y),
            ((x, rect.middle[1] + (y - rect.middle[1]) * 0.15),),
            f"{colour}-lane",
            1.2,
        )
        for a, y in outputs
    ]
    texts = (
        Text(rect.middle[0], rect.y + 17, (Span(top, "ink", 12, True),), "middle"),
        Text(
            rect.middle[0],
            rect.y + 33,
            (Span(fit(number, 12, BOX - 6), colour, 12, True),),
            "middle",
        ),
    )
    return [Group("wires", tuple(lines)), Group("card", (Block(rect, "output", 5), *texts))]
