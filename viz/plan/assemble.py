"""A live graph and a plan of what to show, turned into a `Graph` of plain data."""

from __future__ import annotations

from dataclasses import replace

from viz.model import Card, Edge, Graph
from viz.plan.build import Builder
from viz.plan.bundles import bundle
from viz.plan.frames import frames
from viz.plan.groups import group_card
from viz.plan.step_names import name_steps
from viz.plan.step_series import step_series
from viz.plan.units import Plan, Unit
from viz.read.statistics import rms

__all__ = ["assemble"]


def assemble(builder: Builder, plan: Plan, notice: str = "") -> Graph:
    """Cards for the units of a plan, and one edge for each operand or bundle of them.

    Args:
        builder: makes the cards and edges of single nodes.
        plan: which nodes share a card.
        notice: what to say below the picture.
    """
    name_steps(builder, plan.view)
    cards = [_card(builder, plan, index) for index in range(len(plan.units))]
    edges: list[Edge] = []
    for index in range(len(plan.units)):
        edges += _edges(builder, plan, index, len(edges))
    edges += _loops(builder, plan)
    paths = {card.cluster for card in cards}
    series = step_series(builder, plan.view)
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
    return card if copies == 1 else replace(card, copies=copies, opens="roll_up=False")


def _edges(builder: Builder, plan: Plan, index: int, count: int) -> list[Edge]:
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
                    edges.append(_start(source, index))
                elif member in plan.view.counts:
                    edges.append(_row(builder, plan, member, position, source, index))
                else:
                    edge = builder.edge(member, position, f"n{source}", f"n{index}")
                    edges.append(edge)
            else:
                bundles.setdefault(source, []).append((member, position))
    for source, uses in sorted(bundles.items()):
        edges.append(bundle(builder, plan, uses, source, index, count + len(edges)))
    return edges


def _single(plan: Plan, unit: Unit) -> bool:
    return unit.kind in ("node", "twin")


def _start(source: int, target: int) -> Edge:
    """From what enters the first step."""
    return Edge(f"n{source}", f"n{target}", 0, differentiable=False, tooltip="at the first step")


def _row(
    builder: Builder, plan: Plan, member: int, position: int, source: int, target: int
) -> Edge:
    """Into a row of operations that share a card: what arrives at the first of them."""
    first = next(row for loop in plan.view.loops for row in loop.positions if row[-1] == member)[0]
    flow = builder.flows(first)[position]
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
            edge = Edge(f"n{source}", f"n{target}", len(edges), rms=size, zero=size == 0.0)
            what = "what one step hands to the next"
            edges.append(replace(edge, loop=True, differentiable=needed, tooltip=what))
    return edges
