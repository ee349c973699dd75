"""A live graph and a plan of what to show, turned into a `Graph` of plain data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from viz.model import Card, Edge, Graph
from viz.plan.build import Builder
from viz.plan.bundles import bundle
from viz.plan.flows import Flows, Use
from viz.plan.frames import frames
from viz.plan.groups import group_card
from viz.plan.step_names import name_steps
from viz.plan.step_series import per_step, step_series
from viz.plan.units import Plan, Unit
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["assemble"]


def assemble(builder: Builder, plan: Plan, notice: str = "") -> Graph:
    """Cards for the units of a plan, and one edge for each operand or bundle of them.

    Args:
        builder: makes the cards and edges of single nodes.
        plan: which nodes share a card.
        notice: what to say below the picture.
    """
    result = builder.names[-1] if builder.names else ""
    name_steps(builder, plan.view)
    cards = [_card(builder, plan, index) for index in range(len(plan.units))]
    flows = Flows(builder, plan)
    edges: list[Edge] = []
    for index in range(len(plan.units)):
        edges += _edges(builder, plan, flows, index, len(edges))
    edges += _loops(builder, plan)
    paths = {card.cluster for card in cards}
    series = step_series(builder, plan, flows, result)
    return Graph(tuple(cards), tuple(edges), frames(builder, plan, paths), notice, series)


def _card(builder: Builder, plan: Plan, index: int) -> Card:
    unit, ident = plan.units[index], f"n{index}"
    if unit.kind == "twin":
        card = builder.card(unit.twin, ident, unit.path)
        return replace(card, twin=f"n{plan.unit_of[unit.twin]}")
    if unit.kind != "node":
        return group_card(builder, plan, unit, ident)
    shown = unit.members[0]
    card = builder.card(shown, ident, unit.path)
    if shown in plan.view.entries:
        return replace(card, formula="", role="op")
    copies = plan.view.counts.get(shown, 1)
    if copies == 1:
        return card
    text = f"= {builder.graph.nodes[shown].op.name}, {copies} times"
    return replace(card, copies=copies, formula=text, opens="roll_up=False")


def _edges(builder: Builder, plan: Plan, flows: Flows, index: int, count: int) -> list[Edge]:
    """The wires that lead to one card, ordered by operand or by what they come from."""
    unit = plan.units[index]
    bundles: dict[int, list[tuple[int, int]]] = {}
    edges: list[Edge] = []
    for member in unit.members:
        for position in range(len(plan.view.operands[member])):
            source = plan.source(member, position)
            if source < 0 or source == index:
                continue
            if _single(plan, unit) and _single(plan, plan.units[source]):
                if member in plan.view.entries:
                    edges.append(_start(builder, plan, flows, member, source, index))
                elif member in plan.view.counts:
                    edges.append(_row(builder, plan, flows, member, position, source, index))
                else:
                    edges.append(_wire(builder, flows, member, position, source, index))
            else:
                bundles.setdefault(source, []).append((member, position))
    for source, uses in sorted(bundles.items()):
        edges.append(bundle(builder, plan, flows, uses, source, index, count + len(edges)))
    return edges


def _wire(
    builder: Builder, flows: Flows, member: int, position: int, source: int, target: int
) -> Edge:
    """One use of one node by another; of a parameter of all steps, what all of them send."""
    edge = builder.edge(member, position, f"n{source}", f"n{target}")
    if not edge.differentiable:
        return edge
    every = flows.every_step([(member, position)], source)
    if edge.flow:
        return edge if len(every) == 1 else _all_steps(edge, flows, every)
    size = flows.size(every)
    local = edge.local
    if len(every) > 1:
        local = f"Σₜ {local}" if local not in ("", "1") else "Σₜ"
    return replace(edge, local=local, rms=size, zero=size == 0.0)


def _all_steps(edge: Edge, flows: Flows, every: list[Use]) -> Edge:
    """Of numbers: what the step that is drawn sends, and what all of them add up to."""
    total = flows.total(every)
    if total is None:
        return edge
    one, size = edge.flow.rpartition("= ")[2], float(np.asarray(total))
    text = f"{one} + {len(every) - 1} more = {number(size)}"
    return replace(edge, flow=text, rms=abs(size), zero=size == 0.0)


def _single(plan: Plan, unit: Unit) -> bool:
    return unit.kind in ("node", "twin")


def _start(
    builder: Builder, plan: Plan, flows: Flows, entry: int, source: int, target: int
) -> Edge:
    """From what enters the first step: it stands at the last one in the place of its state."""
    operands = builder.graph.operands
    loop = next(loop for loop in plan.view.loops for s in loop.states if s.entry == entry)
    uses = [
        (row[0], position)
        for row in loop.positions
        for position, operand in enumerate(operands[row[-1]])
        if operand == entry
    ]
    start = operands[uses[0][0]][uses[0][1]]
    needed = bool(builder.graph.nodes[start].requires_grad)
    size = flows.size(uses) if needed else None
    return Edge(
        f"n{source}", f"n{target}", 0, rms=size, zero=size == 0.0, differentiable=needed,
        tooltip=f"{builder.names[start]} enters the first step",
    )  # fmt: skip


def _row(
    builder: Builder,
    plan: Plan,
    flows: Flows,
    member: int,
    position: int,
    source: int,
    target: int,
) -> Edge:
    """Into a row of operations that share a card: what arrives at the first of them."""
    first = next(row for loop in plan.view.loops for row in loop.positions if row[-1] == member)[0]
    flow = flows.size([(first, position)])
    operand = builder.graph.nodes[first].parents[position]
    count = plan.view.counts[member]
    return Edge(
        f"n{source}", f"n{target}", position, rms=flow, zero=flow == 0.0,
        differentiable=bool(operand.requires_grad), tooltip=f"through all {count}",
    )  # fmt: skip


def _loops(builder: Builder, plan: Plan) -> list[Edge]:
    """The wires from the end of a step back to the beginning of the next one."""
    edges: list[Edge] = []
    for loop in plan.view.loops:
        for state in loop.states if loop.path else ():
            source, target = plan.unit_of[state.nodes[-1]], plan.unit_of[state.entry]
            if source == target or min(source, target) < 0:
                continue
            gradient = builder.gradient(state.entry)
            size = None if gradient is None else rms(gradient)
            needed = bool(builder.graph.nodes[state.entry].requires_grad)
            local, tooltip = per_step(builder, state)
            edges.append(
                Edge(
                    f"n{source}",
                    f"n{target}",
                    len(edges),
                    local,
                    rms=size,
                    zero=size == 0.0,
                    differentiable=needed,
                    tooltip=tooltip,
                    loop=True,
                )
            )
    return edges
