"""Pictures of backpropagation.

`draw` turns any `Value` or `Tensor` into a picture of how it was computed and of how its
gradient flows back: values and gradients on cards, local derivatives on wires.

Example:
    >>> import autodiff as ad
    >>> import viz
    >>> a, b = ad.Value(2.0, name="a"), ad.Value(3.0, name="b")
    >>> c = a * b
    >>> c.backward()
    >>> picture = viz.draw(c, engine="builtin")
    >>> "∂c/∂a = b = 3" in picture.svg
    True
"""

from __future__ import annotations

__glassgrad_library__ = True

from importlib import import_module
from typing import TYPE_CHECKING, Any

from viz.api import GraphTooLargeError, draw
from viz.cards.drawing import Drawing
from viz.model import Card, Cluster, Edge, Graph, Histogram, Inset, Series
from viz.notebooks import register
from viz.picture import Picture

if TYPE_CHECKING:
    from viz.alive.api import LivePage, live
    from viz.alive.program import LiveError
    from viz.causes.answer import Why, WhyReport
    from viz.causes.find import why
    from viz.charts.boundary import boundary
    from viz.charts.chart import Chart
    from viz.charts.confusion import confusion
    from viz.charts.curves import curves
    from viz.charts.flow import compare, flow
    from viz.charts.images import filters, saliency
    from viz.charts.lines import lines
    from viz.charts.surface import surface
    from viz.differences.difference import Difference, diff
    from viz.differences.passes import snapshot
    from viz.elements.zoom import Zoom, zoom
    from viz.networks.backward import backward_network
    from viz.networks.chips.picture import FullNetwork
    from viz.networks.draw import network
    from viz.networks.planes.picture import BackwardNetwork
    from viz.networkx import to_networkx
    from viz.pages.page import Page
    from viz.paths.explain import explain
    from viz.paths.explanation import Explanation
    from viz.paths.matrix import MatrixExplanation

__all__ = [
    "BackwardNetwork",
    "Card",
    "Chart",
    "Cluster",
    "Difference",
    "Drawing",
    "Edge",
    "Explanation",
    "FullNetwork",
    "Graph",
    "GraphTooLargeError",
    "Histogram",
    "Inset",
    "LiveError",
    "LivePage",
    "MatrixExplanation",
    "Page",
    "Picture",
    "Series",
    "Why",
    "WhyReport",
    "Zoom",
    "backward_network",
    "boundary",
    "compare",
    "confusion",
    "curves",
    "diff",
    "draw",
    "explain",
    "filters",
    "flow",
    "lines",
    "live",
    "network",
    "saliency",
    "snapshot",
    "surface",
    "to_networkx",
    "why",
    "zoom",
]

register()

_HOMES: dict[str, str] = {
    "BackwardNetwork": "viz.networks.planes.picture",
    "Chart": "viz.charts.chart",
    "Difference": "viz.differences.difference",
    "Explanation": "viz.paths.explanation",
    "FullNetwork": "viz.networks.chips.picture",
    "LiveError": "viz.alive.program",
    "LivePage": "viz.alive.api",
    "Zoom": "viz.elements.zoom",
    "Why": "viz.causes.answer",
    "WhyReport": "viz.causes.answer",
    "backward_network": "viz.networks.backward",
    "boundary": "viz.charts.boundary",
    "compare": "viz.charts.flow",
    "confusion": "viz.charts.confusion",
    "curves": "viz.charts.curves",
    "diff": "viz.differences.difference",
    "MatrixExplanation": "viz.paths.matrix",
    "Page": "viz.pages.page",
    "explain": "viz.paths.explain",
    "network": "viz.networks.draw",
    "filters": "viz.charts.images",
    "flow": "viz.charts.flow",
    "lines": "viz.charts.lines",
    "live": "viz.alive.api",
    "saliency": "viz.charts.images",
    "snapshot": "viz.differences.passes",
    "surface": "viz.charts.surface",
    "to_networkx": "viz.networkx",
    "zoom": "viz.elements.zoom",
    "why": "viz.causes.find",
}
"""Where names live that are loaded when first used, so that `import viz` stays quick."""

if not TYPE_CHECKING:
    # Hidden from type checkers, so that they report a name that does not exist.

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            return getattr(import_module(_HOMES[name]), name)
        text = f"module 'viz' has no attribute {name!r}"
        if not name.startswith("_"):
            text += "; a picture is drawn by viz.draw(loss) and written by its save('x.svg')"
        raise AttributeError(text)


def __dir__() -> list[str]:
    return __all__
