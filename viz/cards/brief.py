"""A card in two lines: its name and formula, its value and its gradient."""

from __future__ import annotations

import re

from viz.cards.card import spoken
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect
from viz.model import Card
from viz.text.formatting import MISSING, number

__all__ = ["brief_size", "draw_brief"]

NAME, SMALL, NUMBER = 13.0, 11.0, 12.5
PAD = 7.0
NARROWEST, WIDEST, HEIGHT = 130.0, 240.0, 46.0
_NUMBER = re.compile(r"(−?[\d.]+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def brief_size(card: Card) -> tuple[float, float]:
    """Width and height that a card in two lines needs to be whole."""
    second = text_width(card.formula or card.role, SMALL)
    first = text_width(card.name, NAME, bold=True) + 6 + second
    numbers = text_width(card.value, NUMBER) + 16 + text_width(card.gradient, NUMBER)
    return min(WIDEST, max(NARROWEST, first + 2 * PAD, numbers + 2 * PAD)), HEIGHT


def draw_brief(card: Card, rect: Rect, kind: str = "card") -> Group:
    """The shapes of a card in two lines.

    Args:
        card: what it says.
        rect: where it stands.
        kind: of the group.
    """
    left, right = rect.x + PAD, rect.right - PAD
    name = fit(card.name, NAME, right - left, bold=True)
    spans = [Span(name, "ink", NAME, bold=True)]
    room = right - left - text_width(name, NAME, bold=True) - 5
    second = card.formula or card.role
    if room > 20:
        spans.append(Span(fit(second, SMALL, room), "muted", SMALL, gap=5))
    shapes: list[Shape] = [Block(rect, card.role, radius=5), Text(left, rect.y + 18, tuple(spans))]
    gradient = card.gradient if card.gradient_label else ""
    value, shown = _both(card.value, gradient, right - left - 8)
    for text, x, anchor, style in (
        (value, left, "start", "forward"),
        (shown, right, "end", "backward"),
    ):
        if text:
            look = "muted" if text == MISSING else style
            shapes.append(Text(x, rect.y + 37, (Span(text, look, NUMBER),), anchor))
    cut = value != card.value or shown != gradient
    whole = not cut and room > 20 and spans[-1].text == second and name == card.name
    label = f"{card.role}, {card.tooltip}" if whole and card.tooltip else spoken(card)
    return Group(kind, tuple(shapes), card.id, label)


def _both(value: str, gradient: str, room: float) -> tuple[str, str]:
    """Two numbers with as many digits as there is room for beside each other."""
    pairs = [(value, gradient), *((_with(value, n), _with(gradient, n)) for n in (3, 2, 1))]
    for pair in pairs:
        if sum(text_width(text, NUMBER) for text in pair) <= room:
            return pair
    half = room / 2 if gradient else room
    return fit(pairs[-1][0], NUMBER, half), fit(pairs[-1][1], NUMBER, half)


def _with(text: str, digits: int) -> str:
    """A number with fewer digits; what is no number stays."""
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return text
    plain = parts[1] + ("e" + parts[2].translate(_LOWERED) if parts[2] else "")
    return number(float(plain.replace("−", "-")), digits)
