"""Products as lines of text that fit into a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from viz.draw.metrics import fit, text_width
from viz.draw.scene import Group, Span, Text

__all__ = [
    "FONT",
    "LEADING",
    "Piece",
    "broken",
    "named",
    "named_width",
    "set_lines",
    "width_of",
]

FONT, LEADING = 15.0, 24.0
LOWER = 11.0

_DELTA = re.compile(r"δ_([^\s(),\[]+?)(ᵀ?)(?=[\s(),\[]|$)")

Piece = tuple[str, str]
"""A piece of a line, and what is set below the baseline behind it."""


def width_of(piece: Piece, size: float = FONT) -> float:
    """How wide a piece is."""
    return named_width(piece[0], size) + text_width(piece[1], LOWER)


def broken(
    pieces: Sequence[Piece], sign: str, room: float, start: str = "", most: int = 3
) -> list[list[Piece]]:
    """A product in as many lines as it needs.

    Args:
        pieces: the factors.
        sign: what stands between them; at the break it begins the new line.
        room: the width that there is.
        start: what stands before the first.
        most: lines, at most; what does not fit into them ends in an ellipsis.
    """
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for number, (text, below) in enumerate(pieces):
        piece = (f"{sign if number else start} {text}".strip(), below)
        gap = text_width(" ", FONT) if lines[-1] else 0.0
        if lines[-1] and used + gap + width_of(piece) > room:
            if len(lines) == most:
                lines[-1].append(("…", ""))
                break
            lines.append([])
            used = gap = 0.0
        fitted = (fit(piece[0], FONT, room), piece[1])
        lines[-1].append(fitted)
        used += gap + width_of(fitted)
    return lines


def set_lines(
    lines: Sequence[Sequence[Piece]], x: float, y: float, style: str, size: float = FONT
) -> Group:
    """Lines from a baseline on downwards."""
    texts = []
    for number, line in enumerate(lines):
        spans: list[Span] = []
        for place, (text, below) in enumerate(line):
            gap = text_width(" ", size) if place else 0.0
            first, *more = named(text, style, size)
            spans += [replace(first, gap=gap), *more]
            if below:
                spans.append(Span(below, style, LOWER, rise=-4.0))
        texts.append(Text(x, y + LEADING * number, tuple(spans)))
    return Group("formula", tuple(texts))


def named(text: str, style: str, size: float, bold: bool = False) -> tuple[Span, ...]:
    """A text in which the index of a δ is set below the line."""
    spans: list[Span] = []

    def add(piece: str, below: bool = False) -> None:
        # Spaces at the ends of a span are left out by viewers: they become gaps.
        gap = text_width(" ", size) * (spaced or piece.startswith(" "))
        font, rise = (max(LOWER, size * 0.72), -0.26 * size) if below else (size, 0.0)
        spans.append(Span(piece.strip(), style, font, bold, gap if spans else 0.0, rise))

    place, spaced = 0, False
    for found in _DELTA.finditer(text):
        before = text[place : found.start()]
        if before.strip():
            add(before)
        spaced = before.endswith(" ")
        add("δ")
        spaced = False
        add(found[1], below=True)
        if found[2]:
            add(found[2])
        place = found.end()
    if text[place:].strip() or not spans:
        add(text[place:])
    return tuple(spans)


def named_width(text: str, size: float = FONT) -> float:
    """How wide it is."""
    return sum(text_width(s.text, s.size) + s.gap for s in named(text, "ink", size))
