"""Leaves that are read far apart: drawn once more, small, at each place where they are used."""

from __future__ import annotations

from dataclasses import replace

from viz.plan.units import Plan, Unit, readers_of, unit_numbers

__all__ = ["with_twins"]

FEWEST, FAR = 4, 10
"""Read at so many places, the first and the last of which are so many cards apart."""

CROWDED = 16
"""A picture of fewer cards needs no twins."""


def with_twins(plan: Plan, limit: int) -> Plan:
    """A plan in which no leaf sends wires all over the picture.

    Args:
        plan: what is shown.
        limit: the most cards that there may be.
    """
    if len(plan.units) < CROWDED:
        return plan
    readers = readers_of(plan)
    wanted: list[tuple[int, int]] = []
    for index, unit in enumerate(plan.units):
        places = sorted(readers[index])
        if len(places) < FEWEST or not _repeatable(plan, unit):
            continue
        if places[-1] - places[0] >= FAR:
            wanted += [(place, unit.members[0]) for place in places[1:]]
    if not wanted or len(plan.units) + len(wanted) > limit:
        return plan
    return _drawn_again(plan, wanted)


def _repeatable(plan: Plan, unit: Unit) -> bool:
    index = unit.members[0]
    leaf = plan.view.graph.nodes[index].is_leaf
    return unit.kind == "node" and leaf and index not in plan.view.entries


def _drawn_again(plan: Plan, wanted: list[tuple[int, int]]) -> Plan:
    """Each twin stands right before the unit that reads it."""
    before: dict[int, list[int]] = {}
    for place, leaf in wanted:
        before.setdefault(place, []).append(leaf)
    units: list[Unit] = []
    twins: dict[tuple[int, int], int] = {}
    for index, unit in enumerate(plan.units):
        for leaf in before.get(index, ()):
            twins.update({(leaf, member): len(units) for member in unit.members})
            units.append(Unit([], "twin", unit.path, twin=leaf))
        units.append(unit)
    return replace(plan, units=units, unit_of=unit_numbers(units), twins=twins)
