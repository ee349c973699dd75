"""The order of slots within their columns: as few crossings as can be had cheaply."""

from __future__ import annotations

from bisect import bisect_right, insort

from viz.layout.slots import Columns

__all__ = ["crossings", "reduce_crossings"]


def reduce_crossings(columns: Columns) -> None:
    """Reorder every column by barycentres, and keep the best order seen.

    Ties keep the order they had, so a tree stays as it was given: first operand on top.
    """
    size = len(columns.slots)
    best_count = crossings(columns)
    best = [list(column) for column in columns.order]
    sweeps = 16 if size < 2_000 else 6
    for sweep in range(sweeps):
        if best_count == 0:
            break
        _sweep(columns, rightward=sweep % 2 == 0)
        if size < 800:
            _transpose(columns)
        count = crossings(columns)
        if count < best_count:
            best_count, best = count, [list(column) for column in columns.order]
    columns.order = best


def _positions(columns: Columns) -> list[float]:
    place = [0.0] * len(columns.slots)
    for column in columns.order:
        for index, slot in enumerate(column):
            place[slot] = float(index)
    return place


def _end(columns: Columns, place: list[float], slot: int, port: float) -> float:
    """Where along its column a wire ends: the slot's place and the port's within it."""
    height = columns.slots[slot].height
    return place[slot] + (0.9 * port / height if height else 0.0)


def _sweep(columns: Columns, rightward: bool) -> None:
    place = _positions(columns)
    sequence = columns.order if rightward else columns.order[::-1]
    for column in sequence:
        wish: dict[int, float] = {}
        for slot in column:
            numbers = columns.into[slot] if rightward else columns.out[slot]
            if not numbers:
                wish[slot] = place[slot]
                continue
            total = 0.0
            for number in numbers:
                segment = columns.segments[number]
                if rightward:
                    total += _end(columns, place, segment.left, segment.left_port)
                else:
                    total += _end(columns, place, segment.right, segment.right_port)
            wish[slot] = total / len(numbers)
        column.sort(key=lambda slot: wish[slot])
        for index, slot in enumerate(column):
            place[slot] = float(index)


def _ends(columns: Columns, place: list[float], slot: int, left: bool) -> list[float]:
    if left:
        return [
            _end(columns, place, columns.segments[n].left, columns.segments[n].left_port)
            for n in columns.into[slot]
        ]
    return [
        _end(columns, place, columns.segments[n].right, columns.segments[n].right_port)
        for n in columns.out[slot]
    ]


def _transpose(columns: Columns) -> None:
    """Swap neighbours while that removes crossings."""
    place = _positions(columns)
    for _ in range(4):
        swapped = False
        for column in columns.order:
            for index in range(len(column) - 1):
                upper, lower = column[index], column[index + 1]
                gain = 0
                for left in (True, False):
                    a = _ends(columns, place, upper, left)
                    b = _ends(columns, place, lower, left)
                    gain += sum((x > y) - (x < y) for x in a for y in b)
                if gain > 0:
                    column[index], column[index + 1] = lower, upper
                    place[upper], place[lower] = place[lower], place[upper]
                    swapped = True
        if not swapped:
            return


def crossings(columns: Columns) -> int:
    """How many pairs of wires cross between neighbouring columns."""
    place = _positions(columns)
    ends: list[list[tuple[float, float]]] = [[] for _ in columns.order]
    for segment in columns.segments:
        ends[columns.slots[segment.left].column].append(
            (
                _end(columns, place, segment.left, segment.left_port),
                _end(columns, place, segment.right, segment.right_port),
            )
        )
    total = 0
    for pairs in ends:
        pairs.sort()
        seen: list[float] = []
        for _, right in pairs:
            total += len(seen) - bisect_right(seen, right)
            insort(seen, right)
    return total
