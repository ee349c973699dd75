"""A live graph and a plan of what to show, turned into a `Graph` of plain data."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import groupby

import numpy as np

from autodiff.batching import whole
from autodiff.ops.primitive import Fused
from viz.model import Card, Edge, Graph
from viz.plan.build import Builder
from viz.plan.rollup import Plan, Unit

__all__ = ["assemble"]


def assemble(builder: Builder, plan: Plan, notice: str = "") -> Graph:
    """Cards for the units of a plan, and one edge for each operand or bundle of them.

    Args:
        builder: makes the cards and edges of single nodes.
        plan: which nodes share a card.
        notice: what to say below the picture.
    """
    single = [unit.kind == "node" for unit in plan.units]
    cards = [
        builder.card(unit.members[0], f"n{i}", unit.path) if single[i]
        else _group(builder, unit, f"n{i}")
        for i, unit in enumerate(plan.units)
    ]  # fmt: skip
    edges: list[Edge] = []
    for index, unit in enumerate(plan.units):
        bundles: dict[int, list[tuple[int, int]]] = {}
        for member in unit.members:
            for position, operand in enumerate(builder.graph.operands[member]):
                source = plan.unit_of[operand] if operand >= 0 else -1
                if source < 0 or source == index:
                    continue
                if single[index] and single[source]:
                    edge = builder.edge(member, position, f"n{source}", f"n{index}")
                    edges.append(edge)
                else:
                    bundles.setdefault(source, []).append((member, position))
        for source, uses in sorted(bundles.items()):
            edges.append(_bundle(builder, uses, f"n{source}", f"n{index}", len(edges)))
    paths = {card.cluster for card in cards}
    return Graph(tuple(cards), tuple(edges), builder.clusters(paths), notice)


def _bundle(
    builder: Builder, uses: list[tuple[int, int]], source: str, target: str, position: int
) -> Edge:
    """All uses of one card by another as one wire."""
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
        source,
        target,
        position,
        local=f"{count} wires" if count > 1 else "",
        rms=size,
        zero=size == 0.0,
        differentiable=differentiable,
        tooltip=f"{count} use{'s' * (count != 1)} as an operand",
    )


def _group(builder: Builder, unit: Unit, ident: str) -> Card:
    """A card for several nodes: named by what they are, showing what comes out of them."""
    graph = builder.graph
    own = set(unit.members)
    leaving = [
        i
        for i in unit.members
        if graph.roles[i] == "output" or any(reader not in own for reader in graph.readers[i])
    ]
    shown = leaving[-1] if leaving else unit.members[-1]
    card = replace(
        builder.card(shown, ident, unit.path),
        role="output" if any(graph.roles[i] == "output" for i in unit.members) else "group",
        tooltip=_contents(builder, unit),
    )
    if unit.kind == "stack":
        return _stack(builder, unit, card)
    if unit.kind == "module":
        title, description = graph.titles[unit.module]
        card = replace(card, name=title, formula=description or _chain(builder, unit))
    else:
        card = replace(card, formula=f"= {_chain(builder, unit)}")
    if len(leaving) > 1 and not card.shape:
        card = replace(card, value_label=f"value of {builder.names[shown]}")
    return card


def _stack(builder: Builder, unit: Unit, card: Card) -> Card:
    """Units of one structure: what comes out of them, side by side, as one array."""
    graph = builder.graph
    head = unit.heads[-1]
    data = [graph.nodes[i].data for i in unit.heads]
    numbers = (
        None if any(d is None for d in data) else np.stack([np.asarray(whole(d)) for d in data])
    )
    gradients = [builder.gradient(i) for i in unit.heads]
    known = [g for g in gradients if g is not None]
    stacked = np.stack(known) if len(known) == len(gradients) else None
    together = builder.distribution(head, numbers, stacked)
    leaf = graph.nodes[head].is_leaf and len(unit.members) == len(unit.heads)
    kind = graph.roles[head] if leaf else builder.names[head].rstrip("₀₁₂₃₄₅₆₇₈₉")
    return replace(
        together,
        id=card.id,
        name=f"{len(unit.heads)} × {kind}",
        role=graph.roles[head] if leaf else card.role,
        formula="" if leaf else f"= {_chain(builder, unit)}",
        dtype=card.dtype,
        tooltip=card.tooltip,
        cluster=card.cluster,
    )


def _contents(builder: Builder, unit: Unit) -> str:
    """What is behind a card, for its tooltip."""
    graph = builder.graph
    counts = Counter(graph.nodes[i].op.name for i in unit.members if not graph.nodes[i].is_leaf)
    parameters = sum(
        getattr(graph.nodes[i], "size", 1) for i in unit.members if graph.roles[i] == "parameter"
    )
    words = [f"{n} × {name}" for name, n in counts.most_common(8)]
    if parameters:
        words.append(f"{parameters} parameter{'s' * (parameters != 1)}")
    return ", ".join(words)


def _chain(builder: Builder, unit: Unit) -> str:
    """The operations of one of a card's units, such as ``Σ of 3 products → tanh``."""
    graph = builder.graph
    copies = max(1, len(unit.heads))
    nodes = [graph.nodes[i] for i in unit.members if not graph.nodes[i].is_leaf]
    counts = Counter(node.op for node in nodes)
    each = {op: max(1, n // copies) for op, n in counts.items()}
    products = sum(n for op, n in each.items() if op.name == "multiply")
    sums = sum(n for op, n in each.items() if op.name == "add")
    words = []
    if sums and products >= sums:
        words.append(f"Σ of {products} product{'s' * (products != 1)}")
        each = {op: n for op, n in each.items() if op.name not in ("multiply", "add")}
    elif sums > 1:
        words.append(f"Σ of {sums + 1} terms")
        each = {op: n for op, n in each.items() if op.name != "add"}
    for op, n in each.items():
        name = op.notation.text if isinstance(op, Fused) else op.name
        words.append(name if n == 1 else f"{n} × {name}")
    return " → ".join(words)
