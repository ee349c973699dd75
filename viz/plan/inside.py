"""A card opened beside the picture: its inner graph, and the ways that its factor is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from viz.model import Card, Inset
from viz.plan.assemble import assemble
from viz.plan.build import Builder
from viz.plan.chains import fuse_chains
from viz.plan.factors import short_name
from viz.plan.routes import Route, routes
from viz.plan.units import Plan, Unit, in_order
from viz.plan.view import view_of
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["inside"]

SMALL = 1e-6
"""A way that brings so little of the largest is not listed."""


def inside(builder: Builder, plan: Plan, unit: Unit, members: list[int], title: str) -> Inset:
    """What stands beside the picture for a card that is opened.

    Args:
        builder: makes cards and wires.
        plan: of the picture.
        unit: the card.
        members: the nodes to be shown, all of them or some of those behind the card.
        title: what is printed over it.
    """
    inner = _plan(plan, members)
    graph = assemble(builder, inner)
    cards = [
        _entering(builder, plan, inner.units[i].members[-1], set(members), card)
        for i, card in enumerate(graph.cards)
    ]
    lines, bars = _ways(builder, plan, unit, members)
    own = f"n{plan.units.index(unit)}"
    return Inset(own, title, replace(graph, cards=tuple(cards), series=()), lines, bars)


def _plan(plan: Plan, members: list[int]) -> Plan:
    """The nodes behind a card and what enters them, chains of them joined."""
    graph, own = plan.view.graph, set(members)
    entering = {o for i in members for o in graph.operands[i] if o >= 0 and o not in own}
    view = view_of(graph, own | entering)
    for index in entering:
        view.operands[index] = []
    view.paths = [()] * len(view.paths)
    return fuse_chains(in_order(view, [Unit([i]) for i in view.nodes]))


def _entering(builder: Builder, plan: Plan, index: int, own: set[int], card: Card) -> Card:
    """What comes from outside says where from; what leaves is the result."""
    graph = builder.graph
    if index not in own:
        if graph.nodes[index].is_leaf:
            return card
        number = plan.unit(index)
        unit = plan.units[number] if number >= 0 else None
        title = plan.view.titles[unit.module] if unit is not None and unit.module else ("", "")
        name = title[1].split("(")[0] or title[0]
        return replace(card, role="input", formula=f"from {name}" if name else "")
    if any(reader not in own for reader in graph.readers[index]):
        return replace(card, role="output")
    return card


def _ways(
    builder: Builder, plan: Plan, unit: Unit, members: list[int]
) -> tuple[tuple[str, ...], tuple[tuple[str, float], ...]]:
    """By which ways a gradient passes back to what enters, and what each of them brings."""
    graph, own = builder.graph, set(members)
    leaving = [
        i
        for i in members
        if graph.roles[i] == "output" or any(reader not in own for reader in graph.readers[i])
    ]
    gradient = builder.gradient(leaving[0]) if len(leaving) == 1 else None
    if gradient is None or not hasattr(graph.nodes[leaving[0]], "shape"):
        return (), ()
    entering = dict.fromkeys(
        o for i in members for o in graph.operands[i] if o >= 0 and o not in own
    )
    for source in entering:
        if graph.nodes[source].requires_grad and graph.roles[source] != "parameter":
            found = routes(graph, members, leaving[0], source, gradient)
            if len(found) > 1:
                return _told(builder, plan, unit, source, found)
    return (), ()


def _told(
    builder: Builder, plan: Plan, unit: Unit, source: int, found: dict[Route, Any]
) -> tuple[tuple[str, ...], tuple[tuple[str, float], ...]]:
    sizes = {way: rms(part) for way, part in found.items()}
    largest = max(sizes.values())
    shown = {way: size for way, size in sizes.items() if size > SMALL * largest or not way}
    total = rms(sum(found.values()))
    bars = [(_way(builder, way), size) for way, size in shown.items()]
    name, left_out = builder.names[source], len(sizes) - len(shown)
    lines = [f"{short_name(plan, unit)}′(δ): {_count(len(shown))} lead back to {name}"]
    if left_out:
        lines.append(
            f"{left_out} more bring nothing" if left_out > 1 else "one more brings nothing"
        )
    if len(shown) > 1 and () in sizes and total:
        lines.append(f"straight alone would be {number(sizes[()] / total, 3)} times their sum")
    return tuple(lines), (*bars, ("sum", total))


def _way(builder: Builder, way: Route) -> str:
    if way == (-1,):
        return "the rest"
    names = " and ".join(builder.names[i] for i in way)
    return f"through {names}" if way else "straight"


def _count(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six")
    return f"{words[count] if count < len(words) else count} path{'s' * (count != 1)}"
