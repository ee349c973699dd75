"""What stands on the planes: neurons above, amplifiers below, and the inputs of both."""

from __future__ import annotations

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Polygon, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.model import Layer, Neuron
from viz.networks.planes.curves import curve
from viz.networks.planes.labels import Line, least_covering
from viz.networks.planes.places import ICON
from viz.networks.planes.words import Words, short

__all__ = ["amplifier", "amplifier_shape", "delta_label", "input_card", "neuron_card", "two_lines"]


def two_lines(rect: Rect, above: str, below: str, card: str, colour: str, label: str) -> Group:
    """A card with a name and a number under it."""
    x, y = rect.middle
    shapes = (
        Block(rect, card, 8.0),
        Text(x, y - 4, (Span(above, "ink", 13, True),), "middle"),
        Text(x, y + 14, (Span(below, colour, 13),), "middle"),
    )
    return Group("card", shapes, label=label)


def input_card(rect: Rect, neuron: Neuron, words: Words) -> Group:
    """An input on the upper plane."""
    label = neuron.tooltip or f"{neuron.name} = {short(neuron.value)}"
    return two_lines(rect, words.name(neuron), short(neuron.value), "input", "forward", label)


def neuron_card(rect: Rect, layer: Layer, neuron: Neuron, words: Words) -> Group:
    """A neuron on the upper plane: z, its value, its activation with the tangent."""
    shapes: list[Shape] = [Block(rect, "forward-outline", rect.height / 2)]
    x, y = rect.x + 14, rect.middle[1]
    if neuron.z is not None:
        shapes.append(Text(x, y - 5, (Span(f"z {short(neuron.z)}", "muted", 12),)))
    spans = (
        Span(words.name(neuron), "ink", 13, True),
        Span(short(neuron.value), "forward", 13, gap=6.0),
    )
    shapes.append(Text(x, y + 13 if neuron.z is not None else y + 5, spans))
    room = Rect(rect.right - 16 - ICON, y - 16, ICON, 32)
    shapes += curve(layer, neuron, room)
    label = neuron.tooltip or _spoken(layer, neuron)
    return Group("card", tuple(shapes), label=label)


def _spoken(layer: Layer, neuron: Neuron) -> str:
    parts = [f"{neuron.name} = {short(neuron.value)}"]
    parts += [] if neuron.z is None else [f"z = {short(neuron.z)}"]
    parts += [] if neuron.bias is None else [f"bias {short(neuron.bias)}"]
    parts += [] if neuron.slope is None else [f"slope {short(neuron.slope)}"]
    return f"{layer.activation or 'linear'} neuron: {', '.join(parts)}"


def amplifier_shape(rect: Rect, silent: bool) -> Polygon | Path:
    """A triangle that points to the left; dashed if nothing leaves it."""
    tip = (rect.x, rect.middle[1])
    top, bottom = (rect.right, rect.y), (rect.right, rect.bottom)
    return Polygon((tip, top, bottom), "no-gain" if silent else "gain")


def amplifier(rect: Rect, gain: float, label: str, words: Words) -> Group:
    """A neuron on the lower plane: what it multiplies by."""
    text = words.gain(gain)
    x = rect.right - 7 - text_width(text, 13, True) / 2
    shapes = (
        amplifier_shape(rect, gain == 0),
        Block(Rect(rect.middle[0] - 2.5, tie_end(rect) - 2.5, 5, 5), "muted", 2.5),
        Text(x, rect.middle[1] + 4.5, (Span(text, "backward", 13, True),), "middle"),
    )
    return Group("card", shapes, label=label)


def tie_end(rect: Rect) -> float:
    """The y at which the line from above meets the upper side of an amplifier."""
    return rect.y + rect.height / 4


def delta_label(
    rect: Rect, name: str, value: float, lines: list[Line], blocked: list[Rect]
) -> tuple[Group, Rect]:
    """What leaves an amplifier, beside it where the fewest wires are; and the room it takes."""
    text = short(float(value))
    width = text_width(name, 13, True) + 5 + text_width(text, 13)
    places = [
        Rect(rect.right - width + dx, y, width, 15)
        for dx in (0.0, -14.0, 14.0, -30.0, 26.0)
        for y in (rect.bottom + 2, rect.bottom - 7, rect.bottom + 8)
        if y > rect.bottom or dx < 0
    ]
    places += [Rect(rect.x - 4, rect.y - 6, rect.width / 2 - 8, 15)] if width < 20 else []
    found = least_covering(places, lines, blocked)
    spans = (Span(name, "ink", 13, True), Span(text, "backward", 13, gap=5.0))
    text_line = Text(found.right, found.bottom - 3, spans, "end")
    return Group("label", (Block(found.grown(1), "plane", 3.0), text_line)), found
