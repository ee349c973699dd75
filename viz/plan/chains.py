"""Operations one after the other, with parameters and numbers aside: one card, one formula."""

from __future__ import annotations

from viz.plan.units import Plan, Unit, in_order
from viz.plan.view import View

__all__ = ["fuse_chains"]


def fuse_chains(plan: Plan) -> Plan:
    """A unit joined to its only reader where both read one thing beside parameters.

    So √(mean(d²) + ε) is one card, and γ · n + β is another.
    """
    view = plan.view
    readers = view.readers()
    single = {unit.members[0] for unit in plan.units if unit.kind == "node"}
    head: dict[int, int] = {}
    for index in reversed(view.nodes):
        if index not in single or len(readers[index]) != 1:
            continue
        (reader,) = readers[index]
        if reader in single and _alone(view, index) and _alone(view, reader):
            head[index] = head.get(reader, reader)
    groups: dict[int, list[int]] = {}
    for index in view.nodes:
        if index in single:
            groups.setdefault(head.get(index, index), []).append(index)
    units = [unit for unit in plan.units if unit.kind != "node"]
    for last, members in groups.items():
        kind = "sum" if len(members) > 1 else "node"
        units.append(Unit(members, kind, view.paths[last]))
    return in_order(view, units, plan.notes)


def _alone(view: View, index: int) -> bool:
    """Whether an operation reads one thing, once, beside parameters and numbers."""
    graph = view.graph
    if graph.nodes[index].is_leaf or not view.operands[index]:
        return False
    read = [
        o
        for o in view.operands[index]
        if o >= 0 and not (graph.nodes[o].is_leaf and graph.roles[o] in ("parameter", "constant"))
    ]
    return len(read) == 1
