"""The legend: what the lanes are, and what the signs on them mean."""

from __future__ import annotations

import re

from viz.draw.metrics import text_width
from viz.draw.scene import Group, Path, Polygon, Shape, Span, Text
from viz.model import Graph

__all__ = ["draw_legend"]

SIZE = 10.5
GAP = 22.0

_SIGNS = (
    (re.compile(r"\[[^\[\]]+ [<>=≤≥≠] [^\[\]]+\]"), "[ … ] is 1 where it holds, else 0"),
    (re.compile(r"\bgᵀ"), "g is the gradient that comes in"),
)


def draw_legend(graph: Graph, y: float) -> tuple[Group, float]:
    """One line that explains what this graph shows, and its width.

    Args:
        graph: only what occurs in it is explained.
        y: the baseline.
    """
    shapes: list[Shape] = []
    x = 0.0
    for lane, head, text in _lanes(graph):
        forward = head == "forward"
        middle = y - 3.5
        tip, base = (x + 26, x + 18) if forward else (x, x + 8)
        ends = (x, base) if forward else (base, x + 26)
        shapes.append(Path((ends[0], middle), ((ends[1], middle),), lane, 1.5))
        points = ((tip, middle), (base, middle - 3.2), (base, middle + 3.2))
        shapes.append(Polygon(points, head))
        shapes.append(Text(x + 33, y, (Span(text, "muted", SIZE),)))
        x += 33 + text_width(text, SIZE) + GAP
    for sign, text in _SIGNS:
        if any(sign.search(edge.local) for edge in graph.edges):
            shapes.append(Text(x, y, (Span(text, "muted", SIZE),)))
            x += text_width(text, SIZE) + GAP
    return Group("legend", tuple(shapes)), x - GAP


def _lanes(graph: Graph) -> list[tuple[str, str, str]]:
    """Style of the lane, style of its head, and what it is."""
    backward = any(edge.rms is not None or edge.zero for edge in graph.edges)
    tensors = any(card.shape for card in graph.cards)
    entries = [("forward-lane", "forward", "forward: values")]
    if backward:
        wide = ", wider where larger" if tensors else ""
        entries.append(("backward-lane", "backward", f"backward: gradients{wide}"))
    if backward and any(edge.zero for edge in graph.edges):
        entries.append(("zero-lane", "backward", "exactly zero"))
    return entries
