"""The lines of the user's program around a difference."""

from __future__ import annotations

import linecache
from pathlib import Path

from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect

__all__ = ["draw_source"]

SIZE, LEADING, PAD = 12.5, 19.0, 14.0
AROUND = 2
WIDTH = 400.0


def draw_source(origin: tuple[str, int] | None, remark: str) -> tuple[list[Group], Rect]:
    """Some lines of a file, one of them marked; no shapes where the file cannot be read.

    Args:
        origin: file and line.
        remark: what stands beside the marked line.
    """
    lines = _lines(origin)
    if not lines or origin is None:
        return [], Rect(0, 0, 0, 0)
    height = 34 + LEADING * len(lines) + 10
    box = Rect(0, 0, WIDTH, height)
    shapes: list[Shape] = [Block(box, "frame", radius=8)]
    name = fit(Path(origin[0]).name, SIZE, WIDTH - 2 * PAD)
    shapes.append(Text(PAD, 24, (Span(name, "muted", SIZE),)))
    beside = text_width(remark, 12.0) + 16 if remark else 0.0
    for index, (number, text) in enumerate(lines):
        y = 34 + LEADING * index
        marked = number == origin[1]
        room = WIDTH - 2 * PAD - 38 - (beside if marked else 0.0)
        if marked:
            shapes.append(Block(Rect(1, y, WIDTH - 2, LEADING), "difference-ground", opacity=0.16))
        letters = max(4, int(room / (0.61 * SIZE)))
        text = text if len(text) <= letters else f"{text[: letters - 1]}…"
        style = "difference" if marked else "ink"
        shapes.append(Text(PAD, y + 14, (Span(str(number), style, SIZE, bold=marked),)))
        shapes.append(Text(PAD + 38, y + 14, (Span(text, style, SIZE, bold=marked, code=True),)))
        if marked and remark:
            shapes.append(Text(WIDTH - PAD, y + 14, (Span(remark, "difference", 12.0),), "end"))
    return [Group("source", tuple(shapes), "", f"{name}, line {origin[1]}")], box


def _lines(origin: tuple[str, int] | None) -> list[tuple[int, str]]:
    if origin is None:
        return []
    file, line = origin
    every = linecache.getlines(file)
    if not 0 < line <= len(every):
        return []
    numbers = range(max(1, line - AROUND), min(len(every), line + AROUND) + 1)
    texts = [every[number - 1].rstrip().expandtabs(4) for number in numbers]
    indents = [len(text) - len(text.lstrip()) for text in texts if text.strip()]
    indent = min(indents, default=0)
    return [(number, text[indent:]) for number, text in zip(numbers, texts, strict=True)]
