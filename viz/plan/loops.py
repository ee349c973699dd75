"""Unrolled loops: steps of one structure are found and shown as one step.

A program that runs a loop makes the same operations again and again, so the sequence of its
operations repeats. Where it does, each step is compared with the last one: an operand must be
the same operation of the same step, the same of the step before (a state that is handed on),
one node for all steps (a parameter), or one of each step's own (an input). Steps with
parameters of their own are layers, not a loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from viz.plan.first_step import Stretch, first_step
from viz.plan.periods import FEWEST, Run, runs
from viz.plan.sequence import Relation, Sequence
from viz.plan.sums import Sums
from viz.plan.view import View
from viz.read.skeleton import Skeleton

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
    sequence = Sequence(view, sums, order)
    for run in runs(sequence.kinds, sequence.marks())[:CANDIDATES]:
        found = [
            steps
            for start in sequence.starts(run)
            if (steps := _compared(sequence, run, start, layers)) and _worth_it(view, steps)
        ]
        if found:
            return max(found, key=lambda steps: len(steps.positions[0]))
    return None


def _worth_it(view: View, steps: Steps) -> bool:
    """Whether a step goes on from the one before; or all use the same parameters, as samples do."""
    if steps.states:
        return _goes_on(view, steps) and (
            len(steps.positions) > 1 or len(steps.positions[0]) >= LONG
        )
    nodes = view.graph.nodes
    alike = {row[-1] for loop in view.loops if loop.path for row in loop.positions}
    return any(i in alike or (nodes[i].is_leaf and nodes[i].requires_grad) for i in steps.shared)


def _goes_on(view: View, steps: Steps) -> bool:
    """Whether what a step hands on depends on what it was given."""
    reached = {steps.positions[where][-1 - back] for where, back, _ in steps.states}
    for index in range(min(reached), steps.positions[-1][-1] + 1):
        if not reached.isdisjoint(view.operands[index]):
            reached.add(index)
    return any(steps.positions[where][-1] in reached for where, _, _ in steps.states)


def _compared(sequence: Sequence, run: Run, start: int, layers: bool) -> Steps | None:
    """The steps from ``start`` on that are like the last one, as far back as they are."""
    period = run.period
    whole = (run.stop - start) // period
    for count in (whole, whole - 1):
        first = _first_alike(sequence, start, period, count)
        if count - first >= FEWEST:
            stretch = Stretch(start + first * period, period, count - first)
            return _steps(sequence, stretch, first_step(sequence, stretch), layers)
    return None


def _first_alike(sequence: Sequence, start: int, period: int, count: int) -> int:
    """The first step from which on all are like the last one."""
    last = [sequence.relations(start, period, count - 1, position) for position in range(period)]
    for step in range(count - 2, -1, -1):
        for position in range(period):
            own = sequence.relations(start, period, step, position)
            if not all(_agree(a, b, step) for a, b in zip(own, last[position], strict=True)):
                return step + 1
    return 0


def _agree(own: Relation, last: Relation, step: int) -> bool:
    if own[0] < 0 <= last[0]:
        return step < last[0]
    return own[0] == last[0] and (own[0] < 0 or own[1] == last[1])


def _have_parameters(
    graph: Skeleton, shared: Iterable[int], each: Iterable[tuple[int, ...]]
) -> bool:
    """Whether steps have parameters of their own, and so are layers."""
    nodes = graph.nodes
    leaves = {i for row in each for i in row if i >= 0 and nodes[i].is_leaf}
    if any(graph.roles[leaf] == "parameter" for leaf in leaves):
        return True
    tensors = any(nodes[i].requires_grad and hasattr(nodes[i], "shape") for i in leaves)
    return tensors and not any(nodes[i].is_leaf and nodes[i].requires_grad for i in shared)


def _steps(
    sequence: Sequence, stretch: Stretch, before: dict[int, int], layers: bool
) -> Steps | None:
    """What the steps hand on and share; ``before`` is a first step, by position."""
    graph, (start, period, count) = sequence.view.graph, stretch
    states: dict[tuple[int, int], int] = {}
    shared: dict[int, None] = {}
    each: dict[tuple[int, ...], None] = {}
    for position in range(period):
        last = sequence.relations(start, period, count - 1, position)
        places = range(start + position, start + count * period, period)
        for slot, (back, where) in enumerate(last):
            rows = [sequence.operands[place][slot] for place in places]
            if before:
                first = sequence.place.get(before[position], -1)
                rows.insert(0, sequence.operands[first][slot] if first >= 0 else -1)
            own = [row for row in rows if row >= 0]
            if back > 0:
                states.setdefault((where, back), rows[0])
            elif back == -1 and len(set(own)) == 1:
                shared[own[0]] = None
            elif back == -1:
                each[tuple(rows)] = None
    if not layers and _have_parameters(graph, shared, each):
        return None
    positions = []
    for position in range(period):
        nodes = sequence.order[start + position : start + count * period : period]
        positions.append((*([before[position]] if before else []), *nodes))
    return Steps(
        positions, [(*key, entry) for key, entry in states.items()], list(shared), list(each)
    )
