"""The picture of a tensor's gradient: δ from node to node as matrices, then what each use adds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autodiff.writers.rules import formula_text
from viz.draw.axes import decades
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.paths.lines import LEADING, broken, named, named_width, set_lines
from viz.paths.matrix_terms import Step
from viz.paths.matrix_text import measure
from viz.paths.tiles import Tile, draw_tiles, tiles, tiles_height, tiles_width
from viz.paths.waterfall import Waterfall
from viz.paths.written import check_line, signed
from viz.read.statistics import shape_text
from viz.text.formatting import number

if TYPE_CHECKING:
    from viz.paths.matrix import MatrixExplanation

__all__ = ["matrix_scene"]

MARGIN, TITLE, FORMULA, SMALL = 36.0, 22.0, 17.0, 13.0
NAMES, LEAST, MOST, BARS = 96.0, 420.0, 720.0, 250.0


@dataclass
class _Page:
    told: MatrixExplanation
    rows: list[list[Tile]]
    groups: list[Group] = field(default_factory=list)
    y: float = 0.0

    @property
    def room(self) -> float:
        """The width of the column of formulas."""
        return min(MOST, max([LEAST, *(tiles_width(row) + 12 for row in self.rows)]))

    @property
    def numbers(self) -> float:
        return NAMES + 28 + self.room + 84

    @property
    def bars(self) -> float:
        return self.numbers + 30

    @property
    def width(self) -> float:
        return self.bars + BARS

    def say(self, x: float, text: str, style: str = "muted", size: float = 14.0) -> None:
        """A line of text at the current height."""
        spans = named(text, style, size)
        self.groups.append(Group("line", (Text(x, self.y, spans),)))


def matrix_scene(told: MatrixExplanation) -> Scene:
    """Turn the explanation of a tensor's gradient into shapes."""
    page = _Page(told, [_row(step, i == 0) for i, step in enumerate(told.deltas)])
    _title(page)
    if told.count:
        _steps(page)
        _uses(page)
    _below(page)
    groups = tuple(group.moved(MARGIN, MARGIN) for group in page.groups)
    size = page.width + 2 * MARGIN, page.y + 2 * MARGIN - 10
    return Scene(*size, groups, told.spoken_title, f"{told.name}. {told.verdict}")


def _row(step: Step, first: bool) -> list[Tile]:
    if first:
        return [Tile("1", sign=True)]
    row: list[Tile] = []
    for place, term in enumerate(step.terms):
        row += [Tile("+", sign=True)] * bool(place) + tiles(term, step.shape)
    if step.untold:
        row += [Tile(f"+ {step.untold} more", sign=True)]
    return row


def _title(page: _Page) -> None:
    told = page.told
    name = fit(
        told.title or f"explain({told.result_name}, {told.wrt_name})",
        TITLE,
        page.width - 200,
        bold=True,
    )
    page.y = 18.0
    spans = [Span(name, "ink", TITLE, True)]
    if told.shape:
        spans.append(Span(f"shape {told.shape}", "muted", 15.0, gap=24.0))
    page.groups.append(Group("heading", (Text(0, page.y, tuple(spans)),)))
    page.y += 44
    head = f"{told.name} ="
    words = [(word, "") for word in told.formula.split(" ")]
    wide = text_width(head, FORMULA) + 12
    lines = broken(words, "", page.width - wide, most=3)
    page.say(0.0, head, "ink", FORMULA)
    page.groups.append(set_lines(lines, wide, page.y, "ink", FORMULA - 1))
    page.y += LEADING * len(lines) + 14
    _rule(page, "grid-lane")


def _rule(page: _Page, style: str, width: float = 1.0) -> None:
    path = Path((0.0, page.y), ((page.width, page.y),), style, width)
    page.groups.append(Group("rule", (path,)))


def _steps(page: _Page) -> None:
    told = page.told
    page.y += 34
    page.say(
        0.0,
        f"δ of a node is the derivative of {told.result_name} by it, made of those of its readers",
    )
    page.say(page.numbers - 26, "rms")
    page.y += 14
    sizes = [step.rms for step in told.deltas if 0 < step.rms < math.inf]
    marks = decades(0.8 * min(sizes), max(sizes), 5) if sizes else []
    axis, top = len(page.groups), page.y
    for place, (step, row) in enumerate(zip(told.deltas, page.rows, strict=True)):
        if told.skipped and place == told.skipped_at:
            page.y += 22
            page.say(NAMES + 28, f"… {told.skipped} more steps …")
            page.y += 10
        _step(page, place, step, row, marks)
    page.groups.insert(axis, _axis(page, marks, top))


def _step(
    page: _Page, place: int, step: Step, row: list[Tile], marks: list[tuple[float, str]]
) -> None:
    told = page.told
    last = place == len(told.deltas) - 1
    shaped = any(tile.shape and not tile.sign for tile in row) or bool(step.shape)
    height = tiles_height(row) + (34 if shaped else 16)
    middle = page.y + 8 + tiles_height(row) / 2
    name = f"∂{told.result_name}/∂{step.node}" if last else f"δ_{step.node}"
    spans = named(fit(name, 16.0, NAMES + 8, bold=True), "ink", 16.0, bold=True)
    shapes: list[Shape] = [Text(NAMES, middle + 5, spans, "end")]
    shapes.append(Text(NAMES + 14, middle + 5, (Span("=", "ink", 15.0),), "middle"))
    if step.shape and not last:
        shape = Span(shape_text(step.shape), "muted", 11.0)
        shapes.append(Text(NAMES, middle + 21, (shape,), "end"))
    size = Span(number(step.rms), "backward", 15.0)
    shapes.append(Text(page.numbers, middle + 5, (size,), "end"))
    if marks and 0 < step.rms < math.inf:
        x = _at(page, marks, step.rms)
        bar = Rect(page.bars, middle - 8, max(1.5, x - page.bars), 16)
        shapes.append(Block(bar, "backward", radius=2))
    page.groups.append(Group("step", tuple(shapes), label=step.where))
    page.groups.append(draw_tiles(row, NAMES + 28, middle, page.room))
    page.y += height


def _at(page: _Page, marks: list[tuple[float, str]], size: float) -> float:
    low, high = math.log10(marks[0][0]), math.log10(marks[-1][0])
    return page.bars + (math.log10(size) - low) / (high - low) * (BARS - 20)


def _axis(page: _Page, marks: list[tuple[float, str]], top: float) -> Group:
    shapes: list[Shape] = []
    for place, text in marks:
        x = _at(page, marks, place)
        shapes.append(Path((x, top), ((x, page.y),), "grid-lane", 1.0))
        shapes.append(Text(x, top - 14, (Span(text, "muted", SMALL),), "middle"))
    return Group("axis", tuple(shapes))


def _uses(page: _Page) -> None:
    told = page.told
    values = [term.value for term in told.paths] + [told.rest.value] * bool(told.rest.paths)
    sums = Waterfall(values, page.bars, BARS - 20)
    before: float | None = None
    page.y += 12
    if len(values) > 1:
        _rule(page, "grid-lane")
        page.y += 44
        page.say(0.0, f"what each use of {told.names[told.wrt]} adds, {measure(told)}")
        axis, top = len(page.groups), page.y + 12
        page.y += 14
        for place, value in enumerate(values):
            before = _use(page, sums, place, value, before)
        rule = page.y
        if sums.finite:
            page.groups.insert(axis, sums.axis(top, rule, rule + 52))
    _total(page, sums, before)


def _use(page: _Page, sums: Waterfall, place: int, value: float, before: float | None) -> float:
    told = page.told
    middle = page.y + 24
    listed = place < len(told.paths)
    if listed:
        term = told.paths[place]
        name, text = f"via {term.reader}", f"= {term.formula}"
        if named_width(text) > page.room:
            text = f"= {formula_text(term.short)}"
    else:
        name, text = "", f"… {told.rest.paths} other uses"
    room = page.room + 8
    shapes = (
        Text(NAMES, middle + 5, named(fit(name, 15.0, NAMES), "ink", 15.0), "end"),
        Text(NAMES + 10, middle + 5, named(fit(text, 15.0, room), "ink", 15.0)),
        Text(page.numbers, middle + 5, (Span(signed(value), "backward", 15.0, True),), "end"),
    )
    where = told.paths[place].where if listed else ""
    page.groups.append(Group("use", shapes, label=where))
    if sums.finite:
        page.groups.append(sums.bar(place, middle, before))
    page.y += 48
    return middle


def _total(page: _Page, sums: Waterfall, before: float | None) -> None:
    told = page.told
    _rule(page, "ink-lane", 1.6)
    middle = page.y + 30
    name = told.name if told.element is not None else f"‖{told.name}‖"
    bold = named(fit(name, 16.0, NAMES + 60, bold=True), "ink", 16.0, bold=True)
    value = Span(number(told.total), "backward", 18.0, True)
    shapes: list[Shape] = [
        Text(0.0, middle + 5, bold),
        Text(page.numbers, middle + 6, (value,), "end"),
    ]
    left = min(sum(text_width(s.text, s.size, s.bold) + s.gap for s in bold) + 24, NAMES + 80)
    for place, line in enumerate(map(check_line, told.checks)):
        y = middle + 5 + 20 * (place - (len(told.checks) - 1) / 2)
        room = page.numbers - text_width(value.text, 18.0, True) - 12 - left
        shapes.append(Text(left, y, (Span(fit(line, SMALL, room), "ink", SMALL),)))
    if sums.finite and before is not None:
        x = sums.at(sums.ends[-1])
        shapes.append(Path((x, before + 15), ((x, middle - 15),), "dashed-lane", 1.0))
        shapes.append(sums.shape(0.0, sums.ends[-1], middle))
    page.groups.append(Group("total", tuple(shapes)))
    page.y += 62


def _below(page: _Page) -> None:
    told = page.told
    page.y += 8
    lines = [told.verdict, *(f"{word}: {meaning}" for word, meaning in told.words)]
    for line in lines:
        page.y += 20
        page.say(0.0, fit(line, SMALL, page.width), "muted", SMALL)
