"""Weights and inputs as images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.charts.chart import Chart, asked, headed
from viz.charts.grids import cells, signed_cells
from viz.draw.scene import Block, Group, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number

__all__ = ["filters", "saliency"]

SIDE, STRIP, GAP, SMALL = 92.0, 720.0, 16.0, 12.0
MOST, COLUMNS = 64, 8
LARGEST, LONGEST = 64, 360
BETWEEN = 56.0


Point = tuple[float, float]
NAMED = 8
"""Characters of the name of a class below an image."""


def filters(
    given: Any, *batch: Any, title: str = "", theme: str = "auto", **settings: Any
) -> Chart:
    """Draw the weights of a layer, each filter or unit as an image.

    Args:
        given: what `nn.inspect.filters` gave, or a model.
        *batch: for a model: what else `nn.inspect.filters` takes, such as a parameter's path.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.
        **settings: likewise by name.

    Returns:
        The chart: positive weights green, negative ones purple, on one scale; the 64 filters
        with the largest weights if there are more.

    Raises:
        TypeError: if given neither.

    Example:
        >>> import nn, viz
        >>> viz.filters(nn.Linear(9, 4))
        <Chart 'weight: 4 filters of 3 × 3'>
    """
    wanted = "a model, or what nn.inspect.filters gave"
    found = asked(given, "filters", batch, settings, ("weights", "name"), wanted)
    return Chart(lambda told: _filters(found, told), found, title=title, theme=theme)


def _filters(found: Any, title: str) -> Scene:
    weights = found.weights
    count, height, width = weights.shape
    sizes = np.sqrt(np.mean(np.square(weights, dtype=np.float64), axis=(1, 2)))
    chosen = sorted(np.argsort(-sizes, kind="stable")[: _most(height, width)].tolist())
    finite = np.abs(weights[np.isfinite(weights)])
    largest = float(finite.max()) if finite.size else 0.0
    groups = []
    for place, index in enumerate(chosen):
        box = _place(place, height, width)
        shapes: list[Shape] = [
            Block(box, "frame"),
            *signed_cells(_small(weights[index]), box, largest),
        ]
        label = f"filter {index}: rms {number(float(sizes[index]))}"
        shapes.append(Text(box.x, box.bottom + 14, (Span(str(index), "muted", SMALL),)))
        groups.append(Group("filter", tuple(shapes), "", label))
    told = title or f"{found.name}: {count} filters of {height} × {width}"
    note = f"green positive, purple negative, up to {number(largest)}"
    if len(chosen) < count:
        note += f"; the {len(chosen)} with the largest weights are shown"
    return headed(told, note, groups, *_extent(len(chosen), height, width))


def _extent(count: int, height: int, width: int, below: float = 30.0, times: int = 1) -> Point:
    boxes = [_place(place, height, width, below, times) for place in range(count)]
    bottom = max(box.y + times * box.height for box in boxes)
    return max(box.right for box in boxes), bottom + below - 10


def _most(height: int, width: int) -> int:
    return MOST if width < 8 * height else MOST // 3


def _place(place: int, height: int, width: int, below: float = 30.0, times: int = 1) -> Rect:
    """Where an image goes; what is a few rows alone is a long strip, one under the other."""
    strip = width >= 8 * height
    side, columns = (STRIP, 1) if strip else (SIDE, COLUMNS)
    scale = side / max(height, width)
    row, column = divmod(place, columns)
    high = max(height * scale, 14.0)
    return Rect(column * (side + GAP), row * (times * high + below), width * scale, high)


def saliency(
    given: Any,
    *batch: Any,
    title: str = "",
    theme: str = "auto",
    names: Sequence[str] = (),
    **settings: Any,
) -> Chart:
    """Draw what a model looks at: each input, and the derivative of a score by its entries.

    Args:
        given: what `nn.inspect.saliency` gave, or a model, which is then asked with ``batch``.
        *batch: for a model: inputs, and the classes whose scores are meant.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.
        names: of all classes; if not given, they are numbered.
        **settings: for a model: what else `nn.inspect.saliency` takes.

    Returns:
        The chart: inputs above; below what would raise the score, green where more would, purple
        where less would, each on its own scale. At most 16 samples.

    Raises:
        TypeError: if given neither.

    Example:
        >>> import nn, viz
        >>> viz.saliency(nn.Linear(16, 3), [[0.5] * 16])
        <Chart 'What the model looks at'>
    """
    wanted = "a model with inputs, or what nn.inspect.saliency gave"
    found = asked(given, "saliency", batch, settings, ("inputs", "gradients"), wanted)
    return Chart(lambda told: _saliency(found, told, names), found, title=title, theme=theme)


def _saliency(found: Any, title: str, names: Sequence[str]) -> Scene:
    count = min(len(found.inputs), 2 * COLUMNS)
    groups = []
    _, height, width = found.inputs.shape
    for index in range(count):
        upper = _place(index, height, width, BETWEEN, 2)
        lower = Rect(upper.x, upper.bottom + 8, upper.width, upper.height)
        shapes: list[Shape] = [Block(upper, "frame"), Block(lower, "frame")]
        shapes += cells(_shares(_small(found.inputs[index])), upper, "ink")
        shapes += signed_cells(_small(found.gradients[index]), lower)
        kind, score = int(found.classes[index]), number(float(found.scores[index]), 3)
        name = names[kind] if names else str(kind)
        text = f"{name if len(name) <= NAMED else f'{name[: NAMED - 1]}…'}: {score}"
        shapes.append(Text(lower.x, lower.bottom + 16, (Span(text, "ink", SMALL),)))
        label = f"sample {index}, class {name}, score {score}"
        groups.append(Group("sample", tuple(shapes), "", label))
    note = "below each input the derivative of the score: green where more raises it, purple lowers"
    if count < len(found.inputs):
        note += f"; {count} of {len(found.inputs)} samples"
    told = title or "What the model looks at"
    return headed(told, note, groups, *_extent(count, height, width, BETWEEN, 2))


def _shares(image: Any) -> Any:
    low, high = float(np.nanmin(image)), float(np.nanmax(image))
    return (image - low) / (high - low) if high > low else np.full(image.shape, 0.5)


def _small(image: Any) -> Any:
    """An image of at most `LARGEST` cells along a side: the mean of what shares a cell."""
    strip = image.shape[1] >= 8 * image.shape[0]
    step = -(-max(image.shape) // (LONGEST if strip else LARGEST))
    if step == 1:
        return image
    rows, columns = (-(-n // step) for n in image.shape)
    padded = np.full((rows * step, columns * step), np.nan)
    padded[: image.shape[0], : image.shape[1]] = image
    return np.nanmean(padded.reshape(rows, step, columns, step), axis=(1, 3))
