"""What is written over and under the columns of a panel, and about its widest line."""

from __future__ import annotations

import math
import re
from itertools import pairwise

from viz.draw.metrics import fit, text_width
from viz.draw.scene import Group, Span, Text
from viz.networks.model import Loss, Network
from viz.networks.panels.grid import DEEP, FOOT, HEAD, Column, Grid, head_lines
from viz.networks.panels.numbers import by, short
from viz.networks.panels.wires import Wire, weight_name, wires_of
from viz.text.formatting import factor, number, subscript

__all__ = ["draw_captions", "panel_title", "widest_line"]


def panel_title(network: Network, backward: bool, width: float) -> Group:
    """``Forward`` or ``Backward``, and what its numbers are."""
    colour, name = ("backward", "Backward") if backward else ("forward", "Forward")
    loss = network.loss.name if network.loss else "L"
    known = any(w.gradients is not None for w in network.weights)
    after = 22 + text_width(name, 20, True) + 10
    texts = ("→ values: w on the lines, activations in the neurons", "→ w on lines, h in neurons")
    if backward:
        w, z = by(loss, "w"), by(loss, "z")
        texts = (
            f"← gradients: {w} on the lines, δ = {z} in the neurons",
            f"← {w} on lines, δ = {z}",
        )
        texts = texts if known else ("← gradients: not computed",) * 2
    text = next((t for t in texts if text_width(t, 13) <= width - after - 14), texts[-1])
    spans = (
        Span(name, colour, 20, True),
        Span(fit(text, 13, width - after - 14), "muted", 13, gap=10.0),
    )
    return Group("title", (Text(18, 34, spans),))


def draw_captions(network: Network, grid: Grid, backward: bool) -> list[Group]:
    """Heads of columns, formulas below their gaps."""
    groups: list[Group] = []
    for column in grid.columns:
        top = grid.tops[column.row]
        room = _room(grid, column)
        name, sub = head_lines(network, column.layer)
        style = "muted" if column.again else "ink"
        lines = (
            Text(column.x, top + 18, (Span(_short(name, room), style, 13, True),), "middle"),
            Text(column.x, top + 36, (Span(fit(sub, 11.5, room), "muted", 11.5),), "middle"),
        )
        groups.append(Group("head", lines))
    if grid.loss is not None and network.loss is not None:
        x, top = grid.loss.middle[0], grid.tops[-1]
        shapes = [Text(x, top + 18, (Span("loss", "ink", 13, True),), "middle")]
        kind = _kind(network.loss)
        if kind:
            span = Span(fit(kind, 11.5, grid.loss.width + 30), "muted", 11.5)
            shapes.append(Text(x, top + 36, (span,), "middle"))
        groups.append(Group("head", tuple(shapes)))
    return groups + _formulas(network, grid, backward)


_KINDS = (
    ("max(0,", "hinge"),
    ("²", "squared error"),
    ("ln", "cross-entropy"),
    ("|", "absolute error"),
)


def _short(name: str, room: float) -> str:
    """The name of a layer; where there is no room, without its class, as its path tells more.

    >>> _short("Linear [1].fc1", 80.0), _short("Linear [0]", 80.0)
    ('[1].fc1', 'Linear [0]')
    """
    path = name.partition(" ")[2]
    shown = path if path and text_width(name, 13, True) > room else name
    return fit(shown, 13, room, True)


def _kind(loss: Loss) -> str:
    """What a loss is called."""
    if loss.kind:
        return "softmax included"
    return next((name for sign, name in _KINDS if sign in loss.formula), "")


def _room(grid: Grid, column: Column) -> float:
    """How wide a head may be: up to the middle between two columns."""
    others = [c.x for c in grid.columns if c.row == column.row and c is not column]
    if grid.loss is not None and column.row == len(grid.tops) - 1:
        others.append(grid.loss.middle[0])
    near = min((abs(x - column.x) for x in others), default=160.0)
    return max(min(near - 12, 2 * (column.x - 6)), 40.0)


def _formulas(network: Network, grid: Grid, backward: bool) -> list[Group]:
    groups: list[Group] = []
    loss = network.loss.name if network.loss else "L"
    said = ""
    for before, column in pairwise(grid.columns):
        weights = [
            w
            for w in network.weights
            if (w.source, w.target) == (before.layer, column.layer) and before.row == column.row
        ]
        if not weights:
            continue
        if backward:
            if weights[0].gradients is None:
                continue
            text = _product(network, before.layer, column.layer, loss)
            if weights[0].fixed is not None and weights[0].fixed.sum() == weights[0].mask.sum():
                text = "δ passes on"
        else:
            text = _count(network, before.layer, column.layer)
        x = (before.rects[0].right + column.rects[0].x) / 2
        room = column.x - before.x - 8
        if text_width(text, 12.5) > room:
            text = text.removesuffix(" weights").removesuffix(" weight")
        repeated = len(network.layers) > DEEP and text == said
        said = text
        if repeated or text_width(text, 12.5) > room:
            continue
        y = grid.tops[column.row] + HEAD + grid.body + FOOT - 14
        style = "backward" if backward else "muted"
        groups.append(Group("formula", (Text(x, y, (Span(text, style, 12.5),), "middle"),)))
    return groups


def _product(network: Network, source: int, target: int, loss: str) -> str:
    """∂L/∂wᵢⱼ = δᵢ hⱼ, with the indices that there are."""
    layers = network.layers
    i = "ᵢ" if (layers[target].size or len(layers[target].neurons)) > 1 else ""
    j = "ⱼ" if (layers[source].size or len(layers[source].neurons)) > 1 else ""
    named = re.fullmatch(r"([^\W\d_])[₀-₉]*", layers[0].neurons[0].name)
    letter = "h" if source else named[1] if named else "x"
    return f"{by(loss, f'w{i}{j}')} = δ{i} {letter}{j}"


def _count(network: Network, source: int, target: int) -> str:
    count, fixed = 0, 0
    for weights in network.weights:
        if (weights.source, weights.target) == (source, target):
            layers = network.layers[target], network.layers[source]
            whole = [layer.size or len(layer.neurons) for layer in layers]
            fixed += 0 if weights.fixed is None else int(weights.fixed.sum())
            part = int(weights.mask.sum())
            count += whole[0] * whole[1] if part == weights.values.size else part
    if fixed == count:
        return "added"
    return f"{count} weight{'s' * (count != 1)}"


def widest_line(network: Network, backward: bool) -> list[tuple[Span, ...]]:
    """What the widest line is, in numbers: a head, a product, and what it gives."""
    wires = [
        w for w in wires_of(network, backward) if math.isfinite(w.size) and w.size and not w.plain
    ]
    if len(wires) < 4:
        return []
    wire: Wire = max(wires, key=lambda one: abs(one.size))
    weights = network.weights[wire.weights]
    source = network.layers[weights.source].neurons[wire.column]
    target = network.layers[weights.target].neurons[wire.row]
    head = (Span("the widest line", "muted", 12),)
    if not backward:
        return [
            head,
            (Span(f"{source.name} → {target.name}", "ink", 12),),
            (Span(f"{weight_name(network, wire)} = {short(wire.size)}", "forward", 12, True),),
        ]
    several = len(network.layers[weights.target].neurons) > 1
    delta = "δ" + (subscript(target.index + 1) if several else "")
    # Four digits of the factors, so that three of the product can be checked by hand.
    product = f"{number(target.delta or 0.0)} × {factor(source.value)}"
    return [
        head,
        (Span(f"{delta} {source.name} = {product}", "backward", 12),),
        (Span(f"= {number(wire.size, 3)}", "backward", 12, True),),
    ]
