"""Which nodes share a card, and the order in which cards stand."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass, field

from viz.plan.view import View
from viz.read.skeleton import Path

__all__ = ["Plan", "Unit", "in_order", "readers_of", "unit_numbers"]


@dataclass(slots=True)
class Unit:
    """The nodes behind one card.

    Attributes:
        members: the numbers of those that are shown, ascending.
        kind: ``node``, ``module``, ``sum``, ``neuron``, ``stack`` or ``twin``.
        path: the modules around the card.
        module: for a module, its own path.
        heads: for a stack, the last node of each of the units in it.
        twin: for a twin, which has no members, the node that is drawn once more.
    """

    members: list[int]
    kind: str = "node"
    path: Path = ()
    module: Path = ()
    heads: tuple[int, ...] = ()
    twin: int = -1

    @property
    def first(self) -> int:
        """The node by whose age units are put in order."""
        return self.members[0] if self.members else self.twin


@dataclass(slots=True)
class Plan:
    """What a picture shows.

    Attributes:
        view: the nodes that are left.
        units: in topological order.
        unit_of: for each node that is shown the unit on whose card it is.
        notes: what was rolled up.
        root: the module around nearly everything, whose frame is left out.
        twins: by node and by node that reads it, the unit that draws it once more there.
    """

    view: View
    units: list[Unit]
    unit_of: dict[int, int]
    notes: list[str] = field(default_factory=list)
    root: Path = ()
    twins: dict[tuple[int, int], int] = field(default_factory=dict)

    def unit(self, index: int) -> int:
        """The unit on whose card a node of the graph is, -1 for none."""
        shown = self.view.stands_for[index]
        return -1 if shown < 0 else self.unit_of.get(shown, -1)

    def source(self, member: int, position: int) -> int:
        """The unit from which an operand of a shown node comes, -1 for none."""
        operand = self.view.operands[member][position]
        if operand < 0:
            return -1
        return self.twins.get((operand, member), self.unit_of.get(operand, -1))


def in_order(view: View, units: list[Unit], notes: Collection[str] = ()) -> Plan:
    """The units in topological order, earlier nodes first where there is a choice."""
    readers = readers_of(Plan(view, units, unit_numbers(units)))
    waiting = [0] * len(units)
    for targets in readers:
        for target in targets:
            waiting[target] += 1
    ready = [(unit.first, i) for i, unit in enumerate(units) if not waiting[i]]
    heapq.heapify(ready)
    order = []
    while ready:
        _, index = heapq.heappop(ready)
        order.append(units[index])
        for target in readers[index]:
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(ready, (units[target].first, target))
    return Plan(view, order, unit_numbers(order), list(notes))


def readers_of(plan: Plan) -> list[set[int]]:
    """For each unit those that read it."""
    readers: list[set[int]] = [set() for _ in plan.units]
    for source, target in plan.view.links():
        a, b = plan.unit_of[source], plan.unit_of[target]
        if a != b:
            readers[a].add(b)
    return readers


def unit_numbers(units: list[Unit]) -> dict[int, int]:
    """For each node that is shown the number of its unit."""
    return {member: number for number, unit in enumerate(units) for member in unit.members}
