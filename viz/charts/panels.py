"""Lines through numbers, a panel for each figure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from viz.charts.chart import headed
from viz.charts.plot import Axis, Plot
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number

__all__ = ["Points", "arranged"]

PANEL, LEFT, RIGHT, TOP, BOTTOM = (360.0, 210.0), 62.0, 20.0, 34.0, 46.0
COLUMNS = 2
NAME, LEADING = 12.0, 15.0
STYLES = ("backward", "forward", "positive", "negative", "difference", "ink", "muted")
MARKED, COLUMNS_OF_A_LINE = 40, 720

Points = Sequence[tuple[float, float]]


def arranged(
    panels: Mapping[str, Mapping[str, Points]],
    title: str,
    x_label: str,
    logarithmic: Collection[str],
    *,
    whole: bool = False,
    guides: Collection[str] = (),
    note: str = "",
) -> Scene:
    """Panels in two columns under a title.

    Args:
        panels: for each panel its lines, by the names that stand at their ends.
        title: printed over them.
        x_label: under every panel.
        logarithmic: the panels whose axis is logarithmic, where the numbers are positive.
        whole: whether only integers are written on the x axis.
        guides: lines that are drawn dashed, such as bounds.
        note: printed under the title.
    """
    groups: list[Group] = []
    columns = min(COLUMNS, len(panels))
    names = {label for lines in panels.values() for label in lines}
    room = max(text_width(name, NAME) for name in names) + 26
    wide, high = LEFT + PANEL[0] + room + RIGHT, TOP + PANEL[1] + BOTTOM
    for index, (name, lines) in enumerate(panels.items()):
        x, y = (index % columns) * wide, (index // columns) * high
        plot = _plot(lines, name in logarithmic)
        shapes = [*plot.grid(x_label, name, whole=whole), *_lines(plot, lines, guides)]
        last = "; ".join(f"{label} {number(line[-1][1])}" for label, line in lines.items() if line)
        groups.append(Group("panel", tuple(shapes), "", f"{name}: at last {last}").moved(x, y))
    rows = -(-len(panels) // columns)
    return headed(title, note, groups, wide * columns - RIGHT, high * rows)


def _plot(lines: Mapping[str, Points], logarithmic: bool) -> Plot:
    numbers = [y for line in lines.values() for _, y in line]
    spread = [n for n in numbers if math.isfinite(n)]
    positive = bool(spread) and all(n > 0 for n in spread)
    y = Axis.over(numbers, logarithmic and positive and max(spread) > 3 * min(spread))
    places = [x for line in lines.values() for x, _ in line]
    low, high = min(places), max(places)
    x = Axis(low, high if high > low else low + 1.0)
    return Plot(Rect(LEFT, TOP, *PANEL), x, y)


def _lines(plot: Plot, lines: Mapping[str, Points], guides: Collection[str]) -> list[Shape]:
    shapes: list[Shape] = []
    ends: list[tuple[float, str, str]] = []
    # A guide takes no colour from the others.
    coloured = [label for label in lines if label not in guides]
    styles = {label: STYLES[i % len(STYLES)] for i, label in enumerate(coloured)}
    for label, line in lines.items():
        style = styles.get(label, "muted")
        lane = f"{style}-lane" if label in styles else "dashed-lane"
        pieces = _pieces(plot, line)
        for piece in pieces:
            shapes.append(Path(piece[0], tuple(piece[1:]) or (piece[0],), lane, 1.8))
        points = [point for piece in pieces for point in piece]
        if not points:
            continue
        marked = points if len(line) <= MARKED else [p[0] for p in pieces if len(p) == 1]
        if label in styles:
            shapes += [Block(Rect(px - 2.4, py - 2.4, 4.8, 4.8), style, 2.4) for px, py in marked]
        ends.append((points[-1][1], label, style))
    return [*shapes, *_endings(ends, plot.rect)]


def _pieces(plot: Plot, line: Points) -> list[list[tuple[float, float]]]:
    """The points of a line, in pieces between which a number is missing.

    Of many on one column of the picture the lowest and the highest are kept, which is what the
    line would look like.
    """
    pieces: list[list[tuple[float, float]]] = [[]]
    width = max(1, -(-len(line) // COLUMNS_OF_A_LINE))
    for start in range(0, len(line), width):
        column = list(enumerate(line[start : start + width], start))
        good = [(y, index) for index, (_, y) in column if math.isfinite(y)]
        good = [(y, index) for y, index in good if y > 0 or not plot.y.logarithmic]
        if good:
            kept = sorted({min(good)[1], max(good)[1]})
            pieces[-1] += [plot.at(*line[index]) for index in kept]
        if len(good) < len(column) and pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _endings(ends: list[tuple[float, str, str]], rect: Rect) -> list[Shape]:
    """Names at the ends of the lines, moved apart where they would touch."""
    shapes: list[Shape] = []
    previous = -math.inf
    ends = sorted(ends)
    for index, (y, label, style) in enumerate(ends):
        lowest = rect.bottom - LEADING * (len(ends) - 1 - index)
        previous = max(min(y, lowest), previous + LEADING)
        shapes.append(Text(rect.right + 9, previous + 4, (Span(label, style, NAME),)))
    return shapes
