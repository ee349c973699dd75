"""How things are shown in notebooks: as a plain table, unless something better is registered.

The engine knows no picture. What wants to be shown tells of itself in a `Table`, under the name of
its kind; a library of pictures registers for that kind what it makes of the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

__all__ = ["Table", "register", "to_html"]


@dataclass(frozen=True)
class Table:
    """What a thing tells of itself, in plain text.

    Attributes:
        title: what it is.
        rows: of cells.
        heads: of the columns; none for rows of a name and what it stands for.
        note: what stands below.
    """

    title: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ()
    note: str = ""


Renderer = Callable[[Any, Table], "str | None"]
"""Makes HTML of a thing and its table; None where it has nothing better than the table."""

_RENDERERS: dict[str, Renderer] = {}


def register(kind: str, renderer: Renderer) -> None:
    """Have things of a kind shown in another way from now on.

    Args:
        kind: such as ``"tensor"``.
        renderer: makes HTML of a thing and its table.
    """
    _RENDERERS[kind] = renderer


def to_html(kind: str, thing: Any, table: Table) -> str:
    """HTML for a notebook, as a ``_repr_html_`` returns it.

    Args:
        kind: under which a renderer may be registered.
        thing: what is shown.
        table: what it tells of itself.

    Example:
        >>> print(to_html("a kind", 3, Table("three", [("size", "<3>")])))
        <table><caption ...>three</caption><tbody>
        <tr><th scope="row" ...>size</th><td ...>&lt;3&gt;</td></tr>
        </tbody></table>
    """
    renderer = _RENDERERS.get(kind)
    made = None if renderer is None else renderer(thing, table)
    return _plain(table) if made is None else made


def _plain(table: Table) -> str:
    look = 'style="text-align:left;white-space:pre-wrap"'
    head = "".join(f'<th scope="col" {look}>{escape(text)}</th>' for text in table.heads)
    caption = f'<caption style="text-align:left;white-space:nowrap">{escape(table.title)}</caption>'
    lines = [
        f"<table>{caption}" + (f"<thead><tr>{head}</tr></thead><tbody>" if head else "<tbody>")
    ]
    for first, *others in table.rows:
        cells = [f'<th scope="row" {look}>{escape(first)}</th>']
        cells += [f"<td {look}>{escape(cell)}</td>" for cell in others]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return "\n".join([*lines, f"</tbody></table>{note}"])
