"""Pieces of HTML for notebooks: inline styles only, as several outputs share one page.

No colour of text is set, as a notebook may be light or dark; backgrounds let it through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from viz.draw.palette import LIGHT
from viz.draw.svg import escape

__all__ = ["boxed", "pale", "scrolling", "table"]

FONT = "font:13px/1.45 Helvetica,Arial,'Liberation Sans',sans-serif"
_CELL = "padding:2px 10px 2px 0;text-align:{side};border:0;white-space:nowrap;background:none"


def pale(colour: str, share: float) -> str:
    """A colour that lets the page through, for a background.

    >>> pale("#ff0000", 0.5)
    'rgba(255,0,0,0.5)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{round(share, 3)})"


def boxed(heading: str, notes: Iterable[str], *parts: str) -> str:
    """A heading of HTML, words after it as text, and parts of HTML below."""
    said = " · ".join(escape(note) for note in notes if note)
    told = f' <span style="opacity:.75">{said}</span>' if said else ""
    inside = "\n".join(part for part in parts if part)
    return f'<div style="{FONT};max-width:100%">\n<div>{heading}{told}</div>\n{inside}\n</div>'


def scrolling(content: str) -> str:
    """What may be wide: it never makes its cell wider."""
    return f'<div style="max-width:100%;overflow-x:auto;margin-top:6px">{content}</div>'


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    looks: Sequence[str] = (),
    numeric: Sequence[int] = (),
    indents: Sequence[int] = (),
) -> str:
    """A table of text.

    Args:
        heads: of the columns.
        rows: of cells.
        looks: for each row a background.
        numeric: the columns that stand to the right.
        indents: for each row how far its first cell is indented.
    """
    sides = ["right" if place in numeric else "left" for place in range(len(heads))]
    line = f"border-bottom:1px solid {pale(LIGHT.muted, 0.4)}"
    head = "".join(
        f'<th scope="col" style="{_CELL.format(side=side)};{line}">{escape(text)}</th>'
        for text, side in zip(heads, sides, strict=True)
    )
    body = []
    for place, row in enumerate(rows):
        look = f' style="background:{looks[place]}"' if looks and looks[place] else ""
        depths = [indents[place] if indents else 0, *([0] * len(row))]
        cells = "".join(
            f'<td style="{_CELL.format(side=side)}{_indented(depth)}">{escape(text)}</td>'
            for text, side, depth in zip(row, sides, depths, strict=False)
        )
        body.append(f"<tr{look}>{cells}</tr>")
    style = "font:inherit;border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0"
    return scrolling(
        f'<table style="{style}"><thead><tr>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(body)
        + "\n</tbody></table>"
    )


def _indented(depth: int) -> str:
    return f";padding-left:{1.3 * depth:.1f}em" if depth else ""
