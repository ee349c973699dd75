"""A small card: a parameter that hangs below what uses it, or one that repeats another."""

from __future__ import annotations

from viz.cards.bars import draw_bars
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Shape, Span, Text
from viz.geometry import Rect
from viz.model import Card
from viz.text.formatting import MISSING

__all__ = ["SMALL_HEIGHT", "draw_small", "small_size"]

PAD = 9.0
NAME, SHAPE, NUMBER = 13.0, 11.0, 12.0
SMALL_HEIGHT, FULL_HEIGHT = 26.0, 46.0
NARROWEST, WIDEST = 84.0, 190.0
BAR_HEIGHT, BAR_GAP = 14.0, 8.0


def small_size(card: Card) -> tuple[float, float]:
    """Width and height of a card drawn small."""
    name = text_width(card.name, NAME, bold=True)
    shape = 6 + text_width(card.shape, SHAPE) if card.shape else 0.0
    if card.twin:
        return min(WIDEST, max(44.0, name + shape + 2 * PAD)), SMALL_HEIGHT
    first = name + shape
    first += 10 + text_width(_number(card), NUMBER)
    second = 0.0
    if card.value_histogram is None:
        second = text_width(card.gradient_label, SHAPE) + 8 + text_width(card.gradient, NUMBER)
    width = min(WIDEST, max(NARROWEST, first + 2 * PAD, second + 2 * PAD))
    return width, FULL_HEIGHT if card.gradient_label or card.value_histogram else SMALL_HEIGHT


def _number(card: Card) -> str:
    """The number in the first line: a tensor's gradient, for the values are its bars."""
    if card.value_histogram is None:
        return card.value
    return card.gradient if card.gradient_label else card.value


def draw_small(card: Card, rect: Rect) -> tuple[Shape, ...]:
    """The shapes of a small card."""
    left, right = rect.x + PAD, rect.right - PAD
    pale = bool(card.twin)
    shapes: list[Shape] = [Block(rect, card.role, radius=7, opacity=0.45 if pale else 1.0)]
    base = rect.y + 17.5
    if pale:
        name = fit(card.name, NAME, right - left, bold=True)
        spans = [Span(name, "muted", NAME, bold=True)]
        room = right - left - text_width(name, NAME, bold=True)
        if card.shape and room >= 6 + text_width(card.shape, SHAPE):
            spans.append(Span(card.shape, "muted", SHAPE, gap=6))
        return (*shapes, Text(left, base, tuple(spans)))
    number = fit(_number(card), NUMBER, 0.7 * (right - left))
    room = right - left - text_width(number, NUMBER) - 8
    name = fit(card.name, NAME, room, bold=True)
    spans = [Span(name, "ink", NAME, bold=True)]
    room -= text_width(name, NAME, bold=True)
    if card.shape and room >= 8 + text_width(card.shape, SHAPE):
        spans.append(Span(card.shape, "muted", SHAPE, gap=6))
    tensor = card.value_histogram is not None
    style = "backward" if tensor and card.gradient_label else "forward"
    style = "muted" if number == MISSING else style
    shapes += [
        Text(left, base, tuple(spans)),
        Text(right, base, (Span(number, style, NUMBER),), "end"),
    ]
    base = rect.bottom - 7
    if tensor:
        width = (right - left - BAR_GAP) / 2
        for bars, x, look in (
            (card.value_histogram, left, "forward"),
            (card.gradient_histogram, left + width + BAR_GAP, "backward"),
        ):
            if bars is not None:
                shapes += draw_bars(bars, Rect(x, base - BAR_HEIGHT, width, BAR_HEIGHT), look)
    elif card.gradient_label:
        gradient = fit(card.gradient, NUMBER, 0.75 * (right - left))
        label = fit(card.gradient_label, SHAPE, right - left - text_width(gradient, NUMBER) - 6)
        look = "muted" if gradient == MISSING else "backward"
        shapes += [
            Text(left, base, (Span(label, "muted", SHAPE),)),
            Text(right, base, (Span(gradient, look, NUMBER),), "end"),
        ]
    return tuple(shapes)
