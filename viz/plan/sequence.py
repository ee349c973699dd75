"""The operations of a view in the order in which they were made, compared with each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from viz.plan.periods import FEWEST, Kinds, Run
from viz.plan.sums import Sums
from viz.plan.view import View

__all__ = ["Relation", "Sequence"]

Relation = tuple[int, int]
"""Steps back and position for what a step made, -1 and the number for what is outside, and
-2 for a number without a card."""


class Sequence:
    """The operations of a view in the order in which they were made.

    Args:
        view: whose operations they are.
        sums: chains of additions, each of which is one operation here.
        order: their numbers.

    Attributes:
        place: where each stands in the order.
        operands: for each place the operands, of a sum all terms.
        readers: for each place those that read it.
        kinds: a number for each place, alike where what can be compared at once is alike.
    """

    def __init__(self, view: View, sums: Sums, order: list[int]) -> None:
        self.view: View = view
        self.order: list[int] = order
        self.place: dict[int, int] = {index: place for place, index in enumerate(order)}
        self.operands: list[list[int]] = [sums.terms.get(i, view.operands[i]) for i in order]
        self.readers: list[list[int]] = [[] for _ in order]
        for reader, row in enumerate(self.operands):
            for operand in row:
                if operand in self.place:
                    self.readers[self.place[operand]].append(reader)

        self.kinds: Kinds = self._kinds()

    def _kinds(self) -> Kinds:
        numbers: dict[object, int] = {}
        graph = self.view.graph
        found = []
        for index, row in zip(self.order, self.operands, strict=True):
            node = graph.nodes[index]
            shape = getattr(node, "shape", None)
            key = (node.op, shape, len(row), self.view.paths[index])
            found.append(numbers.setdefault(key, len(numbers)))
        return np.array(found, np.int64)

    def marks(self) -> Kinds:
        """Kinds told apart by the leaves that an operation shares with others."""
        graph, numbers = self.view.graph, dict[object, int]()
        shared = [
            node.is_leaf and len(readers) >= FEWEST
            for node, readers in zip(graph.nodes, graph.readers, strict=True)
        ]
        found = []
        for kind, row in zip(self.kinds.tolist(), self.operands, strict=True):
            key = (kind, *(o for o in row if o >= 0 and shared[o]))
            found.append(numbers.setdefault(key, len(numbers)))
        return np.array(found, np.int64)

    def starts(self, run: Run) -> Iterator[int]:
        """Where a step may begin: first where the fewest results are carried over."""
        carried = np.zeros(run.stop - run.start + 1, np.int64)
        for place in range(run.start, run.stop):
            last = max((r for r in self.readers[place] if r < run.stop), default=place)
            if last > place:
                carried[place + 1 - run.start] += 1
                carried[last + 1 - run.start] -= 1
        carried = np.cumsum(carried)
        middle = (run.stop - run.start) // run.period // 2 * run.period
        slack = (run.stop - run.start) % run.period
        phases = sorted(
            range(run.period),
            key=lambda phase: (int(carried[min(middle + phase, len(carried) - 1)]), phase > slack),
        )
        for phase in phases[:3]:
            yield run.start + phase

    def relations(self, start: int, period: int, step: int, position: int) -> list[Relation]:
        """What each operand of an operation is to it, where steps begin at a place."""
        found: list[Relation] = []
        for operand in self.operands[start + step * period + position]:
            place = self.place.get(operand, -1)
            if operand < 0:
                found.append((-2, 0))
            elif place < start:
                found.append((-1, operand))
            else:
                found.append((step - (place - start) // period, (place - start) % period))
        return found
