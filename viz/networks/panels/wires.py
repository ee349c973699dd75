"""The lines of a panel: width by size, colour by sign, weak ones first, pale where blocked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Span, Text
from viz.geometry import Rect
from viz.networks.model import Network, Weights
from viz.networks.panels.grid import DEEP, LABELLED, Column, Grid
from viz.networks.panels.numbers import by, short
from viz.text.formatting import factor, number, subscript

__all__ = ["Wire", "draw_wires", "largest", "look", "point_at", "weight_name", "wires_of"]

MOST_TOOLTIPS = 1200
"""Lines of a panel up to which each has a tooltip."""

LABEL = 11.5


@dataclass(frozen=True, slots=True)
class Wire:
    """One line.

    Attributes:
        weights: number of the matrix.
        row: number of the neuron to which it leads.
        column: number of the neuron from which it leads.
        size: the weight, or the gradient by it.
        silent: whether a neuron that is silent lies at its beginning.
        fixed: whether its weight is a plain number.
        plain: whether it is drawn as a plain line, because the gradient by a plain number is of
            no interest.
    """

    weights: int
    row: int
    column: int
    size: float
    silent: bool
    fixed: bool
    plain: bool = False


def wires_of(network: Network, backward: bool) -> list[Wire]:
    """All lines, the weakest first."""
    found: list[Wire] = []
    for index, weights in enumerate(network.weights):
        source = network.layers[weights.source].neurons
        sizes = weights.gradients if backward else weights.values
        if sizes is None:
            continue
        mask, fixed = weights.mask, weights.fixed
        for row, entries in enumerate(sizes.tolist()):
            for column, size in enumerate(entries):
                if mask[row, column]:
                    silent = weights.source > 0 and source[column].slope == 0
                    held = bool(fixed is not None and fixed[row, column])
                    # What a sum takes as it is would outdo every weight in width.
                    plain = held and (backward or size == 1)
                    found.append(Wire(index, row, column, size, silent, held, plain))
    return sorted(found, key=_strength)


def _strength(wire: Wire) -> tuple[bool, float]:
    size = abs(wire.size)
    return not wire.silent, size if math.isfinite(size) else math.inf


def largest(wires: list[Wire]) -> float:
    """The largest size that is a number."""
    sizes = (abs(wire.size) for wire in wires if math.isfinite(wire.size) and not wire.plain)
    return max(sizes, default=0.0)


def draw_wires(network: Network, grid: Grid, backward: bool) -> list[Group]:
    """All lines of a panel, and the numbers on them where there are few."""
    wires = wires_of(network, backward)
    top = largest(wires)
    widest = _widest(network)
    lanes: dict[tuple[int, int], int] = {}
    drawn: list[tuple[Wire, Path, str]] = []
    for wire in wires:
        weights = network.weights[wire.weights]
        ends = _ends(grid, weights)
        if ends is None:
            continue
        start, end = ends[0].rects[wire.column], ends[1].rects[wire.row]
        style, width, opacity = look(wire, top, widest)
        if weights.target - weights.source > 1:
            lane = lanes.setdefault((wire.weights, wire.column), len(lanes))
            height = grid.tops[ends[0].row] + 52 + 5.0 * (lane % 6)
            path = _over(start, end, height, style, width, opacity)
        else:
            few = len(network.layers) <= DEEP and int(weights.mask.sum()) <= LABELLED
            path = _across(start, end, style, width, opacity, 0.2 if few else 0.45)
        drawn.append((wire, path, weight_text(network, wire, backward)))
    if len(drawn) > MOST_TOOLTIPS:
        groups = [Group("wires", tuple(path for _, path, _ in drawn))]
    else:
        groups = [Group("wire", (path,), "", label) for _, path, label in drawn]
    return groups + _labels(network, grid, drawn)


def _ends(grid: Grid, weights: Weights) -> tuple[Column, Column] | None:
    """The columns between which wires are drawn: in one row of columns."""
    target = next(c for c in grid.columns if c.layer == weights.target and not c.again)
    sources = [c for c in grid.columns if c.layer == weights.source and c.row == target.row]
    return (sources[0], target) if sources else None


def _widest(network: Network) -> float:
    most = max(len(layer.neurons) for layer in network.layers)
    return 5.5 if most <= 4 else 7.0 if most <= 8 else 6.0


def look(wire: Wire, top: float, widest: float) -> tuple[str, float, float]:
    """Style, width and opacity of a line, where the largest size is ``top``."""
    if wire.plain:
        return "muted-lane", 1.4, 0.6
    if not math.isfinite(wire.size):
        return "dashed-lane", 1.6, 1.0
    if wire.size == 0 or top == 0:
        return "muted-lane", 0.8, 0.3
    share = abs(wire.size) / top
    style = "positive-lane" if wire.size > 0 else "negative-lane"
    opacity = 0.16 if wire.silent else 0.35 + 0.55 * share
    width = max(widest * share, 0.5)
    return style, round(width, 2), round(opacity, 2)


def _across(
    start: Rect, end: Rect, style: str, width: float, opacity: float, curved: float
) -> Path:
    x0, y0, x1, y1 = start.right, start.middle[1], end.x, end.middle[1]
    bend = (x1 - x0) * curved
    return Path((x0, y0), ((x0 + bend, y0, x1 - bend, y1, x1, y1),), style, width, opacity)


def _over(start: Rect, end: Rect, height: float, style: str, width: float, opacity: float) -> Path:
    """A wire that skips layers passes above them."""
    x0, y0, x1, y1 = start.right, start.middle[1], end.x, end.middle[1]
    steps = (
        (x0 + 34, y0, x0 + 12, height, x0 + 60, height),
        (x1 - 60, height),
        (x1 - 12, height, x1 - 34, y1, x1, y1),
    )
    return Path((x0, y0), steps, style, width, opacity)


def weight_name(network: Network, wire: Wire) -> str:
    """Such as w₂₁, or w₁₂,₃ where digits would run together."""
    weights = network.weights[wire.weights]
    layers = network.layers
    ends = []
    for layer, place in ((weights.target, wire.row), (weights.source, wire.column)):
        found = layers[layer]
        several = (found.size or len(found.neurons)) > 1
        ends.append(subscript(found.neurons[place].index + 1) if several else "")
    apart = "," if all(ends) and max(len(end) for end in ends) > 1 else ""
    return f"w{apart.join(ends)}"


def weight_text(network: Network, wire: Wire, backward: bool) -> str:
    """What is known of a line, as one line of text."""
    weights = network.weights[wire.weights]
    source = network.layers[weights.source].neurons[wire.column]
    target = network.layers[weights.target].neurons[wire.row]
    name = f"{source.name} → {target.name}"
    value = number(float(weights.values[wire.row, wire.column]))
    held = ", fixed" if wire.fixed else ""
    if not backward:
        return f"{name}: w = {value}{held}"
    loss = network.loss.name if network.loss else "L"
    delta = number(target.delta if target.delta is not None else math.nan)
    product = f"δ · {source.name} = {delta} × {factor(source.value)} = {number(wire.size)}"
    return f"{name}: w = {value}{held}; {by(loss, 'w')} = {product}"


def _labels(network: Network, grid: Grid, drawn: list[tuple[Wire, Path, str]]) -> list[Group]:
    """The numbers on the lines of layers that have few, each where it hides least."""
    groups: list[Group] = []
    if len(network.layers) > DEEP:
        return groups
    taken = [rect for column in grid.columns for rect in column.rects]
    for index, weights in enumerate(network.weights):
        here = [(w, path) for w, path, _ in drawn if w.weights == index and not w.plain]
        if len(here) > LABELLED or weights.target - weights.source > 1:
            continue
        here.sort(key=lambda entry: (entry[0].column, entry[0].row))
        spots: list[Rect] = []
        points = {wire: [point_at(path, t / 20) for t in range(21)] for wire, path in here}
        for wire, path in here:
            text = short(wire.size)
            width = text_width(text, LABEL) + 7
            spot = _spot(wire, path, width, taken, points, spots)
            if spot is None:
                continue
            taken.append(spot)
            spots.append(spot)
            x, y = spot.middle
            colour = "positive" if wire.size > 0 else "negative" if wire.size < 0 else "muted"
            shapes = (
                Block(spot, "background", 4),
                Text(x, y + 4, (Span(text, colour, LABEL),), "middle"),
            )
            groups.append(Group("label", shapes))
    return groups


def _spot(
    wire: Wire,
    path: Path,
    width: float,
    taken: list[Rect],
    points: dict[Wire, list[tuple[float, float]]],
    labels: list[Rect],
) -> Rect | None:
    best: tuple[float, Rect] | None = None
    for step in (10, 8, 12, 7, 13, 6, 14, 9, 11, 5, 15):
        x, y = point_at(path, step / 20)
        rect = Rect(x - width / 2, y - 8, width, 16)
        if any(rect.overlaps(other, 3) for other in taken):
            continue
        hidden = sum(
            rect.x <= px <= rect.right and rect.y <= py <= rect.bottom
            for other, line in points.items()
            if other is not wire
            for px, py in line
        )
        near = sum(rect.overlaps(other, 10) for other in labels)
        cost = hidden + 1.5 * near + abs(step - 10) * 0.05
        if best is None or cost < best[0]:
            best = cost, rect
    return None if best is None else best[1]


def point_at(path: Path, t: float) -> tuple[float, float]:
    """A point of a curve, from 0 at its start to 1 at its end."""
    x0, y0 = path.start
    x1, y1, x2, y2, x3, y3 = path.steps[0]
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3
