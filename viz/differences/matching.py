"""What is joined of two passes so far, and what of them may be joined."""

from __future__ import annotations

import numpy as np

from viz.differences.passes import Pass, PassNode
from viz.differences.prints import kin, prints

__all__ = ["Matching"]


class Matching:
    """Pairs of nodes of two passes that belong together; each node is in one pair at most.

    Attributes:
        sides: the two passes.
        to: partners of the first pass's nodes, and of the second's.
        prints: for each node of each pass what tells its structure.
        kin: likewise what tells that of the operations near below it.
    """

    def __init__(self, a: Pass, b: Pass) -> None:
        self.sides: tuple[Pass, Pass] = (a, b)
        self.to: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.prints: tuple[list[bytes], list[bytes]] = (
            prints(a, numbers=False),
            prints(b, numbers=False),
        )
        self.kin: tuple[list[bytes], list[bytes]] = (kin(a), kin(b))

    def free(self, one: int, other: int) -> bool:
        """Whether neither has a partner."""
        return one not in self.to[0] and other not in self.to[1]

    def join(self, one: int, other: int) -> None:
        """Make two nodes a pair."""
        self.to[0][one] = other
        self.to[1][other] = one

    def alike(self, one: int, other: int) -> bool:
        """Whether the two head the same structure, down to the leaves."""
        return self.prints[0][one] == self.prints[1][other]

    def near(self, one: int, other: int) -> bool:
        """Whether the two compute the same from operands that are computed alike."""
        return self.kin[0][one] == self.kin[1][other]

    def agrees(self, one: int, other: int) -> bool:
        """Whether no operands are joined with others than each other."""
        pairs = zip(self.node(0, one).operands, self.node(1, other).operands, strict=False)
        return all(self.to[0].get(a, b) == b and self.to[1].get(b, a) == a for a, b in pairs)

    def tells(self, side: int, number: int) -> bool:
        """Whether a node is more than some number without a name."""
        node = self.sides[side].nodes[number]
        return bool(node.op or node.called)

    def other_number(self, one: int, other: int) -> bool:
        """Whether the two are numbers without a name, and not the same."""
        nodes = self.node(0, one), self.node(1, other)
        if any(node.op or node.called for node in nodes):
            return False
        first, second = (node.value for node in nodes)
        return first is None or second is None or not np.array_equal(first, second)

    def fits(self, one: int, other: int) -> bool:
        """Whether two nodes may belong together at all."""
        first, second = self.node(0, one), self.node(1, other)
        if first.op and second.op:
            return True
        if first.is_leaf and second.is_leaf:
            named = first.called and first.called == second.called
            return bool(first.shape == second.shape or named)
        # What is cut off from its history was computed, too.
        leaf = first if first.is_leaf else second
        return bool(leaf.cut) or (
            not leaf.called
            and leaf.role in ("constant", "input")
            and leaf.shape == (first.shape if second.is_leaf else second.shape)
        )

    def node(self, side: int, number: int) -> PassNode:
        """A node of one of the passes."""
        return self.sides[side].nodes[number]
