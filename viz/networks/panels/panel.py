"""One pass in one frame."""

from __future__ import annotations

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Shape, Text
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.panels.captions import draw_captions, panel_title, widest_line
from viz.networks.panels.grid import HEAD, Grid
from viz.networks.panels.neurons import draw_columns, draw_loss
from viz.networks.panels.wires import draw_wires, point_at

__all__ = ["draw_panel"]


def draw_panel(network: Network, grid: Grid, backward: bool) -> list[Group]:
    """All of a panel, from its upper left corner.

    Args:
        network: with the numbers.
        grid: with the places.
        backward: which pass.
    """
    prefix = "b" if backward else "f"
    frame = Block(Rect(0, 0, grid.width, grid.height), "frame", 12)
    groups = [Group("panel", (frame,)), panel_title(network, backward, grid.width)]
    wires = draw_wires(network, grid, backward)
    groups += wires
    groups += draw_columns(network, grid, backward, prefix)
    groups += draw_loss(network, grid, backward, prefix)
    groups += draw_captions(network, grid, backward)
    return groups + _about_the_widest(network, grid, wires, backward)


def _about_the_widest(
    network: Network, grid: Grid, wires: list[Group], backward: bool
) -> list[Group]:
    """The widest line in numbers, where inputs and wires leave room for it."""
    lines = widest_line(network, backward)
    if not lines or not grid.columns:
        return []
    first = grid.columns[0]
    left = 14.0
    wide = max(sum(text_width(s.text, s.size, s.bold) for s in line) for line in lines)
    top = grid.tops[0] + HEAD + 8
    free = first.rects[0].y - top
    place = Rect(left, top, wide, 17.0 * len(lines))
    if free < place.height + 10 or any(_passes(group, place) for group in wires):
        return []
    shapes: tuple[Shape, ...] = tuple(
        Text(left, top + 12 + 17 * i, spans) for i, spans in enumerate(lines)
    )
    return [Group("notice", shapes)]


def _passes(wires: Group, place: Rect) -> bool:
    """Whether a wire, or the number on it, lies in a place."""
    spots = [
        Rect(x, y, 0.0, 0.0)
        for shape in wires.shapes
        if isinstance(shape, Path) and len(shape.steps) == 1
        for x, y in (point_at(shape, t / 24) for t in range(25))
    ]
    spots += [shape.rect for shape in wires.shapes if isinstance(shape, Block)]
    return any(spot.overlaps(place, 3) for spot in spots)
