"""A summary as text and as HTML."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

__all__ = ["to_html", "to_text"]

_HEADS = ("module", "output", "parameters", "multiply-adds")


def to_text(data: Mapping[str, Any]) -> str:
    """The table as lines of text, with the totals below."""
    rows = [_HEADS, *(_cells(row) for row in data["rows"])]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{a:<{widths[0]}}   {b:<{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}".rstrip()
        for a, b, c, d in rows
    ]
    return "\n".join([*lines, *_totals(data)])


def to_html(data: Mapping[str, Any]) -> str:
    """The table for a notebook or a page, without script; it takes the colours of the page."""
    head = "".join(
        f'<th style="text-align:{"left" if place < 2 else "right"}">{text}</th>'
        for place, text in enumerate(_HEADS)
    )
    body = "\n".join(_line(row) for row in data["rows"])
    totals = "<br>".join(html.escape(line) for line in _totals(data))
    return (
        '<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n<p>{totals}</p>"
    )


def _line(row: Mapping[str, Any]) -> str:
    name, shape, *numbers = (html.escape(cell.strip()) for cell in _cells(row))
    indent = f"padding:.1rem 1rem .1rem {1.2 * row['depth']:.1f}rem"
    cells = [f'<td style="text-align:left;{indent}">{name}</td>']
    cells.append(f'<td style="text-align:left;padding-right:1rem">{shape}</td>')
    cells += [f'<td style="text-align:right;padding-left:1rem">{cell}</td>' for cell in numbers]
    return f"<tr>{''.join(cells)}</tr>"


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    name = "  " * row["depth"] + row["kind"]
    if row["shared"]:
        return name, "", "shared", ""
    frozen = row["parameters"] - row["trainable"]
    note = f" ({frozen:,} frozen)" if frozen else ""
    note += f" ({row['tied']:,} shared)" if row["tied"] else ""
    times = f" × {row['calls']}" if row["calls"] > 1 else ""
    shape = _told(row["shape"]) + times
    if row["shape"] is None:
        shape = "not called" if row["callable"] else ""
    return name, shape, f"{row['parameters']:,}{note}", f"{row['products']:,}"


def _told(shape: Any) -> str:
    if isinstance(shape, list):
        return "[" + ", ".join(_told(part) for part in shape) + "]"
    if isinstance(shape, dict):
        return "{" + ", ".join(f"{key}: {_told(part)}" for key, part in shape.items()) + "}"
    return str(shape)


def _totals(data: Mapping[str, Any]) -> list[str]:
    frozen = data["parameters"] - data["trainable"]
    parts = [f"{data['parameters']:,} parameters" + (f", {frozen:,} frozen" if frozen else "")]
    parts[0] += f", {_size(data['parameter_bytes'])}"
    if data["buffer_bytes"]:
        parts.append(f"buffers {_size(data['buffer_bytes'])}")
    parts.append(f"activations of one pass {_size(data['activation_bytes'])}")
    lines = ["; ".join(parts)]
    if data["uncounted"]:
        lines.append(f"multiply-adds of {', '.join(data['uncounted'])} are not counted")
    return lines


def _size(count: int) -> str:
    """Bytes with a unit."""
    number, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{count} B" if unit == "B" else f"{number:.3g} {unit}"
