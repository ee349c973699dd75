"""All uses of one card by another as one wire, and what the gradient meets on its way."""

from __future__ import annotations

import math
from itertools import groupby

from viz.model import Edge
from viz.plan.build import Builder
from viz.plan.units import Plan

__all__ = ["bundle"]

Use = tuple[int, int]


def bundle(
    builder: Builder, plan: Plan, uses: list[Use], source: int, target: int, position: int
) -> Edge:
    """All uses of one card by another as one wire.

    Args:
        builder: knows the gradients.
        plan: knows what is on the cards.
        uses: nodes of the target and the positions of their operands.
        source: number of the unit that is used.
        target: number of the unit that uses it.
        position: of the edge among those of the graph.
    """
    flowing: list[float] = []
    differentiable = False
    for member, places in groupby(uses, key=lambda use: use[0]):
        flows = builder.flows(member)
        node = builder.graph.nodes[member]
        for _, place in places:
            differentiable |= node.requires_grad and node.parents[place].requires_grad
            flow = flows[place]
            if flow is not None:
                flowing.append(flow)
    size = math.sqrt(sum(r * r for r in flowing) / len(flowing)) if flowing else None
    count = len(uses)
    return Edge(
        f"n{source}",
        f"n{target}",
        position,
        local=f"{count} wires" if count > 1 else "",
        rms=size,
        zero=size == 0.0,
        differentiable=differentiable,
        tooltip=f"{count} use{'s' * (count != 1)} as an operand",
    )
