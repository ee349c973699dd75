"""One card: how large it must be, and what is on it."""

from __future__ import annotations

from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect
from viz.model import Card, Histogram
from viz.text.formatting import MISSING

__all__ = ["card_sizes", "draw_card", "spoken"]

PAD = 11.0
NAME, SMALL, TINY, VALUE = 14.0, 11.0, 10.5, 13.0
BARS, BAR_HEIGHT = 50.0, 15.0
USUAL, LARGEST = 176.0, 300.0
HEAD, ROW, TENSOR_ROW, FOOT = 25.0, 17.5, 22.0, 9.0


def _tensor(card: Card) -> bool:
    return card.value_histogram is not None


def _rows(card: Card) -> int:
    return 1 + bool(card.gradient_label)


def card_sizes(cards: tuple[Card, ...]) -> list[tuple[float, float]]:
    """Width and height per card: one width for all, unless a card needs much more."""
    needs = [_needed(card) for card in cards]
    common = max((need for need in needs if need <= USUAL), default=104.0)
    common = max(104.0, common)
    return [
        (min(LARGEST, max(common, need)), _height(card))
        for card, need in zip(cards, needs, strict=True)
    ]


def _height(card: Card) -> float:
    row = TENSOR_ROW if _tensor(card) else ROW
    return HEAD + FOOT + row * _rows(card) + (0.0 if _tensor(card) else 2.0)


def _needed(card: Card) -> float:
    head = text_width(card.name, NAME, bold=True) + 6
    head += text_width(_second(card), SMALL)
    if card.shape:
        head += 14 + text_width(card.shape, TINY)
    rows = [(card.value_label, card.value), (card.gradient_label, card.gradient)]
    if _tensor(card):
        body = BARS + 12 + max(text_width(f"{a} {b}", SMALL) for a, b in rows)
    else:
        body = max(text_width(a, TINY) + 12 + text_width(b, VALUE) for a, b in rows)
    return max(head, body) + 2 * PAD + 1


def _second(card: Card) -> str:
    """What follows the name: the formula, or the role where there is none."""
    return card.formula or card.role


def draw_card(card: Card, rect: Rect, heat: float | None) -> Group:
    """The shapes of one card.

    Args:
        card: what it says.
        rect: where it stands.
        heat: the gradient's size within the picture from 0 to 1, for the strip on the
            left; `None` draws no strip.
    """
    left, right = rect.x + PAD, rect.right - PAD
    shapes: list[Shape] = [Block(rect, card.role, radius=7)]
    if heat is not None:
        strip = Rect(rect.x + 0.6, rect.y + 8, 3.6, rect.height - 16)
        shapes.append(Block(strip, "backward", opacity=round(0.12 + 0.88 * heat, 2)))
    top = rect.y + (rect.height - _height(card)) / 2
    shapes += _header(card, left, right, top + 18.5)
    rows = [(card.value_label, card.value, card.value_histogram, "forward")]
    if card.gradient_label:
        gradient = (card.gradient_label, card.gradient, card.gradient_histogram, "backward")
        rows.append(gradient)
    for index, (label, value, bars, style) in enumerate(rows):
        if _tensor(card):
            base = top + HEAD + TENSOR_ROW * (index + 1) - 2
            if bars is not None:
                shapes += _bars(bars, left, base, style)
            text = fit(f"{label} {value}".strip(), SMALL, right - left - BARS - 8)
            shapes.append(Text(right, base - 2.5, (Span(text, style, SMALL),), "end"))
        else:
            base = top + HEAD + ROW * (index + 1) - 0.5
            value = fit(value, VALUE, 0.75 * (right - left))
            label = fit(label, TINY, right - left - text_width(value, VALUE) - 8)
            shapes.append(Text(left, base, (Span(label, "muted", TINY),)))
            style = "muted" if value == MISSING else style
            shapes.append(Text(right, base, (Span(value, style, VALUE),), "end"))
    return Group("card", tuple(shapes), card.id, spoken(card), (("role", card.role),))


def _header(card: Card, left: float, right: float, baseline: float) -> list[Shape]:
    room = right - left
    shapes: list[Shape] = []
    if card.shape:
        shapes.append(Text(right, baseline, (Span(card.shape, "muted", TINY),), "end"))
        room -= text_width(card.shape, TINY) + 12
    name = fit(card.name, NAME, room, bold=True)
    spans = [Span(name, "ink", NAME, bold=True)]
    room -= text_width(name, NAME, bold=True) + 6
    if room > 14:
        spans.append(Span(fit(_second(card), SMALL, room), "muted", SMALL, gap=6))
    return [Text(left, baseline, tuple(spans)), *shapes]


def _bars(histogram: Histogram, left: float, base: float, style: str) -> list[Shape]:
    tallest = max(histogram.counts, default=0)
    if not tallest:
        return []
    pitch = BARS / len(histogram.counts)
    shapes: list[Shape] = []
    for index, count in enumerate(histogram.counts):
        if count:
            height = max(0.8, BAR_HEIGHT * count / tallest)
            bar = Rect(left + index * pitch, base - height, pitch * 0.8, height)
            shapes.append(Block(bar, style))
    return shapes


def spoken(card: Card) -> str:
    """The card in one sentence, for tooltips and screen readers."""
    parts = [f"{card.name} {card.formula}".strip(), card.role]
    if card.shape:
        parts.append(f"shape {card.shape} {card.dtype}".strip())
    parts.append(f"{card.value_label} {card.value}".strip())
    if card.gradient_label:
        parts.append(f"gradient {card.gradient_label} {card.gradient}".strip())
    if card.tooltip:
        parts.append(card.tooltip)
    return ", ".join(parts)
