"""Which way the forward lanes run, and the change of axes that makes it so.

The layout itself knows one way only, from left to right. A picture that runs down is laid
out with the two axes exchanged: its cards go in with width and height swapped, and what
comes out is swapped back. Two things are not symmetric and look at the direction: the
room for a frame's title (`viz.layout.frames`) and the side of a wire its label stands on.
"""

from __future__ import annotations

from dataclasses import replace

from viz.geometry import Rect
from viz.layout.result import Frame, Layout, Sizes

__all__ = ["DIRECTIONS", "turned", "turned_rect", "turned_sizes"]

DIRECTIONS = ("auto", "right", "down")


def turned_rect(rect: Rect) -> Rect:
    """The rectangle with its axes exchanged."""
    return Rect(rect.y, rect.x, rect.height, rect.width)


def turned_sizes(sizes: Sizes) -> Sizes:
    """Cards and labels with width and height swapped; titles stay as they are read."""
    return Sizes(
        tuple((height, width) for width, height in sizes.cards),
        tuple(None if size is None else (size[1], size[0]) for size in sizes.labels),
        sizes.titles,
    )


def turned(layout: Layout) -> Layout:
    """The layout with its axes exchanged. Doing it twice changes nothing.

    Wires are given along the direction of the picture, so their runs stay.
    """
    return replace(
        layout,
        width=layout.height,
        height=layout.width,
        cards=tuple(turned_rect(rect) for rect in layout.cards),
        labels=tuple(None if rect is None else turned_rect(rect) for rect in layout.labels),
        frames=tuple(
            Frame(
                f.path,
                f.call,
                turned_rect(f.rect),
                turned_rect(f.title),
                None if f.pill is None else turned_rect(f.pill),
            )
            for f in layout.frames
        ),
        direction="down" if layout.direction == "right" else "right",
    )
