"""Unrolled loops: steps of one structure are found and shown as one step.

A program that runs a loop makes the same operations again and again, so the sequence of its
operations repeats. Where it does, each step is compared with the last one: an operand must be
the same operation of the same step, the same of the step before (a state that is handed on),
one node for all steps (a parameter), or one of each step's own (an input). Steps with
parameters of their own are layers, not a loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from viz.plan.periods import FEWEST, Kinds, Run, runs
from viz.plan.sums import Sums
from viz.plan.view import View

__all__ = ["Steps", "find_steps"]

CANDIDATES = 40
"""So many stretches that look alike are compared step by step."""

LONG = 6
"""A row of so many operations of one kind becomes one card."""


class Steps(NamedTuple):
    """The steps of a loop.

    Attributes:
        positions: for each operation of a step the node of each step.
        states: place in a step, how many steps back it was made, and what enters at the start.
        shared: what all steps read.
        each: for each operand that differs from step to step, what it is.
    """

    positions: list[tuple[int, ...]]
    states: list[tuple[int, int, int]]
    shared: list[int]
    each: list[tuple[int, ...]]


def find_steps(view: View, sums: Sums, layers: bool = False) -> Steps | None:
    """The loop that leaves out the most nodes when one step of it is shown; `None` for none.

    Args:
        view: what is to be shown.
        sums: its chains of additions, each of which counts as one operation.
        layers: whether steps may have parameters of their own.
    """
    nodes = view.graph.nodes
    order = [i for i in view.nodes if not nodes[i].is_leaf and i not in sums.head]
    if len(order) < FEWEST:
        return None
    sequence = _Sequence(view, sums, order)
    kinds = sequence.kinds()
    tried = 0
    for run in runs(kinds, sequence.marks(kinds)):
        for start in sequence.starts(run):
            tried += 1
            found = _compared(sequence, run, start, layers)
            if found is not None and _worth_it(view, found):
                return found
        if tried > CANDIDATES:
            break
    return None


def _worth_it(view: View, steps: Steps) -> bool:
    """Whether a step goes on from the one before; or all use the same parameters, as samples do."""
    if steps.states:
        return _goes_on(view, steps) and (
            len(steps.positions) > 1 or len(steps.positions[0]) >= LONG
        )
    nodes = view.graph.nodes
    alike = {
        row[-1] for loop in view.loops if loop.path and not loop.states for row in loop.positions
    }
    return any(i in alike or (nodes[i].is_leaf and nodes[i].requires_grad) for i in steps.shared)


def _goes_on(view: View, steps: Steps) -> bool:
    """Whether what a step hands on depends on what it was given."""
    reached = {steps.positions[where][-1 - back] for where, back, _ in steps.states}
    for index in range(min(reached), steps.positions[-1][-1] + 1):
        if not reached.isdisjoint(view.operands[index]):
            reached.add(index)
    return any(steps.positions[where][-1] in reached for where, _, _ in steps.states)


class _Sequence:
    """The operations of a view in the order in which they were made."""

    def __init__(self, view: View, sums: Sums, order: list[int]) -> None:
        self.view, self.order = view, order
        self.place = {index: place for place, index in enumerate(order)}
        self.operands = [sums.terms.get(i, view.operands[i]) for i in order]
        self.readers: list[list[int]] = [[] for _ in order]
        for reader, row in enumerate(self.operands):
            for operand in row:
                if operand in self.place:
                    self.readers[self.place[operand]].append(reader)

    def kinds(self) -> Kinds:
        """A number for each operation, alike where what can be compared at once is alike."""
        numbers: dict[object, int] = {}
        graph = self.view.graph
        found = []
        for index, row in zip(self.order, self.operands, strict=True):
            node = graph.nodes[index]
            shape = getattr(node, "shape", None)
            key = (node.op, shape, len(row), self.view.paths[index])
            found.append(numbers.setdefault(key, len(numbers)))
        return np.array(found, np.int64)

    def marks(self, kinds: Kinds) -> Kinds:
        """Kinds told apart by the leaves that an operation shares with others."""
        graph, numbers = self.view.graph, dict[object, int]()
        shared = [
            node.is_leaf and len(readers) >= FEWEST
            for node, readers in zip(graph.nodes, graph.readers, strict=True)
        ]
        found = []
        for kind, row in zip(kinds.tolist(), self.operands, strict=True):
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


def _compared(sequence: _Sequence, run: Run, start: int, layers: bool) -> Steps | None:
    """The steps from ``start`` on that are like the last one, as far back as they are."""
    period = run.period
    count = (run.stop - start) // period
    for left_out in (0, 1):
        first = _first_alike(sequence, start, period, count - left_out)
        if count - left_out - first >= FEWEST:
            begin = start + first * period
            return _steps(sequence, begin, period, count - left_out - first, layers)
    return None


def _first_alike(sequence: _Sequence, start: int, period: int, count: int) -> int:
    last = [_relations(sequence, start, period, count - 1, position) for position in range(period)]
    step = count - 2
    while step >= 0:
        for position in range(period):
            own = _relations(sequence, start, period, step, position)
            if not all(_agree(a, b, step) for a, b in zip(own, last[position], strict=True)):
                return step + 1
        step -= 1
    return 0


Relation = tuple[int, int]
"""Steps back and position for what a step made, -1 and the number for what is outside, and
-2 for a number without a card."""


def _relations(
    sequence: _Sequence, start: int, period: int, step: int, position: int
) -> Iterable[Relation]:
    found: list[Relation] = []
    for operand in sequence.operands[start + step * period + position]:
        place = sequence.place.get(operand, -1)
        if operand < 0:
            found.append((-2, 0))
        elif place < start:
            found.append((-1, operand))
        else:
            found.append((step - (place - start) // period, (place - start) % period))
    return found


def _agree(own: Relation, last: Relation, step: int) -> bool:
    if own[0] < 0 <= last[0]:
        return step < last[0]
    return own[0] == last[0] and (own[0] < 0 or own[1] == last[1])


def _steps(sequence: _Sequence, start: int, period: int, count: int, layers: bool) -> Steps | None:
    order, graph = sequence.order, sequence.view.graph
    states: dict[tuple[int, int], int] = {}
    shared: dict[int, None] = {}
    each: dict[tuple[int, ...], None] = {}
    for position in range(period):
        last = _relations(sequence, start, period, count - 1, position)
        for slot, (back, where) in enumerate(last):
            rows = [
                sequence.operands[start + step * period + position][slot] for step in range(count)
            ]
            if back > 0:
                states.setdefault((where, back), rows[0])
            elif back == -1 and len(set(rows)) == 1:
                shared[rows[0]] = None
            elif back == -1:
                each[tuple(rows)] = None
    own = {row for rows in each for row in rows if graph.nodes[row].is_leaf}
    if not layers and any(graph.roles[row] == "parameter" for row in own):
        return None
    positions = [
        tuple(order[start + step * period + position] for step in range(count))
        for position in range(period)
    ]
    return Steps(
        positions, [(*key, entry) for key, entry in states.items()], list(shared), list(each)
    )
