"""The legend of a picture of a network; only what occurs in it is explained."""

from __future__ import annotations

import math

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.panels.numbers import activation_name, by, short
from viz.networks.panels.wires import largest, wires_of

__all__ = ["draw_legend"]

SIZE = 12.5
LINE = 26.0
GAP = 26.0

Entry = tuple[str, str]


def draw_legend(
    network: Network, panels: tuple[bool, ...], room: float, y: float
) -> tuple[Group, float]:
    """The legend from baseline ``y`` on, and the baseline of its last line."""
    shapes: list[Shape] = []
    x = 0.0
    for sample, text in _entries(network, panels):
        start = {"": 0.0, "pills": 82.0, "pill": 44.0, "bias": 22.0}.get(sample, 42.0)
        width = start + text_width(text, SIZE)
        if x and x + width > room:
            x, y = 0.0, y + LINE
        shapes += _sample(sample, x, y - 4, panels)
        shapes.append(Text(x + start, y, (Span(text, "muted", SIZE),)))
        x += width + GAP
    return Group("legend", tuple(shapes)), y


def _entries(network: Network, panels: tuple[bool, ...]) -> list[Entry]:
    loss = network.loss.name if network.loss else "L"
    wires = {backward: wires_of(network, backward) for backward in panels}
    every = [wire for found in wires.values() for wire in found]
    finite = [wire for wire in every if math.isfinite(wire.size)]
    entries: list[Entry] = []
    seen = [wire for wire in finite if not wire.plain]
    if any(wire.size > 0 for wire in seen):
        entries.append(("positive-lane", "positive"))
    if any(wire.size < 0 for wire in seen):
        entries.append(("negative-lane", "negative"))
    if any(wire.size == 0 for wire in seen):
        zero = "zero gradient" if all(w.size for w in wires.get(False, ())) else "zero"
        entries.append(("muted-lane", zero))
    if len(finite) < len(every):
        entries.append(("dashed-lane", "not a number"))
    scales = [
        f"|{by(loss, 'w') if backward else 'w'}| up to {short(top)}"
        for backward, found in wires.items()
        if (top := largest(found))
    ]
    if scales:
        entries.append(("", "width ∝ " + ", ".join(scales)))
    if any(wire.plain for panel in wires.values() for wire in panel):
        entries.append(("fixed", "not trained"))
    if any(wire.silent for wire in wires.get(False, ())):
        entries.append(("", "pale: out of a silent neuron"))
    hidden = [layer for layer in network.layers[1:] if layer.neurons]
    if any(len(layer.neurons) > 1 for layer in hidden):
        entries.append(("pills" if len(panels) > 1 else "pill", "shade ∝ size in its layer"))
    rules = dict.fromkeys(
        f"{activation_name(layer.activation)}′ = {layer.rule}" for layer in hidden if layer.rule
    )
    silent = any(neuron.slope == 0 for layer in hidden for neuron in layer.neurons)
    if silent:
        names = {layer.activation for layer in hidden if any(n.slope == 0 for n in layer.neurons)}
        name = activation_name(names.pop()) if len(names) == 1 else "slope"
        entries.append(("silent", f"silent: {name}′ = 0, blocks"))
    entries += [("", rule) for rule in rules]
    if any(n.bias is not None for layer in hidden for n in layer.neurons):
        entries.append(("bias", "bias"))
    return entries


def _sample(name: str, x: float, y: float, panels: tuple[bool, ...]) -> list[Shape]:
    if not name:
        return []
    if name == "bias":
        return [
            Block(Rect(x + 2, y - 2, 13, 3.5), "positive", 0.8),
            Path((x + 2, y - 4), ((x + 2, y + 4),), "muted-lane", 0.8, 0.7),
        ]
    if name == "silent":
        pill = Rect(x, y - 10, 34, 20)
        zero = Text(x + 17, y + 4.3, (Span("0", "muted", 12),), "middle")
        return [Block(pill, "silent", 10), zero]
    if name in ("pill", "pills"):
        shapes: list[Shape] = []
        for place, backward in enumerate(panels):
            colour = "backward" if backward else "forward"
            pill = Rect(x + 38 * place, y - 10, 34, 20)
            shapes += [Block(pill, f"{colour}-outline", 10), Block(pill, colour, 10, 0.36)]
        return shapes
    name, fixed = ("muted-lane", 1.4) if name == "fixed" else (name, 0.8)
    width = {"muted-lane": fixed, "dashed-lane": 1.6}.get(name, 3.0)
    return [Path((x, y), ((x + 34, y),), name, width)]
