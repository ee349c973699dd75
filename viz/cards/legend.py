"""The legend: what the lanes are, and what the signs on them mean."""

from __future__ import annotations

import re

from viz.cards.scale import Scale
from viz.draw.metrics import text_width
from viz.draw.scene import Group, Path, Polygon, Shape, Span, Text
from viz.model import Graph

__all__ = ["draw_legend"]

SIZE = 12.0
GAP = 22.0
LEADING = 18.0
SAMPLE = 33.0

_SIGNS = (
    (re.compile(r"\[[^\[\]]+ [<>=≤≥≠] [^\[\]]+\]"), "[ … ] is 1 where it holds, else 0"),
    (re.compile(r"(?<!\w)g(?=[ᵀ[ )]|$)"), "g is the gradient that comes in"),
    (re.compile(r"(?<!\w)p −"), "p is the softmax, n how many rows there are"),
    (re.compile(r"(?<!\w)p Σ"), "p is the softmax"),
    (re.compile(r"(?<!\w)J\w*ᵀ"), "J is the Jacobian"),
    (re.compile("⋆ᵀ|⋆ᵂ"), "⋆ᵀ spreads over windows, ⋆ᵂ adds windows up"),
)


def draw_legend(graph: Graph, y: float, room: float) -> tuple[Group, float, float]:
    """What explains the lanes and signs of this graph, in as many lines as it takes.

    Args:
        graph: only what occurs in it is explained.
        y: the baseline of the first line.
        room: how wide a line may be; one entry stands in it even if it is wider.

    Returns:
        The shapes, their width, and the baseline of the last line.
    """
    entries = _lanes(graph)
    entries += [
        ("", "", text)
        for sign, text in _SIGNS
        if any(sign.search(edge.local) for edge in graph.edges)
    ]
    numbers = _numbers(graph)
    entries += [("", "", text) for text in numbers]
    shapes: list[Shape] = []
    x = used = 0.0
    for lane, head, text in entries:
        width = text_width(text, SIZE) + (SAMPLE if lane else 0.0)
        if x and x + width > room:
            x, y = 0.0, y + LEADING
        if lane:
            shapes += _sample(lane, head, x, y - 3.5)
        start = x + (SAMPLE if lane else 0.0)
        shapes.append(Text(start, y, (Span(text, "muted", SIZE),)))
        used = max(used, x + width)
        x += width + GAP
    if any(lane == "backward-lane" for lane, _, _ in entries):
        widths, x, y = _widths(graph, x, y, room)
        shapes += widths
        used = max(used, x)
    return Group("legend", tuple(shapes)), used, y


def _widths(graph: Graph, x: float, y: float, room: float) -> tuple[list[Shape], float, float]:
    """Sample lanes of a few widths, each with the gradient it stands for."""
    samples = Scale(graph).samples()
    if not samples:
        return [], x, y
    widths = [SAMPLE + text_width(text, SIZE) + 14 for text, _ in samples]
    title = "lane width, by rms:"
    first = text_width(title, SIZE) + 12
    if x and x + first + sum(widths) > room:
        x, y = 0.0, y + LEADING
    shapes: list[Shape] = [Text(x, y, (Span(title, "muted", SIZE),))]
    x += first
    for (text, thick), width in zip(samples, widths, strict=True):
        ends = (x, y - 4), ((x + SAMPLE - 7, y - 4),)
        shapes.append(Path(*ends, "backward-lane", round(thick, 2)))
        shapes.append(Text(x + SAMPLE, y, (Span(text, "backward", SIZE),)))
        x += width
    return shapes, x, y


def _numbers(graph: Graph) -> list[str]:
    """What the numbers on tensor cards are, said once."""
    tensors = [card for card in graph.cards if card.value_histogram is not None]
    said = any("rms" in (card.value_label, card.gradient_label) for card in tensors)
    return ["numbers are rms, root mean squares"] if said else []


def _sample(lane: str, head: str, x: float, y: float) -> list[Shape]:
    """A short lane with its arrow head."""
    forward = head == "forward"
    tip, base = (x + 26, x + 18) if forward else (x, x + 8)
    ends = (x, base) if forward else (base, x + 26)
    return [
        Path((ends[0], y), ((ends[1], y),), lane, 1.5),
        Polygon(((tip, y), (base, y - 3.2), (base, y + 3.2)), head),
    ]


def _lanes(graph: Graph) -> list[tuple[str, str, str]]:
    """Style of the lane, style of its head, and what it is."""
    backward = any(edge.rms is not None or edge.zero for edge in graph.edges)
    entries = [("forward-lane", "forward", "forward: values")]
    if backward:
        entries.append(("backward-lane", "backward", "backward: gradients"))
    if backward and any(edge.zero for edge in graph.edges):
        entries.append(("zero-lane", "backward", "exactly zero"))
    return entries
