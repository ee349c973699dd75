"""Where everything stands: Graphviz when there is one, else a layered layout of our own.

`page` finds the shape that fits a page, `engines` tries the engines in order. All work on `ranks`
and `slots`, frame by frame from the inside (`nesting`, `work`, `levels`, `frames`, `loops`), in
`rows`, with an `order` from `graphviz` or `builtin`; `coordinates` makes pixels of it. In comes a
`Graph` with the sizes of its cards, out comes a `Layout`. It may import `viz.model`,
`viz.geometry` and `viz.installed`.
"""

from __future__ import annotations

from viz.geometry import Rect
from viz.layout.direction import DIRECTIONS
from viz.layout.engines import ENGINES, layout
from viz.layout.page import fit_page
from viz.layout.place import Run
from viz.layout.result import Frame, Layout, Sizes

__all__ = ["DIRECTIONS", "ENGINES", "Frame", "Layout", "Rect", "Run", "Sizes", "fit_page", "layout"]
