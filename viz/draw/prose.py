"""Sentences under and over a picture: words in several styles, broken into lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from viz.draw.metrics import text_width
from viz.draw.scene import Span, Text

__all__ = ["Phrase", "paragraph"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in one style; with ``whole``, such as a formula, they stay on one line."""

    text: str
    style: str = "muted"
    bold: bool = False
    whole: bool = False


def paragraph(
    phrases: Sequence[Phrase],
    x: float,
    y: float,
    room: float,
    size: float = 13.0,
    leading: float = 21.0,
) -> list[Text]:
    """Lines of at most a width, the first one on the baseline ``y``.

    A phrase that begins or ends with a space is set apart from its neighbour. What alone is wider
    than a line stands on a line of its own.

    Example:
        >>> lines = paragraph([Phrase("one two "), Phrase("three", bold=True)], 0, 20, 60)
        >>> [("".join(span.text for span in line.spans), line.y) for line in lines]
        [('one two', 20.0), ('three', 41.0)]
    """
    lines: list[list[Span]] = [[]]
    used = 0.0
    for phrase in phrases:
        words = [phrase.text] if phrase.whole else _words(phrase.text)
        for word in words:
            width = text_width(word.rstrip(), size, phrase.bold)
            if lines[-1] and used + width > room:
                lines.append([])
                used = 0.0
            if not lines[-1]:
                word = word.lstrip()
            if word:
                lines[-1].append(Span(word, phrase.style, size, phrase.bold))
                used += text_width(word, size, phrase.bold)
    return [
        Text(x, float(y + number * leading), _merged(line))
        for number, line in enumerate(lines)
        if line
    ]


def _words(text: str) -> list[str]:
    """The words, each with the spaces after it; spaces before the first stand alone."""
    pieces: list[str] = []
    for char in text:
        if pieces and (char == " " or not pieces[-1].endswith(" ")):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """One span for neighbours of one style; spaces between styles as room, which viewers keep."""
    merged: list[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last and (last.style, last.bold) == (span.style, span.bold):
            merged[-1] = replace(last, text=last.text + span.text)
        else:
            merged.append(span)
    apart: list[Span] = []
    gap = 0.0
    for span in merged:
        before = len(span.text) - len(span.text.lstrip())
        after = len(span.text) - len(span.text.rstrip())
        space = text_width(" ", span.size)
        if span.text.strip():
            apart.append(replace(span, text=span.text.strip(), gap=gap + before * space))
            gap = after * space
        else:
            gap += len(span.text) * space
    return tuple(apart)
