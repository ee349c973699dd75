"""The picture of a gradient as a sum over paths: the graph, a row for each path, the sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from viz.draw.metrics import fit, text_width
from viz.draw.scene import Group, Path, Scene, Span, Text
from viz.paths.drawing import Cards, bounds, cards, groups_of, small_layout
from viz.paths.lines import FONT, LEADING, broken, set_lines
from viz.paths.miniature import RADIUS, STUB, Miniature, chain, node_size
from viz.paths.rows import REMARK, Column, Row
from viz.paths.sentences import counted
from viz.paths.waterfall import Waterfall
from viz.paths.written import LISTED, check_line, signed
from viz.text.formatting import number

if TYPE_CHECKING:
    from viz.paths.explanation import Explanation

__all__ = ["path_scene"]

MARGIN, GAP = 36.0, 30.0
SMALL, WIDER = (248.0, 84.0), (350.0, 110.0)
"""Room for a miniature, and for one that is too crowded in it."""
SMALL_MOST = 30
"""Nodes of a graph that it can show, at most."""
SUM, VALUE, WIDEST = 400.0, 112.0, 1500.0
TITLE, HEADING, SPOKEN, TOTAL = 22.0, 14.0, 14.0, 20.0


@dataclass
class _Page:
    """Where the columns stand, and what has been drawn so far."""

    told: Explanation
    small: Miniature | None
    cards: Cards | None
    column: Column
    groups: list[Group] = field(default_factory=list)
    y: float = 0.0
    width: float = 0.0

    @property
    def second(self) -> float:
        return (SMALL[0] if self.small is None else self.small.width) + GAP

    @property
    def value(self) -> float:
        return self.second + self.column.width + VALUE

    @property
    def third(self) -> float:
        return self.value + GAP + 8


def path_scene(told: Explanation) -> Scene:
    """Turn an explanation into shapes."""
    graph = cards(told.root, told.part)
    small, shown = _miniature(told)
    page = _Page(told, small, shown, Column(told.paths))
    drawn = groups_of(graph.graph, told.engine, WIDEST) if graph and told.count else []
    width = bounds(drawn).width
    page.width = max(page.third + SUM, width)
    _title(page)
    if drawn:
        shift = max(0.0, (page.width - width) / 2)
        page.groups += [group.moved(shift, page.y) for group in drawn]
        page.y += bounds(drawn).height + 34
        _line(page, "grid-lane")
    if told.count:
        _rows(page)
    _verdict(page)
    everything = tuple(group.moved(MARGIN, MARGIN) for group in page.groups)
    return Scene(
        page.width + 2 * MARGIN,
        page.y + 2 * MARGIN,
        everything,
        told.spoken_title,
        told.description,
    )


def _miniature(told: Explanation) -> tuple[Miniature | None, Cards | None]:
    """The small picture of the whole graph, or of what lies between, if it can be read."""
    for whole in (True, False):
        shown = cards(told.root, told.part, most=SMALL_MOST, whole=whole)
        if shown is not None:
            sizes = [(node_size(c.name)[0] + 2 * STUB, 2 * RADIUS) for c in shown.graph.cards]
            placed = small_layout(shown.graph, sizes, told.engine)
            for room in (SMALL, WIDER):
                small = Miniature(shown.graph, placed, room)
                if small.readable:
                    return small, shown
    return None, None


def _title(page: _Page) -> None:
    told = page.told
    name = told.title or f"explain({told.result_name}, {told.wrt_name})"
    name = fit(name, TITLE, page.width, bold=True)
    spans = [Span(name, "ink", TITLE, bold=True)]
    used = text_width(name, TITLE, bold=True)
    for text, style in ((told.loss_formula, "ink"), (told.opening, "muted")):
        if text and used + 24 + text_width(text, FONT) <= page.width:
            spans.append(Span(text, style, FONT, gap=24.0))
            used += 24 + text_width(text, FONT)
    page.groups.append(Group("heading", (Text(0.0, 18.0, tuple(spans)),)))
    page.y = 52.0


def _line(page: _Page, style: str, width: float = 1.0) -> None:
    path = Path((0.0, page.y), ((page.width, page.y),), style, width)
    page.groups.append(Group("rule", (path,)))


def _rows(page: _Page) -> None:
    told = page.told
    terms = [path.value for path in told.paths] + [told.rest.value] * bool(told.rest.paths)
    sums = Waterfall(terms, page.third, page.width - page.third - 10)
    page.y += 48
    head = page.y
    product = "product of the local derivatives along it"
    if any(len(path.briefly(LISTED)) < len(path.steps) for path in told.paths):
        product += ", without those that are 1"
    for x, text in ((0.0, "path"), (page.second, product)):
        page.groups.append(Group("heading", (Text(x, head, (Span(text, "muted", HEADING),)),)))
    if sums.finite:
        title = Text(page.third, head - 20, (Span("running sum", "muted", HEADING),))
        page.groups.append(Group("heading", (title,)))
    axis = len(page.groups)
    page.y += 14
    top, before = page.y, None
    for place, path in enumerate(told.paths):
        row = page.column.row(path)
        height = row.height(page.small.height if page.small else 0.0)
        middle = page.y + height / 2
        _miniature_of(page, place, middle)
        _written(page, row, middle)
        before = _amount(page, sums, place, middle, before)
        page.y += height
        if place + 1 < len(terms):
            _line(page, "grid-lane")
    if told.rest.paths:
        middle = page.y + 32
        text = f"… {counted(told.rest.paths)} other path{'s' * (told.rest.paths != 1)}"
        page.groups.append(Group("rest", (Text(0.0, middle + 5, (Span(text, "ink", FONT),)),)))
        before = _amount(page, sums, len(terms) - 1, middle, before)
        page.y += 64
    rule = page.y
    _total(page, sums, before)
    if sums.finite:
        page.groups.insert(axis, sums.axis(top, rule, rule + 58))


def _miniature_of(page: _Page, place: int, middle: float) -> None:
    told = page.told
    if page.small is None or page.cards is None:
        page.groups.append(chain(told.paths[place].nodes, 0.0, middle, SMALL[0]))
        return
    edges, nodes = told.on_path(place, page.cards)
    y = middle - page.small.height / 2
    page.groups.append(page.small.draw(edges, nodes, 0.0, y))


def _written(page: _Page, row: Row, middle: float) -> None:
    count = len(row.names) + len(row.symbols) + (0 if row.beside else len(row.numbers))
    y = middle - (count - 1) * LEADING / 2 + 5
    x = page.second
    page.groups.append(set_lines(row.names, x, y, "ink"))
    if row.remark:
        used = max(sum(text_width(t + b, FONT) for t, b in line) for line in row.names)
        text = fit(row.remark, REMARK, page.column.width - used - 18)
        at = Text(x + used + 20, y, (Span(text, "muted", REMARK),))
        page.groups.append(Group("remark", (at,)))
    y += LEADING * len(row.names)
    page.groups.append(set_lines(row.symbols, x, y, "ink"))
    if row.beside:
        x += page.column.numbers_at
    else:
        y += LEADING * len(row.symbols)
    page.groups.append(set_lines(row.numbers, x, y, "backward"))


def _amount(page: _Page, sums: Waterfall, place: int, middle: float, before: float | None) -> float:
    value = page.told.amounts[place]
    span = Span(signed(value), "backward", 18.0, bold=True)
    page.groups.append(Group("value", (Text(page.value, middle + 6, (span,), "end"),)))
    if sums.finite:
        page.groups.append(sums.bar(place, middle, before))
    return middle


def _total(page: _Page, sums: Waterfall, before: float | None) -> None:
    told = page.told
    _line(page, "ink-lane", 1.6)
    formula = [(part, "") for part in told.formula_terms]
    lines = broken(formula, "", page.column.width, "=") if formula else []
    high = max(70.0, 40.0 + LEADING * len(lines))
    middle = page.y + 40
    name = Span(fit(told.name, 18.0, page.second - 12, bold=True), "ink", 18.0, bold=True)
    page.groups.append(Group("total", (Text(0.0, middle + 6, (name,)),)))
    page.groups.append(set_lines(lines, page.second, middle + 5, "ink"))
    value = Span(number(told.total), "backward", TOTAL, bold=True)
    page.groups.append(Group("value", (Text(page.value, middle + 7, (value,), "end"),)))
    if sums.finite:
        shapes = [sums.shape(0.0, sums.ends[-1], middle)]
        if before is not None:
            x = sums.at(sums.ends[-1])
            line = Path((x, before + 15), ((x, middle - 15),), "dashed-lane", 1.0)
            shapes.insert(0, line)
        page.groups.append(Group("bar", tuple(shapes)))
    end = sums.at(max(0.0, sums.ends[-1])) if sums.finite else page.third
    page.y += high + _checks(page, end + 18, middle, page.y + high)


def _checks(page: _Page, x: float, middle: float, below: float) -> float:
    """The checks beside the bar of the sum where there is room, else below; how much they take."""
    lines = [check_line(check) for check in page.told.checks]
    beside = len(lines) <= 3 and x + max(text_width(line, 13.0) for line in lines) <= page.width
    left = x if beside else page.third + 6
    y = middle + 5 - 10 * (len(lines) - 1) if beside else below + 8
    for place, line in enumerate(lines):
        span = Span(fit(line, 13.0, page.width - left), "ink", 13.0)
        page.groups.append(Group("check", (Text(left, y + 20 * place, (span,)),)))
    return 0.0 if beside else 20.0 * len(lines)


def _verdict(page: _Page) -> None:
    words = [(word, "") for word in page.told.verdict.split()]
    lines = broken(words, "", page.width, most=4)
    page.groups.append(set_lines(lines, 0.0, page.y + 18, "muted", SPOKEN))
    page.y += LEADING * len(lines)
