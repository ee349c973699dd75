"""From settled columns to pixels: port heights, column widths, and the path of each wire."""

from __future__ import annotations

from dataclasses import dataclass, field

from viz.geometry import Rect
from viz.layout.coordinates import port_heights
from viz.layout.slots import WIRE, Box, Columns, Link
from viz.layout.straighten import snap, straighten

__all__ = ["HEAD", "LEVEL", "Level", "Run", "place"]

HEAD = 8.0
"""Length of an arrow head; a wire is level over this length where it meets a card."""
LEVEL = 0.75
"""Two stretches of a wire that differ less than this in height are drawn as one."""
NARROWEST, WIDEST = 17.0, 90.0
"""Limits of the gap between two columns."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a wire along the direction of the picture.

    Between two of them the wire bends smoothly; or where the second begins at the ``x`` at
    which the first ends, it goes straight up or down there. A stretch that leads back has
    ``x1 < x0``; one of no length is the end of a wire that starts or ends up or down.

    ``x0`` and ``x1`` are measured along the direction, ``y`` across it: in a picture that
    runs down, ``y`` is the distance from its left border.
    """

    x0: float
    x1: float
    y: float

    def moved(self, dx: float, dy: float) -> Run:
        """The same run elsewhere."""
        return Run(self.x0 + dx, self.x1 + dx, self.y + dy)


@dataclass(slots=True)
class Level:
    """One level in pixels, in coordinates of its own.

    Attributes:
        boxes: where each box stands.
        runs: per link key, the stretches of its wire.
        labels: per link key, the room for the text of its label.
        width: from the left border to the right one.
        top: least y of anything.
        bottom: greatest y of anything.
        title: the room for the title of the frame around it.
        frame: the frame itself, where wires around it make the level wider.
        pill: the room for the number of turns of a loop around the frame.
        loops: per loop edge, the stretches around the frame.
    """

    boxes: list[Rect] = field(default_factory=list)
    runs: dict[int, list[Run]] = field(default_factory=dict)
    labels: dict[int, Rect] = field(default_factory=dict)
    width: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    title: Rect = field(default_factory=lambda: Rect(0.0, 0.0, 0.0, 0.0))
    frame: Rect | None = None
    pill: Rect | None = None
    loops: dict[int, tuple[Run, ...]] = field(default_factory=dict)

    def moved(self, dx: float, dy: float) -> None:
        """Put everything elsewhere."""
        self.boxes = [rect.moved(dx, dy) for rect in self.boxes]
        self.labels = {key: rect.moved(dx, dy) for key, rect in self.labels.items()}
        self.runs = {key: [run.moved(dx, dy) for run in runs] for key, runs in self.runs.items()}
        self.top += dy
        self.bottom += dy


def place(columns: Columns, boxes: list[Box], links: list[Link]) -> Level:
    """Place everything of one level.

    Args:
        columns: settled, so that the slots of a column do not overlap.
        boxes: those that the columns were made from.
        links: likewise.
    """
    for _ in range(3):
        straighten(columns)
    _float_ports(columns)
    snap(columns)
    lefts, widths = _columns_in_x(columns)
    level = Level()
    level.top = min((slot.y - slot.height / 2 for slot in columns.slots), default=0.0)
    level.bottom = max(
        (slot.y + slot.height / 2 + slot.below for slot in columns.slots), default=0.0
    )
    for index, box in enumerate(boxes):
        number = columns.box_slot[index]
        slot = columns.slots[number]
        room = widths[slot.column] - slot.width
        share = 0.5
        if not columns.into[number] and columns.out[number]:
            share = 1.0
        elif not columns.out[number] and columns.into[number]:
            share = 0.0
        x = lefts[slot.column] + room * share
        width = box.own or slot.width
        level.boxes.append(Rect(x, slot.y - slot.height / 2, width, slot.height))
    level.width = lefts[-1] + widths[-1] if lefts else 0.0

    for index, link in enumerate(links):
        chain = [columns.segments[n] for n in columns.chains[index]]
        start, end = level.boxes[link.source], level.boxes[link.target]
        first = columns.slots[chain[0].left]
        y = first.y + chain[0].left_port
        runs = [Run(start.right, lefts[first.column] + widths[first.column], y)]
        for segment in chain[:-1]:
            slot = columns.slots[segment.right]
            left, width = lefts[slot.column], widths[slot.column]
            runs.append(Run(left, left + width, slot.y + segment.right_port))
            if slot.kind == "label":
                x = left + (width - slot.width) / 2
                top = slot.y - slot.height / 2 + (0.0 if columns.label_first else WIRE)
                level.labels[link.key] = Rect(x, top, slot.width, slot.height - WIRE)
        last = columns.slots[chain[-1].right]
        runs.append(Run(lefts[last.column], end.x, last.y + chain[-1].right_port))
        level.runs[link.key] = runs
    return level


def _float_ports(columns: Columns) -> None:
    """Let the ports of cards meet their wires at the wires' heights where they can."""
    segments, slots = columns.segments, columns.slots
    for number, slot in enumerate(slots):
        if slot.kind != "card":
            continue
        into = sorted(columns.into[number], key=lambda n: segments[n].right_port)
        wishes = [slots[segments[n].left].y + segments[n].left_port for n in into]
        for n, port in zip(into, port_heights(slot, wishes), strict=True):
            segments[n].right_port = port
        out = sorted(columns.out[number], key=lambda n: segments[n].left_port)
        wishes = [slots[segments[n].right].y + segments[n].right_port for n in out]
        for n, port in zip(out, port_heights(slot, wishes), strict=True):
            segments[n].left_port = port


def _columns_in_x(columns: Columns) -> tuple[list[float], list[float]]:
    """Left border and width of each column; gaps grow with how far wires climb in them."""
    count = len(columns.order)
    widths = [
        max((columns.slots[slot].width for slot in column), default=0.0) for column in columns.order
    ]
    gaps = [NARROWEST] * count
    slope, widest = (0.5, WIDEST) if columns.label_first else (0.25, WIDEST / 2)
    for segment in columns.segments:
        left, right = columns.slots[segment.left], columns.slots[segment.right]
        rise = abs(left.y + segment.left_port - right.y - segment.right_port)
        if rise >= LEVEL:
            room = HEAD * ((left.kind == "card") + (right.kind == "card")) + 8.0 + slope * rise
            gaps[left.column] = max(gaps[left.column], min(widest, room))
    lefts: list[float] = []
    x = 0.0
    for width, gap in zip(widths, gaps, strict=True):
        lefts.append(x)
        x += width + gap
    return lefts, widths
