"""Numbers in a row as bars, with the factor between neighbours and rows of texts below."""

from __future__ import annotations

import math
from collections.abc import Callable

from viz.draw.axes import decades, ticks
from viz.draw.metrics import fit, text_width, wrap
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.model import Series
from viz.text.formatting import MISSING, number

__all__ = ["draw_series", "series_size"]

TITLE, TEXT, SMALL = 15.0, 13.0, 12.0
NARROWEST, PLOT = 420.0, 132.0
LEFT, AXIS, RIGHT = 190.0, 50.0, 150.0
TOP, ROW = 26.0, 24.0
BAR = 0.45
"""Share of its place that a bar takes; between two bars stands their ratio."""
WIDEST_BAR = 46.0
LEAST_PLACE = 30.0
TINIEST = 1e-300


def series_size(series: Series, width: float) -> tuple[float, float]:
    """Width and height of the drawn series beside a picture of that width."""
    needed = LEFT + AXIS + LEAST_PLACE * len(_shown(series)) + (RIGHT if series.remark else 0.0)
    height = TOP + PLOT + 24.0 + ROW * len(series.rows) + 8.0
    return max(width, NARROWEST, needed), height


def _shown(series: Series) -> list[int]:
    """Which of the numbers have a bar: all, or of very many one in every few."""
    count = len(series.values)
    step = -(-count // 40)
    return list(range((count - 1) % step, count, step)) if count else []


def draw_series(series: Series, width: float) -> Group:
    """The shapes of one series, the upper left corner at (0, 0)."""
    shapes: list[Shape] = [Path((0, 0), ((width, 0),), "grid-lane", 1.0)]
    shapes.append(Text(0, TOP + 6, (Span(fit(series.title, TITLE, LEFT + AXIS - 10, bold=True),
                                         "ink", TITLE, bold=True),)))  # fmt: skip
    note = fit(series.note, TEXT, LEFT - 10)
    shapes.append(Text(0, TOP + 28, (Span(note, "backward", TEXT, bold=True),)))
    if series.logarithmic:
        shapes.append(Text(0, TOP + 48, (Span("log scale", "muted", SMALL),)))
    shown = _shown(series)
    left, right = LEFT + AXIS, width - (RIGHT if series.remark else 0.0)
    plot = Rect(left, TOP + 14, right - left, PLOT - 14)
    scale, marks = _scale(series, plot)
    for y, text in marks:
        shapes.append(Path((plot.x, y), ((plot.right, y),), "grid-lane", 1.0))
        shapes.append(Text(plot.x - 10, y + 4, (Span(text, "muted", SMALL),), "end"))
    place = plot.width / max(1, len(shown))
    texts = _thinned([series.labels[n] for n in shown], place)
    tops = {n: scale(v) for n in shown if (v := series.values[n]) is not None}
    wide = min(WIDEST_BAR, place * BAR)
    numbers = place >= 1.1 * max(
        (text_width(_text(series.values[n]), SMALL) for n in shown), default=0.0
    )
    for index, n in enumerate(shown):
        x = plot.x + place * (index + 0.5)
        if n in tops:
            top = tops[n]
            bar = Rect(x - wide / 2, top, wide, max(1.0, plot.bottom - top))
            shapes.append(Block(bar, "backward"))
            if numbers:
                label = (Span(_text(series.values[n]), "backward", SMALL),)
                shapes.append(Text(x, top - 6, label, "middle"))
        else:
            shapes.append(Text(x, plot.bottom - 6, (Span(MISSING, "muted", SMALL),), "middle"))
        bold = index == len(shown) - 1
        shapes.append(
            Text(x, plot.bottom + 18, (Span(texts[index], "muted", SMALL, bold=bold),), "middle")
        )
        shapes += _ratio(series, shown, index, Rect(x, plot.y, place, plot.height), wide)
    y = plot.bottom + 18
    for heading, entries in series.rows:
        y += ROW
        text = fit(heading, TEXT, LEFT + AXIS - 14, bold=True)
        shapes.append(Text(0, y, (Span(text, "backward", TEXT, bold=True),)))
        cells = _thinned([entries[n] if n < len(entries) else "" for n in shown], place)
        for index, cell in enumerate(cells):
            x = plot.x + place * (index + 0.5)
            shapes.append(Text(x, y, (Span(cell, "muted", SMALL),), "middle"))
    if series.remark:
        shapes += _remark(series.remark, right + 18, TOP + 40, RIGHT - 18)
    return Group("series", tuple(shapes), label=f"{series.title}, {series.note}. {series.remark}")


def _text(value: float | None) -> str:
    return MISSING if value is None else number(value, 2)


def _thinned(texts: list[str], place: float) -> list[str]:
    """The texts, or only every second, third … where they would run into each other."""
    widest = max((text_width(text, SMALL) for text in texts), default=0.0) + 6
    step = max(1, math.ceil(widest / max(place, 1.0)))
    last = len(texts) - 1
    return [text if (last - index) % step == 0 else "" for index, text in enumerate(texts)]


def _scale(series: Series, plot: Rect) -> tuple[Callable[[float], float], list[tuple[float, str]]]:
    """From a number to its height, and the marks of the axis."""
    known = [v for v in series.values if v is not None and math.isfinite(v)]
    if series.logarithmic:
        positive = [v for v in known if v > 0] or [1.0]
        # The axis begins well below the smallest number, so that it has a bar, too.
        marks = decades(max(0.6 * min(positive), TINIEST), max(positive), 5)
        low, high = math.log10(marks[0][0]), math.log10(marks[-1][0])

        def height(value: float) -> float:
            place = math.log10(value) if value > 0 else low
            share = (min(max(place, low), high) - low) / (high - low)
            return plot.bottom - plot.height * share

        return height, [(height(value), text) for value, text in marks]
    low, high = min([0.0, *known]), max([0.0, *known])
    high = high if high > low else low + 1.0

    def linear(value: float) -> float:
        return plot.bottom - plot.height * (min(max(value, low), high) - low) / (high - low)

    return linear, [(linear(value), text) for value, text in ticks(low, high, 4)]


def _ratio(series: Series, shown: list[int], index: int, room: Rect, wide: float) -> list[Shape]:
    """What the flow was multiplied by on its way back from the next number to this one."""
    if not series.logarithmic or index + 1 == len(shown) or shown[index + 1] != shown[index] + 1:
        return []
    here, after = series.values[shown[index]], series.values[shown[index + 1]]
    if not here or not after or not math.isfinite(here / after):
        return []
    text = f"× {number(here / after, 2)}"
    if text_width(text, SMALL) > room.width - wide - 4:
        return []
    span = (Span(text, "muted", SMALL),)
    return [Text(room.x + room.width / 2, room.bottom - 8, span, "middle")]


def _remark(text: str, x: float, y: float, room: float) -> list[Shape]:
    return [
        Text(x, y + 18 * index, (Span(fit(line, TEXT, room), "ink", TEXT),))
        for index, line in enumerate(wrap(text, TEXT, room)[:6])
    ]
