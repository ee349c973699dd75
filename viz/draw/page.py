"""A picture in one offline HTML page that loads nothing, and has no script but its search."""

from __future__ import annotations

from collections.abc import Sequence

from viz.draw.search import Search
from viz.draw.svg import escape

__all__ = ["framed", "to_document", "to_page", "to_table"]

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
main .formula{background:#1a2338}
main figcaption,main caption{color:#9fb0c6}
"""


def framed(document: str, height: int, sandbox: str = "") -> str:
    """A document within another page, in a frame of its own, as its style is its own.

    Args:
        document: HTML.
        height: of the frame, in pixels.
        sandbox: what the document may do; nothing if not given.
    """
    inside = document.replace("&", "&amp;").replace('"', "&quot;")
    may = f'sandbox="{sandbox}"' if sandbox else "sandbox"
    return (
        f'<iframe {may} width="100%" height="{height}" style="border:0" srcdoc="{inside}"></iframe>'
    )


def to_document(body: str, title: str, theme: str, style: str = "", scripts: str = "") -> str:
    """One HTML document, whose content security policy forbids requests.

    Args:
        body: HTML, with all text in it escaped.
        title: of the document.
        theme: ``auto``, ``light`` or ``dark``.
        style: rules beside those that all pages have.
        scripts: the directive of the policy for scripts; without it there may be none.
    """
    scheme = {"auto": "light dark", "light": "light", "dark": "dark"}[theme]
    dark = {
        "auto": f"@media (prefers-color-scheme:dark){{{_DARK}}}\n",
        "light": "",
        "dark": _DARK,
    }[theme]
    rules = _STYLE.replace("SCHEME", scheme).replace("DARK", style + dark)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
{scripts}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{rules}</style>
</head>
<body>
{body}</body>
</html>
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
    head = f"<h1>{escape(heading)}</h1>" if heading else ""
    found = ("", "", "") if search is None else (search.style, search.form, search.element)
    body = f'{head}\n{found[1]}<div class="picture">\n{svg}</div>\n{below}{found[2]}'
    return to_document(body, title, theme, found[0], scripts)


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
