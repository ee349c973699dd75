"""What can be read, looked at and saved: the base of both kinds of explanation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from viz.draw.svg import escape
from viz.paths.between import Between
from viz.paths.names import Names
from viz.picture import Picture

__all__ = ["Told"]


class Told(Picture):
    """A picture that is text as well: plain, as Markdown, as LaTeX, as JSON.

    Attributes:
        part: what lies between.
        engine: which layout engine places graphs.
        root: the result.
        wrt: what it is differentiated by.
    """

    def __init__(
        self, part: Between, root: Any, wrt: Any, *, title: str, theme: str, engine: str
    ) -> None:
        super().__init__(title=title, theme=theme)
        self.part: Between = part
        self.engine: str = engine
        self.root: Any = root
        self.wrt: Any = wrt

    @property
    def names(self) -> Names:
        """What the nodes are called."""
        raise NotImplementedError

    @property
    def result_name(self) -> str:
        """What the result is called."""
        return self.names[self.root]

    @property
    def wrt_name(self) -> str:
        """What it is differentiated by is called."""
        return self.names[self.wrt]

    @property
    def name(self) -> str:
        """What the gradient is called, such as ``∂L/∂x``."""
        return f"∂{self.result_name}/∂{self.wrt_name}"

    @property
    def text(self) -> str:
        """All of it as plain text."""
        raise NotImplementedError

    @property
    def markdown(self) -> str:
        """All of it as Markdown with LaTeX mathematics."""
        raise NotImplementedError

    @property
    def latex(self) -> str:
        """The equations as LaTeX for amsmath."""
        raise NotImplementedError

    def json(self) -> str:
        """The plain data as JSON text."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.text

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: `viz.picture.Picture.formats`, and text in four forms."""
        return {
            **super().formats(),
            "txt": lambda _: f"{self.text}\n".encode("utf-8", "replace"),
            "md": lambda _: self.markdown.encode("utf-8", "replace"),
            "tex": lambda _: self.latex.encode("utf-8", "replace"),
            "json": lambda _: self.json().encode("utf-8", "replace"),
        }

    def _below(self) -> str:
        text = "\n".join(escape(line) for line in self.text.splitlines())
        return f"<details>\n<summary>The same as text</summary>\n<pre>{text}</pre>\n</details>\n"
