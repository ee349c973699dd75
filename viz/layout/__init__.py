"""Where everything stands: Graphviz when there is one, else a layered layout of our own."""

from __future__ import annotations

from viz.layout.engines import ENGINES, layout
from viz.layout.place import Rect, Run
from viz.layout.result import Frame, Layout, Sizes
from viz.layout.turn import DIRECTIONS

__all__ = ["DIRECTIONS", "ENGINES", "Frame", "Layout", "Rect", "Run", "Sizes", "layout"]
