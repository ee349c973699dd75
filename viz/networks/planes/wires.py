"""Wires with arrow heads: forward those of the network, backward the same ones reversed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.draw.scene import Group, Path, Polygon
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.planes.amplifiers import Amplifiers, Flow
from viz.networks.planes.labels import Line
from viz.networks.planes.links import Detour, End, Link, detour, lines, links
from viz.networks.planes.places import Places
from viz.networks.planes.words import Words, short

__all__ = ["Wire", "backward_wires", "draw_wire", "forward_wires", "seed_wires"]

THIN, THICK, BUNDLE = 1.0, 4.0, 4.5
HEAD, MANY = 8.0, 5.0


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire as it is drawn.

    Attributes:
        line: from where to where.
        width: of the line.
        style: ``forward`` or ``backward``.
        zero: whether it carries nothing, which is drawn dashed.
        label: what stands on it; empty for nothing.
        tooltip: what it carries.
        over: how it passes over layers that it skips; `None` for a straight wire.
        head: size of the arrow head, below 1 where many arrive at one card.
    """

    line: Line
    width: float
    style: str
    zero: bool
    label: str
    tooltip: str
    over: Detour | None = None
    head: float = 1.0


def forward_wires(network: Network, places: Places, labelled: bool) -> list[Wire]:
    """The wires of the upper plane, and those to the loss."""
    found = links(network, places)
    cards = [column.forward for column in places.columns]
    last = len(cards) - 1
    ends = [(link.source, link.target) for link in found]
    ends += [((last, row), (last + 1, 0)) for row in range(len(cards[last]))]
    ways = lines(ends, [*cards, (places.loss[0],)], left=False)
    heads = _heads([link.target for link in found])
    wires: list[Wire] = []
    for link, line in zip(found, ways, strict=False):
        neurons = network.layers[link.source[0]].neurons
        values = np.array([neuron.value for neuron in neurons], dtype=float)[link.columns]
        carried = link.block @ values
        text = ""
        if not link.bundled:
            w, h, c = link.block.item(), float(values.item()), float(carried.item())
            text = f"w = {short(w)} carries {short(w)} × {short(h)} = {short(c)}"
        width = BUNDLE if link.bundled and link.block.size > len(values) else 1.3
        zero = bool(np.all(carried == 0))
        over = detour(link.source, link.target, cards, places.top[0])
        label, head = link.label(labelled, False), heads[link.target]
        wires.append(Wire(line, width, "forward", zero, label, text, over, head))
    for line in ways[len(found) :]:
        wires.append(Wire(line, 1.3, "forward", False, "", ""))
    return wires


def backward_wires(network: Network, places: Places, flow: Flow, labelled: bool) -> list[Wire]:
    """The same wires on the lower plane, from right to left, as wide as what they carry."""
    found = links(network, places)
    cards = [column.backward for column in places.columns]
    ways = lines([(link.target, link.source) for link in found], cards, left=True)
    carried = [_carried(link, flow) for link in found]
    sizes = [float(np.linalg.norm(part)) for part in carried]
    most = _most(network, places, flow)
    heads = _heads([link.source for link in found])
    wires: list[Wire] = []
    for link, line, part, size in zip(found, ways, carried, sizes, strict=True):
        text = ""
        if not link.bundled:
            w, d = link.block.item(), float(flow.deltas[link.target[0]][link.rows].item())
            text = f"w δ = {short(w)} × {short(d)} = {short(float(part.item()))}"
        label, width = link.label(labelled, True), _width(size, most)
        over, head = detour(link.target, link.source, cards, places.top[1]), heads[link.source]
        wires.append(Wire(line, width, "backward", size == 0, label, text, over, head))
    return wires


def seed_wires(
    network: Network, places: Places, words: Words, amplifiers: Amplifiers, flow: Flow
) -> list[Wire]:
    """What the loss sends to the amplifiers of the last layer."""
    column = places.columns[-1]
    last = len(places.columns)
    cards: list[Sequence[Rect]] = [c.backward for c in places.columns]
    rows = range(len(column.backward))
    ends = [((last, 0), (last - 1, row)) for row in rows]
    ways = lines(ends, [*cards, (places.loss[1],)], left=True)
    most = _most(network, places, flow)
    wires: list[Wire] = []
    for row, line in zip(rows, ways, strict=True):
        enters = amplifiers.enters if column.bundle else amplifiers.enters[row : row + 1]
        size = float(np.linalg.norm(enters))
        text = words.entering_bundle(size) if column.bundle else words.entering(row)
        wires.append(Wire(line, _width(size, most), "backward", size == 0, text, text))
    return wires


def _heads(arriving: Sequence[End]) -> dict[End, float]:
    """How large arrow heads are, by the number of wires that arrive at a card."""
    return {end: min(1.0, MANY / number) for end, number in Counter(arriving).items()}


def _carried(link: Link, flow: Flow) -> np.ndarray[Any, Any]:
    """w δ of one wire, or δ W of a bundle."""
    return np.asarray(flow.deltas[link.target[0]][link.rows] @ link.block)


def _most(network: Network, places: Places, flow: Flow) -> float:
    """The most that any wire carries back, which is drawn the widest."""
    sizes = [np.linalg.norm(_carried(link, flow)) for link in links(network, places)]
    last = flow.received[-1]
    sizes.append(np.linalg.norm(last, None if places.columns[-1].bundle else np.inf))
    return float(max(sizes))


def _width(size: float, most: float) -> float:
    """√|w δ|, so that what carries the most is the widest."""
    if not (math.isfinite(size) and math.isfinite(most)) or most <= 0:
        return THIN
    return round(THIN + (THICK - THIN) * math.sqrt(min(size / most, 1.0)), 2)


def draw_wire(wire: Wire) -> Group:
    """The shapes of one wire."""
    line = wire.line
    ux, uy = _direction(wire)
    half = (3.0 + 0.7 * max(0.0, wire.width - 1.0)) * wire.head
    tip = (line.x1 - ux, line.y1 - uy)
    length = HEAD * max(wire.head, 0.7)
    back = (tip[0] - length * ux, tip[1] - length * uy)
    left = (back[0] - half * uy, back[1] + half * ux)
    right = (back[0] + half * uy, back[1] - half * ux)
    lane = f"{wire.style}-lane"
    if wire.zero:
        lane = "zero-lane" if wire.style == "backward" else "zero-forward-lane"
    steps: tuple[tuple[float, ...], ...] = (back,)
    if wire.over:
        first, last, level = wire.over
        rise, fall = (first - line.x0) / 2, (back[0] - last) / 2
        steps = (
            (line.x0 + rise, line.y0, first - rise, level, first, level),
            (last, level),
            (last + fall, level, back[0] - fall, back[1], *back),
        )
    shapes = (
        Path((line.x0, line.y0), steps, lane, wire.width),
        Polygon((tip, left, right), wire.style),
    )
    return Group("wire", shapes, label=wire.tooltip)


def _direction(wire: Wire) -> tuple[float, float]:
    """In which direction its head points."""
    dx, dy = wire.line.x1 - wire.line.x0, wire.line.y1 - wire.line.y0
    if wire.over:
        return math.copysign(1.0, dx), 0.0
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length
