"""Where everything stands: Graphviz when there is one, else a layered layout of our own."""

from __future__ import annotations

from viz.layout.direction import DIRECTIONS
from viz.layout.engines import ENGINES, layout
from viz.layout.place import Rect, Run
from viz.layout.result import Frame, Layout, Sizes

__all__ = ["DIRECTIONS", "ENGINES", "Frame", "Layout", "Rect", "Run", "Sizes", "layout"]
