"""Axes: a rectangle with scales, lines across it, and what is written beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from viz.draw.axes import decades, ticks
from viz.draw.scene import Path, Shape, Span, Text
from viz.geometry import Rect

__all__ = ["Axis", "Plot"]

SMALL, LABEL = 12.0, 13.0


@dataclass(frozen=True, slots=True)
class Axis:
    """From numbers to a share of the length.

    Attributes:
        low: number at the beginning.
        high: number at the end.
        logarithmic: whether equal factors are equally long.
    """

    low: float
    high: float
    logarithmic: bool = False

    @classmethod
    def over(cls, numbers: list[float], logarithmic: bool = False, margin: float = 0.04) -> Axis:
        """An axis with room for all numbers that are finite, and positive if need be."""
        kept = [n for n in numbers if math.isfinite(n) and (n > 0 or not logarithmic)]
        low, high = (min(kept), max(kept)) if kept else (0.1, 1.0)
        if logarithmic:
            spread = margin * max(math.log10(high) - math.log10(low), 0.05)
            ends = (math.log10(low) - spread, math.log10(high) + spread)
            return cls(10.0 ** max(ends[0], -300.0), 10.0 ** min(ends[1], 300.0), True)
        room = (high - low) * margin or abs(high) * margin or 1.0
        return cls(low - room, high + room)

    def share(self, number: float) -> float:
        """Where a number is, from 0 to 1."""
        if self.logarithmic:
            low, high = math.log10(self.low), math.log10(self.high)
            return (math.log10(max(number, 5e-324)) - low) / (high - low)
        return (number - self.low) / (self.high - self.low)

    def ticks(self, count: int = 5) -> list[tuple[float, str]]:
        """Numbers at which lines are drawn, with their texts."""
        if self.logarithmic and self.high / self.low > 30:
            found = decades(self.low, self.high)
            return [(n, text) for n, text in found if self.low <= n <= self.high]
        return [(n, t) for n, t in ticks(self.low, self.high, count) if self.low <= n <= self.high]


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle with two axes.

    Attributes:
        rect: in pixels.
        x: the axis along its lower side.
        y: the axis along its left side, which points up.
    """

    rect: Rect
    x: Axis
    y: Axis

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is, in pixels."""
        share_x, share_y = self.x.share(x), self.y.share(y)
        return (
            self.rect.x + share_x * self.rect.width,
            self.rect.bottom - share_y * self.rect.height,
        )

    def grid(self, x_label: str = "", y_label: str = "", whole: bool = False) -> list[Shape]:
        """Lines across, ticks and labels; ``whole`` leaves out ticks that are no integers."""
        r = self.rect
        shapes: list[Shape] = []
        for value, text in self.y.ticks():
            y = r.bottom - self.y.share(value) * r.height
            shapes.append(Path((r.x, y), ((r.right, y),), "grid-lane", 1.0))
            shapes.append(Text(r.x - 8, y + 4, (Span(text, "muted", SMALL),), "end"))
        for value, text in self.x.ticks(max(2, int(r.width / 70))):
            if whole and value != round(value):
                continue
            x = r.x + self.x.share(value) * r.width
            shapes.append(Text(x, r.bottom + 17, (Span(text, "muted", SMALL),), "middle"))
        shapes.append(Path((r.x, r.bottom), ((r.right, r.bottom),), "muted-lane", 1.0))
        if x_label:
            place = (r.x + r.width / 2, r.bottom + 36)
            shapes.append(Text(*place, (Span(x_label, "muted", LABEL),), "middle"))
        if y_label:
            shapes.append(Text(r.x, r.y - 10, (Span(y_label, "ink", LABEL, bold=True),)))
        return shapes
