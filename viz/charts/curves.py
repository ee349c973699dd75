"""Figures over epochs as lines, a panel for each figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from viz.charts.chart import Chart, headed
from viz.charts.plot import Axis, Plot
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number

__all__ = ["curves"]

PANEL, LEFT, RIGHT, TOP, BOTTOM = (360.0, 210.0), 62.0, 20.0, 34.0, 46.0
COLUMNS = 2
NAME, LEADING = 12.0, 15.0
STYLES = ("backward", "forward", "positive", "negative", "difference", "ink", "muted")
HELD_OUT = "val_"
MARKED, COLUMNS_OF_A_LINE = 40, 720


def curves(
    history: Any,
    *names: str,
    logarithmic: Sequence[str] = ("loss", "lr", "learning_rate"),
    title: str = "",
    theme: str = "auto",
) -> Chart:
    """Draw how figures changed while training.

    A figure and its twin over held-out data, whose name begins with ``val_``, share a panel.

    Args:
        history: what `nn.fit` gave; or lists of numbers by name; or several histories by name,
            whose curves are then compared.
        *names: which figures; all by default.
        logarithmic: figures on a logarithmic axis, where they are positive.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.

    Returns:
        The chart, with a panel for each figure.

    Raises:
        TypeError: if given nothing of the kind.
        ValueError: if there is no figure of that name, or none at all.

    Example:
        >>> import viz
        >>> viz.curves({"loss": [2.3, 1.1, 0.4], "val_loss": [2.2, 1.3, 0.9]})
        <Chart 'loss over 3 epochs'>
    """
    found = _figures(history)
    panels: dict[str, dict[str, list[float]]] = {}
    for name, lines in found.items():
        base = name.removeprefix(HELD_OUT)
        if names and base not in names and name not in names:
            continue
        for label, line in lines.items():
            kind = "held out" if name.startswith(HELD_OUT) else "training"
            told = f"{label}, {kind}" if label and _twins(found, base) else label or kind
            panels.setdefault(base, {})[told] = line
    missing = [name for name in names if name.removeprefix(HELD_OUT) not in panels]
    if missing or not panels:
        listed = ", ".join(found) or "none"
        wanted = f"no figures {', '.join(missing)}" if missing else "no figures"
        raise ValueError(f"curves() was given {wanted} to draw; there are: {listed}")
    return Chart(
        lambda told: _compose(panels, set(logarithmic), told), panels, title=title, theme=theme
    )


def _twins(found: Mapping[str, Any], base: str) -> bool:
    return base in found and f"{HELD_OUT}{base}" in found


def _figures(history: Any) -> dict[str, dict[str, list[float]]]:
    """For each figure its lines, by the name of the history that they are from."""
    if isinstance(history, Mapping) and any(
        hasattr(one, "epochs") or isinstance(one, Mapping) for one in history.values()
    ):
        merged: dict[str, dict[str, list[float]]] = {}
        for label, one in history.items():
            for name, lines in _figures(one).items():
                merged.setdefault(name, {})[str(label)] = lines[""]
        return merged
    if hasattr(history, "epochs"):
        keys = dict.fromkeys(key for epoch in history.epochs for key in epoch)
        return {
            key: {"": [_number(epoch.get(key)) for epoch in history.epochs]}
            for key in keys
            if key != "epoch" and any(math.isfinite(_number(e.get(key))) for e in history.epochs)
        }
    if isinstance(history, Mapping):
        return {str(name): {"": [_number(n) for n in line]} for name, line in history.items()}
    raise TypeError(
        f"curves() was given {type(history).__name__!r}; give what nn.fit gave, or lists of "
        "numbers by name"
    )


def _number(entry: Any) -> float:
    try:
        return float(entry)
    except (TypeError, ValueError):
        return math.nan


def _compose(
    panels: Mapping[str, Mapping[str, list[float]]], logarithmic: set[str], title: str
) -> Scene:
    groups: list[Group] = []
    columns = min(COLUMNS, len(panels))
    names = {label for lines in panels.values() for label in lines}
    room = max(text_width(name, NAME) for name in names) + 26
    wide, high = LEFT + PANEL[0] + room + RIGHT, TOP + PANEL[1] + BOTTOM
    for index, (name, lines) in enumerate(panels.items()):
        x, y = (index % columns) * wide, (index // columns) * high
        groups.append(_panel(name, lines, name in logarithmic).moved(x, y))
    epochs = max(len(line) for lines in panels.values() for line in lines.values())
    told = title or f"{', '.join(panels)} over {epochs} epoch{'s' * (epochs != 1)}"
    rows = -(-len(panels) // columns)
    return headed(told, "", groups, wide * columns - RIGHT, high * rows)


def _panel(name: str, lines: Mapping[str, list[float]], logarithmic: bool) -> Group:
    numbers = [n for line in lines.values() for n in line]
    positive = all(n > 0 for n in numbers if math.isfinite(n))
    epochs = max(len(line) for line in lines.values())
    spread = [n for n in numbers if math.isfinite(n)]
    wide = bool(spread) and positive and max(spread) > 3 * min(spread)
    y = Axis.over(numbers, logarithmic and wide)
    x = Axis(1.0, float(max(epochs, 2)))
    plot = Plot(Rect(LEFT, TOP, *PANEL), x, y)
    shapes: list[Shape] = plot.grid("epoch", name, whole=True)
    ends: list[tuple[float, str, str]] = []
    for index, (label, line) in enumerate(lines.items()):
        style = STYLES[index % len(STYLES)]
        pieces = _pieces(plot, line)
        for piece in pieces:
            shapes.append(Path(piece[0], tuple(piece[1:]) or (piece[0],), f"{style}-lane", 1.8))
        points = [point for piece in pieces for point in piece]
        if not points:
            continue
        marked = points if len(line) <= MARKED else [p[0] for p in pieces if len(p) == 1]
        shapes += [Block(Rect(px - 2.4, py - 2.4, 4.8, 4.8), style, 2.4) for px, py in marked]
        ends.append((points[-1][1], label, style))
    shapes += _endings(ends, plot.rect)
    last = "; ".join(f"{label} {number(line[-1])}" for label, line in lines.items() if line)
    return Group("panel", tuple(shapes), "", f"{name}: at last {last}")


def _pieces(plot: Plot, line: list[float]) -> list[list[tuple[float, float]]]:
    """The points of a line, in pieces between which a number is missing.

    Of many epochs on one column of the picture the lowest and the highest are kept, which is
    what the line would look like.
    """
    pieces: list[list[tuple[float, float]]] = [[]]
    width = max(1, -(-len(line) // COLUMNS_OF_A_LINE))
    for start in range(0, len(line), width):
        column = list(enumerate(line[start : start + width], start + 1))
        good = [(n, epoch) for epoch, n in column if math.isfinite(n)]
        good = [(n, epoch) for n, epoch in good if n > 0 or not plot.y.logarithmic]
        if good:
            kept = sorted({min(good)[1], max(good)[1]})
            pieces[-1] += [plot.at(epoch, line[epoch - 1]) for epoch in kept]
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
