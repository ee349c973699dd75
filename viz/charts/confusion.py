"""How often each true class was taken for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.charts.chart import Chart, headed
from viz.charts.confusion_map import draw_map
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import clean, number

__all__ = ["confusion"]

CELL, NAME, COUNT = 40.0, 13.0, 13.0
WRITTEN, MOST = 40, 400


def confusion(
    counts: Any, classes: Sequence[str] | None = None, *, title: str = "", theme: str = "auto"
) -> Chart:
    """Draw a confusion matrix: what is right in blue, each mistake in orange.

    Args:
        counts: shape (classes, classes); rows are true classes, columns predicted ones, as
            `nn.metrics.confusion_matrix` gives them.
        classes: their names; by default numbers.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.

    Returns:
        The chart. Mistakes have a scale of their own, so that a single one is seen; of more than
        40 classes it is a map of colours, with the most frequent mistakes in words.

    Raises:
        ValueError: if the counts are no square of non-negative numbers, there are more than 400
            classes, or the names are of another number.

    Example:
        >>> import viz
        >>> viz.confusion([[8, 2], [1, 9]], ["cat", "dog"])
        <Chart 'Which class was taken for which'>
    """
    found = np.asarray(getattr(counts, "data", counts))
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not found.size or (found < 0).any():
        raise ValueError(
            f"confusion() was given counts of shape {found.shape}; give a square of numbers that "
            "are not negative, rows for true classes"
        )
    if len(found) > MOST:
        raise ValueError(f"{len(found)} classes are more than the {MOST} that can be seen")
    names = [clean(str(name), 40) for name in (range(len(found)) if classes is None else classes)]
    if len(names) != len(found):
        raise ValueError(f"{len(names)} names were given for {len(found)} classes")
    return Chart(lambda told: _compose(found, names, told), found, title=title, theme=theme)


def _compose(counts: Any, names: list[str], title: str) -> Scene:
    total = float(counts.sum()) or 1.0
    right = float(np.trace(counts))
    note = f"{_told(right)} of {_told(total)} right, {number(100 * right / total, 4)} %"
    draw = draw_map if len(names) > WRITTEN else _written
    return headed(title or "Which class was taken for which", note, *draw(counts, names))


def _written(counts: Any, names: list[str]) -> tuple[list[Group], float, float]:
    """Every count in a cell of its own."""
    left = min(160.0, max(text_width(name, NAME) for name in names)) + 34
    widest = max(text_width(_told(n), COUNT) for n in counts.reshape(-1).tolist())
    cell = max(CELL, widest + 10)
    tilted = max(text_width(name, NAME) for name in names) > cell - 6
    top = 40.0 + (min(160.0, max(text_width(name, NAME) for name in names)) if tilted else 0.0)
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    worst = float(wrong.max()) or 1.0
    shapes: list[Shape] = [
        Text(left + cell * len(names) / 2, 14, (Span("predicted", "muted", NAME),), "middle"),
        Text(14, top + cell * len(names) / 2, (Span("true", "muted", NAME),), "middle", -90),
    ]
    for i, name in enumerate(names):
        text = fit(name, NAME, 150)
        x, y = left + cell * (i + 0.5), top + cell * (i + 0.5) + 4.5
        shapes.append(Text(left - 10, y, (Span(text, "ink", NAME),), "end"))
        turn = (x + 4.5, top - 9, (Span(text, "ink", NAME),), "start", -90.0)
        flat = (x, top - 10, (Span(text, "ink", NAME),), "middle", 0.0)
        shapes.append(Text(*(turn if tilted else flat)))
    groups = [Group("names", tuple(shapes))]
    for row in range(len(names)):
        total = float(counts[row].sum())
        for column in range(len(names)):
            groups.append(
                _cell(counts, names, row, column, total, worst, Rect(
                    left + cell * column, top + cell * row, cell - 2, cell - 2))
            )  # fmt: skip
        share = f"{number(100 * counts[row, row] / total, 3)} %" if total else "—"
        y = top + cell * (row + 0.5) + 4.5
        place = left + cell * len(names) + 12
        groups.append(Group("share", (Text(place, y, (Span(share, "muted", COUNT),)),)))
    width = left + cell * len(names) + 12 + text_width("100.0 %", COUNT)
    height = top + cell * len(names) + 6
    return groups, width, height


def _cell(
    counts: Any, names: list[str], row: int, column: int, total: float, worst: float, box: Rect
) -> Group:
    count = float(counts[row, column])
    style = "forward" if row == column else "backward"
    share = (count / total if total else 0.0) if row == column else count / worst
    shapes: list[Shape] = [Block(box, "frame", 3.0)]
    if count:
        shapes.append(Block(box, style, 3.0, round(0.08 + 0.3 * share, 3)))
        x, y = box.middle
        text = Span(_told(count), "ink", COUNT, bold=row == column)
        shapes.append(Text(x, y + 4.5, (text,), "middle"))
    times = "once" if count == 1 else f"{_told(count)} times"
    return Group("cell", tuple(shapes), "", f"{names[row]} taken for {names[column]}: {times}")


def _told(count: float) -> str:
    return str(int(count)) if count == int(count) else number(count, 3)
