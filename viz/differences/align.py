"""Which nodes of two passes belong together.

Subgraphs of the same structure and numbers that occur once in each are laid together first; then
what alone reads them, step by step; then subgraphs of the same structure. From there the passes
are walked from their results down: operands of nodes that belong together belong together, and an
operation that stands in one pass only is stepped over. What is left is matched in the order of
creation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from viz.differences.matching import Matching
from viz.differences.passes import Pass, PassNode
from viz.differences.prints import prints

__all__ = ["Pair", "align"]

Pair = tuple[int | None, int | None]
"""A node of the first pass and one of the second; `None` where it has no counterpart."""

STEPS = 12
"""So many operations in a row may stand in one pass alone."""

MOST_LEFT = 4_000
"""Up to so many nodes without a counterpart are matched by their order."""


def align(a: Pass, b: Pass) -> list[Pair]:
    """Lay two passes over each other.

    Returns:
        Pairs in an order in which operands come before results in both passes, as far as
        the two agree. Every node of each pass is in one pair.
    """
    found = Matching(a, b)
    found.join(len(a) - 1, len(b) - 1)
    # Equal numbers tell layers and steps apart that are built alike.
    _anchor(found, prints(a, numbers=True), prints(b, numbers=True))
    _ascend(found)
    _anchor(found, *found.prints)
    _descend(found, [(len(a) - 1, len(b) - 1)])
    _match_rest(found)
    return _merged(found)


def _anchor(found: Matching, first: list[bytes], second: list[bytes]) -> None:
    """Join what occurs once in each pass."""
    once = [
        {p: i for i, p in enumerate(prints) if count[p] == 1 and found.tells(side, i)}
        for side, prints in enumerate((first, second))
        for count in [Counter(prints)]
    ]
    for one, number in once[0].items():
        other = once[1].get(one)
        if other is not None and found.free(number, other) and found.agrees(number, other):
            found.join(number, other)


def _ascend(found: Matching) -> None:
    """Join what alone reads joined leaves, then what reads that, all at the same height."""
    readers = [side.readers() for side in found.sides]
    level = [pair for pair in found.to[0].items() if found.node(0, pair[0]).is_leaf]
    level = [(one, other) for one, other in level if len(readers[0][one]) == 1]
    seen: set[tuple[int, int]] = set()
    while level:
        following = []
        for pair in level:
            above = list(zip(readers[0][pair[0]], readers[1][pair[1]], strict=False))
            if len(readers[0][pair[0]]) != len(readers[1][pair[1]]):
                continue
            for one, other in above:
                if (one, other) in seen or not _reads_alike(found, (one, other), pair):
                    continue
                if found.free(one, other):
                    found.join(one, other)
                if found.to[0].get(one) == other:
                    seen.add((one, other))
                    following.append((one, other))
        level = following


def _reads_alike(found: Matching, readers: tuple[int, int], read: tuple[int, int]) -> bool:
    """Whether two nodes are of the same operation and read two others in the same place."""
    first, second = (found.node(side, readers[side]) for side in (0, 1))
    places = [node.operands.index(i) for node, i in ((first, read[0]), (second, read[1]))]
    return first.op == second.op and places[0] == places[1]


def _descend(found: Matching, start: list[tuple[int, int]]) -> None:
    """Join the operands of what is joined, from the results down."""
    queue = list(start)
    seen = set(queue)
    for one, other in queue:
        same = found.node(0, one).op == found.node(1, other).op
        for pair in _operands(found, one, other):
            # The 2 of x / 2 is not the 0.5 of x · 0.5.
            if not same and found.other_number(*pair):
                continue
            step = _stepped(found, *pair)
            if step is None:
                continue
            if found.free(*step):
                found.join(*step)
            if found.to[0].get(step[0]) == step[1] and step not in seen:
                seen.add(step)
                queue.append(step)


def _operands(found: Matching, one: int, other: int) -> Iterable[tuple[int, int]]:
    """Operands that may belong together: by place, or by structure where that tells more."""
    first, second = found.node(0, one).operands, found.node(1, other).operands
    placed = list(zip(first, second, strict=False))
    if len(first) == len(second) == 2 and not any(found.alike(*pair) for pair in placed):
        crossed = [(first[0], second[1]), (first[1], second[0])]
        if any(found.alike(*pair) for pair in crossed):
            return crossed
    if len(first) == len(second):
        return placed
    left = list(second)
    pairs = []
    for operand in first:
        same = next((entry for entry in left if found.alike(operand, entry)), None)
        if same is not None:
            left.remove(same)
            pairs.append((operand, same))
    taken = {operand for operand, _ in pairs}
    rest = [operand for operand in first if operand not in taken]
    return [*pairs, *zip(rest, left, strict=False)]


def _stepped(found: Matching, one: int, other: int) -> tuple[int, int] | None:
    """The pair to join, once what stands in one pass alone is stepped over."""
    if not found.free(one, other):
        return (
            (one, other) if found.to[0].get(one) == other else _past(found, one, other, found.alike)
        )
    first, second = found.node(0, one), found.node(1, other)
    if found.alike(one, other) or (first.op == second.op and not first.is_leaf):
        return one, other
    past = _past(found, one, other, found.alike)
    if past is None and not _same_operands(found, first, second):
        past = _past(found, one, other, found.near)
    return past or ((one, other) if found.fits(one, other) else None)


def _same_operands(found: Matching, one: PassNode, other: PassNode) -> bool:
    """Whether two nodes compute something else from what is computed alike."""
    pairs = list(zip(one.operands, other.operands, strict=False))
    return any(found.near(*pair) and found.tells(0, pair[0]) for pair in pairs)


def _past(
    found: Matching, one: int, other: int, same: Callable[[int, int], bool]
) -> tuple[int, int] | None:
    for side, start, fixed in ((1, other, one), (0, one, other)):
        for number in _below(found.sides[side], start):
            pair = (fixed, number) if side else (number, fixed)
            if not (same(*pair) and found.tells(0, pair[0])):
                continue
            if found.free(*pair) or found.to[0].get(pair[0]) == pair[1]:
                return pair
    return None


def _below(one: Pass, start: int) -> Iterable[int]:
    """What lies up to `STEPS` operations below a node, nearest first."""
    level, seen = [start], {start}
    for _ in range(STEPS):
        following = []
        for number in level:
            for operand in one.nodes[number].operands:
                if operand not in seen:
                    seen.add(operand)
                    following.append(operand)
        yield from following
        level = following[:64]


def _match_rest(found: Matching) -> None:
    rest = [
        [i for i in range(len(side)) if i not in found.to[n]] for n, side in enumerate(found.sides)
    ]
    if not rest[0] or not rest[1] or max(map(len, rest)) > MOST_LEFT:
        return
    keys = [[_key(found.node(n, i)) for i in rest[n]] for n in (0, 1)]
    blocks = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    for i, j, length in blocks:
        for pair in zip(rest[0][i : i + length], rest[1][j : j + length], strict=True):
            if found.fits(*pair) and not found.other_number(*pair):
                found.join(*pair)


def _key(node: PassNode) -> tuple[object, ...]:
    modules = tuple(entry.split(" ")[0] for entry in node.path)
    return (node.op, node.called if node.is_leaf else "", node.role, modules)


def _merged(found: Matching) -> list[Pair]:
    """All pairs and single nodes in one order."""
    pairs: list[Pair] = []
    done = 0
    for one in range(len(found.sides[0])):
        other = found.to[0].get(one)
        if other is not None:
            # What stands in the second pass alone goes before what was made after it.
            pairs += [(None, i) for i in range(done, other) if i not in found.to[1]]
            done = max(done, other)
        pairs.append((one, other))
    pairs += [(None, i) for i in range(done, len(found.sides[1])) if i not in found.to[1]]
    return pairs
