"""`Drawing`: a graph laid out and drawn, to be looked at, saved, or taken apart."""

from __future__ import annotations

import json
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from viz.draw.dot import to_digraph
from viz.draw.html import to_html
from viz.draw.picture import compose, measure
from viz.draw.raster import rasterise
from viz.draw.scene import Scene
from viz.draw.svg import THEMES, to_svg
from viz.files import write_atomically
from viz.formatting import clean
from viz.layout import DIRECTIONS, ENGINES, Layout, layout
from viz.model import Graph

if TYPE_CHECKING:
    import graphviz  # type: ignore[import-untyped]

__all__ = ["FORMATS", "Drawing"]

FORMATS = ("svg", "html", "png", "pdf", "dot", "gv", "json")

WIDE, BAND = 2_400.0, 3.0
"""A picture wider than this, and than so many times its height, had better run down."""


class Drawing:
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
            right, unless the picture would be a wide band that no page can hold.

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
        if theme not in THEMES:
            raise ValueError(f"theme={theme!r} is not known; expected one of {', '.join(THEMES)}")
        if direction not in DIRECTIONS:
            raise ValueError(
                f"direction={direction!r} is not known; expected one of {', '.join(DIRECTIONS)}"
            )
        self.graph = graph
        self.title: str = clean(title)
        self._engine = engine
        self._theme = theme
        self._direction = direction

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands, in pixels; ``layout.engine`` says what computed it."""
        if self._direction != "auto":
            return self._placed(self._direction)
        right = self._placed("right")
        if right.width <= WIDE or right.width <= BAND * right.height:
            return right
        down = self._placed("down")
        return down if down.width < right.width else right

    def _placed(self, direction: str) -> Layout:
        sizes = measure(self.graph, direction)
        return layout(self.graph, sizes, self._engine, direction=direction)

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        return compose(self.graph, self.layout, self._spoken_title(), self.title)

    @cached_property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return to_svg(self.scene, self._theme)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        notice = f", {self.graph.notice!r}" if self.graph.notice else ""
        return (
            f"<Drawing of {len(self.graph.cards)} nodes and {len(self.graph.edges)} edges{notice}>"
        )

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            text = f"a Drawing has no attribute {name!r}"
            if not name.startswith("_"):
                text += (
                    "; notebooks show it as the last line of a cell, and save('x.svg'), or .html, "
                    ".png, .pdf, writes it"
                )
            raise AttributeError(text, name=name)

    def _spoken_title(self) -> str:
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

    def json(self) -> str:
        """The plain data behind the picture as JSON text."""
        return json.dumps(self.graph.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def save(self, path: str | PathLike[str], *, scale: float = 2.0) -> Path:
        """Write the picture to a file; the ending of its name chooses the format.

        A file that exists is replaced whole or not at all.

        Args:
            path: ends in ``.svg``, ``.html``, ``.png``, ``.pdf``, ``.dot``, ``.gv`` or
                ``.json``. PNG and PDF need rsvg-convert or matplotlib.
            scale: pixels per unit of length, for PNG.

        Returns:
            The path written.

        Raises:
            ValueError: if the ending is none of these.
            MissingExtraError: if nothing is installed that writes PNG or PDF, or the package
                ``graphviz``, which writes DOT, is absent.
            OSError: if the file cannot be written.
        """
        path = Path(path)
        form = path.suffix[1:].lower()
        if form not in FORMATS:
            endings = ", ".join(f".{entry}" for entry in FORMATS)
            raise ValueError(
                f"a drawing cannot be saved as {path.name!r}: the name must end in one of {endings}"
            )
        if form == "svg":
            content = self.svg.encode("utf-8")
        elif form == "html":
            title = self._spoken_title()
            heading = "" if self.title else title
            page = to_html(self.graph, self.svg, title, heading, self._theme)
            content = page.encode("utf-8")
        elif form == "json":
            content = self.json().encode("utf-8", "replace")
        elif form in ("dot", "gv"):
            content = self.dot().source.encode("utf-8")
        else:
            content = rasterise(self.scene, self.svg, form, self._theme, scale)
        write_atomically(path, content)
        return path
