"""Which nodes of two passes belong together.

Alike subgraphs that occur once in each are laid together first. Then the passes are walked from
their results down: operands of nodes that belong together belong together, and an operation that
stands in one pass only is stepped over. What is left is matched in the order of creation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from hashlib import blake2b

from viz.differences.passes import Pass, PassNode

__all__ = ["Pair", "align"]

Pair = tuple[int | None, int | None]
"""A node of the first pass and one of the second; `None` where it has no counterpart."""

STEPS = 12
"""So many operations in a row may stand in one pass alone."""

MOST_LEFT = 4_000
"""Up to so many nodes without a counterpart are matched by their order."""


class _Matching:
    def __init__(self, a: Pass, b: Pass) -> None:
        self.sides = (a, b)
        self.to: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.prints = (_prints(a), _prints(b))

    def free(self, one: int, other: int) -> bool:
        return one not in self.to[0] and other not in self.to[1]

    def join(self, one: int, other: int) -> None:
        self.to[0][one] = other
        self.to[1][other] = one

    def alike(self, one: int, other: int) -> bool:
        """Whether the two head the same structure, down to the leaves."""
        return self.prints[0][one] == self.prints[1][other]

    def tells(self, side: int, number: int) -> bool:
        """Whether a node is more than some number without a name."""
        node = self.sides[side].nodes[number]
        return bool(node.op or node.called)

    def node(self, side: int, number: int) -> PassNode:
        return self.sides[side].nodes[number]


def align(a: Pass, b: Pass) -> list[Pair]:
    """Lay two passes over each other.

    Returns:
        Pairs in an order in which operands come before results in both passes, as far as
        the two agree. Every node of each pass is in one pair.
    """
    found = _Matching(a, b)
    found.join(len(a) - 1, len(b) - 1)
    _anchor(found)
    _descend(found, [(len(a) - 1, len(b) - 1)])
    _match_rest(found)
    return _merged(found)


def _prints(one: Pass) -> list[bytes]:
    """For each node a print of its structure: operations and leaves, but no numbers."""
    found: list[bytes] = []
    for node in one:
        digest = blake2b(digest_size=12)
        if node.is_leaf:
            told = node.called or node.role
            digest.update(repr(("leaf", node.path, told, node.shape)).encode())
        else:
            digest.update(repr((node.op, node.params)).encode())
            for operand in node.operands:
                digest.update(found[operand])
        found.append(digest.digest())
    return found


def _anchor(found: _Matching) -> None:
    """Join what occurs once in each pass."""
    once = [
        {p: i for i, p in enumerate(prints) if count[p] == 1 and found.tells(side, i)}
        for side, prints in enumerate(found.prints)
        for count in [Counter(prints)]
    ]
    for one, number in once[0].items():
        other = once[1].get(one)
        if other is not None and found.free(number, other):
            found.join(number, other)


def _descend(found: _Matching, start: list[tuple[int, int]]) -> None:
    """Join the operands of what is joined, from the results down."""
    queue = list(start)
    seen = set(queue)
    for one, other in queue:
        for pair in _operands(found, one, other):
            step = _stepped(found, *pair)
            if step is None:
                continue
            if found.free(*step):
                found.join(*step)
            if found.to[0].get(step[0]) == step[1] and step not in seen:
                seen.add(step)
                queue.append(step)


def _operands(found: _Matching, one: int, other: int) -> Iterable[tuple[int, int]]:
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


def _stepped(found: _Matching, one: int, other: int) -> tuple[int, int] | None:
    """The pair to join, once what stands in one pass alone is stepped over."""
    if not found.free(one, other):
        return (one, other) if found.to[0].get(one) == other else _past(found, one, other)
    first, second = found.node(0, one), found.node(1, other)
    if found.alike(one, other) or (first.op == second.op and not first.is_leaf):
        return one, other
    return _past(found, one, other) or (one, other)


def _past(found: _Matching, one: int, other: int) -> tuple[int, int] | None:
    for side, start, fixed in ((1, other, one), (0, one, other)):
        for number in _below(found.sides[side], start):
            pair = (fixed, number) if side else (number, fixed)
            if not (found.alike(*pair) and found.tells(0, pair[0])):
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


def _match_rest(found: _Matching) -> None:
    rest = [
        [i for i in range(len(side)) if i not in found.to[n]] for n, side in enumerate(found.sides)
    ]
    if not rest[0] or not rest[1] or max(map(len, rest)) > MOST_LEFT:
        return
    keys = [[_key(found.node(n, i)) for i in rest[n]] for n in (0, 1)]
    blocks = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    for i, j, length in blocks:
        for step in range(length):
            found.join(rest[0][i + step], rest[1][j + step])


def _key(node: PassNode) -> tuple[object, ...]:
    return (node.op, node.called if node.is_leaf else "", node.role, node.path)


def _merged(found: _Matching) -> list[Pair]:
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
