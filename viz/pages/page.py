"""`Page`: what was found out, written and drawn on one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Self

from viz.draw.page import framed, to_document
from viz.draw.svg import THEMES
from viz.files import save_as
from viz.pages.style import STYLE
from viz.picture import Picture
from viz.text.formatting import number

__all__ = ["Page"]

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_CODE = re.compile(r"`([^`]+)`")


class Page:
    """Prose, formulas, tables and pictures one below the other, as one HTML file.

    The file loads nothing and has no script; it is readable in the dark, and prints.

    Args:
        title: printed at the top.
        lead: the first paragraph, printed larger.
        theme: ``light``, ``dark``, or ``auto``: light, and dark where the reader prefers dark.
            The pictures have themes of their own, which should be the same.

    Raises:
        ValueError: if there is no such theme.

    Example:
        >>> import autodiff as ad, viz, tempfile, pathlib
        >>> x = ad.Value(2.0, name="x")
        >>> page = viz.Page("A square", "Its derivative is twice the number.")
        >>> page = page.formula("y = x²,  ∂y/∂x = 2x").picture(viz.draw(x * x, engine="builtin"))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     page.save(pathlib.Path(folder) / "square.html").name
        'square.html'
    """

    def __init__(self, title: str, lead: str = "", *, theme: str = "auto") -> None:
        if theme not in THEMES:
            raise ValueError(f"theme={theme!r} is not known; expected one of {', '.join(THEMES)}")
        self.title = title
        self._theme = theme
        self._parts: list[str] = []
        self._figures = 0
        self._lead = lead

    def section(self, heading: str) -> Self:
        """Begin a part with a heading of its own; returns the page, as all of these do."""
        return self._add(f"<h2>{_prose(heading)}</h2>")

    def text(self, *paragraphs: str) -> Self:
        """Paragraphs of prose; what stands between `backticks` is set as code."""
        return self._add(*(f"<p>{_prose(paragraph)}</p>" for paragraph in paragraphs))

    def formula(self, *lines: str) -> Self:
        """Formulas as they are written, line by line; spaces are kept."""
        return self._add(f'<pre class="formula">{_escaped(chr(10).join(lines))}</pre>')

    def picture(self, *pictures: Picture, caption: str = "") -> Self:
        """Pictures side by side where there is room for them, with a numbered caption.

        Raises:
            TypeError: if one of them is no picture.
        """
        for picture in pictures:
            if not isinstance(picture, Picture):
                raise TypeError(
                    f"picture() takes what functions of viz such as viz.draw return, and a "
                    f"{type(picture).__name__} was given; for prose call text()"
                )
        self._figures += 1
        drawn = "\n".join(f'<div class="drawn">{picture.svg}</div>' for picture in pictures)
        told = f"<b>Figure {self._figures}.</b> {_prose(caption)}" if caption else ""
        below = f"<figcaption>{told}</figcaption>" if told else ""
        return self._add(f'<figure><div class="row">\n{drawn}\n</div>{below}</figure>')

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, caption: str = ""
    ) -> Self:
        """A table; numbers are rounded to what a reader needs, and stand to the right.

        Args:
            heads: of the columns.
            rows: the cells, row by row: text or numbers.
            caption: printed over it.

        Raises:
            ValueError: if a row has more or fewer cells than there are heads.
        """
        told = [list(row) for row in rows]
        for index, row in enumerate(told):
            if len(row) != len(heads):
                raise ValueError(
                    f"row {index} of the table has {len(row)} cells, and there are {len(heads)} "
                    "columns"
                )
        head = "".join(f'<th scope="col">{_prose(entry)}</th>' for entry in heads)
        body = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in told)
        over = f"<caption>{_prose(caption)}</caption>" if caption else ""
        return self._add(
            f"<table>{over}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
        )

    def _add(self, *parts: str) -> Self:
        self._parts += parts
        return self

    @property
    def html(self) -> str:
        """The page as one HTML document."""
        lead = f'<p class="lead">{_prose(self._lead)}</p>' if self._lead else ""
        body = "\n".join([f"<h1>{_escaped(self.title)}</h1>", lead, *self._parts])
        return to_document(f"<main>\n{body}\n</main>", self.title, self._theme, STYLE)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the page; a file that exists is replaced whole or not at all.

        Args:
            path: ends in ``.html``.

        Returns:
            The path written.

        Raises:
            ValueError: if the ending is another one.
            OSError: if the file cannot be written.
        """
        made = {form: lambda _: self.html.encode("utf-8") for form in ("html", "htm")}
        return save_as(path, made, "page", advice="; for a PDF print it from a browser")

    def _repr_html_(self) -> str:
        return framed(self.html, 600)

    def __repr__(self) -> str:
        return f"<Page {self.title!r}, {self._figures} figures>"


def _escaped(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable() or c == "\n")
    return kept.translate(_ENTITIES)


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", _escaped(" ".join(text.split())))


def _cell(entry: Any) -> str:
    if isinstance(entry, str):
        return f"<td>{_prose(entry)}</td>"
    return f'<td class="number">{_escaped(number(entry))}</td>'
