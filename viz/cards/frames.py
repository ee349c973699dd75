"""Frames around the cards of a module: the title, and papers and a pill where steps repeat."""

from __future__ import annotations

from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.layout import Frame, Rect
from viz.layout.loops import PAPERS, STEP
from viz.model import Cluster

__all__ = ["draw_frame", "draw_pill", "title_size"]

TITLE = 13.0
LEADING = 16.0
ROOM = 640.0
LONGEST_LINE = 190.0
PART = 8.0
PILL = 16.0


def title_size(cluster: Cluster, down: bool) -> tuple[float, float]:
    """The room for a frame's title."""
    lines = _lines(cluster, 0, down)
    width = max(_line_width(line) for line in lines)
    # A second call of the module adds its number to the title.
    return width + PART, LEADING * len(lines) - 2.0


def _lines(cluster: Cluster, call: int, down: bool) -> list[list[tuple[str, bool]]]:
    """The title in lines of (text, bold): one, or two where it stands beside wires."""
    room = ROOM / 2 if down else ROOM
    name = fit(cluster.title, TITLE, room / 3 if not down else room, bold=True)
    rest = fit(cluster.description, TITLE, room * 2 / 3 if not down else room)
    part = f"part {call}" if call else ""
    alike = f"× {cluster.copies}" if cluster.copies > 1 else ""
    words = [(name, True), *((text, False) for text in (rest, alike, part) if text)]
    if not down or _line_width(words) <= LONGEST_LINE:
        return [words]
    return [words[:1], words[1:]] if words[1:] else [words]


def _line_width(line: list[tuple[str, bool]]) -> float:
    return sum(text_width(text, TITLE, bold) for text, bold in line) + 6.0 * (len(line) - 1)


def draw_frame(cluster: Cluster, frame: Frame, number: int, down: bool) -> Group:
    """The shapes of one frame."""
    shapes: list[Shape] = []
    if cluster.copies > 1:
        shapes += [
            Block(frame.rect.moved(STEP * far, -STEP * far), "frame", radius=10)
            for far in range(PAPERS, 0, -1)
        ]
    shapes.append(Block(frame.rect, "frame", radius=10))
    lines = _lines(cluster, frame.call, down)
    for index, line in enumerate(lines):
        spans = tuple(
            Span(text, "ink" if bold else "muted", TITLE, bold, gap=6.0 if place else 0.0)
            for place, (text, bold) in enumerate(line)
        )
        shapes.append(Text(frame.title.x, frame.title.y + 12 + LEADING * index, spans))
    label = " ".join(text for line in lines for text, _ in line)
    return Group("module", tuple(shapes), f"c{number}", label)


def draw_pill(count: int, room: Rect) -> Group:
    """The number of turns, on the lanes of a loop."""
    x, y = room.middle
    text = fit(f"× {count}", PILL, room.width - 12, bold=True)
    shapes = (
        Block(room, "group", radius=room.height / 2),
        Text(x, y + PILL * 0.36, (Span(text, "difference", PILL, bold=True),), "middle"),
    )
    return Group("pill", shapes, label=f"{count} turns")
