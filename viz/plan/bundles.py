"""All uses of one card by another as one wire."""

from __future__ import annotations

from viz.model import Edge
from viz.plan.build import Builder
from viz.plan.factors import through_unit
from viz.plan.flows import Flows, Use
from viz.plan.units import Plan

__all__ = ["bundle"]


def bundle(
    builder: Builder,
    plan: Plan,
    flows: Flows,
    uses: list[Use],
    source: int,
    target: int,
    position: int,
) -> Edge:
    """All uses of one card by another as one wire.

    Args:
        builder: knows the factors.
        plan: knows what is on the cards.
        flows: knows how much flows back.
        uses: nodes of the target and the positions of their operands.
        source: number of the unit that is used.
        target: number of the unit that uses it.
        position: of the edge among those of the graph.
    """
    graph, unit = builder.graph, plan.units[target]
    needed = [
        (member, place)
        for member, place in uses
        if graph.nodes[member].requires_grad and graph.nodes[member].parents[place].requires_grad
    ]
    if not needed:
        return Edge(
            f"n{source}", f"n{target}", position, differentiable=False, tooltip=_counted(len(uses))
        )
    local, told = through_unit(builder, plan, unit, needed)
    every = flows.every_step(needed, source)
    size = flows.size(every)
    if len(every) > len(needed) and "wires" not in local:
        local = f"Σₜ {local}" if local not in ("", "1") else "Σₜ"
    tooltip = f"{_counted(len(every))}; {told}" if told else _counted(len(every))
    return Edge(
        f"n{source}", f"n{target}", position, local, rms=size, zero=size == 0.0, tooltip=tooltip
    )


def _counted(count: int) -> str:
    return f"{count} use{'s' * (count != 1)} as an operand"
