"""An array as a small table in which colour tells the size and the sign of each number."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.draw.palette import LIGHT
from viz.draw.svg import escape
from viz.notebooks.parts import pale
from viz.read.statistics import rms, shape_text
from viz.text.formatting import number

__all__ = ["array_html", "in_words"]

Array = np.ndarray[Any, Any]

MOST, EDGE = 8, 3
"""So many rows and columns are shown whole; of more, so many at either end."""
STRONGEST = 0.5
"""Of a colour behind a number, so that the number stays legible."""


def array_html(data: Any, heading: str, colour: str) -> str:
    """A heading with a bar in a colour, the numbers, and what they are like in words.

    Args:
        data: an array, or a number.
        heading: such as ``gradient``.
        colour: of the pass that it belongs to.
    """
    array = np.asarray(data)
    plane, place = _plane(array)
    bar = f"border-left:3px solid {colour};padding-left:8px;margin-top:6px"
    room = "min-width:0;max-width:100%;box-sizing:border-box"
    note = " · ".join(filter(None, [in_words(array), place]))
    said = f' <span style="opacity:.75">{escape(note)}</span>' if note else ""
    grid = "" if not array.size else _grid(plane, array)
    return f'<div style="{bar};{room}"><div>{escape(heading)}{said}</div>{grid}</div>'


def in_words(array: Array) -> str:
    """What the numbers are like: their size and range, and first of all what is not finite."""
    if not array.size:
        return f"empty, {shape_text(array.shape)}"
    if array.size == 1 or array.dtype.kind not in "fciu":
        return ""
    bad = int(array.size - np.isfinite(array).sum()) if array.dtype.kind in "fc" else 0
    parts = [f"{bad} of {array.size} not finite"] if bad else []
    finite = array[np.isfinite(array)] if bad else array
    if finite.size:
        parts.append(f"rms {number(rms(finite), 3)}")
        if array.dtype.kind != "c":
            parts.append(f"{number(float(finite.min()), 3)} … {number(float(finite.max()), 3)}")
        zeros = int(finite.size - np.count_nonzero(finite))
        parts += [f"{zeros} {'zero' if zeros == 1 else 'zeros'}"] if zeros else []
    return " · ".join(parts)


def _plane(array: Array) -> tuple[Array, str]:
    """Two axes of an array: the last ones, at the beginning of the others."""
    if array.ndim <= 2:
        return array.reshape((1,) * (2 - array.ndim) + array.shape), ""
    before = array.ndim - 2
    first = array[(0,) * before]
    return first, f"shown: [{'0, ' * before}:, :]" if array.shape != (1, *first.shape) else ""


def _picked(length: int) -> list[int]:
    """Which rows or columns are shown; -1 stands for an ellipsis."""
    if length <= MOST:
        return list(range(length))
    return [*range(EDGE), -1, *range(length - EDGE, length)]


def _grid(plane: Array, array: Array) -> str:
    # A number alone is neither large nor small.
    largest = _largest(array) if array.size > 1 else 0.0
    lines = []
    for row in _picked(plane.shape[0]):
        cells = [
            _cell("⋯" if row >= 0 else "⋮", "")
            if row < 0 or column < 0
            else _cell(_text(plane[row, column]), _heat(plane[row, column], largest))
            for column in _picked(plane.shape[1])
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    style = "font:inherit;border-collapse:collapse;font-variant-numeric:tabular-nums;margin:3px 0 0"
    body = "\n".join(lines)
    return (
        f'<div style="max-width:100%;overflow-x:auto"><table style="{style}"><tbody>\n{body}\n'
        "</tbody></table></div>"
    )


def _cell(text: str, look: str) -> str:
    style = (
        f"padding:2px 7px;text-align:right;white-space:nowrap;border:0;background:{look or 'none'}"
    )
    return f'<td style="{style}">{escape(text)}</td>'


def _text(x: Any) -> str:
    return number(x, 3) if np.asarray(x).dtype.kind in "fciu" else str(x)


def _largest(array: Array) -> float:
    if array.dtype.kind not in "fciub":
        return 0.0
    sizes = np.abs(array.astype(float if array.dtype.kind != "c" else complex))
    sizes = sizes[np.isfinite(sizes)]
    return float(sizes.max()) if sizes.size else 0.0


def _heat(x: Any, largest: float) -> str:
    """The background of one number: green or purple by sign, red where it is no number."""
    if np.asarray(x).dtype.kind not in "fciub":
        return ""
    if not np.isfinite(x):
        return pale(LIGHT.failed[1], STRONGEST)
    size = float(abs(x)) / largest if largest else 0.0
    if np.asarray(x).dtype.kind == "c":
        return pale(LIGHT.muted, STRONGEST * size)
    return pale(LIGHT.positive if x > 0 else LIGHT.negative, STRONGEST * size) if size else ""
