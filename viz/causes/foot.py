"""The ends of a staircase: the cards of root and node, the total, and what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from viz.causes.checks import difference
from viz.causes.flow import as_numbers
from viz.causes.words import short, times
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Polygon, Shape, Span, Text
from viz.geometry import Rect
from viz.read.roles import role_of
from viz.read.statistics import rms, shape_text
from viz.text.formatting import MISSING, number, pretty

if TYPE_CHECKING:
    from viz.causes.answer import Why

__all__ = ["FOOT", "cards", "foot"]

FOOT = 96.0
"""Room below the rows."""


def cards(
    answer: Why, start: float, end: float, alive: bool, top: float, bottom: float
) -> list[Group]:
    """The root above the first row and the node below the last one."""
    root = _card(answer.root_name, answer.root_value, 1.0, f"∂{answer.root_name}/∂"
                 f"{answer.root_name}", "output", "", start, top - 104)  # fmt: skip
    data, size = answer.x.data, answer.size
    numbers = np.zeros(0) if data is None else as_numbers(answer.x)
    if answer.element is not None and numbers.size:
        numbers = numbers[answer.element]
    single = numbers.size == 1
    value = float(np.real(numbers).reshape(-1)[0]) if single else rms(numbers)
    label = f"∂{answer.root_name}/∂{pretty(answer.name)}" if single else "rms of ∂"
    label = label if text_width(label, 12.5) < 90 else "gradient"
    role = role_of(answer.x, False, False, {})
    role = role if role in ("parameter", "input") else "op"
    shape = "" if single else shape_text(np.shape(numbers))
    node = _card(pretty(answer.name), value, size, label, role, shape, end, bottom + 18)
    style = "backward-lane" if alive else "zero-lane"
    lane = Path((end, bottom), ((end, bottom + 12),), style, 1.8)
    tip = bottom + 18
    head: list[Shape] = [lane]
    if alive:
        head.append(Polygon(((end, tip), (end - 4.2, tip - 8), (end + 4.2, tip - 8)), "backward"))
    return [root, Group("end", tuple(head)), node]


def _card(
    name: str,
    value: float,
    gradient: float | None,
    label: str,
    role: str,
    shape: str,
    x: float,
    y: float,
) -> Group:
    """A card under or over a point, moved in so that all of it is on the page."""
    right = [short(value, 3), MISSING if gradient is None else short(gradient, 3)]
    right = [text.replace("nan", "NaN") for text in right]
    name = fit(name, 15, 190, True)
    left = [text_width(name, 15, True), text_width(label, 12.5)]
    if shape:
        right[0] = f"{shape}"
    wide = max(a + text_width(b, 13) for a, b in zip(left, right, strict=True)) + 42
    wide = max(wide, 108.0)
    left_side = min(max(x - wide / 2, 560.0), 1270.0 - wide)
    rect = Rect(left_side, y, wide, 50.0)
    colour = "forward" if not shape else "muted"
    shapes: tuple[Shape, ...] = (
        Block(rect, role, 8.0),
        Text(rect.x + 10, y + 20, (Span(name, "ink", 15, True),)),
        Text(rect.right - 10, y + 20, (Span(right[0], colour, 13),), "end"),
        Text(rect.x + 10, y + 41, (Span(label, "muted", 12.5),)),
        Text(rect.right - 10, y + 41, (Span(right[1], "backward", 13),), "end"),
    )
    return Group("card", shapes, "", f"{name}: {right[0]}, {label} {right[1]}")


def foot(answer: Why, end: float, y: float) -> tuple[list[Group], float]:
    """What stands below: files, the meaning of blocked, the check, and the whole gain.

    Returns:
        The shapes, and how far down they reach.
    """
    x, lines = 44.0, _lines(answer)
    room = (min(end, 1150.0) - 110.0) - x
    shapes: list[Shape] = []
    for number_of, text in enumerate(lines):
        shapes.append(Text(x, y + 27 + 21 * number_of, (Span(fit(text, 13, room), "muted", 13),)))
    size = answer.size
    below = y + 27 + 21 * len(lines) + 6
    if size and np.isfinite(size):
        text = times(abs(size))
        # Beside the card of the node, or below it where there is no room.
        beside = end + 100 < 1284 - text_width(text, 18, True)
        shapes.append(
            Text(1284.0, y + (40 if beside else 88), (Span(text, "backward", 18, True),), "end")
        )
        below = max(below, y + (0 if beside else 112))
    return [Group("foot", tuple(shapes))], below


def _lines(answer: Why) -> list[str]:
    files = dict.fromkeys(s.line.rpartition(":")[0] for s in answer.rows if s.line)
    first = " · ".join(files)
    if any(step.count > 1 for step in answer.rows):
        first += f" · {len(answer.steps)} operations, alike ones as one row"
    second = []
    if any(step.blocked is not None for step in answer.rows):
        second.append("blocked = 1 − |slope| / its largest")
    if any(step.gain == step.gain and abs(step.gain) > 1 for step in answer.rows):
        second.append("hollow: above 1")
    last = answer.steps[-1].size
    size = abs(answer.size or 0.0)
    if size and np.isfinite(size) and abs(last - size) > 0.05 * size:
        second.append(f"this way alone brings {short(last)}, all ways {short(size)}")
    found = None if answer.flow is None else difference(answer.flow)
    third = ""
    if found is not None:
        along = "" if np.size(answer.gradient) == 1 else " along a direction"
        noise = 1e-12 * max(1.0, abs(answer.root_value))
        near = abs(found[0] - found[1]) <= 1e-4 * max(abs(found[1]), abs(found[0])) + noise
        mark = "✓" if near else f"≠ {number(found[1])}"
        third = f"finite differences{along}: {number(found[0])} {mark}"
    return [line for line in (first, " · ".join(second), third) if line]
