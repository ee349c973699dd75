"""The lanes between cards: values forward to a weight, gradients back from it."""

from __future__ import annotations

import math

from viz.draw.scene import Group, Path, Polygon, Shape
from viz.networks.chips.places import Chip, Places
from viz.networks.chips.symbols import weights_to
from viz.networks.model import Network
from viz.networks.planes.amplifiers import Flow
from viz.text.formatting import number

__all__ = ["arrow", "bend", "head", "lane_width", "lanes", "most_carried"]

APART = 4.6
HEAD = 7.5
PORT = 19.0
THIN, THICK = 1.0, 3.4


def lanes(network: Network, flow: Flow, places: Places) -> list[Group]:
    """All lanes, those that carry little first."""
    groups: list[tuple[float, Group]] = []
    most = most_carried(network, flow)
    for layer in range(1, len(network.layers)):
        weights = weights_to(network, layer)
        before, column = places.columns[layer - 1], places.columns[layer]
        ports = _ports(network, layer, places)
        for row, chips in enumerate(column.chips):
            card = column.cards[row]
            for chip in chips:
                if chip.source is None:
                    groups.append((0.0, _stub(chip, card.x, zero=flow.deltas[layer][row] == 0)))
                    continue
                w = float(weights.values[row, chip.source])
                value, delta = (
                    float(flow_value(network, layer, chip)),
                    float(flow.deltas[layer][row]),
                )
                start = (before.cards[chip.source].right, ports[row, chip.source])
                end = (chip.rect.x, chip.rect.middle[1])
                width = lane_width(w * delta, most)
                shapes = [
                    *bend(start, end, -APART / 2, "forward", 1.3, value == 0),
                    *bend(start, end, APART / 2, "backward", width, w * delta == 0),
                ]
                said = (
                    f"w = {number(w)} carries {number(w)} × {number(value)} = {number(w * value)} "
                    f"forward, {number(w)} × {number(delta)} = {number(w * delta)} back"
                )
                groups.append((abs(w * delta), Group("wire", tuple(shapes), label=said)))
                groups.append((0.0, _stub(chip, card.x, zero=delta == 0)))
    return [group for _, group in sorted(groups, key=lambda pair: pair[0])]


def flow_value(network: Network, layer: int, chip: Chip) -> float:
    """What arrives at a chip."""
    assert chip.source is not None
    return network.layers[layer - 1].neurons[chip.source].value


def most_carried(network: Network, flow: Flow) -> float:
    """The most that a lane carries back, up to what the loss sends."""
    found = [abs(float(x)) for x in flow.received[-1]]
    for layer in range(1, len(network.layers)):
        weights = weights_to(network, layer)
        for row, delta in enumerate(flow.deltas[layer]):
            found += [abs(float(w * delta)) for w in weights.values[row][weights.mask[row]]]
    return max([x for x in found if math.isfinite(x)], default=0.0)


def lane_width(carried: float, most: float) -> float:
    """√|w δ|, so that the lane which carries the most is the widest."""
    if not math.isfinite(carried) or most <= 0:
        return THIN
    return round(THIN + (THICK - THIN) * math.sqrt(abs(carried) / most), 2)


def _ports(network: Network, layer: int, places: Places) -> dict[tuple[int, int], float]:
    """At which y a lane leaves its card, by target and source."""
    found: dict[tuple[int, int], float] = {}
    mask = weights_to(network, layer).mask
    for source, card in enumerate(places.columns[layer - 1].cards):
        rows = [row for row in range(len(mask)) if mask[row, source]]
        step = min(PORT, (card.height - 22) / max(len(rows) - 1, 1))
        for place, row in enumerate(rows):
            found[row, source] = card.middle[1] + (place - (len(rows) - 1) / 2) * step
    return found


def bend(
    start: tuple[float, float],
    end: tuple[float, float],
    offset: float,
    style: str,
    width: float,
    zero: bool,
) -> list[Shape]:
    """One lane of an S; the forward lane has its head at the chip, the other at the card."""
    back = style == "backward"
    x1, x2 = start[0] + (HEAD if back else 0), end[0]
    y1, y2 = start[1] + offset, end[1] + offset
    middle, climb = (x1 + x2) / 2, y2 - y1
    # Shifting the control points keeps the two lanes apart where they are steep.
    angle = math.atan2(2 * abs(climb), x2 - x1)
    side = -math.copysign(1.0, climb) * offset * 4 / 3 * math.tan(angle / 2)
    lane = f"{style}-lane"
    if zero:
        lane = "zero-lane" if back else "zero-forward-lane"
    step = (middle + side, y1, middle + side, y2, x2, y2)
    shapes: list[Shape] = [Path((x1, y1), (step,), lane, 1.0 if zero else width)]
    if back:
        shapes.append(head(start[0], y1, 1, width, style))
    return shapes


def head(x: float, y: float, side: int, width: float, style: str) -> Polygon:
    """An arrow head whose tip is at a point; it comes from the right with ``side`` 1."""
    half = 2.6 + 0.7 * width
    return Polygon(((x, y), (x + side * HEAD, y - half), (x + side * HEAD, y + half)), style)


def _stub(chip: Chip, x: float, zero: bool) -> Group:
    """From a chip to its card, and back."""
    y, right = chip.rect.middle[1], chip.rect.right
    back = "zero-lane" if zero else "backward-lane"
    shapes = (
        Path((right, y - 4), ((x - HEAD + 2, y - 4),), "forward-lane", 1.2),
        head(x, y - 4, -1, 0.8, "forward"),
        Path((x, y + 4), ((right + HEAD - 2, y + 4),), back, 1.2),
        head(right, y + 4, 1, 0.8, "backward"),
    )
    return Group("wire", shapes)


def arrow(x0: float, x1: float, y: float, style: str, width: float, zero: bool = False) -> Group:
    """A straight level lane."""
    side = 1 if x1 < x0 else -1
    lane = f"{style}-lane"
    if zero:
        lane = "zero-lane" if style == "backward" else "zero-forward-lane"
    shapes = (
        Path((x0, y), ((x1 + side * (HEAD - 1), y),), lane, width),
        head(x1, y, side, width, style),
    )
    return Group("wire", shapes)
