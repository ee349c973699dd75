"""`Drawing`: a graph laid out and drawn, to be looked at, saved, or taken apart."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from viz.cards.body import draw_body
from viz.cards.compose import compose, extent, measure
from viz.cards.insets import Panel, make_panel
from viz.cards.table import table
from viz.draw.bands import to_bands
from viz.draw.scene import Scene
from viz.draw.search import SEARCH, Search
from viz.exports.dot import to_digraph
from viz.exports.mermaid import to_mermaid
from viz.exports.tikz import to_tikz
from viz.files import json_text
from viz.layout import DIRECTIONS, ENGINES, Layout, fit_page, layout
from viz.model import Graph
from viz.picture import Picture

if TYPE_CHECKING:
    import graphviz  # type: ignore[import-untyped]

__all__ = ["Drawing"]

SEARCHED = 150
"""The page of a picture with more cards than this has a search."""
BANDED = 2_000
"""A sheet of more cards than this is cut into bands for its page."""
MANY = 200_000
"""So many shapes may be made before the garbage collector runs."""


class Drawing(Picture):
    """A picture of a computation graph.

    Notebooks show it by themselves. It is laid out when first looked at.

    Args:
        graph: what to draw.
        title: printed over the picture; without one, the picture names its result.
        engine: which layout engine computes the positions, one of ``auto``, ``dot``,
            ``pygraphviz``, ``wasi``, ``builtin``.
        theme: ``light``, ``dark``, or ``auto``: light, and dark where the viewer
            prefers dark.
        direction: which way the forward lanes run, ``right`` or ``down``; ``auto`` is
            right, in rows below each other where the picture would not fit a page.

    Attributes:
        graph: the plain data behind the picture.
        title: the title given.

    Raises:
        ValueError: if there is no such engine, theme or direction.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        title: str = "",
        engine: str = "auto",
        theme: str = "auto",
        direction: str = "auto",
    ) -> None:
        if engine not in ENGINES:
            raise ValueError(
                f"engine={engine!r} is not known; expected one of {', '.join(ENGINES)}"
            )
        if direction not in DIRECTIONS:
            raise ValueError(
                f"direction={direction!r} is not known; expected one of {', '.join(DIRECTIONS)}"
            )
        super().__init__(title=title, theme=theme)
        self._headed = bool(self.title)
        self.graph = graph
        self._engine = engine
        self._direction = direction

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands, in pixels; ``layout.engine`` says what computed it."""
        sizes = measure(self.graph, self._direction)
        if self._direction != "auto":
            return layout(self.graph, sizes, self._engine, direction=self._direction)

        def whole(width: float, height: float) -> tuple[float, float]:
            return extent(self.graph, (width, height), self._panels)

        return fit_page(self.graph, sizes, self._engine, whole)

    @cached_property
    def _panels(self) -> tuple[Panel, ...]:
        return tuple(make_panel(inset, n) for n, inset in enumerate(self.graph.insets))

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        with _unhurried_collector():
            return compose(self.graph, self.layout, self.spoken_title, self.title, self._panels)

    def __repr__(self) -> str:
        notice = f", {self.graph.notice!r}" if self.graph.notice else ""
        return (
            f"<Drawing of {len(self.graph.cards)} nodes and {len(self.graph.edges)} edges{notice}>"
        )

    @property
    def spoken_title(self) -> str:
        """The title, or what the picture names as its result."""
        if self.title:
            return self.title
        results = [card for card in self.graph.cards if card.role == "output"]
        named = ", ".join(f"{card.name} {card.formula}".strip() for card in results[:3])
        return f"Computation graph of {named}" if named else "Computation graph"

    def dot(self) -> graphviz.Digraph:
        """The same graph for Graphviz and its relatives, with names as plain text.

        Raises:
            MissingExtraError: if the package ``graphviz`` is not installed.
        """
        return to_digraph(self.graph, self.title, self._direction)

    def mermaid(self) -> str:
        """The same graph as text for Mermaid, which GitHub and others draw in Markdown."""
        return to_mermaid(self.graph, self.title, self._direction)

    def tikz(self) -> str:
        r"""The same picture as a LaTeX document with a `tikzpicture`, cards where they stand here.

        Raises:
            ValueError: if the graph is too large for TeX.
        """
        wires = [group for group in draw_body(self.graph, self.layout) if group.kind == "wire"]
        in_order = sorted(wires, key=lambda group: int(group.id[1:]))
        return to_tikz(self.graph, self.layout, in_order, self.title)

    def json(self) -> str:
        """The plain data behind the picture as JSON text."""
        return json_text(self.graph.to_dict())

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: all of `viz.picture.Picture.formats`, and text for other tools.

        That is DOT as ``.dot`` or ``.gv``, Mermaid as ``.mmd``, LaTeX with TikZ as ``.tex``, and
        the plain data as ``.json``.
        """

        def written(text: Callable[[], str]) -> Callable[[float], bytes]:
            return lambda _: text().encode("utf-8", "replace")

        dot = written(lambda: str(self.dot().source))
        texts = {"dot": dot, "gv": dot, "mmd": written(self.mermaid), "tex": written(self.tikz)}
        return {**super().formats(), **texts, "json": written(self.json)}

    def _below(self) -> str:
        # The cards of a sheet say in their order what the table would.
        return "" if self.layout.sheet else table(self.graph)

    def _in_page(self) -> str:
        large = len(self.graph.cards) > BANDED
        return to_bands(self.scene, self._theme) if large and self.layout.sheet else self.svg

    def _search(self) -> Search | None:
        return SEARCH if len(self.graph.cards) > SEARCHED else None


@contextmanager
def _unhurried_collector() -> Iterator[None]:
    """Python's garbage collector looks less often: shapes are many, and none is garbage."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], MANY), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
