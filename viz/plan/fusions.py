"""Roll-ups that need no modules: sums, neurons, and stacks of what has one structure."""

from __future__ import annotations

from collections import Counter

from viz.plan.sums import find_sums
from viz.plan.units import Plan, Unit, in_order, readers_of
from viz.plan.view import View
from viz.read.names import ACTIVATIONS

__all__ = ["fuse_neurons", "fuse_sums", "stack_alike"]

_SUMS = ("weighted_sum", "add", "total")


def fuse_sums(plan: Plan) -> Plan:
    """Chains of additions as one sum each."""
    sums = find_sums(plan.view)
    units: list[Unit] = []
    single = {unit.members[0]: unit for unit in plan.units if unit.kind == "node"}
    merged: set[int] = set()
    for head, parts in sums.parts.items():
        if head in single and all(part in single for part in parts):
            merged.update((head, *parts))
            units.append(Unit([*parts, head], "sum", single[head].path))
    if not units:
        return plan
    units += [u for u in plan.units if u.kind != "node" or u.members[0] not in merged]
    return in_order(plan.view, units, [*plan.notes, "sums of several terms are one card each"])


def fuse_neurons(plan: Plan) -> Plan:
    """Every unit joined to its only reader, up to activations, inputs and given names."""
    view = plan.view
    readers = readers_of(plan)
    names = Counter(node.name for node in view.graph.nodes)
    joined = list(range(len(plan.units)))
    for index in reversed(range(len(plan.units))):
        unit = plan.units[index]
        if unit.kind in ("node", "sum") and not _stands_alone(view, unit.members[-1], names):
            heads = {joined[reader] for reader in readers[index]}
            if len(heads) == 1 and not _whole_neuron(plan, unit, readers[index]):
                head = heads.pop()
                into = plan.units[head]
                if into.kind in ("node", "sum") and into.path == unit.path:
                    joined[index] = head
    groups: dict[int, list[int]] = {}
    for index, head in enumerate(joined):
        groups.setdefault(head, []).extend(plan.units[index].members)
    units = []
    for head, members in groups.items():
        first = plan.units[head]
        kind = "neuron" if len(members) > len(first.members) else first.kind
        units.append(Unit(sorted(members), kind, first.path, first.module))
    gained = len(units) < len(plan.units)
    notes = ["what feeds a single reader is drawn as part of it"] if gained else []
    return in_order(view, units, [*plan.notes, *notes])


def _stands_alone(view: View, index: int, names: Counter[str | None]) -> bool:
    """Inputs, results, states, activations, and what has a name that nothing else has."""
    node, role = view.graph.nodes[index], view.graph.roles[index]
    if role in ("input", "output") or index in view.entries or index in view.counts:
        return True
    named = node.name is not None and names[node.name] == 1
    return not node.is_leaf and (named or node.op.name in ACTIVATIONS)


def _whole_neuron(plan: Plan, unit: Unit, readers: set[int]) -> bool:
    """Whether a unit is Σ wx + b of a neuron, and what reads it is not its activation."""
    view = plan.view
    graph = view.graph
    last = graph.nodes[unit.members[-1]]
    if last.is_leaf or last.op.name not in _SUMS:
        return False
    (reader,) = readers if len(readers) == 1 else (-1,)
    following = graph.nodes[plan.units[reader].members[0]] if reader >= 0 else last
    if not following.is_leaf and following.op.name in (*ACTIVATIONS, *_SUMS):
        return False
    behind = [o for i in unit.members for o in view.operands[i] if o >= 0]
    behind += [o for i in behind for o in view.operands[i] if o >= 0]
    return any(graph.nodes[o].is_leaf and graph.roles[o] == "parameter" for o in behind)


def stack_alike(plan: Plan, leaves_only: bool = False) -> Plan:
    """Units with the same operations at the same distance from the leaves on one card.

    Leaves stand on one card if the same cards read them.

    Args:
        plan: what is shown.
        leaves_only: whether operations keep their cards.
    """
    view = plan.view
    readers = readers_of(plan)
    rank = [0] * len(plan.units)
    for index in range(len(plan.units)):
        for reader in readers[index]:
            rank[reader] = max(rank[reader], rank[index] + 1)
    groups: dict[object, list[int]] = {}
    group_of: dict[int, object] = {}
    for index in reversed(range(len(plan.units))):
        unit = plan.units[index]
        last = unit.members[-1]
        what: object = (rank[index], last if last in view.entries else -1)
        if view.graph.nodes[last].is_leaf:
            what = frozenset(group_of[reader] for reader in readers[index])
        elif leaves_only:
            what = index
        counts = Counter(_kind(view, member) for member in unit.members)
        shape = getattr(view.graph.nodes[last], "shape", None)
        key = (what, unit.path, unit.kind, shape, frozenset(counts.items()))
        groups.setdefault(key, []).append(index)
        group_of[index] = index
        if not leaves_only:
            group_of[index] = (rank[index], unit.path, shape, frozenset(counts.items()))
    units = []
    for indices in groups.values():
        same = [plan.units[index] for index in reversed(indices)]
        if len(same) == 1:
            units += same
            continue
        members = sorted(member for unit in same for member in unit.members)
        heads = tuple(head for unit in same for head in unit.heads or unit.members[-1:])
        units.append(Unit(members, "stack", same[0].path, heads=heads))
    gained = len(units) < len(plan.units)
    leaves, cards = "leaves that the same cards read", "cards of one structure and depth"
    notes = [f"{leaves if leaves_only else cards} are stacked"] if gained else []
    kept = [note for note in plan.notes if leaves_only or not note.startswith(leaves)]
    return in_order(view, units, [*kept, *notes])


def _kind(view: View, index: int) -> str:
    node = view.graph.nodes[index]
    return view.graph.roles[index] if node.is_leaf else str(node.op.name)
