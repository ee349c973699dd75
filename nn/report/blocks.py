"""Each kind of block as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nn.report.confusion import confusion
from nn.report.curves import panel
from nn.report.data import Flow, Picture
from nn.report.flow import flow
from nn.report.gallery import gallery
from nn.report.scatter import distribution, scatter
from nn.report.sections import (
    Bars,
    Block,
    Code,
    Confusion,
    Distribution,
    Gallery,
    Panels,
    Rows,
    Scatter,
    Text,
    Verdict,
)
from nn.report.text import escape

__all__ = ["as_html"]

WIDEST = 1800
"""Width in pixels from which on a picture is shown in full size."""
NARROWEST = 760
"""A picture wider than this is never shrunk further, so that it can be read."""

_WIDTH = re.compile(r'^<svg\b[^>]*?\swidth="([\d.]+)"')
_PROLOGUE = re.compile(r"^\s*(<\?xml[^>]*\?>)?\s*(<!DOCTYPE[^>]*>)?\s*", re.IGNORECASE)


def as_html(block: Block, key: str) -> str:
    """A block as elements of a page.

    Args:
        block: what it says.
        key: a word that no other block of the page has.
    """
    if isinstance(block, Picture):
        return _picture(block, key)
    return _WRITERS[type(block)](block)


def _rows(block: Rows) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in block.head)
    body = "".join(_row(row, block.code) for row in block.rows)
    return (
        '<div class="scroll"><table class="facts-table">'
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table></div>"
    )


def _row(row: tuple[str, ...], code: bool) -> str:
    first = f"<code>{escape(row[0])}</code>" if code else escape(row[0])
    rest = "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
    return f'<tr><th scope="row">{first}</th>{rest}</tr>'


def _bars(block: Bars) -> str:
    most = max((size for _, size, _ in block.rows), default=0.0) or 1.0
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><svg viewBox="0 0 100 10" '
        f'preserveAspectRatio="none" aria-hidden="true"><rect class="forward" '
        f'width="{max(100 * size / most, 0.3):.1f}" height="10"/></svg></td>'
        f"<td>{escape(printed)}</td></tr>"
        for name, size, printed in block.rows
    )
    return f'<table class="bars long">{rows}</table>'


def _panels(block: Panels) -> str:
    charts = "".join(
        f"<figure><figcaption>{escape(data.title)}</figcaption>{panel(data)}</figure>"
        for data in block.panels
    )
    return f'<div class="panels">{charts}</div>'


def _verdict(block: Verdict) -> str:
    kind = {None: "muted", True: "good", False: "bad"}[block.fact.good]
    return (
        f'<p><strong class="{kind}">{escape(block.fact.value)}</strong> '
        f"{escape(block.fact.note)}</p>"
    )


def _picture(picture: Picture, key: str) -> str:
    svg = _PROLOGUE.sub("", picture.svg, count=1)
    size = _WIDTH.search(svg)
    # Shrunk to the page, a very wide picture could not be read.
    width = 0.0 if size is None else float(size[1])
    full = " checked" if width > WIDEST else ""
    wide = " wide" if width > NARROWEST else ""
    return (
        f'<input type="checkbox" class="size" id="size-{key}"{full}>'
        f'<label for="size-{key}" class="muted">full size (scroll to look around)</label>'
        f'<div class="picture{wide}" tabindex="0" role="region" '
        f'aria-label="{escape(picture.title)}">{svg}</div>'
    )


_WRITERS: dict[type, Callable[[Any], str]] = {
    Text: lambda block: f"<p>{escape(block.text)}</p>",
    Code: lambda block: f"<pre>{escape(block.text)}</pre>",
    Rows: _rows,
    Bars: _bars,
    Panels: _panels,
    Confusion: lambda b: f'<div class="scroll">{confusion(b.counts, b.classes)}</div>',
    Gallery: lambda block: gallery(block.mistakes, block.classes),
    Scatter: scatter,
    Distribution: distribution,
    Verdict: _verdict,
    Flow: flow,
}
