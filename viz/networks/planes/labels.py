"""Where numbers stand on crossing wires, so that each is read as that of its own wire.

Pure geometry: straight wires, the sizes of their labels, and what is in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.geometry import Rect

__all__ = ["Line", "beside", "covered", "least_covering", "spread"]

STEPS = 61
GAP = 2.0
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A straight wire from one point to another."""

    x0: float
    y0: float
    x1: float
    y1: float

    def at(self, t: float) -> tuple[float, float]:
        """The point at this share of its length."""
        return self.x0 + t * (self.x1 - self.x0), self.y0 + t * (self.y1 - self.y0)


def spread(
    lines: Sequence[Line],
    sizes: Sequence[tuple[float, float] | None],
    blocked: Sequence[Rect] = (),
    liked: float = 0.5,
) -> list[Rect | None]:
    """Place a label on each line: clear of the other labels, what is blocked, and other lines.

    The lines with the fewest free places choose first; then each in turn moves to where it is
    best, given the others. Where no place is clear, it covers as little as can be.

    Args:
        lines: the wires.
        sizes: width and height of each label; `None` for a wire without.
        blocked: what no label may cover.
        liked: at which share of its length a label stands best.

    Returns:
        The rectangle of each label.

    Example:
        >>> [rect] = spread([Line(0, 0, 0, 200)], [(20.0, 10.0)])
        >>> rect.x, round(rect.y)
        (-10.0, 95)
    """
    ends = np.array([(w.x0, w.y0, w.x1, w.y1) for w in lines], dtype=float).reshape(-1, 4)
    walls = np.array([(r.x, r.y, r.right, r.bottom) for r in blocked], dtype=float).reshape(-1, 4)
    shares = np.linspace(0.06, 0.94, STEPS)
    places: dict[int, Any] = {}
    costs: dict[int, Any] = {}
    for number, size in enumerate(sizes):
        if size is None:
            continue
        x, y = lines[number].at(shares)  # type: ignore[arg-type]
        half = np.array(size) / 2
        boxes = np.stack([x - half[0], y - half[1], x + half[0], y + half[1]], axis=1)
        others = np.delete(ends, number, axis=0)
        places[number] = boxes
        costs[number] = (
            1000.0 * _overlaps(boxes, walls, GAP).sum(axis=1)
            + 30.0 * _inside(boxes, others)
            + 4.0 * np.abs(shares - liked)
        )
    chosen: dict[int, int] = {}
    order = sorted(places, key=lambda n: (-float(np.sort(costs[n])[STEPS // 4]), n))
    for _ in range(ROUNDS):
        for number in order:
            taken = [places[n][chosen[n]] for n in order if n in chosen and n != number]
            crowd = _overlaps(places[number], np.array(taken).reshape(-1, 4), GAP).sum(axis=1)
            near = _overlaps(places[number], np.array(taken).reshape(-1, 4), 9.0).sum(axis=1)
            chosen[number] = int(np.argmin(costs[number] + 300.0 * crowd + 1.5 * near))
    return [_rect(places[n][chosen[n]]) if n in chosen else None for n in range(len(lines))]


def beside(line: Line, width: float, height: float) -> list[Rect]:
    """Places over and under a line that touch it nowhere, the middle ones first."""
    rise = abs(line.y1 - line.y0) / max(abs(line.x1 - line.x0), 1e-9)
    away = height / 2 + rise * width / 2 + 4.0
    found = []
    for t in (0.5, 0.42, 0.58, 0.34, 0.66):
        x, y = line.at(t)
        found += [Rect(x - width / 2, y + s - height / 2, width, height) for s in (-away, away)]
    return found


def least_covering(
    candidates: Sequence[Rect], lines: Sequence[Line], blocked: Sequence[Rect]
) -> Rect:
    """The first of the candidates that cover the least of what is blocked and of the lines."""
    wires = covered(candidates, lines).sum(axis=1)
    walls = [sum(r.overlaps(wall, GAP) for wall in blocked) for r in candidates]
    costs = [1000.0 * wall + float(wire) for wall, wire in zip(walls, wires, strict=True)]
    return candidates[costs.index(min(costs))]


def covered(boxes: Sequence[Rect], lines: Sequence[Line]) -> Any:
    """How far each line runs inside each rectangle, shape (rectangles, lines)."""
    edges = np.array([(r.x, r.y, r.right, r.bottom) for r in boxes], dtype=float).reshape(-1, 4)
    ends = np.array([(w.x0, w.y0, w.x1, w.y1) for w in lines], dtype=float).reshape(-1, 4)
    return _lengths(edges, ends)


def _rect(box: Any) -> Rect:
    x0, y0, x1, y1 = box.tolist()
    return Rect(x0, y0, x1 - x0, y1 - y0)


def _overlaps(boxes: Any, walls: Any, gap: float) -> Any:
    a, b = boxes[:, None, :], walls[None, :, :]
    return (
        (a[..., 0] < b[..., 2] + gap)
        & (b[..., 0] < a[..., 2] + gap)
        & (a[..., 1] < b[..., 3] + gap)
        & (b[..., 1] < a[..., 3] + gap)
    )


def _inside(boxes: Any, ends: Any) -> Any:
    """How many lines each box covers, a little more for those of which it covers much."""
    grown = boxes + np.array([-1.0, -1.0, 1.0, 1.0])
    lengths = _lengths(grown, ends)
    return ((lengths > 0) + np.minimum(lengths, 40.0) / 40.0).sum(axis=1)


def _lengths(boxes: Any, ends: Any) -> Any:
    """Clip each line to each box (Liang and Barsky, 1984) and measure what is left."""
    x0, y0 = ends[None, :, 0], ends[None, :, 1]
    dx, dy = ends[None, :, 2] - x0, ends[None, :, 3] - y0
    low, high = np.zeros(np.broadcast_shapes(dx.shape, (len(boxes), 1))), 1.0
    for start, step, near, far in ((x0, dx, 0, 2), (y0, dy, 1, 3)):
        safe = np.where(step == 0, 1e-12, step)
        a, b = (boxes[:, near, None] - start) / safe, (boxes[:, far, None] - start) / safe
        low, high = np.maximum(low, np.minimum(a, b)), np.minimum(high, np.maximum(a, b))
    return np.maximum(high - low, 0.0) * np.hypot(dx, dy)
