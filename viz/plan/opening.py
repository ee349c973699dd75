"""Which cards are to be opened: modules and cards are found by their names."""

from __future__ import annotations

from collections.abc import Sequence

from viz.model import Graph, Inset
from viz.plan.build import Builder
from viz.plan.inside import inside
from viz.plan.modules import dotted
from viz.plan.units import Plan
from viz.read.skeleton import Path

__all__ = ["insets"]


def insets(builder: Builder, plan: Plan, graph: Graph, opened: Sequence[str]) -> tuple[Inset, ...]:
    """The inside of each card that is to be opened.

    Args:
        builder: makes cards and wires.
        plan: of the picture.
        graph: the picture.
        opened: names of modules as programs write them, such as ``hidden1.norm`` or the end of
            it; or names of cards that stand for several nodes.

    Raises:
        ValueError: there is no such module or card, or several; or its nodes have cards of
            their own already.
    """
    return tuple(_inset(builder, plan, graph, name) for name in opened)


def _inset(builder: Builder, plan: Plan, graph: Graph, name: str) -> Inset:
    modules = {
        path: dotted(plan.view, path)
        for path in plan.view.titles
        if any(plan.view.paths[i][: len(path)] == path for i in plan.view.nodes)
    }
    exact = [path for path, known in modules.items() if known == name]
    found = exact or [path for path, known in modules.items() if known.endswith(f".{name}")]
    if len(found) == 1:
        return _module(builder, plan, found[0], name)
    cards = [
        number
        for number, unit in enumerate(plan.units)
        if len(unit.members) > 1 and name in (graph.cards[number].name, f"n{number}")
    ]
    if len(cards) == 1 and not found:
        unit = plan.units[cards[0]]
        return inside(builder, plan, unit, unit.members, name)
    several = [modules[path] for path in found] or [f"n{number}" for number in cards]
    if several:
        raise ValueError(
            f"opened={name!r} may be any of {', '.join(several[:12])}; give one of these names"
        )
    known = [text for path, text in modules.items() if text][:12]
    raise ValueError(
        f"opened={name!r} is no module of the graph and no card of several nodes; "
        f"modules are: {', '.join(known) or 'none'}"
    )


def _module(builder: Builder, plan: Plan, path: Path, name: str) -> Inset:
    graph = plan.view.graph
    own = [
        i
        for i in plan.view.nodes
        if plan.view.paths[i][: len(path)] == path and not graph.nodes[i].is_leaf
    ]
    units = {plan.unit_of[i] for i in own}
    if len(units) != 1 or len(own) < 2 or len(plan.units[min(units)].members) < 2:
        raise ValueError(
            f"opened={name!r} is not folded: "
            + ("it is a single operation" if len(own) < 2 else "its operations have cards already")
            + "; open one of the cards that stand for several nodes, or fold it with depth="
        )
    unit = plan.units[units.pop()]
    _, description = plan.view.titles[path]
    title = f"{dotted(plan.view, path)} {description.split('(')[0]}".strip()
    return inside(builder, plan, unit, own, title)
