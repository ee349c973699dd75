"""Heights: every slot as near to what it is wired to as its neighbours allow.

Each column is solved exactly: least squares under the order and the least distances
is an isotonic regression. Sweeps over the columns then settle the whole.
"""

from __future__ import annotations

from itertools import pairwise

from viz.layout.slots import Columns, Slot, separation

__all__ = ["PITCH", "assign", "port_heights", "settle"]

PITCH = 19.0
"""Usual distance between two ports on one side of a card."""
SIDE = 0.02
"""How much less a wire pulls that joins a chain from the side."""


def assign(columns: Columns, sweeps: int = 12) -> None:
    """Heights from nothing: stack each column, then settle."""
    for column in columns.order:
        y = 0.0
        for index, slot in enumerate(column):
            if index:
                y += separation(columns.slots[column[index - 1]], columns.slots[slot])
            columns.slots[slot].y = y
        middle = y / 2
        for slot in column:
            columns.slots[slot].y -= middle
    settle(columns, sweeps)


def settle(columns: Columns, sweeps: int) -> None:
    """Improve given heights; afterwards no two slots of a column overlap."""
    _weigh(columns)
    _card_ports(columns)
    count = len(columns.order)
    for _ in range(sweeps):
        for index in range(count):
            _solve(columns, index, 1.0, 0.05)
        for index in reversed(range(count)):
            _solve(columns, index, 0.05, 1.0)
    for _ in range(max(2, sweeps // 2)):
        for index in range(count):
            _solve(columns, index, 1.0, 1.0)
        for index in reversed(range(count)):
            _solve(columns, index, 1.0, 1.0)


def _weigh(columns: Columns) -> None:
    """Long wires should be straight, and labels stand beside what has one wire only."""
    inner = ("wire", "label")
    for segment in columns.segments:
        left, right = columns.slots[segment.left], columns.slots[segment.right]
        if left.kind in inner and right.kind in inner:
            segment.weight = 12.0
        elif left.kind in inner or right.kind in inner:
            end = segment.right if left.kind in inner else segment.left
            fans = columns.into[end] if left.kind in inner else columns.out[end]
            segment.weight = 5.0 if len(fans) == 1 else 1.0
        else:
            segment.weight = 2.0
    if not columns.label_first:
        _follow_the_chain(columns)


def _follow_the_chain(columns: Columns) -> None:
    """Where a chain runs down, it alone goes straight, and what joins it comes from the side.

    Cards are much wider than high. A card halfway between the chain and the parameter
    that joins it would stand far to one side of the card above it, and the whole would
    drift away like a flight of stairs.
    """
    for chain in columns.chains:
        start = columns.segments[chain[0]].left
        if columns.slots[start].kind == "card" and not columns.into[start]:
            reader = columns.segments[chain[-1]].right
            if len(columns.into[reader]) > 1:
                for number in chain:
                    columns.segments[number].weight *= SIDE


def _card_ports(columns: Columns) -> None:
    """Spread the ports of each card evenly in the order of what they are wired to."""
    place = {slot: index for column in columns.order for index, slot in enumerate(column)}
    for number, slot in enumerate(columns.slots):
        if slot.kind != "card":
            continue
        into, out = columns.into[number], columns.out[number]
        segments = columns.segments
        into = sorted(into, key=lambda n: (place[segments[n].left], segments[n].left_port))
        out = sorted(out, key=lambda n: (place[segments[n].right], segments[n].right_port))
        pitch = _pitch(slot, max(len(into), len(out)))
        middle = (len(into) - 1) / 2
        if not columns.label_first:
            # The wire that goes on with the chain meets the middle of the card.
            strong = [i for i, n in enumerate(into) if segments[n].weight >= 1]
            middle = float(strong[0]) if len(strong) == 1 else middle
        for index, n in enumerate(into):
            segments[n].right_port = (index - middle) * pitch
        for index, n in enumerate(out):
            segments[n].left_port = (index - (len(out) - 1) / 2) * pitch


def _pitch(slot: Slot, ports: int) -> float:
    return min(PITCH, (slot.height - 16) / max(1, ports - 1))


def _solve(columns: Columns, index: int, left: float, right: float) -> None:
    column = columns.order[index]
    slots = columns.slots
    wishes: list[float] = []
    weights: list[float] = []
    for number in column:
        pull, total = 0.02 * slots[number].y, 0.02
        for n in columns.into[number]:
            segment = columns.segments[n]
            weight = segment.weight * left
            pull += weight * (slots[segment.left].y + segment.left_port - segment.right_port)
            total += weight
        for n in columns.out[number]:
            segment = columns.segments[n]
            weight = segment.weight * right
            pull += weight * (slots[segment.right].y + segment.right_port - segment.left_port)
            total += weight
        wishes.append(pull / total)
        weights.append(total)
    gaps = [separation(slots[a], slots[b]) for a, b in pairwise(column)]
    for number, y in zip(column, _isotonic(wishes, weights, gaps), strict=True):
        slots[number].y = y


def _isotonic(wishes: list[float], weights: list[float], gaps: list[float]) -> list[float]:
    """Least squares to ``wishes`` with at least ``gaps`` between consecutive entries."""
    shift = 0.0
    blocks: list[tuple[float, float, int]] = []
    shifts: list[float] = []
    for index, (wish, weight) in enumerate(zip(wishes, weights, strict=True)):
        if index:
            shift += gaps[index - 1]
        shifts.append(shift)
        mean, mass, count = wish - shift, weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, other_mass, other_count = blocks.pop()
            mean = (mean * mass + other * other_mass) / (mass + other_mass)
            mass += other_mass
            count += other_count
        blocks.append((mean, mass, count))
    flat = [mean for mean, _, count in blocks for _ in range(count)]
    return [base + offset for base, offset in zip(flat, shifts, strict=True)]


def port_heights(slot: Slot, wishes: list[float]) -> list[float]:
    """Offsets of the ports on one side of a card, given where their wires come from.

    A port moves to the height of its wire when that lies beside the card, so that the
    wire is straight; the others keep to the middle. No two ports coincide.

    Args:
        slot: the card.
        wishes: heights of the wires at the next column, from top to bottom.

    Returns:
        One offset from the card's middle per wire, in the same order.
    """
    if not wishes:
        return []
    reach = slot.height / 2 - 10
    pitch = _pitch(slot, len(wishes))
    near = min(reach, PITCH * len(wishes) / 2)
    targets: list[float] = []
    weights: list[float] = []
    for index, wish in enumerate(wishes):
        offset = wish - slot.y
        straight = abs(offset) <= reach
        spread = (index - (len(wishes) - 1) / 2) * pitch
        targets.append(offset if straight else max(-near, min(near, spread)))
        weights.append(20.0 if straight else 1.0)
    found = _isotonic(targets, weights, [pitch] * (len(wishes) - 1))
    limit, last = slot.height / 2 - 8, len(found) - 1
    found = [max(y, -limit + i * pitch) for i, y in enumerate(found)]
    return [min(y, limit - (last - i) * pitch) for i, y in enumerate(found)]
