"""A running sum as bars, each beginning where the one before ended."""

from __future__ import annotations

import math
from collections.abc import Sequence

from viz.draw.axes import ticks
from viz.draw.scene import Group, Path, Polygon, Shape, Span, Text

__all__ = ["Waterfall"]

BAR, TIP, TICK = 26.0, 9.0, 13.0


class Waterfall:
    """The axis of a running sum.

    Args:
        terms: what is added up, in order.
        x: of the left border.
        width: from there to the right border.
    """

    def __init__(self, terms: Sequence[float], x: float, width: float) -> None:
        self.left: float = x
        self.width: float = width
        self.ends: list[float] = [0.0]
        for term in terms:
            self.ends.append(self.ends[-1] + term)
        self.finite: bool = all(map(math.isfinite, self.ends))
        low, high = (min(self.ends), max(self.ends)) if self.finite else (0.0, 1.0)
        if not (high - low > 0 and math.isfinite(high - low)):
            low, high = (low, low + 1.0) if self.finite else (0.0, 1.0)
        self.low: float = low
        self.high: float = high

    def at(self, number: float) -> float:
        """Where a number stands."""
        return self.left + (number - self.low) / (self.high - self.low) * self.width

    def axis(self, top: float, rule: float, bottom: float) -> Group:
        """Lines down to the rule above the total, that of 0 on through it, numbers above."""
        shapes: list[Shape] = []
        most = max(2, int(self.width // 110))
        for place, text in ticks(self.low, self.high, most):
            x = self.at(place)
            style = "muted-lane" if place == 0 else "grid-lane"
            low = bottom if place == 0 else rule
            shapes.append(Path((x, top), ((x, low),), style, 1.0))
            shapes.append(Text(x, top - 12, (Span(text, "muted", TICK),), "middle"))
        return Group("axis", tuple(shapes))

    def bar(self, number: int, y: float, before: float | None) -> Group:
        """One term.

        Args:
            number: which, from 0.
            y: of the middle of the bar.
            before: the y of the bar before it, from where a dashed line comes down.
        """
        start, end = self.ends[number], self.ends[number + 1]
        shapes: list[Shape] = []
        if before is not None:
            x = self.at(start)
            line = Path((x, before + BAR / 2 + 2), ((x, y - BAR / 2 - 2),), "dashed-lane", 1.0)
            shapes.append(line)
        shapes.append(self.shape(start, end, y))
        return Group("bar", tuple(shapes))

    def shape(self, start: float, end: float, y: float) -> Shape:
        """The bar from one number to another: pointed, hollow if it goes back, a line if 0."""
        a, b = self.at(start), self.at(end)
        if abs(b - a) < 0.75:
            return Path((a, y - BAR / 2), ((a, y + BAR / 2),), "backward-lane", 2.0)
        tip = math.copysign(min(TIP, abs(b - a)), b - a)
        up, down = y - BAR / 2, y + BAR / 2
        points = ((a, up), (b - tip, up), (b, y), (b - tip, down), (a, down))
        return Polygon(points, "backward" if end > start else "backward-outline")
