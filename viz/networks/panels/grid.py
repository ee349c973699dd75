"""Where the neurons of a panel stand: layers as columns, long networks in rows of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from viz.draw.metrics import text_width
from viz.geometry import Rect
from viz.networks.model import Network, Weights
from viz.networks.panels.numbers import activation_name
from viz.text.formatting import number

__all__ = ["HEAD", "Arrangement", "Column", "Grid", "arrange", "head_lines", "loss_lines"]

PAD = 22.0
TITLE = 46.0
HEAD = 48.0
FOOT = 38.0
BETWEEN = 26.0
LARGE, SMALL = (76.0, 44.0), (58.0, 24.0)
PITCH = {LARGE: 72.0, SMALL: 38.0}
FEW = 6
DEEP = 9
LABELLED = 12
BEST = 1.7
MOST_ROWS = 24
LIFT = 4.0
"""So far above the middle stand neurons, below which biases hang."""


@dataclass(frozen=True, slots=True)
class Column:
    """One layer in one row of a panel.

    Attributes:
        layer: its number.
        row: number of the row of columns.
        rects: of its neurons.
        large: whether they have room for names.
        again: whether it is the last column of the row above, repeated.
    """

    layer: int
    row: int
    rects: tuple[Rect, ...]
    large: bool
    again: bool = False

    @property
    def x(self) -> float:
        """The middle."""
        return self.rects[0].middle[0]


@dataclass(frozen=True, slots=True)
class Grid:
    """The places in one panel, from its upper left corner.

    Attributes:
        columns: from the inputs on.
        tops: of each row of columns, where its heads begin.
        body: height of the neurons of a row.
        loss: the box of the loss; `None` for none.
        width: of the panel.
        height: of the panel.
        skips: room above the neurons for wires that skip layers.
    """

    columns: tuple[Column, ...]
    tops: tuple[float, ...]
    body: float
    loss: Rect | None
    width: float
    height: float
    skips: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The grid of each panel, and whether the second stands below the first."""

    grid: Grid
    stacked: bool


def head_lines(network: Network, layer: int) -> tuple[str, str]:
    """The two lines over a column."""
    found = network.layers[layer]
    if layer == 0:
        return found.name, "one sample"
    name = activation_name(found.activation)
    arriving = [weights for weights in network.weights if weights.target == layer]
    if not found.activation and all(_is_fixed(weights) for weights in arriving):
        name = "sum"
    silent = found.silent_left_out + sum(neuron.slope == 0 for neuron in found.neurons)
    if found.activation and silent:
        size = found.size or len(found.neurons)
        return found.name, f"{name} · {size - silent} of {size} on"
    return found.name, name


def _is_fixed(weights: Weights) -> bool:
    return weights.fixed is not None and bool((weights.fixed == weights.mask).all())


def loss_lines(network: Network) -> tuple[str, str, str]:
    """Name, formula and targets of the loss."""
    loss = network.loss
    if loss is None:
        return "", "", ""
    if not loss.targets:
        return loss.name, loss.formula, ""
    letter = "y" if "y" in loss.formula or "σ" in loss.formula or loss.kind else "t"
    if loss.formula.startswith("− ln"):
        letter = "y"
    if loss.kind and sum(t == 1 for t in loss.targets) == 1 and set(loss.targets) <= {0.0, 1.0}:
        last = network.layers[-1].neurons
        place = loss.targets.index(1.0)
        known = place < len(last)
        return loss.name, loss.formula, f"target {last[place].name}" if known else ""
    texts = [f"{t:.4g}".replace("-", "−") for t in loss.targets[:4]]
    dots = ", …" if len(loss.targets) > 4 else ""
    inside = ", ".join(texts) + dots
    return loss.name, loss.formula, f"{letter} = {inside if len(texts) == 1 else f'({inside})'}"


def arrange(network: Network, panels: int) -> Arrangement:
    """Places for a network: as many rows of columns as make the picture fit a page best."""
    best: tuple[float, Arrangement] | None = None
    most = max(1, (len(network.layers) - 1) // 3)
    choices = [(r, 1.0) for r in range(1, min(most, MOST_ROWS) + 1) if _whole(network, r)]
    for rows, stretch in [*choices, (1, 1.2), (1, 1.4), (1, 1.6)]:
        grid = _grid(network, rows, stretch)
        for stacked in (False, True)[:panels]:
            across = 1 if stacked else panels
            down = panels if stacked else 1
            width = across * grid.width + (across - 1) * BETWEEN
            height = down * grid.height + (down - 1) * BETWEEN + 130
            off = abs(math.log(width / height / BEST))
            # One row of columns, close neurons and panels side by side are preferred.
            off += 0.25 * (rows > 1) + 0.1 * stacked + 0.2 * (stretch - 1)
            if best is None or off < best[0] - 1e-9:
                best = off, Arrangement(grid, stacked)
    assert best is not None
    return best[1]


def _whole(network: Network, rows: int) -> bool:
    """Whether in so many rows no wire leads from one row to another."""
    per_row = math.ceil((len(network.layers) - 1) / rows)
    return all(
        (weights.target - 1) // per_row == weights.source // per_row for weights in network.weights
    )


def _grid(network: Network, rows: int, stretch: float) -> Grid:
    layers = network.layers
    deep = len(layers) > DEEP
    sizes = [LARGE if len(layer.neurons) <= FEW and not deep else SMALL for layer in layers]
    per_row = math.ceil((len(layers) - 1) / rows)
    skips = 0.0
    if any(w.target - w.source > 1 for w in network.weights):
        skips = 34.0
    body = max(
        len(layer.neurons) * PITCH[size] * stretch + 22.0 * bool(layer.left_out)
        for layer, size in zip(layers, sizes, strict=True)
    )
    body = max(body, 84.0 if network.loss else 0.0) + skips
    step = HEAD + body + FOOT
    columns: list[Column] = []
    tops: list[float] = []
    width, loss = 0.0, None
    for row in range(rows):
        first = row * per_row
        last = min(first + per_row, len(layers) - 1)
        if first >= last and row:
            break
        top = TITLE + row * step
        tops.append(top)
        x = PAD
        middle = top + HEAD + skips + (body - skips) / 2
        for layer in range(first, last + 1):
            need = max(_head_width(network, layer), sizes[layer][0])
            if layer > first:
                x += _gap(network, layer, sizes)
                short = (need - sizes[layer][0]) / 2 + (
                    _head_width(network, layer - 1) - sizes[layer - 1][0]
                ) / 2
                x += max(0.0, short + 16 - _gap(network, layer, sizes))
            else:
                x += max(0.0, (need - sizes[layer][0]) / 2 - 8)
            rects = _stack(x, middle, len(layers[layer].neurons), sizes[layer], stretch)
            columns.append(Column(layer, row, rects, sizes[layer] is LARGE, layer == first > 0))
            x += sizes[layer][0]
        over = (_head_width(network, last) - sizes[last][0]) / 2 - 8
        if last == len(layers) - 1 and network.loss is not None:
            box = _loss_size(network)
            x += max(64.0, over + 24)
            loss = Rect(x, middle - LIFT - box[1] / 2, *box)
            x += box[0]
            over = 0.0
        width = max(width, x + max(0.0, over) + PAD)
    return Grid(
        tuple(columns), tuple(tops), body, loss, max(width, 330.0), TITLE + len(tops) * step + 6,
        skips,
    )  # fmt: skip


def _head_width(network: Network, number: int) -> float:
    name, sub = head_lines(network, number)
    return min(max(text_width(name, 13, True), text_width(sub, 11.5)), 150.0)


def _gap(network: Network, number: int, sizes: list[tuple[float, float]]) -> float:
    """The room for the wires that lead to a column from the one before it."""
    before, here = (len(network.layers[i].neurons) for i in (number - 1, number))
    if len(network.layers) > DEEP:
        return 58.0
    if before * here <= LABELLED:
        return 112.0 + 6.5 * before * here
    return min(max(58.0 + 3.2 * (before + here), 90.0), 160.0)


def _stack(
    x: float, middle: float, count: int, size: tuple[float, float], stretch: float
) -> tuple[Rect, ...]:
    width, height = size
    pitch = PITCH[size] * stretch
    # A bias hangs below each neuron, so that the column's middle is a little below theirs.
    top = middle - (count - 1) * pitch / 2 - height / 2 - LIFT
    return tuple(Rect(x, top + i * pitch, width, height) for i in range(count))


def _loss_size(network: Network) -> tuple[float, float]:
    name, formula, targets = loss_lines(network)
    value = number(network.loss.value) if network.loss else ""
    widths = [text_width(name, 15, True), text_width(value, 18, True), 66.0]
    width = max(*widths, text_width(formula, 12), text_width(targets, 12))
    return min(width, 250.0) + 24.0, 78.0 if formula else 60.0
