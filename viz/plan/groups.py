"""The card of several nodes: named by what they are, showing what comes out of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.ops.primitive import Fused
from viz.model import Card
from viz.plan.build import Builder
from viz.plan.composed import composed_formula
from viz.plan.modules import dotted
from viz.plan.units import Plan, Unit

__all__ = ["group_card"]

SIDE_BY_SIDE = 2
"""More results of one kind than this, such as those of a layer, are shown as one array."""


def group_card(builder: Builder, plan: Plan, unit: Unit, ident: str) -> Card:
    """The card of a unit of several nodes.

    Args:
        builder: makes the cards of single nodes.
        plan: what the unit is part of.
        unit: whose card it is.
        ident: its id.
    """
    graph = builder.graph
    own = set(unit.members)
    leaving = [
        i
        for i in unit.members
        if graph.roles[i] == "output" or any(reader not in own for reader in graph.readers[i])
    ]
    shown = leaving[-1] if leaving else unit.members[-1]
    single = builder.card(shown, ident, unit.path)
    result = any(graph.roles[i] == "output" for i in unit.members)
    card = replace(
        single,
        role="output" if result else "group",
        tooltip=_contents(builder, unit),
        opens="roll_up=False",
    )
    if unit.kind == "stack":
        return _stack(builder, unit, card)
    if unit.module and len(leaving) > SIDE_BY_SIDE and _alike(builder, leaving):
        card = replace(_together(builder, leaving), **_kept(card))
    if unit.module:
        card = _of_module(builder, plan, unit, card, shown)
    elif unit.kind == "sum":
        formula = composed_formula(builder, unit, shown) or _chain(builder, unit)
        card = replace(card, role="output" if result else "op", formula=f"= {formula}")
    else:
        card = replace(card, formula=f"= {_chain(builder, unit)}")
    if unit.kind == "row":
        return replace(card, copies=len(unit.heads))
    if len(leaving) > 1 and not card.shape:
        card = replace(card, value_label=f"value of {builder.names[shown]}")
    return card


def _of_module(builder: Builder, plan: Plan, unit: Unit, card: Card, shown: int) -> Card:
    """The card of a module: by its class and formula, or by its name where modules are inside."""
    title, description = plan.view.titles[unit.module]
    opens = f"opened={dotted(plan.view, unit.module)!r}"
    name = builder.names[shown]
    if card.role == "output" and not card.shape:
        card = replace(card, value_label=name)
    paths = plan.view.paths
    inner = any(len(paths[i]) > len(unit.module) for i in unit.members)
    if inner or unit.kind == "row":
        formula = description or _chain(builder, unit)
        return replace(card, name=title, formula=formula, opens=opens)
    formula = composed_formula(builder, unit, shown)
    kind = description.split("(")[0] or title
    tooltip = f"{title} {description}: {card.tooltip}".replace("  ", " ")
    text = f"{name} = {formula}" if formula else _chain(builder, unit)
    return replace(card, name=kind, formula=text, opens=opens, tooltip=tooltip)


def _stack(builder: Builder, unit: Unit, card: Card) -> Card:
    """Units of one structure: what comes out of them, side by side, as one array."""
    graph = builder.graph
    head = unit.heads[-1]
    leaf = graph.nodes[head].is_leaf and len(unit.members) == len(unit.heads)
    kind = graph.roles[head] if leaf else builder.names[head].rstrip("₀₁₂₃₄₅₆₇₈₉,")
    known = {
        **_kept(card),
        "name": f"{len(unit.heads)} × {kind}",
        "role": graph.roles[head] if leaf else card.role,
        "formula": "" if leaf else f"= {_chain(builder, unit)}",
    }
    return replace(_together(builder, list(unit.heads)), **known)


def _together(builder: Builder, heads: list[int]) -> Card:
    """Numbers of one shape, side by side, and their gradients."""
    graph = builder.graph
    data = [graph.nodes[i].data for i in heads]
    numbers = (
        None if any(d is None for d in data) else np.stack([np.asarray(whole(d)) for d in data])
    )
    gradients = [builder.gradient(i) for i in heads]
    known = [g for g in gradients if g is not None]
    stacked = np.stack(known) if len(known) == len(gradients) else None
    return builder.distribution(heads[-1], numbers, stacked)


def _alike(builder: Builder, leaving: list[int]) -> bool:
    nodes = [builder.graph.nodes[i] for i in leaving]
    return len({(node.op, getattr(node, "shape", ())) for node in nodes}) == 1


def _kept(card: Card) -> dict[str, Any]:
    """What does not depend on the numbers of a card."""
    names = ("id", "name", "role", "formula", "dtype", "tooltip", "cluster", "opens")
    return {name: getattr(card, name) for name in names}


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
