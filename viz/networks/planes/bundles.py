"""A layer of many neurons as one card above and one below."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.draw.metrics import fit
from viz.draw.scene import Block, Group, Path, Polygon, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.model import Layer
from viz.networks.planes.activations import function_name, primed
from viz.networks.planes.places import POINT
from viz.networks.planes.words import short
from viz.text.formatting import clean

__all__ = ["amplifier_bundle", "gradient_bundle", "neuron_bundle"]

BARS, EACH = 24, 32
"""A histogram has so many bars; up to so many numbers have a bar each."""

Array = np.ndarray[Any, Any]


def neuron_bundle(rect: Rect, layer: Layer, values: Array) -> Group:
    """A layer on the upper plane, with the values that it passed on."""
    kind = function_name(layer) or ("inputs" if layer.neurons[0].z is None else "linear")
    style = "input" if layer.neurons[0].z is None else "forward-outline"
    shapes: list[Shape] = [Block(rect, style, 10.0)]
    shapes += _head(
        rect, fit(layer_name(layer), 13, rect.width - 28, True), f"{len(values)} {kind}"
    )
    shapes += _bars(rect, values, "forward")
    return Group("card", tuple(shapes), label=f"{layer_name(layer)}: {len(values)} values")


def layer_name(layer: Layer) -> str:
    """The name of a layer; a part of a model that is only numbered is called by the model."""
    name = clean(layer.name)
    return f"model{name}" if name.startswith("[") else name


def amplifier_bundle(rect: Rect, layer: Layer, gains: Array, deltas: Array) -> Group:
    """A layer on the lower plane, with the gains of its amplifiers, or their δ if all are 1."""
    body = Rect(rect.x + POINT, rect.y, rect.width - POINT, rect.height)
    corners = (
        (rect.x, rect.middle[1]), (body.x, body.y), (body.right, body.y),
        (body.right, body.bottom), (body.x, body.bottom),
    )  # fmt: skip
    silent = int((gains == 0).sum())
    shapes: list[Shape] = [Polygon(corners, "gain" if silent < len(gains) else "no-gain")]
    name = primed(layer) if layer.activation else "1"
    told = f"‖δ‖ {short(float(np.linalg.norm(deltas)))}"
    told = f"{silent} of them 0" if silent else f"bars: δ, {told}" if not layer.activation else told
    above = fit(f"{len(gains)} gains × {name}", 13, body.width - 24, True)
    shapes += _head(body, above, told)
    shapes += _bars(body, gains if layer.activation else deltas, "backward")
    return Group("card", tuple(shapes), label=f"{layer_name(layer)}: {len(gains)} gains")


def gradient_bundle(rect: Rect, name: str, gradients: Array) -> Group:
    """The inputs on the lower plane, where gradients arrive."""
    shapes: list[Shape] = [Block(rect, "backward-outline", 10.0)]
    shapes += _head(rect, fit(name, 13, rect.width - 28, True), f"{len(gradients)} gradients")
    shapes += _bars(rect, gradients, "backward")
    return Group("card", tuple(shapes), label=f"{name}: {len(gradients)} gradients")


def _head(rect: Rect, above: str, below: str) -> list[Shape]:
    return [
        Text(rect.x + 14, rect.y + 20, (Span(above, "ink", 13, True),)),
        Text(rect.x + 14, rect.y + 37, (Span(below, "muted", 12),)),
    ]


def _bars(rect: Rect, numbers: Array, colour: str) -> list[Shape]:
    """A bar for each number, or a histogram; the smallest and the largest below."""
    finite = numbers[np.isfinite(numbers)]
    room = Rect(rect.x + 14, rect.y + 44, rect.width - 28, rect.height - 66)
    if not len(finite):
        return [Text(rect.x + 14, room.bottom - 6, (Span("none is finite", "muted", 12),))]
    low, high = float(finite.min()), float(finite.max())
    if len(numbers) <= EACH:
        heights = np.nan_to_num(numbers, posinf=high, neginf=low)
        bottom, top = min(low, 0.0), max(high, 0.0)
    else:
        heights = np.histogram(finite, BARS, (low, high) if low < high else (low - 1, high + 1))[0]
        bottom, top = 0.0, float(heights.max())
    scale, step = room.height / ((top - bottom) or 1.0), room.width / len(heights)
    zero = room.bottom + bottom * scale
    shapes: list[Shape] = []
    for number, height in enumerate(heights.tolist()):
        size = abs(height) * scale
        y = zero - size if height > 0 else zero
        if size > 0:
            bar = Rect(room.x + number * step, y, max(step - 1, 0.8), size)
            shapes.append(Block(bar, colour, opacity=0.45))
    shapes.append(Path((room.x, zero), ((room.right, zero),), "curve-lane", 1.0))
    ends = ((room.x, low, "start"), (room.right, high, "end"))
    shapes += [
        Text(x, rect.bottom - 7, (Span(short(end), colour, 12),), anchor) for x, end, anchor in ends
    ]
    return shapes
