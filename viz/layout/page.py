"""A picture fits a page: rows, hanging parameters and shorter columns where it would not."""

from __future__ import annotations

import math
from collections.abc import Callable

from viz.layout.engines import layout
from viz.layout.levels import Shape
from viz.layout.result import Layout, Sizes
from viz.layout.sheet import lay_out, too_large
from viz.model import Graph

__all__ = ["NARROWEST", "WIDEST", "fit_page"]

NARROWEST, WIDEST = 0.5, 3.0
"""Limits of the ratio of width to height."""
ROOM = (1_900.0, 1_500.0)
"""What a page can show without being made smaller than can be read."""
PAGE = (1_400.0, 900.0)
"""What is shown at its full size."""
SHORT = 1_150.0
"""A picture no wider than this is no band, however low it is."""
BEST = 1.75
TRIES = 5
FEW = 150
"""A graph of more cards fits no page as it is, and is tried less often."""

Whole = Callable[[float, float], tuple[float, float]]


def fit_page(graph: Graph, sizes: Sizes, engine: str, whole: Whole) -> Layout:
    """Place a graph so that its picture has the proportions of a page.

    Of very many cards a sheet is made, unless an engine was asked for by name. What fits as it
    is stays as it is. Else parameters hang below what uses them; and what is then too wide turns
    back in rows, what is too high has its columns cut.

    Args:
        graph: what to place.
        sizes: the room that each piece needs.
        engine: one of `viz.layout.ENGINES`.
        whole: from the size of a layout, that of the picture around it.
    """
    quick = "builtin" if engine == "auto" else engine
    few = len(graph.cards) <= FEW
    if engine == "auto" and too_large(graph):
        return lay_out(graph)
    plain = layout(graph, sizes, engine) if few else None
    if plain and (_fits(plain, whole) or not graph.cards):
        return plain
    best = hung = layout(graph, sizes, engine if few else quick, shape=Shape(hang=True))
    if plain and _fits(hung, whole):
        return hung
    if plain:
        best = min((plain, hung), key=lambda found: _fault(found, whole))
    area = hung.width * hung.height
    wide = _ratio(hung, whole) > BEST
    length = math.sqrt(area * BEST * 1.3) if wide else math.sqrt(area * 1.3 / BEST)
    for _ in range(TRIES if few else 2):
        shape = Shape(widest=length, hang=True) if wide else Shape(tallest=length, hang=True)
        found = layout(graph, sizes, quick, shape=shape)
        best = min((best, found), key=lambda entry: _fault(entry, whole))
        ratio = _ratio(found, whole)
        if 0.75 < ratio / BEST < 1.4:
            break
        factor = math.sqrt(BEST / ratio)
        length *= factor if wide else 1 / factor
    return best


def _ratio(found: Layout, whole: Whole) -> float:
    width, height = whole(found.width, found.height)
    return width / height


def _fits(found: Layout, whole: Whole) -> bool:
    width, height = whole(found.width, found.height)
    if width <= SHORT and height <= SHORT:
        return True
    return NARROWEST <= width / height <= WIDEST and width <= ROOM[0] and height <= ROOM[1]


def _fault(found: Layout, whole: Whole) -> float:
    """How much smaller a page makes the picture; proportions within the limits matter little."""
    width, height = whole(found.width, found.height)
    off = abs(math.log(width / height / BEST))
    shrinks = math.log(max(width / PAGE[0], height / PAGE[1]))
    inside = NARROWEST <= width / height <= WIDEST
    return max(0.0, shrinks) + 0.2 * off + (0.0 if inside else 1.0)
