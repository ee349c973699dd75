"""Cards of one kind in a row, each read by the next one only, as one card."""

from __future__ import annotations

from collections import Counter

from viz.plan.loops import LONG
from viz.plan.units import Plan, Unit, in_order, readers_of

__all__ = ["fuse_rows"]


def fuse_rows(plan: Plan) -> Plan:
    """At least `LONG` units of one structure in a row on one card, such as twelve equal blocks."""
    readers = readers_of(plan)
    sources: list[set[int]] = [set() for _ in plan.units]
    for index, targets in enumerate(readers):
        for target in targets:
            sources[target].add(index)
    kinds = [_kind(plan, unit) for unit in plan.units]
    before: dict[int, int] = {}
    for index, targets in enumerate(readers):
        (target,) = targets if len(targets) == 1 else (-1,)
        alike = target >= 0 and kinds[index] == kinds[target] and kinds[index] is not None
        if alike and len(sources[target]) == 1:
            before[target] = index
    rows: dict[int, list[int]] = {}
    row_of: dict[int, int] = {}
    for index in range(len(plan.units)):
        start = row_of.get(before.get(index, -1), index)
        row_of[index] = start
        rows.setdefault(start, []).append(index)
    units: list[Unit] = []
    for row in rows.values():
        same = [plan.units[i] for i in row]
        if len(row) < LONG:
            units += same
            continue
        members = sorted(member for unit in same for member in unit.members)
        heads = tuple(unit.members[-1] for unit in same)
        units.append(Unit(members, "row", same[0].path, same[-1].module, heads=heads))
    if len(units) == len(plan.units):
        return plan
    return in_order(plan.view, units, [*plan.notes, "cards of one kind in a row are one card"])


def _kind(plan: Plan, unit: Unit) -> object:
    """What units of a row have in common; `None` for what never stands in one."""
    graph = plan.view.graph
    last = graph.nodes[unit.members[-1]]
    if last.is_leaf or unit.members[-1] in plan.view.entries:
        return None
    counts = Counter(graph.nodes[i].op for i in unit.members)
    what = plan.view.titles[unit.module][1] if unit.module else ""
    return (unit.kind, unit.path, getattr(last, "shape", None), what, frozenset(counts.items()))
