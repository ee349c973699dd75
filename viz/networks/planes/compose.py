"""Both planes as one scene."""

from __future__ import annotations

import numpy as np

from viz.draw.metrics import text_width
from viz.draw.prose import Phrase, paragraph
from viz.draw.scene import Block, Group, Path, Polygon, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.planes.amplifiers import Amplifiers, Flow
from viz.networks.planes.bundles import amplifier_bundle, gradient_bundle, neuron_bundle
from viz.networks.planes.cards import (
    amplifier,
    delta_label,
    input_card,
    neuron_card,
    tie_end,
    two_lines,
)
from viz.networks.planes.labels import beside, least_covering, spread
from viz.networks.planes.notes import below, between
from viz.networks.planes.places import Places, places
from viz.networks.planes.wires import (
    Wire,
    backward_wires,
    draw_wire,
    forward_wires,
    seed_wires,
)
from viz.networks.planes.words import Words, short
from viz.text.formatting import clean

__all__ = ["compose"]

LABELLED = 40
"""With more wires than this, weights are not written on them."""
SUBTITLE = (
    "the same wires, run from the loss to the inputs; every neuron becomes a linear amplifier "
    "whose gain the forward pass has frozen"
)


def compose(
    network: Network, amplifiers: Amplifiers, flow: Flow, title: str, most: int | None, apart: float
) -> Scene:
    """Draw the forward network above, and the backward network below.

    Args:
        network: what is drawn.
        amplifiers: its backward network.
        flow: what flowed through that.
        title: over the picture.
        most: neurons of a layer that is not drawn as one card; `None` for what fits.
        apart: how far the flow is from the engine's gradients.
    """
    words = Words(network, amplifiers)
    wires = sum(int(w.mask.sum()) for w in network.weights)
    labelled = wires <= LABELLED
    where = places(network, amplifiers, flow, words, most, labelled)
    groups = [*_ground(where), *_ties(where)]
    groups += _upper(network, where, words, labelled)
    groups += _lower(network, where, words, amplifiers, flow, labelled)
    groups += between(network, where)
    notes = below(network, where, words, labelled, apart)
    head = [Text(24, 38, (Span(title, "ink", 23, True),))]
    note = f"  ·  {clean(network.note)}" if network.note else ""
    head += paragraph([Phrase(SUBTITLE + note)], 24, 61, where.width - 48, leading=17)
    groups.append(Group("title", tuple(head)))
    groups.append(Group("label", tuple(notes)))
    height = max(note.y for note in notes) + 22
    return Scene(where.width, height, tuple(groups), title, _described(network))


def _described(network: Network) -> str:
    sizes = "-".join(str(len(layer.neurons)) for layer in network.layers)
    return (
        f"A {sizes} network above, its backward pass below: the same wires and weights with the "
        "arrows reversed, every neuron an amplifier whose gain is the slope of its activation."
    )


def _ground(where: Places) -> list[Group]:
    groups = []
    names = (("Forward", "values →", "forward"), ("Backward", "← gradients", "backward"))
    for corners, top, (name, small, style) in zip(where.planes, where.top, names, strict=True):
        edge = Path(corners[0], (*corners[1:], corners[0]), "grid-lane", 1.0)
        shapes = (
            Polygon(corners, "plane"),
            edge,
            Text(24, top + 26, (Span(name, style, 20, True),)),
            Text(24, top + 47, (Span(small, "muted", 13),)),
        )
        groups.append(Group("ground", shapes))
    return groups


def _ties(where: Places) -> list[Group]:
    paths = []
    for column in where.columns[1:]:
        for above, under in zip(column.forward, column.backward, strict=True):
            x = under.middle[0]
            end = under.y if column.bundle else tie_end(under)
            paths.append(Path((x, above.bottom), ((x, end),), "tie-lane", 1.4))
    return [Group("tie", tuple(paths))]


def _upper(network: Network, where: Places, words: Words, labelled: bool) -> list[Group]:
    wires = forward_wires(network, where, labelled)
    cards: list[Group] = []
    for number, (layer, column) in enumerate(zip(network.layers, where.columns, strict=True)):
        if column.bundle:
            values = np.array([neuron.value for neuron in layer.neurons], dtype=float)
            cards.append(neuron_bundle(column.forward[0], layer, values))
            continue
        for rect, neuron in zip(column.forward, layer.neurons, strict=True):
            cards.append(
                neuron_card(rect, layer, neuron, words)
                if number
                else input_card(rect, neuron, words)
            )
    cards.append(_loss(network, where.loss[0], words))
    blocked = [rect for column in where.columns for rect in column.forward]
    return [*_drawn(wires), *_labels(wires, [*blocked, where.loss[0]], 0.56), *cards]


def _loss(network: Network, rect: Rect, words: Words) -> Group:
    above, below = words.loss_lines
    value = network.loss.value if network.loss else network.layers[-1].neurons[0].value
    x, y = rect.middle
    shift = 0 if below else 7
    shapes: list[Shape] = [
        Block(rect, "output", 9.0),
        Text(x, y - 17 + shift, (Span(above, "ink", 13, True),), "middle"),
        Text(x, y + 7 + shift, (Span(short(value), "forward", 17, True),), "middle"),
    ]
    if below:
        shapes.append(Text(x, y + 27, (Span(below, "muted", 12),), "middle"))
    return Group("card", tuple(shapes), label=f"{words.result} = {short(value)}")


def _lower(
    network: Network,
    where: Places,
    words: Words,
    amplifiers: Amplifiers,
    flow: Flow,
    labelled: bool,
) -> list[Group]:
    wires = backward_wires(network, where, flow, labelled)
    seeds = seed_wires(network, where, words, amplifiers, flow)
    lines = [wire.line for wire in (*wires, *seeds)]
    blocked = [rect for column in where.columns for rect in column.backward]
    blocked.append(where.loss[1])
    cards: list[Group] = []
    for number, (layer, column) in enumerate(zip(network.layers, where.columns, strict=True)):
        rects = column.backward
        if column.bundle and number:
            gains, deltas = amplifiers.gains[number], flow.deltas[number]
            cards.append(amplifier_bundle(rects[0], layer, gains, deltas))
        elif column.bundle:
            name = f"∂{words.result}/∂{layer.name}"
            cards.append(gradient_bundle(rects[0], name, flow.received[0]))
        elif not number:
            for rect, neuron, found in zip(rects, layer.neurons, flow.received[0], strict=True):
                name = words.gradient(neuron)
                cards.append(
                    two_lines(rect, name, short(found), "backward-outline", "backward", name)
                )
        else:
            for row, rect in enumerate(rects):
                gain, delta = amplifiers.gains[number][row], float(flow.deltas[number][row])
                name = words.delta(number, row)
                cards.append(amplifier(rect, gain, f"{name} = {short(delta)}", words))
                label, room = delta_label(rect, name, delta, lines, blocked)
                cards.append(label)
                blocked.append(room)
    for seed in seeds:
        width = text_width(seed.label, 12.5)
        room = least_covering(beside(seed.line, width, 15.0), lines, blocked)
        blocked.append(room)
        spans = (Span(seed.label, "backward", 12.5),)
        cards.append(Group("label", (Text(room.middle[0], room.bottom - 3, spans, "middle"),)))
    x, y = where.loss[1].middle
    seed_card: tuple[Shape, ...] = (
        Block(where.loss[1], "output", 9.0),
        Text(x, y - 17, (Span(f"∂{words.result}/∂{words.result}", "ink", 13, True),), "middle"),
        Text(x, y + 7, (Span("1", "backward", 17, True),), "middle"),
        Text(x, y + 26, (Span("seed", "muted", 12),), "middle"),
    )
    cards.append(Group("card", seed_card, label="the seed"))
    return [*_drawn([*wires, *seeds]), *_labels(wires, blocked, 0.5), *cards]


def _drawn(wires: list[Wire]) -> list[Group]:
    """Weak wires first, so that strong ones lie over them."""
    return [draw_wire(w) for w in sorted(wires, key=lambda w: (not w.zero, w.width))]


def _labels(wires: list[Wire], blocked: list[Rect], liked: float) -> list[Group]:
    sizes = [(text_width(w.label, 12) + 8, 15.0) if w.label else None for w in wires]
    fixed = [_over(w, size) for w, size in zip(wires, sizes, strict=True)]
    blocked = [*blocked, *filter(None, fixed)]
    free = [None if w.over else size for w, size in zip(wires, sizes, strict=True)]
    placed = spread([w.line for w in wires], free, blocked, liked)
    groups = []
    for wire, rect in zip(wires, [a or b for a, b in zip(fixed, placed, strict=True)], strict=True):
        if rect is not None:
            text = Text(rect.middle[0], rect.bottom - 3.3, (Span(wire.label, "ink", 12),), "middle")
            groups.append(Group("label", (Block(rect, "plane", 3.0), text)))
    return groups


def _over(wire: Wire, size: tuple[float, float] | None) -> Rect | None:
    """Where the label of a wire stands that passes over layers."""
    if wire.over is None or size is None:
        return None
    first, last, level = wire.over
    return Rect((first + last - size[0]) / 2, level - size[1] / 2, *size)
