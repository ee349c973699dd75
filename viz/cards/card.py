"""One card: how large it must be, and what is on it."""

from __future__ import annotations

from viz.cards.bars import draw_bars
from viz.cards.small import SMALL_HEIGHT, draw_small, small_size
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect
from viz.model import Card
from viz.text.formatting import MISSING

__all__ = ["SAID_ONCE", "card_sizes", "draw_card", "spoken"]

PAD = 12.0
NAME, SMALL, TINY, VALUE = 15.0, 12.0, 11.5, 14.0
BARS, BAR_HEIGHT = 64.0, 18.0
USUAL, LARGEST = 196.0, 300.0
HEAD, LINE, ROW, TENSOR_ROW, FOOT = 26.0, 16.0, 19.0, 25.0, 10.0
PAPER = 3.5
SAID_ONCE = ("", "rms")
"""Labels of numbers on tensor cards that the legend explains, and no card repeats."""


def _tensor(card: Card) -> bool:
    return card.value_histogram is not None


def _in_two_lines(card: Card) -> bool:
    """Whether the formula stands below the name: on tensor cards, and where it is long."""
    return _tensor(card) or _one_line(card) + 2 * PAD + 1 > LARGEST


def _one_line(card: Card) -> float:
    head = text_width(card.name, NAME, bold=True) + 6 + text_width(_second(card), SMALL)
    right = _right_width(card)
    return head + 14 + right if right else head


def _rows(card: Card) -> int:
    return 1 + bool(card.gradient_label)


def card_sizes(cards: tuple[Card, ...]) -> list[tuple[float, float]]:
    """Width and height per card: one width for all, unless a card needs much more."""
    needs = [_needed(card) for card in cards]
    common = max((need for need in needs if need <= USUAL), default=110.0)
    common = max(110.0, common)
    return [
        small_size(card) if card.twin else (min(LARGEST, max(common, need)), _height(card))
        for card, need in zip(cards, needs, strict=True)
    ]


def _height(card: Card) -> float:
    if card.twin:
        return SMALL_HEIGHT
    if _tensor(card):
        return HEAD + LINE * bool(_second(card)) + FOOT + TENSOR_ROW * _rows(card)
    return HEAD + LINE * _in_two_lines(card) + FOOT + 2.0 + ROW * _rows(card)


def _needed(card: Card) -> float:
    if card.twin:
        return 0.0
    head = _one_line(card)
    if _in_two_lines(card):
        second = text_width(_second(card), SMALL)
        head = max(head - 6 - second, second)
    rows = [(card.value_label, card.value), (card.gradient_label, card.gradient)]
    if _tensor(card):
        body = BARS + 12 + max(text_width(_number(*row), VALUE) for row in rows)
    else:
        body = max(text_width(a, TINY) + 12 + text_width(b, VALUE) for a, b in rows)
    return max(head, body) + 2 * PAD + 1


def _number(label: str, value: str) -> str:
    """The number alone where the legend says what it is."""
    return value if label in SAID_ONCE else f"{label} {value}"


def _second(card: Card) -> str:
    """What follows the name: the formula, or the role where there is none."""
    return card.formula or card.role


def _right(card: Card) -> list[Span]:
    """What stands at the right end of the first line: the number of copies, and the shape."""
    spans = []
    if card.copies > 1:
        spans.append(Span(f"× {card.copies}", "difference", SMALL, bold=True))
    if card.shape:
        spans.append(Span(card.shape, "muted", TINY, gap=8.0 if spans else 0.0))
    return spans


def _right_width(card: Card) -> float:
    return sum(text_width(s.text, s.size, s.bold) + s.gap for s in _right(card))


def draw_card(
    card: Card, rect: Rect, heat: float | None, small: bool = False, mark: bool = False
) -> Group:
    """The shapes of one card.

    Args:
        card: what it says.
        rect: where it stands.
        heat: the gradient's size within the picture from 0 to 1, for the strip on the
            left; `None` draws no strip.
        small: whether it hangs below another card.
        mark: whether it is opened beside the picture.
    """
    data = (("role", card.role),)
    if small or card.twin:
        return Group("card", draw_small(card, rect), card.id, spoken(card), data)
    shapes: list[Shape] = []
    if card.copies > 1:
        # They look out above alone, so that they hide no arrow head.
        for far in (2 * PAPER, PAPER):
            paper = Rect(rect.x + far, rect.y - far, rect.width - 2 * far, rect.height)
            shapes.append(Block(paper, card.role, radius=8))
    shapes.append(Block(rect, card.role, radius=8))
    if mark:
        shapes.append(Block(rect.grown(-0.5), "difference-mark", radius=8))
    if heat is not None:
        strip = Rect(rect.x + 0.6, rect.y + 9, 3.6, rect.height - 18)
        shapes.append(Block(strip, "backward", opacity=round(0.12 + 0.88 * heat, 2)))
    left, right = rect.x + PAD, rect.right - PAD
    top = rect.y + (rect.height - _height(card)) / 2
    shapes += _header(card, left, right, top + 19.5)
    if _tensor(card):
        shapes += _distributions(card, left, right, top)
    else:
        shapes += _numbers(card, left, right, top)
    return Group("card", tuple(shapes), card.id, spoken(card), data)


def _header(card: Card, left: float, right: float, baseline: float) -> list[Shape]:
    room = right - left
    shapes: list[Shape] = []
    ending = _right(card)
    if ending:
        shapes.append(Text(right, baseline, tuple(ending), "end"))
        room -= _right_width(card) + 12
    name = fit(card.name, NAME, room, bold=True)
    spans = [Span(name, "ink", NAME, bold=True)]
    room -= text_width(name, NAME, bold=True) + 6
    if _in_two_lines(card):
        second = fit(_second(card), SMALL, right - left)
        shapes.append(Text(left, baseline + LINE, (Span(second, "muted", SMALL),)))
    elif room > 14:
        spans.append(Span(fit(_second(card), SMALL, room), "muted", SMALL, gap=6))
    return [Text(left, baseline, tuple(spans)), *shapes]


def _distributions(card: Card, left: float, right: float, top: float) -> list[Shape]:
    rows = [(card.value_label, card.value, card.value_histogram, "forward")]
    if card.gradient_label:
        gradient = (card.gradient_label, card.gradient, card.gradient_histogram, "backward")
        rows.append(gradient)
    shapes: list[Shape] = []
    top += HEAD + LINE * bool(_second(card))
    for index, (label, value, bars, style) in enumerate(rows):
        base = top + TENSOR_ROW * (index + 1) - 3
        # A card made wide by what hangs below it has wide bars, too.
        wide = max(BARS, min(160.0, 0.45 * (right - left)))
        text = fit(_number(label, value), VALUE, right - left - BARS - 8)
        wide = min(wide, right - left - text_width(text, VALUE) - 8)
        if bars is not None:
            shapes += draw_bars(bars, Rect(left, base - BAR_HEIGHT, wide, BAR_HEIGHT), style)
        look = "muted" if value == MISSING else style
        shapes.append(Text(right, base - 3, (Span(text, look, VALUE),), "end"))
    return shapes


def _numbers(card: Card, left: float, right: float, top: float) -> list[Shape]:
    rows = [(card.value_label, card.value, "forward")]
    if card.gradient_label:
        rows.append((card.gradient_label, card.gradient, "backward"))
    shapes: list[Shape] = []
    top += LINE * _in_two_lines(card)
    for index, (label, value, style) in enumerate(rows):
        base = top + HEAD + ROW * (index + 1) - 1
        value = fit(value, VALUE, 0.75 * (right - left))
        label = "" if value == MISSING and label in SAID_ONCE else label
        label = fit(label, TINY, right - left - text_width(value, VALUE) - 8)
        shapes.append(Text(left, base, (Span(label, "muted", TINY),)))
        style = "muted" if value == MISSING else style
        shapes.append(Text(right, base, (Span(value, style, VALUE),), "end"))
    return shapes


def spoken(card: Card) -> str:
    """The card in one sentence, for tooltips and screen readers."""
    parts = [f"{card.name} {card.formula}".strip(), card.role]
    if card.copies > 1:
        parts.append(f"{card.copies} alike")
    if card.shape:
        parts.append(f"shape {card.shape} {card.dtype}".strip())
    parts.append(f"{card.value_label} {card.value}".strip())
    if card.gradient_label:
        parts.append(f"gradient {card.gradient_label} {card.gradient}".strip())
    if card.opens:
        parts.append(f"opens with {card.opens}")
    if card.tooltip:
        parts.append(card.tooltip)
    return ", ".join(parts)
