"""A picture in one offline HTML page that loads nothing, and has no script but its search."""

from __future__ import annotations

from collections.abc import Sequence

from viz.draw.search import Search
from viz.draw.svg import escape

__all__ = ["to_page", "to_table"]

_STYLE = """
:root{color-scheme:SCHEME}
body{margin:0;font:15px/1.5 Helvetica,Arial,"Liberation Sans",sans-serif;background:#fff;
color:#1f2933}
h1{font-size:1.25rem;margin:1rem 18px .5rem}
.picture{overflow-x:auto;padding-bottom:.5rem}
details{margin:1rem 18px 2rem}
summary{cursor:pointer}
table{border-collapse:collapse;margin-top:.75rem;font-size:.875rem;
font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.2rem .9rem .2rem 0;border-bottom:1px solid #cbd5e1}
DARK"""

_DARK = """body{background:#0f172a;color:#e8edf4}
th,td{border-color:#2d3b55}
"""


def to_page(
    svg: str,
    title: str,
    heading: str,
    theme: str,
    below: str = "",
    search: Search | None = None,
) -> str:
    """One page with a picture; its content security policy forbids requests, and scripts.

    The one script that it may hold is the search, and the policy names its hash.

    Args:
        svg: the picture, as written by `viz.draw.svg.to_svg` for the same theme.
        title: title of the page.
        heading: printed over the picture; empty where the picture has one of its own.
        theme: ``auto``, ``light`` or ``dark``.
        below: HTML that stands under the picture, with all text in it escaped.
        search: what makes the cards of a large picture to be found.
    """
    scripts = "" if search is None else f"script-src 'sha256-{search.digest}'; "
    scheme = {"auto": "light dark", "light": "light", "dark": "dark"}[theme]
    dark = {
        "auto": f"@media (prefers-color-scheme:dark){{{_DARK}}}\n",
        "light": "",
        "dark": _DARK,
    }[theme]
    style = _STYLE.replace("SCHEME", scheme).replace("DARK", dark)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
{scripts}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}{"" if search is None else search.style}</style>
</head>
<body>
{f"<h1>{escape(heading)}</h1>" if heading else ""}
{"" if search is None else search.form}<div class="picture">
{svg}</div>
{below}{"" if search is None else search.element}</body>
</html>
"""


def to_table(
    summary: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    spoken: Sequence[str] | None = None,
) -> str:
    """A table that opens on a click, as HTML with everything escaped.

    Args:
        summary: what stands on what is clicked.
        heads: of the columns.
        rows: the cells, row by row.
        spoken: for each row its tooltip.
    """
    head = "".join(f'<th scope="col">{escape(entry)}</th>' for entry in heads)
    starts = ["<tr>"] * len(rows)
    if spoken is not None:
        starts = [f'<tr title="{escape(text)}">' for text in spoken]
    body = "\n".join(
        start + "".join(f"<td>{escape(entry)}</td>" for entry in row) + "</tr>"
        for start, row in zip(starts, rows, strict=True)
    )
    return f"""<details>
<summary>{escape(summary)}</summary>
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</details>
"""
