"""`Picture`: whatever can be looked at, shown by a notebook, and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from viz.draw.page import to_page
from viz.draw.raster import rasterise
from viz.draw.scene import Scene
from viz.draw.search import Search
from viz.draw.svg import THEMES, to_svg
from viz.files import save_as
from viz.text.formatting import clean

__all__ = ["Picture"]


class Picture:
    """A picture: a scene of shapes, and its writers.

    Notebooks show it by themselves. A kind of picture has a `scene` of its own, and adds its
    further formats in `formats`.

    Args:
        title: printed over the picture.
        theme: ``light``, ``dark``, or ``auto``: light, and dark where the viewer prefers dark.

    Attributes:
        title: the title given.

    Raises:
        ValueError: if there is no such theme.
    """

    _headed = True
    """Whether the scene has a heading of its own, which a page then need not print."""

    def __init__(self, *, title: str = "", theme: str = "auto") -> None:
        if theme not in THEMES:
            raise ValueError(f"theme={theme!r} is not known; expected one of {', '.join(THEMES)}")
        self.title: str = clean(title)
        self._theme = theme

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        raise NotImplementedError(f"{type(self).__name__} has no scene")

    @property
    def spoken_title(self) -> str:
        """What stands for the picture where it cannot be seen, and as the title of its page."""
        return self.title or self.scene.title

    @cached_property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return to_svg(self.scene, self._theme)

    @property
    def html(self) -> str:
        """The picture as one offline page, without script unless it is large and has a search."""
        title = self.spoken_title
        heading = "" if self._headed else title
        return to_page(self._in_page(), title, heading, self._theme, self._below(), self._search())

    def _below(self) -> str:
        """HTML under the picture of a page, such as the same content as a table."""
        return ""

    def _in_page(self) -> str:
        """The picture as it stands in a page."""
        return self.svg

    def _search(self) -> Search | None:
        """What finds things in the page of a large picture."""
        return None

    def _repr_html_(self) -> str:
        # As HTML, which a notebook prefers to text; and never wider than the cell.
        look = 'style="max-width:100%;height:auto" '
        return f'<div style="max-width:100%">{self.svg.replace("<svg ", f"<svg {look}", 1)}</div>'

    def _repr_svg_(self) -> str:
        return self.svg

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            text = f"a {type(self).__name__} has no attribute {name!r}"
            if not name.startswith("_"):
                text += (
                    "; notebooks show it as the last line of a cell, and save('x.svg'), or .html, "
                    ".png, .pdf, writes it"
                )
            raise AttributeError(text, name=name)

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: for each ending of a name what makes the file's content.

        Each is given the scale for bitmaps.
        """

        def raster(form: str) -> Callable[[float], bytes]:
            return lambda scale: rasterise(self.scene, self.svg, form, self._theme, scale)

        return {
            "svg": lambda _: self.svg.encode("utf-8"),
            "html": lambda _: self.html.encode("utf-8"),
            "png": raster("png"),
            "pdf": raster("pdf"),
        }

    def save(self, path: str | PathLike[str], *, scale: float = 2.0) -> Path:
        """Write the picture to a file; the ending of its name chooses the format.

        A file that exists is replaced whole or not at all.

        Args:
            path: ends in ``.svg``, ``.html``, ``.png``, ``.pdf`` or what else this kind of
                picture can be written as. PNG and PDF need rsvg-convert or matplotlib.
            scale: pixels per unit of length, for PNG.

        Returns:
            The path written.

        Raises:
            ValueError: if the ending is none of these.
            MissingExtraError: if nothing is installed that writes PNG or PDF, or the package
                ``graphviz``, which writes DOT, is absent.
            OSError: if the file cannot be written.
        """
        return save_as(path, self.formats(), type(self).__name__.lower(), scale)
