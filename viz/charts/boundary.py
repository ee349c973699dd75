"""What a classifier says over a plane of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.charts.chart import Chart, asked, headed
from viz.charts.contours import contours
from viz.charts.grids import cells
from viz.charts.plot import Axis, Plot
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Scene, Shape, Span, Text
from viz.geometry import Rect

__all__ = ["boundary"]

SIDE, LEFT, BOTTOM = 420.0, 56.0, 52.0
STYLES = ("negative", "positive", "forward", "backward", "difference", "muted")
MOST_POINTS = 1_500
LONGEST = 30
"""Characters of a name beside the chart."""


def boundary(
    given: Any,
    *batch: Any,
    title: str = "",
    theme: str = "auto",
    names: Sequence[str] = (),
    features: Sequence[str] = (),
    **settings: Any,
) -> Chart:
    """Draw the regions in which a classifier decides for each class, and its data.

    Args:
        given: what `nn.inspect.boundary` gave, or a model, which is then asked with ``batch``.
        *batch: for a model: samples of shape (N, features), and their classes.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.
        names: of all classes; if not given, they are numbered.
        features: names of all features, likewise.
        **settings: for a model: what else `nn.inspect.boundary` takes.

    Returns:
        The chart: the deeper a colour, the surer the model; lines where the decision changes.

    Raises:
        TypeError: if given neither.

    Example:
        >>> import nn, viz
        >>> viz.boundary(nn.Linear(2, 2), [[0.0, 0.0], [1.0, 2.0]], [0, 1], steps=8)
        <Chart 'What the model decides'>
    """
    wanted = "a model with samples, or what nn.inspect.boundary gave"
    found = asked(given, "boundary", batch, settings, ("classes", "across"), wanted)
    return Chart(
        lambda told: _compose(found, told, names, features), found, title=title, theme=theme
    )


def _compose(found: Any, title: str, names: Sequence[str], features: Sequence[str]) -> Scene:
    across, down = found.across, found.down
    ratio = float((down[-1] - down[0]) / (across[-1] - across[0]))
    rect = Rect(LEFT, 6.0, SIDE, SIDE * min(1.6, max(0.5, ratio)))
    half_x, half_y = ((line[1] - line[0]) / 2 for line in (across, down))
    plot = Plot(
        rect,
        Axis(float(across[0] - half_x), float(across[-1] + half_x)),
        Axis(float(down[0] - half_y), float(down[-1] + half_y)),
    )
    classes, scores = found.classes[::-1], found.scores[::-1]
    kinds = sorted({*np.unique(classes).tolist(), *np.unique(found.labels).tolist()})
    shapes: list[Shape] = [Block(rect, "frame")]
    for kind in kinds:
        shares = np.where(classes == kind, 0.1 + 0.42 * scores, 0.0)
        shapes += cells(shares, rect, _style(kind), levels=24)
    axes = [short(features[i]) if features else f"feature {i}" for i in found.axes]
    shapes += plot.grid(axes[0], "")
    shapes += _edges(found, kinds, plot)
    shapes += _points(found, plot)
    label = Text(
        14,
        rect.y + rect.height / 2,
        (Span(axes[1], "muted", 13.0),),
        "middle",
        -90,
    )
    legend, width, bottom = _legend(kinds, rect, names)
    said = f"{len(kinds)} classes over a grid of {len(across)} × {len(down)} points"
    groups = [Group("plot", (*shapes, label), "", said), legend]
    note = f"{len(found.points)} samples; the deeper a colour, the surer the model"
    return headed(
        title or "What the model decides", note, groups, width, max(rect.bottom + BOTTOM, bottom)
    )


def _style(kind: int) -> str:
    return STYLES[kind % len(STYLES)]


def _edges(found: Any, kinds: list[int], plot: Plot) -> list[Shape]:
    """Where the model is undecided between a class and the others."""
    shapes: list[Shape] = []
    # Of two classes the edge of one is that of the other.
    for kind in kinds[1:] if len(kinds) == 2 else kinds:
        margin = np.where(found.classes == kind, found.scores, -found.scores)
        for line in contours(found.across, found.down, margin, 0.0):
            points = [plot.at(*point) for point in line]
            shapes.append(Path(points[0], tuple(points[1:]), "ink-lane", 1.4))
    return shapes


def _points(found: Any, plot: Plot) -> list[Shape]:
    shapes: list[Shape] = []
    step = max(1, len(found.points) // MOST_POINTS)
    labels = found.labels if len(found.labels) else np.zeros(len(found.points), int)
    for point, kind in zip(found.points[::step], labels[::step], strict=True):
        x, y = plot.at(float(point[0]), float(point[1]))
        shapes.append(Block(Rect(x - 3.6, y - 3.6, 7.2, 7.2), "background", 3.6))
        style = _style(int(kind)) if len(found.labels) else "ink"
        shapes.append(Block(Rect(x - 2.8, y - 2.8, 5.6, 5.6), style, 2.8))
    return shapes


def short(name: str) -> str:
    """A name that has room beside a chart."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _legend(kinds: list[int], rect: Rect, names: Sequence[str]) -> tuple[Group, float, float]:
    """What the colours mean, how far it goes to the right, and how far down."""
    shapes: list[Shape] = []
    said = [short(names[kind]) if names else f"class {kind}" for kind in kinds]
    x = rect.right + 22
    for index, kind in enumerate(kinds):
        y = rect.y + 10 + 22 * index
        shapes.append(Block(Rect(x, y - 7, 14, 14), _style(kind), 3.0))
        shapes.append(Text(x + 22, y + 4.5, (Span(said[index], "ink", 13.0),)))
    wide = max(text_width(text, 13.0) for text in ("class 00", *said))
    return Group("legend", tuple(shapes)), x + 22 + wide, rect.y + 10 + 22 * len(kinds)
