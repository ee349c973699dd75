"""Modules folded to what they compute."""

from __future__ import annotations

from dataclasses import replace

from viz.layout.nesting import split_apart
from viz.plan.units import Plan, Unit, in_order
from viz.plan.view import View
from viz.read.skeleton import Path

__all__ = ["deepest", "dotted", "fold_leaf_modules", "fold_modules", "is_root", "without_root"]


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
    """Arrays of parameters of the folded modules that have no modules inside."""
    graph = view.graph
    inner = {keys[i] for i in view.nodes if keys[i] and view.paths[i] != keys[i]}
    return [
        i
        for i in view.nodes
        if keys[i] not in inner
        and graph.roles[i] == "parameter"
        and graph.nodes[i].is_leaf
        and hasattr(graph.nodes[i], "shape")
    ]


def without_root(plan: Plan) -> Plan:
    """A plan of folded modules without the frame of the module that the program called.

    It stands around nearly everything and says little. What stood in it alone, a module with
    its parameters, gets a frame with its own name.
    """
    view = plan.view
    tops = {unit.path[:1] for unit in plan.units if unit.path}
    loops = any(loop.path for loop in view.loops)
    roots = [top for top in tops if is_root(view.titles, top)]
    inner = {unit.path[:2] for unit in plan.units if unit.path[:1] in roots}
    if len(roots) != 1 or loops or not any(len(path) > 1 for path in inner):
        return plan
    (root,) = roots
    kept = {view.paths[u.members[0]] for u in plan.units if _is_parameter(view, u)}
    units = []
    for unit in plan.units:
        path = unit.path
        if path == root:
            own = unit.module or view.paths[unit.members[0]]
            path = own if own in kept else path
        units.append(replace(unit, path=path[1:] if path[:1] == root else path))
    return replace(plan, units=units, root=root)


def dotted(view: View, path: Path) -> str:
    """A module's path as programs write it, such as ``hidden1.norm``; of a root its class."""
    frames = {loop.path for loop in view.loops}
    lengths = [n for n in range(1, len(path) + 1) if path[:n] not in frames]
    if len(lengths) > 1 and is_root(view.titles, path[: lengths[0]]):
        lengths = lengths[1:]
    return ".".join(view.titles[path[:n]][0].strip("[]") for n in lengths)


def is_root(titles: dict[Path, tuple[str, str]], path: Path) -> bool:
    """Whether a module has no name but that of its class: the one that the program called."""
    return path[-1].partition(" ")[2].startswith(titles[path][0])


def _is_parameter(view: View, unit: Unit) -> bool:
    leaf = view.graph.nodes[unit.members[0]].is_leaf
    return unit.kind == "node" and leaf and view.graph.roles[unit.members[0]] == "parameter"
