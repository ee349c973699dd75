"""What to show of a graph that is too large to read: a plan of which nodes share a card.

Three ways, taken in this order until few enough cards are left: modules become one card
each, deepest first; what only feeds one reader joins it, up to the next activation (so
Σ wx + b and its activation become one neuron); cards of the same structure at the same
depth become one stack. None of them can make two cards that each precede the other.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from viz.layout.nesting import split_apart
from viz.read.names import ACTIVATIONS
from viz.read.skeleton import Path, Skeleton

__all__ = ["LIMIT", "Plan", "Unit", "make_plan", "nearby"]

LIMIT = 300
"""Cards up to which a graph is shown whole: twice what people read with ease."""

WIRES = 100
"""A rolled-up picture should have no more wires than this and two for each card."""


@dataclass(slots=True)
class Unit:
    """The nodes behind one card.

    Attributes:
        members: their numbers, ascending.
        kind: ``node``, ``module``, ``neuron`` or ``stack``.
        path: the modules around the card.
        module: for a module, its own path.
        heads: for a stack, the last node of each of the units in it.
    """

    members: list[int]
    kind: str = "node"
    path: Path = ()
    module: Path = ()
    heads: tuple[int, ...] = ()


@dataclass(slots=True)
class Plan:
    """Units in topological order, the unit of each node (-1: not shown), and why."""

    units: list[Unit]
    unit_of: list[int]
    notes: list[str] = field(default_factory=list)


def make_plan(
    graph: Skeleton, shown: Collection[int], *, depth: int | None, roll_up: bool | None
) -> Plan:
    """Choose what to show.

    Args:
        graph: the structure.
        shown: numbers of the nodes that may be shown at all.
        depth: frames deeper than this become one card each; `None` leaves the choice to
            the size of the graph.
        roll_up: false shows every node, true rolls up as far as it goes, `None` rolls up
            a graph of more than `LIMIT` cards until few enough are left.
    """
    nodes = sorted(shown)
    deepest = max((len(graph.paths[i]) for i in nodes), default=0)
    start = deepest if depth is None else max(0, depth)
    plan = _modules(graph, nodes, start)
    if start < deepest:
        plan.notes.append(f"modules below depth {start} are one card each")
    goal = 0 if roll_up else LIMIT
    if roll_up is False or depth is not None or len(plan.units) <= goal:
        return plan
    for level in range(deepest - 1, -1, -1):
        plan = _modules(graph, nodes, level)
        plan.notes = [f"modules below depth {level} are one card each"]
        if _readable(graph, plan, goal):
            return plan
    for step in (_neurons, _stacks):
        following = step(graph, plan)
        gained = len(following.units) < len(plan.units)
        following.notes = [*plan.notes, *(following.notes if gained else [])]
        plan = following
        if _readable(graph, plan, goal):
            break
    return plan


def _readable(graph: Skeleton, plan: Plan, goal: int) -> bool:
    wires = sum(len(targets) for targets in _readers(graph, plan))
    return len(plan.units) <= goal and wires <= WIRES + 2 * len(plan.units)


def nearby(graph: Skeleton, centre: int, hops: int) -> set[int]:
    """The nodes at most ``hops`` edges from one, in either direction."""
    found = {centre}
    edge = [centre]
    for _ in range(hops):
        following = []
        for node in edge:
            for other in (*graph.operands[node], *graph.readers[node]):
                if other >= 0 and other not in found:
                    found.add(other)
                    following.append(other)
        edge = following
    return found


def _modules(graph: Skeleton, nodes: list[int], depth: int) -> Plan:
    keys = {i: graph.paths[i][: depth + 1] if len(graph.paths[i]) > depth else () for i in nodes}
    own = set(nodes)
    links = [(a, b) for a, b in graph.links() if a in own and b in own]
    parts = split_apart(nodes, keys, links)
    groups: dict[tuple[object, int], list[int]] = {}
    for i in nodes:
        groups.setdefault((keys[i], parts[i]) if keys[i] else ("", i), []).append(i)
    units = []
    for members in groups.values():
        path = keys[members[0]]
        if len(members) == 1 or not path:
            units.append(Unit(members, path=graph.paths[members[0]][:depth]))
        else:
            units.append(Unit(members, "module", path[:depth], path))
    return _ordered(graph, units)


def _neurons(graph: Skeleton, plan: Plan) -> Plan:
    """Join every unit to its only reader, up to activations, inputs and given names."""
    readers = _readers(graph, plan)
    names = Counter(node.name for node in graph.nodes)
    joined = list(range(len(plan.units)))
    for index in reversed(range(len(plan.units))):
        unit = plan.units[index]
        if unit.kind == "node" and not _stands_alone(graph, unit.members[0], names):
            heads = {joined[reader] for reader in readers[index]}
            if len(heads) == 1:
                head = heads.pop()
                if plan.units[head].kind == "node" and plan.units[head].path == unit.path:
                    joined[index] = head
    groups: dict[int, list[int]] = {}
    for index, head in enumerate(joined):
        groups.setdefault(head, []).extend(plan.units[index].members)
    units = []
    for head, members in groups.items():
        first = plan.units[head]
        kind = "neuron" if len(members) > 1 else first.kind
        units.append(Unit(sorted(members), kind, first.path, first.module))
    result = _ordered(graph, units)
    result.notes = ["what feeds a single reader is drawn as part of it"]
    return result


def _stands_alone(graph: Skeleton, index: int, names: Counter[str | None]) -> bool:
    """Inputs, results, activations, and what has a name that nothing else has."""
    node, role = graph.nodes[index], graph.roles[index]
    if role in ("input", "output"):
        return True
    named = node.name is not None and names[node.name] == 1
    return not node.is_leaf and (named or node.op.name in ACTIVATIONS)


def _stacks(graph: Skeleton, plan: Plan) -> Plan:
    """Units with the same operations at the same distance from the leaves share a card."""
    readers = _readers(graph, plan)
    rank = [0] * len(plan.units)
    for index in range(len(plan.units)):
        for reader in readers[index]:
            rank[reader] = max(rank[reader], rank[index] + 1)
    groups: dict[object, list[Unit]] = {}
    for index, unit in enumerate(plan.units):
        counts = Counter(_kind(graph, member) for member in unit.members)
        shape = getattr(graph.nodes[unit.members[-1]], "shape", None)
        key = (rank[index], unit.path, unit.kind, shape, tuple(sorted(counts.items())))
        groups.setdefault(key, []).append(unit)
    units = []
    for same in groups.values():
        if len(same) == 1:
            units += same
            continue
        members = sorted(member for unit in same for member in unit.members)
        heads = tuple(unit.members[-1] for unit in same)
        units.append(Unit(members, "stack", same[0].path, heads=heads))
    result = _ordered(graph, units)
    result.notes = ["cards of one structure and depth are stacked"]
    return result


def _kind(graph: Skeleton, index: int) -> str:
    node = graph.nodes[index]
    return graph.roles[index] if node.is_leaf else str(node.op.name)


def _unit_of(graph: Skeleton, units: list[Unit]) -> list[int]:
    found = [-1] * len(graph.nodes)
    for number, unit in enumerate(units):
        for member in unit.members:
            found[member] = number
    return found


def _readers(graph: Skeleton, plan: Plan) -> list[set[int]]:
    readers: list[set[int]] = [set() for _ in plan.units]
    for source, target in graph.links():
        a, b = plan.unit_of[source], plan.unit_of[target]
        if a != b and a >= 0 and b >= 0:
            readers[a].add(b)
    return readers


def _ordered(graph: Skeleton, units: list[Unit]) -> Plan:
    """The units in topological order, earlier nodes first where there is a choice."""
    plan = Plan(units, _unit_of(graph, units))
    readers = _readers(graph, plan)
    waiting = [0] * len(units)
    for targets in readers:
        for target in targets:
            waiting[target] += 1
    ready = [(unit.members[0], i) for i, unit in enumerate(units) if not waiting[i]]
    heapq.heapify(ready)
    order = []
    while ready:
        _, index = heapq.heappop(ready)
        order.append(units[index])
        for target in readers[index]:
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(ready, (units[target].members[0], target))
    return Plan(order, _unit_of(graph, order))
