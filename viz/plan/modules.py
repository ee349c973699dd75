"""Modules folded to what they compute."""

from __future__ import annotations

from viz.layout.nesting import split_apart
from viz.plan.units import Plan, Unit, in_order
from viz.plan.view import View
from viz.read.skeleton import Path

__all__ = ["deepest", "fold_leaf_modules", "fold_modules"]


def deepest(view: View) -> int:
    """How many frames stand in each other at most."""
    return max((len(view.paths[i]) for i in view.nodes), default=0)


def fold_modules(view: View, depth: int, parameters: bool = True) -> Plan:
    """Everything within a module that lies deeper than ``depth`` frames on one card.

    Args:
        view: what is to be shown.
        depth: how many frames are left around each other.
        parameters: whether the parameters of a module without modules inside keep cards of
            their own.
    """
    loops = {loop.path for loop in view.loops}
    keys = {i: _folded(view.paths[i], depth, loops) for i in view.nodes}
    plan = _folded_to(view, keys, parameters)
    if depth < deepest(view):
        plan.notes.append(f"modules below depth {depth} are one card each")
    return plan


def fold_leaf_modules(view: View) -> Plan:
    """Every module that has no modules inside on one card, but for its parameters."""
    outer = {path[:length] for path in view.paths for length in range(len(path))}
    outer.update(loop.path for loop in view.loops)
    keys = {i: () if view.paths[i] in outer else view.paths[i] for i in view.nodes}
    plan = _folded_to(view, keys, parameters=True)
    plan.notes.append("modules are one card each")
    return plan


def _folded_to(view: View, keys: dict[int, Path], parameters: bool) -> Plan:
    """The plan in which nodes of one module and of one call of it are a unit."""
    around = {i: key[:-1] if key else view.paths[i] for i, key in keys.items()}
    if parameters:
        for index in _own_parameters(view, keys):
            keys[index] = ()
    parts = split_apart(view.nodes, keys, list(view.links()))
    groups: dict[tuple[Path, int], list[int]] = {}
    for i in view.nodes:
        groups.setdefault((keys[i], parts[i]) if keys[i] else ((), i), []).append(i)
    units = []
    for (module, _), members in groups.items():
        kind = "module" if module and not view.graph.nodes[members[-1]].is_leaf else "node"
        units.append(Unit(members, kind, around[members[0]], module))
    return in_order(view, units)


def _folded(path: Path, depth: int, loops: set[Path]) -> Path:
    """The module that a node is folded into; empty for none. Frames of loops stay."""
    level = 0
    for length in range(1, len(path) + 1):
        level += path[:length] not in loops
        if level > depth:
            return path[:length]
    return ()


def _own_parameters(view: View, keys: dict[int, Path]) -> list[int]:
    """Parameters of the folded modules that have no modules inside."""
    graph = view.graph
    inner = {keys[i] for i in view.nodes if keys[i] and view.paths[i] != keys[i]}
    return [
        i
        for i in view.nodes
        if keys[i] not in inner and graph.roles[i] == "parameter" and graph.nodes[i].is_leaf
    ]
