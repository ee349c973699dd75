"""The picture of an answer: the way of the gradient as a staircase, largest factors longest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from viz.causes.bands import Axis, Band, axis_of, bands_of
from viz.causes.foot import FOOT, cards, foot
from viz.causes.stairs import COLUMNS, LEFT, RIGHT, band_group, grid, row_group
from viz.causes.steps import Step
from viz.causes.target import path_of
from viz.causes.trail import trail
from viz.causes.words import many
from viz.draw.metrics import fit, text_width
from viz.draw.prose import Phrase, paragraph
from viz.draw.scene import Group, Path, Scene, Shape, Span, Text
from viz.text.formatting import number, pretty

if TYPE_CHECKING:
    from viz.causes.answer import Why

__all__ = ["compose"]

WIDTH, NARROW, MARGIN = 1320.0, 760.0, 36.0
AXIS = (690.0, 1150.0)


def compose(answer: Why) -> Scene:
    """Turn an answer into shapes."""
    width = WIDTH if answer.rows else NARROW
    head, y = _head(answer, width)
    rows = answer.rows
    if not rows:
        groups, y = trail(answer, y + 22)
        return _scene(answer, [head, *groups], y, NARROW)
    axis = axis_of(rows, *AXIS)
    # Over the rows stand the card of the root, the words of the columns and those of the axis.
    top = y + 120
    bands = bands_of(rows, top, one=answer.kind not in ("vanishing", "exploding"))
    bottom = bands[-1].y + bands[-1].height
    groups = [grid(axis, top - 22, bottom + 8), *map(band_group, bands, range(len(bands)))]
    last = _Last(axis.x(1.0), True)
    stairs, last = _stairs(bands, axis, rows)
    rule = Path((LEFT, bottom), ((RIGHT, bottom),), "grid-lane", 1.0)
    groups += [_words(top), Group("rule", (rule,)), *stairs]
    groups += cards(answer, axis.x(1.0), last.x, last.alive, top, bottom)
    below, y = foot(answer, last.x, bottom + 8)
    return _scene(answer, [head, *groups, *below], max(y, bottom + FOOT))


class _Last:
    """Where the staircase has come to, and whether anything is left of the gradient."""

    def __init__(self, x: float, alive: bool) -> None:
        self.x, self.alive = x, alive


def _scene(answer: Why, groups: list[Group], height: float, width: float = WIDTH) -> Scene:
    title = answer.title or f"Why: {answer.name}"
    return Scene(width, math.ceil(height), tuple(groups), title, answer.verdict)


def _head(answer: Why, width: float) -> tuple[Group, float]:
    y = 46.0
    shapes: list[Shape] = []
    if answer.title:
        shapes.append(Text(MARGIN, y - 8, (Span(answer.title, "muted", 15),)))
        y += 18
    name = fit(f"why({pretty(answer.name)})", 24, 520, True)
    spans = [Span(name, "ink", 24, True)]
    root = answer.root_name
    used = text_width(name, 24, True)
    if answer.size is not None:
        many_numbers = answer.gradient.size > 1
        label = f"∂{root}/∂{pretty(answer.name)} "
        label = "rms of the gradient " if many_numbers or len(label) > 40 else label
        text = f"{label}= {number(answer.size, 3).replace('nan', 'NaN')}"
        spans.append(Span(text, "backward", 19, True, 18))
        used += text_width(text, 19, True) + 18
    remark = _remark(answer)
    if remark and used + text_width(remark, 18) + 20 < width - 2 * MARGIN:
        spans.append(Span(remark, "muted", 18, gap=18))
    shapes.append(Text(MARGIN, y, tuple(spans)))
    lines = paragraph([Phrase(answer.verdict, "ink")], MARGIN, y + 31, width - 2 * MARGIN, 16, 23)
    shapes += lines
    y = max(line.y for line in lines)
    if answer.note:
        more = paragraph([Phrase(answer.note)], MARGIN, y + 22, width - 2 * MARGIN, 13, 19)
        shapes += more
        y = max(line.y for line in more)
    return Group("head", tuple(shapes)), y


def _remark(answer: Why) -> str:
    scale = answer.scale
    if scale is None or scale.peer is None or not scale.size:
        return ""
    ratio = scale.beside / scale.size
    if ratio < 10:
        return ""
    assert answer.flow is not None
    path = path_of(answer.flow.root, scale.peer)
    peer = path or scale.peer.name or "that of another leaf"
    return f"{many(ratio)} times less than ∂{answer.root_name}/∂{pretty(peer)}"


def _words(top: float) -> Group:
    shapes = []
    titles = {"layer": "layer", "operation": "operation and line", "factor": "factor"}
    for key, text in titles.items():
        shapes.append(Text(COLUMNS[key], top - 46, (Span(text, "muted", 13),)))
    x = COLUMNS["per layer"]
    shapes.append(Text(x, top - 46, (Span("per layer", "muted", 13),), "end"))
    return Group("words", tuple(shapes))


def _stairs(bands: list[Band], axis: Axis, rows: tuple[Step, ...]) -> tuple[list[Group], _Last]:
    """The rows, and the lines from each to the next."""
    files = {step.line.rpartition(":")[0] for step in rows if step.line}
    groups: list[Group] = []
    lines: list[Shape] = []
    size: float | None = 1.0
    x, y, style, count = axis.x(1.0), bands[0].y - 54, "backward-lane", 0
    for band in bands:
        for number_of, step in enumerate(band.steps):
            middle = band.middle(number_of)
            alive = size is not None
            reach = middle - (8 if alive else 0)
            lines.append(Path((x, y), ((x, reach),), style, 1.4))
            groups.append(row_group(step, middle, size, axis, count, len(files) < 2))
            y = middle + (8 if alive else 0)
            if alive:
                size = None if step.stops else step.size
                x = x if size is None else axis.x(size)
                style = "zero-lane" if size is None else style
            count += 1
    end = bands[-1].y + bands[-1].height
    lines.append(Path((x, y), ((x, end + 1),), style, 1.4))
    return [Group("stairs", tuple(lines)), *groups], _Last(x, size is not None)
