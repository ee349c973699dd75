"""Learning curves as SVG, styled by the page around them."""

from __future__ import annotations

import math

from nn.report.data import Curve, Panel
from nn.report.text import escape, number, percent, ticks

__all__ = ["panel"]

WIDTH, HEIGHT = 480.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 68.0, 10.0, 34.0
GAP = 13.0


class _Axes:
    """From epochs and values to pixels."""

    def __init__(self, panel: Panel) -> None:
        self.percent, self.logarithmic = panel.percent, panel.logarithmic
        values = [v for curve in panel.curves for v in curve.values if math.isfinite(v)]
        if self.logarithmic:
            values = [v for v in values if v > 0]
        self.first = panel.first
        longest = max((len(curve.values) for curve in panel.curves), default=1)
        self.last = panel.first + max(longest, 1) - 1
        low, high = (min(values), max(values)) if values else (0.1, 1.0)
        self.low, self.high = self._scaled(low), self._scaled(high)
        margin = 0.05 * (self.high - self.low) or 0.05 * abs(self.high) or 1.0
        self.low -= margin
        self.high += margin
        if self.percent:
            self.high = min(self.high, max(1.0, high))

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value

    def x(self, epoch: int) -> float:
        share = (epoch - self.first) / max(self.last - self.first, 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (self._scaled(value) - self.low) / (self.high - self.low)
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    def levels(self) -> list[tuple[float, str]]:
        """Where lines are drawn across, and how they are labelled."""
        found = self._levels()
        scale, unit = (100.0, " %") if self.percent else (1.0, "")
        for digits in range(3, 16):
            names = [number(scale * level, digits) + unit for level in found]
            if len(set(names)) == len(names):
                break
        return list(zip(found, names, strict=True))

    def _levels(self) -> list[float]:
        if not self.logarithmic:
            return ticks(self.low, self.high)
        low, high = 10**self.low, 10**self.high
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        for steps in ((1.0,), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)):
            found = [s * 10.0**d for d in decades for s in steps if low <= s * 10.0**d <= high]
            if len(found) >= 3:
                return found
        return ticks(low, high, 7)


def panel(data: Panel) -> str:
    """One panel as an SVG element.

    Args:
        data: the curves; values that are not finite are left out.
    """
    axes = _Axes(data)
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for level, name in axes.levels():
        y = axes.y(level)
        parts.append(f'<path class="grid" d="M{LEFT:g} {y:.1f}H{right:g}"/>')
        parts.append(f'<text class="tick end" x="{LEFT - 6:g}" y="{y + 4:.1f}">')
        parts.append(f"{name}</text>")
    for epoch in _epoch_ticks(axes.first, axes.last):
        x = axes.x(epoch)
        parts.append(f'<text class="tick mid" x="{x:.1f}" y="{bottom + 15:g}">{epoch}</text>')
    middle = (LEFT + right) / 2
    parts.append(f'<text class="tick mid" x="{middle:g}" y="{HEIGHT - 4:g}">epoch</text>')
    parts.append(f'<path class="axis" d="M{LEFT:g} {bottom:g}H{right:g}"/>')
    drawn = [(curve, _points(curve, axes)) for curve in data.curves]
    parts += [_line(curve, points, axes) for curve, points in drawn if points]
    parts += _endings([(curve, points) for curve, points in drawn if points])
    spoken = "; ".join(
        f"{curve.name} from {_say(curve.values[0], data)} to {_say(curve.values[-1], data)}"
        for curve in data.curves
        if curve.values
    )
    label = escape(f"{data.title} over {axes.last} epochs: {spoken}")
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _say(value: float, data: Panel) -> str:
    return percent(value) if data.percent else number(value)


def _epoch_ticks(first: int, last: int) -> list[int]:
    if last <= 6:
        return list(range(first, last + 1))
    inner = [round(t) for t in ticks(first, last, 5)]
    step = inner[1] - inner[0]
    return [first, *(t for t in inner if step / 2 < t - first and step / 2 < last - t), last]


def _points(curve: Curve, axes: _Axes) -> list[tuple[float, float, int, float]]:
    found = []
    for epoch, value in enumerate(curve.values, axes.first):
        if math.isfinite(value) and (value > 0 or not axes.logarithmic):
            found.append((axes.x(epoch), axes.y(value), epoch, value))
    return found


def _line(curve: Curve, points: list[tuple[float, float, int, float]], axes: _Axes) -> str:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _, _ in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4"><title>{escape(curve.name)}, epoch {epoch}: '
        f"{percent(value, 2) if axes.percent else number(value)}</title></circle>"
        for x, y, epoch, value in points
    )
    style = escape(curve.style)
    return f'<g class="curve {style}"><path d="M{path}"/>{dots}</g>'


def _endings(drawn: list[tuple[Curve, list[tuple[float, float, int, float]]]]) -> list[str]:
    """Names at the curves' ends, moved apart where they would touch."""
    ends = sorted(((points[-1][1], curve) for curve, points in drawn), key=lambda end: end[0])
    parts: list[str] = []
    lowest = HEIGHT - BOTTOM - GAP * (len(ends) - 1)
    previous = -math.inf
    for number_, (y, curve) in enumerate(ends):
        previous = max(min(y, lowest + GAP * number_), previous + GAP)
        parts.append(
            f'<text class="ending {escape(curve.style)}" x="{WIDTH - RIGHT + 8:g}" '
            f'y="{previous + 4:.1f}">{escape(curve.name)}</text>'
        )
    return parts
