"""Take the small bends out of wires: one height for as much of a wire as there is room."""

from __future__ import annotations

from viz.layout.slots import Columns, Slot, separation

__all__ = ["snap", "straighten"]

Neighbours = dict[int, tuple[int | None, int | None]]

_REACH = 10.0
"""How far from its corners a card keeps its ports."""
_SNAP = 5.0
"""How far a wire is moved to meet a port without a bend."""
_APART = 9.0
"""The least distance of two ports of one card."""
_NUDGE = 14.0
"""How far other things are moved to spare a wire a bend."""


def straighten(columns: Columns) -> None:
    """Give the inner slots of each wire one common height where their neighbours allow."""
    neighbours = _neighbours(columns)
    for chain in columns.chains:
        inner = [(n, columns.segments[n].right_port) for n in chain[:-1]]
        pieces = [(columns.segments[n].right, port) for n, port in inner]
        first, last = columns.segments[chain[0]], columns.segments[chain[-1]]
        ends = []
        for slot, port in ((first.left, first.left_port), (last.right, last.right_port)):
            if columns.slots[slot].kind in ("inlet", "outlet"):
                pieces.append((slot, 0.0))
            else:
                ends.append(_range(columns.slots[slot], port))
        if not pieces:
            continue
        low, high = -1e9, 1e9
        for slot, port in pieces:
            below, above = _slack(columns, neighbours, slot)
            low, high = max(low, below + port), min(high, above + port)
        if low > high:
            if low - high > _NUDGE:
                continue
            # Too little is missing to show a bend for it: what is above moves up a little.
            for slot, port in pieces:
                _lift(columns, neighbours, slot, high - port)
            low = high
        now = sum(columns.slots[slot].y + port for slot, port in pieces) / len(pieces)
        y = _choose(now, (low, high), ends)
        for slot, port in pieces:
            columns.slots[slot].y = y - port


def snap(columns: Columns) -> None:
    """Move wires by the few pixels that they miss the port they lead to, once it is chosen."""
    neighbours = _neighbours(columns)
    ports: dict[int, list[int]] = {}
    for chain in columns.chains:
        ports.setdefault(columns.segments[chain[0]].left, []).append(chain[0])
    for chain in columns.chains:
        pieces = [(columns.segments[n].right, columns.segments[n].right_port) for n in chain[:-1]]
        first, last = columns.segments[chain[0]], columns.segments[chain[-1]]
        y = columns.slots[last.right].y + last.right_port
        start = columns.slots[first.left]
        if not pieces or start.kind != "card" or columns.slots[last.right].kind != "card":
            continue
        heights = [columns.slots[slot].y + port for slot, port in pieces]
        heights.append(start.y + first.left_port)
        if not 0 < max(abs(height - y) for height in heights) < _SNAP:
            continue
        port = y - start.y
        others = [columns.segments[n].left_port for n in ports[first.left] if n != chain[0]]
        if any(abs(port - other) < _APART for other in others):
            continue
        for slot, offset in pieces:
            low, high = _slack(columns, neighbours, slot)
            if not low <= y - offset <= high:
                break
        else:
            first.left_port = port
            for slot, offset in pieces:
                columns.slots[slot].y = y - offset


def _lift(columns: Columns, neighbours: Neighbours, number: int, y: float) -> None:
    """Move what stands above a slot up, so that the slot may stand at ``y``."""
    slot, above = columns.slots[number], neighbours[number][0]
    while above is not None:
        upper = columns.slots[above]
        y -= separation(upper, slot)
        if upper.y <= y:
            return
        upper.y = y
        slot, above = upper, neighbours[above][0]


def _choose(now: float, room: tuple[float, float], ends: list[tuple[float, float]]) -> float:
    """The height nearest to ``now`` that is straight into both ends, else one, else none."""
    wanted = [room]
    for end in reversed(ends):
        wanted += [_common(room, end)]
    if len(ends) == 2:
        wanted.append(_common(_common(room, ends[0]), ends[1]))
    best = next(part for part in reversed(wanted) if part[0] <= part[1])
    return min(max(now, best[0]), best[1])


def _common(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    return max(a[0], b[0]), min(a[1], b[1])


def _range(slot: Slot, port: float) -> tuple[float, float]:
    """Heights at which a wire meets this end without a bend."""
    if slot.kind == "card":
        reach = slot.height / 2 - _REACH
        return slot.y - reach, slot.y + reach
    return slot.y + port, slot.y + port


def _neighbours(columns: Columns) -> Neighbours:
    found: Neighbours = {}
    for column in columns.order:
        for index, slot in enumerate(column):
            above = column[index - 1] if index else None
            below = column[index + 1] if index + 1 < len(column) else None
            found[slot] = (above, below)
    return found


def _slack(columns: Columns, neighbours: Neighbours, number: int) -> tuple[float, float]:
    slot = columns.slots[number]
    above, below = neighbours[number]
    low, high = -1e9, 1e9
    if above is not None:
        low = columns.slots[above].y + separation(columns.slots[above], slot)
    if below is not None:
        high = columns.slots[below].y - separation(slot, columns.slots[below])
    return low, high
