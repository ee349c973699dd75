"""What stands on the right of a small network: how its outputs are judged, and what that sends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

import autodiff as ad
from viz.draw.metrics import fit, text_width
from viz.draw.prose import Phrase, paragraph
from viz.draw.scene import Block, Group, Span, Text
from viz.geometry import Rect
from viz.networks.chips.cards import lined_card
from viz.networks.chips.lanes import arrow, bend, head, lane_width, most_carried
from viz.networks.chips.lines import SIZE, Line, width_of
from viz.networks.chips.places import BODY_TOP, Places
from viz.networks.chips.symbols import Symbols, digits
from viz.networks.model import Network
from viz.networks.planes.amplifiers import Flow
from viz.networks.planes.error_terms import error_term
from viz.text.formatting import clean, number, subscript

__all__ = ["Judged", "judge", "probabilities"]

FRAME_INSIDE, BAR, AFTER_BAR, BEFORE_LOSS = 18.0, 36.0, 34.0, 46.0
COMMENT = "log and softmax cancel: only p − y goes back, and what one class gains, the others lose"


@dataclass(frozen=True, slots=True)
class Judged:
    """The drawn loss.

    Attributes:
        groups: what is drawn, back to front.
        errors: the first of the cards that compare outputs with targets; `None` without targets.
        loss: the card of the loss.
        right: x of the right end of all.
    """

    groups: tuple[Group, ...]
    errors: Rect | None
    loss: Rect
    right: float


def probabilities(network: Network) -> list[float]:
    """The softmax of the outputs, by the rule of the table."""
    outputs = [neuron.value for neuron in network.layers[-1].neurons]
    found: list[float] = ad.softmax(np.array(outputs, dtype=float)).tolist()
    return found


def judge(network: Network, symbols: Symbols, flow: Flow, places: Places) -> Judged:
    """Draw the loss, and the lanes between it and the last layer."""
    cards, most = places.columns[-1].cards, most_carried(network, flow)
    sent = [float(x) for x in flow.received[-1]]
    groups: list[Group] = []
    x = places.right + _gap(symbols, sent)
    loss = network.loss
    errors: list[Rect] = []
    if loss is not None and len(loss.targets) == len(cards):
        frame = x
        if symbols.softmax:
            x += FRAME_INSIDE + BAR + AFTER_BAR
        term = error_term(network, sent)
        lines = [_error_lines(network, symbols, n, sent[n], term) for n in range(len(cards))]
        width = max(138.0, *map(width_of, lines))
        errors = [Rect(x, card.middle[1] - 47, width, 94) for card in cards]
        made = [lined_card(rect, line, "op", "") for rect, line in zip(errors, lines, strict=True)]
        if symbols.softmax:
            made = [
                _with_bar(g, r, p)
                for g, r, p in zip(made, errors, probabilities(network), strict=True)
            ]
        groups += made
        x = errors[0].right + BEFORE_LOSS
        for row, (card, error) in enumerate(zip(cards, errors, strict=True)):
            end = frame if symbols.softmax else error.x
            y, width = card.middle[1], lane_width(sent[row], most)
            stop = frame + FRAME_INSIDE if symbols.softmax else error.x
            groups.append(arrow(card.right, stop, y - 5, "forward", 1.4))
            groups.append(arrow(end, card.right, y + 5, "backward", width, sent[row] == 0))
            if symbols.softmax:
                groups.append(arrow(frame + FRAME_INSIDE + BAR, error.x, y - 5, "forward", 1.4))
                groups.append(_label(symbols, row, sent[row], (card.right + frame) / 2, y + 26))
    room, loss_card = _loss_card(network, symbols, x, places, errors)
    groups += _to_loss(network, flow, errors or list(cards), room, symbols, most)
    groups.append(loss_card)
    right = room.right
    if symbols.softmax:
        frame_room = Rect(frame, BODY_TOP - 8, right + FRAME_INSIDE - frame, 0)
        frame_room = replace(frame_room, height=places.bottom + 10 - frame_room.y)
        groups = [*_frame(symbols, frame_room, errors), *groups, *_comment(room, frame_room)]
        right = frame_room.right
    return Judged(tuple(groups), errors[0] if errors else None, room, right)


def _gap(symbols: Symbols, sent: list[float]) -> float:
    if not symbols.softmax:
        return 110.0
    widths = [text_width(_difference(row, x), 12.5, True) for row, x in enumerate(sent)]
    return max(widths) + 30.0


def _difference(row: int, sent: float) -> str:
    index = subscript(row + 1)
    return f"p{index} − y{index} = {number(sent, 3)}"


def _label(symbols: Symbols, row: int, sent: float, x: float, y: float) -> Group:
    name, _, value = _difference(row, sent).rpartition(" ")
    spans = (Span(name, "backward", 12.5), Span(value, "backward", 12.5, True, 4.0))
    return Group("label", (Text(x, y, spans, "middle"),))


def _error_lines(
    network: Network, symbols: Symbols, row: int, sent: float, term: str
) -> list[Line]:
    last = len(network.layers) - 1
    target = network.loss.targets[row] if network.loss else 0.0
    index = subscript(row + 1) if len(network.layers[-1].neurons) > 1 else ""
    if symbols.softmax:
        right = target == 1
        found = Line(f"p{index}", digits(probabilities(network)[row]), "forward", True)
        wanted = Line(f"y{index}" + ("  target" if right else ""), digits(target), "forward")
        return [
            found,
            wanted,
            Line(f"p{index} − y{index}", digits(sent), "backward", True, ruled=True),
        ]
    name = symbols.value(last, row)
    value = network.layers[-1].neurons[row].value
    called = term.format(f"{name} − t{index}") if term else symbols.by(name)
    return [
        Line(name, digits(value), "forward", True),
        Line(f"t{index}", digits(target), "forward"),
        Line(called, digits(sent), "backward", True, ruled=True),
    ]


def _with_bar(group: Group, rect: Rect, share: float) -> Group:
    """A card with a bar behind its first line."""
    room = rect.width - 24 - text_width(digits(share), SIZE, True)
    bar = Rect(rect.x + 8, rect.y + 9, max(share, 0.0) * room, 20)
    first, *rest = group.shapes
    return replace(group, shapes=(first, Block(bar, "forward", 3.0, 0.16), *rest))


def _loss_card(
    network: Network, symbols: Symbols, x: float, places: Places, errors: list[Rect]
) -> tuple[Rect, Group]:
    loss = network.loss
    name = symbols.result
    formula = fit(clean(loss.formula), 13, 190, True) if loss and loss.formula else ""
    y = (places.top + places.bottom) / 2
    row = symbols.true_class
    if row is not None:
        formula, y = f"− ln p{subscript(row + 1)}", errors[row].middle[1]
    above = f"{name} = {formula}" if formula else name
    value = loss.value if loss else network.layers[-1].neurons[0].value
    below = f"{symbols.by(name)} = 1"
    width = max(text_width(above, 13.5, True), text_width(digits(value), 17, True), 92.0) + 26
    rect = Rect(x, y - 43, width, 86)
    middle = rect.middle[0]
    shapes = (
        Block(rect, "output", 9.0),
        Text(middle, y - 18, (Span(above, "ink", 13.5, True),), "middle"),
        Text(middle, y + 7, (Span(digits(value), "forward", 17, True),), "middle"),
        Text(middle, y + 30, (Span(below, "backward", 13),), "middle"),
    )
    return rect, Group("card", shapes, label=f"{name} = {digits(value)}")


def _to_loss(
    network: Network,
    flow: Flow,
    sources: list[Rect],
    card: Rect,
    symbols: Symbols,
    most: float,
) -> list[Group]:
    """From the cards that are judged to that of the loss, and back if it is not the softmax."""
    row = symbols.true_class
    rows = list(range(len(sources))) if row is None else [row]
    step = min(22.0, (card.height - 26) / max(len(rows) - 1, 1))
    groups = []
    for place, row in enumerate(rows):
        source = sources[row]
        y = card.middle[1] + (place - (len(rows) - 1) / 2) * step
        start, end = (source.right, source.middle[1]), (card.x, y)
        sent = float(flow.received[-1][row])
        shapes = bend(
            start, (end[0] - 6, end[1]), 0 if symbols.softmax else -3, "forward", 1.4, False
        )
        shapes.append(head(end[0], end[1] - (0 if symbols.softmax else 3), -1, 1.0, "forward"))
        if not symbols.softmax:
            shapes += bend(start, end, 3, "backward", lane_width(sent, most), sent == 0)
        groups.append(Group("wire", tuple(shapes)))
    return groups


def _frame(symbols: Symbols, room: Rect, errors: list[Rect]) -> list[Group]:
    """The frame of softmax and cross-entropy, with the bar that every logit enters."""
    last = len(symbols.network.layers) - 1
    letter = symbols.letter(last)
    bar = Rect(room.x + FRAME_INSIDE, errors[0].y + 4, BAR, errors[-1].bottom - errors[0].y - 8)
    title = (
        Span("softmax + cross-entropy", "ink", 13, True),
        Span(f"one function of {letter}", "muted", 12.5, gap=8.0),
    )
    text = f"pₖ = exp {letter}ₖ / Σ exp {letter}"
    turned = Text(bar.middle[0] + 5, bar.middle[1], (Span(text, "ink", 13, True),), "middle", -90.0)
    return [
        Group("ground", (Block(room, "judged", 12.0), Text(room.x + 16, room.y + 24, title))),
        Group("card", (Block(bar, "op", 8.0), turned), label=text),
    ]


def _comment(card: Rect, frame: Rect) -> list[Group]:
    """A sentence below the loss, or above it where there is more room."""
    width = card.width + 16
    lines = paragraph([Phrase(COMMENT)], 0, 0, width, 12.5, 17)
    tall = 17.0 * len(lines)
    below, above = frame.bottom - card.bottom, card.y - frame.y - 30
    if max(below, above) < tall + 24:
        return []
    top = card.bottom + 26 if below >= above else card.y - tall + 2
    moved = tuple(
        replace(line, x=card.middle[0], y=top + number * 17, anchor="middle")
        for number, line in enumerate(lines)
    )
    return [Group("label", moved)]
