"""The loss along one or two directions through the space of parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from viz.charts.chart import Chart, asked, headed
from viz.charts.contours import contours
from viz.charts.grids import cells
from viz.charts.map_paths import Paths, checked_paths, over_map
from viz.charts.plot import Axis, Plot
from viz.draw.axes import ticks
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Polygon, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number

__all__ = ["surface"]

SIDE, WIDE, HIGH, LEFT, BOTTOM = 420.0, 520.0, 260.0, 66.0, 52.0


def surface(
    given: Any,
    *batch: Any,
    paths: Mapping[str, Any] | None = None,
    title: str = "",
    theme: str = "auto",
    **settings: Any,
) -> Chart:
    """Draw the loss around a model: a line along one direction, a map of two.

    Args:
        given: what `nn.inspect.surface` gave; or a model, which is then asked with ``batch``.
        *batch: for a model: the loss function, inputs, targets, and the directions.
        paths: ways over a map, by name: arrays of shape (n, 2), steps along the two directions;
            each is drawn from a ring to a dot, a single point as a dot.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.
        **settings: for a model: what else `nn.inspect.surface` takes.

    Returns:
        The chart. Where the model is, the slope that the gradient gives is drawn: as a tangent,
        or as an arrow downhill.

    Raises:
        TypeError: if given neither.
        ValueError: if no loss is finite, or a path is none.

    Example:
        >>> import nn, viz
        >>> model = nn.Linear(2, 1)
        >>> viz.surface(model, nn.MSELoss(), [[1.0, 2.0]], [[0.5]], 1, steps=5)
        <Chart 'The loss around the model'>
    """
    wanted = "a model with a loss function and a batch, or what nn.inspect.surface gave"
    found = asked(given, "surface", batch, settings, ("losses", "slopes"), wanted)
    if not np.isfinite(found.losses).any():
        raise ValueError(
            "surface() found no loss that is finite, at the model or around it; look at the model "
            "with viz.why(loss, parameter) or at the batch"
        )
    ways = checked_paths(paths or {}, len(found.second) > 1)
    if len(found.second) == 1:
        return Chart(lambda told: _line(found, told), found, title=title, theme=theme)
    return Chart(lambda told: _map(found, ways, told), found, title=title, theme=theme)


def _line(found: Any, title: str) -> Scene:
    losses = [float(loss) for loss in found.losses[0]]
    steps = [float(step) for step in found.first]
    plot = Plot(Rect(LEFT, 24.0, WIDE, HIGH), Axis(steps[0], steps[-1]), Axis.over(losses))
    shapes: list[Shape] = plot.grid(f"steps along {found.labels[0]}", "loss")
    points = [plot.at(s, v) for s, v in zip(steps, losses, strict=True) if math.isfinite(v)]
    if points:
        shapes.append(Path(points[0], tuple(points[1:]), "forward-lane", 2.0))
    here = float(np.interp(0.0, steps, losses))
    slope = float(found.slopes[0])
    if steps[0] <= 0 <= steps[-1] and math.isfinite(here):
        shapes += _tangent(plot, here, slope, (steps[-1] - steps[0]) / 6)
    note = f"at 0 the loss is {number(here)} and its slope, from the gradient, {number(slope)}"
    group = Group("plot", tuple(shapes), "", note)
    return headed(
        title or "The loss around the model", note, [group], LEFT + WIDE, HIGH + 24 + BOTTOM
    )


def _tangent(plot: Plot, here: float, slope: float, reach: float) -> list[Shape]:
    room = plot.y.high - plot.y.low
    reach = min(reach, 0.3 * room / abs(slope)) if slope else reach
    ends = [plot.at(s, here + slope * s) for s in (-reach, reach)]
    x, y = plot.at(0.0, here)
    return [
        Path(ends[0], (ends[1],), "backward-lane", 2.4),
        Block(Rect(x - 4, y - 4, 8, 8), "forward", 4.0),
    ]


def _map(found: Any, ways: Paths, title: str) -> Scene:
    rect = Rect(LEFT, 6.0, SIDE, SIDE)
    first, second = found.first, found.second
    plot = Plot(
        rect, Axis(float(first[0]), float(first[-1])), Axis(float(second[0]), float(second[-1]))
    )
    losses = np.where(np.isfinite(found.losses), found.losses, np.nan)
    low, high = float(np.nanmin(losses)), float(np.nanmax(losses))
    shown, scale = _scaled(losses, low, high)
    shares = (shown - np.nanmin(shown)) / ((np.nanmax(shown) - np.nanmin(shown)) or 1.0)
    shapes: list[Shape] = [Block(rect, "frame")]
    shapes += cells(0.06 + 0.7 * shares[::-1], rect, "forward", levels=28)
    shapes += plot.grid(f"steps along {found.labels[0]}", "")
    levels = _levels(low, high, scale)
    for level in levels:
        for line in contours(first, second, losses, level):
            points = [plot.at(*point) for point in line]
            shapes.append(Path(points[0], tuple(points[1:]), "ink-lane", 1.0, 0.55))
    shapes += _downhill(plot, found.slopes)
    shapes += over_map(plot, ways)
    label = Text(
        14,
        rect.y + SIDE / 2,
        (Span(f"steps along {found.labels[1]}", "muted", 13.0),),
        "middle",
        -90,
    )
    key, width = _key(levels, low, high, rect)
    here = float(losses[np.argmin(np.abs(second)), np.argmin(np.abs(first))])
    note = (
        f"loss from {number(low)} to {number(high)}, {number(here)} at the model; the arrow is "
        "minus the gradient"
    )
    groups = [Group("plot", (*shapes, label), "", note), key]
    return headed(title or "The loss around the model", note, groups, width, rect.bottom + BOTTOM)


def _scaled(losses: Any, low: float, high: float) -> tuple[Any, bool]:
    """Losses as they are coloured, and whether that is by their logarithms."""
    logarithmic = low > 0 and high > 20 * low
    return (np.log(losses) if logarithmic else losses), logarithmic


def _levels(low: float, high: float, logarithmic: bool) -> list[float]:
    if logarithmic:
        return [float(v) for v in np.geomspace(low, high, 10)[1:-1]]
    if not high > low:
        return []
    return [value for value, _ in ticks(low, high, 9) if low < value < high]


def _downhill(plot: Plot, slopes: tuple[float, ...]) -> list[Shape]:
    x, y = plot.at(0.0, 0.0)
    dot = Block(Rect(x - 4.5, y - 4.5, 9, 9), "ink", 4.5)
    length = math.hypot(*slopes)
    if not length or not math.isfinite(length):
        return [dot]
    dx, dy = -slopes[0] / length, slopes[1] / length
    tip = (x + 58 * dx, y + 58 * dy)
    back = (x + 47 * dx, y + 47 * dy)
    head = (tip, (back[0] - 5 * dy, back[1] + 5 * dx), (back[0] + 5 * dy, back[1] - 5 * dx))
    return [Path((x, y), (back,), "backward-lane", 2.6), Polygon(head, "backward"), dot]


def _key(levels: list[float], low: float, high: float, rect: Rect) -> tuple[Group, float]:
    shapes: list[Shape] = [
        Text(rect.right + 22, rect.y + 12, (Span("loss on the lines", "muted", 12.0),))
    ]
    told = [low, *levels, high]
    for index, level in enumerate(reversed(told)):
        y = rect.y + 34 + 19 * index
        shapes.append(Text(rect.right + 22, y, (Span(number(level), "ink", 12.0),)))
    return Group("legend", tuple(shapes)), rect.right + 22 + text_width("loss on the lines", 12.0)
