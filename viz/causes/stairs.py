"""The rows of a staircase: operation, line, factor, and the bar from size to size."""

from __future__ import annotations

import math

from viz.causes.bands import Axis, Band
from viz.causes.row_art import curve, spread
from viz.causes.steps import Step
from viz.causes.words import percent, short, times
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number

__all__ = ["COLUMNS", "LEFT", "RIGHT", "band_group", "grid", "row_group"]

LEFT, RIGHT = 28.0, 1292.0
COLUMNS = {"layer": 44.0, "operation": 208.0, "factor": 486.0, "per layer": 1284.0}
BAR = 16.0


def grid(axis: Axis, top: float, bottom: float) -> Group:
    """The lines of the axis, each with its size over it."""
    shapes: list[Shape] = []
    for size, text in axis.ticks:
        x = axis.x(size)
        shapes.append(Path((x, top), ((x, bottom),), "grid-lane", 1.0))
        if size != 1.0 and abs(x - axis.x(1.0)) < 26:
            # There the line comes down from the root.
            continue
        shift = 12.0 if size == 1.0 else 0.0
        span = Span(text, "muted", 12.5)
        shapes.append(Text(x + shift, top - 8, (span,), "start" if shift else "middle"))
    return Group("axis", tuple(shapes))


def band_group(band: Band, number_of: int) -> Group:
    """What belongs to a layer as a whole: its tint, its name, its art and its gain."""
    shapes: list[Shape] = []
    if band.tinted:
        rect = Rect(LEFT, band.y, RIGHT - LEFT, band.height)
        shapes.append(Block(rect, "backward", 0.0, 0.09))
    shapes.append(Path((LEFT, band.y), ((RIGHT, band.y),), "grid-lane", 1.0))
    x, y = COLUMNS["layer"], band.y + 25
    room = COLUMNS["operation"] - x - 12
    shapes.append(Text(x, y, (Span(fit(band.title, 14.5, room, True), "ink", 14.5, True),)))
    if band.blocked is not None:
        loud = band.tinted and band.blocked >= 0.5
        text = fit(f"{percent(band.blocked)} blocked", 13, room, loud)
        y += 18
        shapes.append(Text(x, y, (Span(text, "backward" if loud else "muted", 13, loud),)))
    art = band.art
    if art is not None:
        low = band.y + band.height - 36
        shapes += curve(art.curve, x, low) if art.curve else spread(art.parts, x, low)
    if math.isfinite(band.gain):
        size = 17.0 if band.tinted else 15.0
        span = Span(times(band.gain), "backward" if band.tinted else "ink", size, band.tinted)
        middle = band.y + band.height / 2 + 5
        shapes.append(Text(COLUMNS["per layer"], middle, (span,), "end"))
    return Group("layer", tuple(shapes), f"l{number_of}", band.title)


def row_group(
    step: Step, y: float, before: float | None, axis: Axis, number_of: int, one_file: bool
) -> Group:
    """One operation.

    Args:
        step: what to show.
        y: the middle of the row.
        before: the size of the gradient that comes in; None if none does.
        axis: of sizes.
        number_of: of the row.
        one_file: all lines are of one file, which need not be said again.
    """
    x, room = COLUMNS["operation"], COLUMNS["factor"] - COLUMNS["operation"] - 14
    count = f" ×{step.count}" if step.count > 1 and step.line else ""
    name = fit(step.formula, 15, room - text_width(count, 15, True), True) + count
    shapes: list[Shape] = [
        Text(x, y - 4, (Span(name, "ink", 15, True),)),
        *_place(step, x, y + 13, room, one_file),
        *_factor(step, y + 4),
        *_bar(step, y, before, axis),
    ]
    label = f"{step.operation or step.formula}: {times(abs(step.gain))}"
    return Group("step", tuple(shapes), f"s{number_of}", f"{label} {step.line}".strip())


def _place(step: Step, x: float, y: float, room: float, one_file: bool) -> list[Shape]:
    if not step.line:
        return []
    line = f"line {step.line.rpartition(':')[2]}" if one_file else step.line
    line = fit(line, 12, room)
    gap = max(48.0, text_width(line, 12) + 10)
    left = int((room - gap) / (11.5 * 0.61))
    source = step.source if len(step.source) <= left else step.source[: max(left - 1, 0)] + "…"
    spans = [Text(x, y, (Span(line, "muted", 12),))]
    if left > 3 and source:
        spans.append(Text(x + gap, y, (Span(source, "muted", 11.5, code=True),)))
    return list(spans)


def _factor(step: Step, y: float) -> list[Shape]:
    x, room = COLUMNS["factor"], 196.0
    scalar = step.curve is not None or step.signed
    gain = "" if step.gain != step.gain else (
        number(step.gain, 3) if scalar else times(abs(step.gain))
    )  # fmt: skip
    if step.stops:
        gain = _ending(step)
    label = "" if step.factor == gain else step.factor
    if label and gain and scalar:
        label += " ="
    left = room - text_width(f" {gain}", 15, True)
    if step.count > 1 and text_width(label, 15) > left:
        label = label.removesuffix(" each,")
    label = fit(label, 15, left)
    spans = [Span(label, "ink", 15)] if label else []
    if gain:
        gap = 0.0 if not label else 5.0 if scalar else 8.0
        spans.append(Span(gain, "backward", 15, True, gap))
    return [Text(x, y, tuple(spans))] if spans else []


def _ending(step: Step) -> str:
    if step.size == 0:
        return "0"
    return "NaN" if math.isnan(step.size) else "∞"


def _bar(step: Step, y: float, before: float | None, axis: Axis) -> list[Shape]:
    if before is None:
        return []
    start = axis.x(before)
    if step.stops:
        return _stop(step, start, y)
    end = axis.x(step.size)
    left, width = min(start, end), abs(start - end)
    grows = step.size > before
    text = Span(short(step.size), "backward", 13)
    shapes: list[Shape] = []
    if width < 2.5:
        shapes.append(Path((end, y - BAR / 2), ((end, y + BAR / 2),), "backward-lane", 2.6))
    else:
        rect = Rect(left, y - BAR / 2, width, BAR)
        shapes.append(Block(rect, "backward-outline" if grows else "backward", 2.0))
    wide = text_width(text.text, 13) + 10
    right = grows or left - wide < axis.left - 40
    place = max(start, end) + 8 if right else left - 8
    return [*shapes, Text(place, y + 4.5, (text,), "start" if right else "end")]


def _stop(step: Step, x: float, y: float) -> list[Shape]:
    """Where the staircase ends."""
    text = {"0": "nothing goes on", "∞": "infinite from here"}.get(_ending(step), "NaN from here")
    arm = 6.0
    left = x - arm - 8 - text_width(text, 13, True)
    side, anchor = (x - arm - 8, "end") if left > 690 - 60 else (x + arm + 8, "start")
    return [
        Path((x - arm, y - arm), ((x + arm, y + arm),), "backward-lane", 3.0),
        Path((x - arm, y + arm), ((x + arm, y - arm),), "backward-lane", 3.0),
        Text(side, y + 4.5, (Span(text, "backward", 13, True),), anchor),
    ]
