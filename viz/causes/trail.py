"""The picture where no way leads to the node: what cut it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viz.causes.finding import place_of, source_of
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number, pretty

if TYPE_CHECKING:
    from viz.causes.answer import Why

__all__ = ["trail"]

LEFT, WIDE, GAP = 60.0, 640.0, 30.0


def trail(answer: Why, y: float) -> tuple[list[Group], float]:
    """The root, what cut the way off, what was cut off, and the node, one below the other.

    Returns:
        The shapes, and how far down they reach.
    """
    value = number(answer.root_value, 3)
    rows: list[tuple[str, str, tuple[str, int] | None, str]] = [
        (answer.root_name, "output", None, "" if value == "nan" else value)
    ]
    for number_of, (text, line) in enumerate(answer.trail):
        rows.append((text, "op" if number_of else "backward-outline", line, ""))
    if not answer.trail and not answer.healthy:
        rows.append(("no way from here to there", "silent", None, ""))
    rows.append((pretty(answer.name), "parameter", None, ""))
    groups: list[Group] = []
    lanes: list[Shape] = []
    for number_of, (text, style, line, told) in enumerate(rows):
        group, below = _card(text, style, line, told, y, number_of)
        groups.append(group)
        if number_of + 1 < len(rows):
            alive = number_of == 0 and answer.trail
            lane = "backward-lane" if alive else "zero-lane"
            lanes.append(Path((LEFT + 40, below), ((LEFT + 40, below + GAP),), lane, 1.8))
        y = below + GAP
    return [Group("lanes", tuple(lanes)), *groups], y + 4


def _card(
    text: str,
    style: str,
    line: tuple[str, int] | None,
    told: str,
    y: float,
    number_of: int,
) -> tuple[Group, float]:
    cut = style in ("backward-outline", "silent")
    name = fit(text, 15, WIDE - 40, True)
    place, source = place_of(line), source_of(line)
    most = int((WIDE - 40) / (11.5 * 0.61))
    source = source if len(source) <= most else source[: most - 1] + "…"
    parts = (
        text_width(name, 15, True) + text_width(told, 13),
        text_width(place, 12),
        text_width(source, 11.5, code=True),
    )
    rect = Rect(LEFT, y, max(*parts, 90.0) + 44, 68.0 if line else 40.0)
    colour = "muted" if style == "silent" else "backward" if cut else "ink"
    shapes: list[Shape] = [
        Block(rect, style, 8.0),
        Text(LEFT + 13, y + 25, (Span(name, colour, 15, True),)),
    ]
    if told:
        shapes.append(Text(rect.right - 13, y + 25, (Span(told, "forward", 13),), "end"))
    if line:
        shapes.append(Text(LEFT + 13, y + 43, (Span(place, "muted", 12),)))
        shapes.append(Text(LEFT + 13, y + 59, (Span(source, "muted", 11.5, code=True),)))
    return Group("card", tuple(shapes), f"c{number_of}", f"{text} {place}".strip()), rect.bottom
