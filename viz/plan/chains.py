"""Operations one after the other, with parameters and numbers aside: one card, one formula."""

from __future__ import annotations

from viz.plan.units import Plan, Unit, in_order
from viz.plan.view import View

__all__ = ["fuse_chains"]


LONGEST = 6
"""So many operations share a card at most."""


def fuse_chains(plan: Plan, parameters: bool = True) -> Plan:
    """A unit joined to its only reader where both read one thing beside what is given.

    So √(mean(d²) + ε) is one card, γ · n + β another, and ½ Σ (h − y)² a third.

    Args:
        plan: what is shown.
        parameters: whether operations that read parameters are joined, too.
    """
    view = plan.view
    readers = view.readers()
    single = {unit.members[0]: unit for unit in plan.units if unit.kind == "node"}
    alone = {i for i in single if _reads_one(view, i, parameters)}
    head: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for index in reversed(view.nodes):
        (reader,) = readers[index] if len(readers[index]) == 1 else (-1,)
        if view.graph.nodes[index].name is not None:
            continue
        if index in alone and reader in alone and single[index].path == single[reader].path:
            last = head.get(reader, reader)
            if sizes.get(last, 1) < LONGEST:
                head[index] = last
                sizes[last] = sizes.get(last, 1) + 1
    if not head:
        return plan
    groups: dict[int, list[int]] = {}
    for index in single:
        groups.setdefault(head.get(index, index), []).append(index)
    units = [unit for unit in plan.units if unit.kind != "node"]
    for last, members in groups.items():
        kind = "sum" if len(members) > 1 else "node"
        units.append(Unit(sorted(members), kind, single[last].path))
    return in_order(view, units, [*plan.notes, "operations in a row are one card"])


def _reads_one(view: View, index: int, parameters: bool) -> bool:
    """Whether an operation reads one thing, once, beside what is given."""
    graph = view.graph
    if graph.nodes[index].is_leaf or index in view.entries or index in view.counts:
        return False
    nodes, operands = graph.nodes, [o for o in view.operands[index] if o >= 0]
    given = [o for o in operands if nodes[o].is_leaf and nodes[o].requires_grad]
    if any(not parameters or graph.roles[o] != "parameter" for o in given):
        return False
    read = [o for o in operands if not nodes[o].is_leaf]
    return len(read) == 1
