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
    >>> "∂L/∂a = b = 3" in picture.svg
    True
"""

from __future__ import annotations

__glassgrad_library__ = True

from typing import TYPE_CHECKING, Any

from viz.api import GraphTooLargeError, draw
from viz.drawing import Drawing
from viz.model import Card, Cluster, Edge, Graph, Histogram

__all__ = [
    "Card",
    "Cluster",
    "Drawing",
    "Edge",
    "Graph",
    "GraphTooLargeError",
    "Histogram",
    "draw",
]


if not TYPE_CHECKING:
    # Hidden from type checkers, so that they report a name that does not exist.

    def __getattr__(name: str) -> Any:
        text = f"module 'viz' has no attribute {name!r}"
        if not name.startswith("_"):
            text += "; a picture is drawn by viz.draw(loss) and written by its save('x.svg')"
        raise AttributeError(text)


def __dir__() -> list[str]:
    return __all__
