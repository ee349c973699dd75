"""What a gradient meets on its way through a card of several nodes, put together from inside."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from viz.model import Edge
from viz.plan.build import Builder
from viz.plan.composed import filled_in
from viz.plan.flows import Use
from viz.plan.units import Plan, Unit
from viz.read.contributions import on_scalars, slopes
from viz.text.formatting import factor, number

__all__ = ["short_name", "through_unit"]

LONGEST = 26
"""A product of more characters than this is told in the tooltip."""

_NUMBER = re.compile(r"(?P<sign>[·⊙]) \(?(?P<number>−?[\d.]+)\)?( [·⊙] (?P<rest>.+))?")
_AFTER = ("⊙", "·", "/", "Σ", "−Σ")
_GRADIENT = re.compile(r"(?<!\w)[gδ](?!\w)|gᵀ|δᵀ")


def through_unit(builder: Builder, plan: Plan, unit: Unit, uses: Sequence[Use]) -> tuple[str, str]:
    """The factor from what leaves a card back to one of its operands.

    Args:
        builder: knows the factors of single nodes.
        plan: knows what is read by what.
        unit: the card.
        uses: all uses of one other card by this one.

    Returns:
        What stands on the wire, and a sentence about it.
    """
    operands = {builder.graph.operands[member][position] for member, position in uses}
    if len(operands) > 1 or unit.kind in ("stack", "row"):
        return f"{len(uses)} wires", f"{len(uses)} uses as an operand"
    loss = builder.whole_loss(*uses[0]) if len(uses) == 1 else None
    if loss is not None and loss[0] in unit.members:
        return loss[1]
    if len(uses) == len(unit.members) == 1:
        edge = builder.edge(*uses[0], "", "")
        return edge.local, edge.tooltip
    way = _way(builder, unit, uses[0]) if len(uses) == 1 else None
    if way is None:
        tensor = hasattr(builder.graph.nodes[unit.members[-1]], "shape")
        word = f"{max(2, len(uses))} paths"
        if unit.module and tensor:
            word = f"{short_name(plan, unit)}′(δ)"
        return word, "several paths lead through this card; what arrives is their sum"
    if all(on_scalars(builder.graph.nodes[member]) for member, _ in way):
        return _slope(builder, way), ""
    edges = [builder.edge(*use, "", "", whole=False) for use in way]
    labels = [label for edge in edges if (label := _label(edge)) != "1"]
    told = " then ".join(labels)
    text = _product(labels)
    if text is not None:
        text = filled_in(builder, unit, text)
    if text is not None and any(builder.graph.roles[i] == "output" for i in unit.members):
        # The gradient of the result is 1: what arrives is the factor itself.
        text = re.sub(r"^[⊙·] (?=\()", "", text)
    if text is None or len(text) > LONGEST:
        return f"{short_name(plan, unit)}′(δ)", f"from the result back: {told}"
    return text, told if len(labels) > 1 else ""


def _slope(builder: Builder, way: list[Use]) -> str:
    """The derivative of a number by another one along a way: the product of its slopes."""
    graph, names = builder.graph, builder.names
    product = math.prod(slopes(graph.nodes[member])[position] for member, position in way)
    member, position = way[-1]
    return f"∂{names[way[0][0]]}/∂{names[graph.operands[member][position]]} = {number(product)}"


def _way(builder: Builder, unit: Unit, use: Use) -> list[Use] | None:
    """The uses from the only way out of a unit back to one; `None` for several ways."""
    graph, own = builder.graph, set(unit.members)
    member, position = use
    way = [use]
    while True:
        readers = graph.readers[member]
        inside = [reader for reader in readers if reader in own]
        leaves = len(inside) < len(readers) or graph.roles[member] == "output"
        if not inside:
            return way[::-1]
        if leaves or len(inside) > 1:
            return None
        position = graph.operands[inside[0]].index(member)
        member = inside[0]
        way.append((member, position))


def _label(edge: Edge) -> str:
    """The factor on a wire; of a derivative between numbers its last form."""
    if edge.local.startswith("∂"):
        text = edge.local.rsplit(" = ", 1)[-1]
        return "1" if text == "1" else f"· ({text})" if text.startswith("−") else f"· {text}"
    if edge.local.startswith("· 1/"):
        return f"· {1 / int(edge.local.removeprefix('· 1/')):.15f}"
    return {"1 each": "1"}.get(edge.local, edge.local)


def _product(labels: list[str]) -> str | None:
    """Factors one after the other, their numbers as one; `None` if they cannot be written so."""
    number, kept = 1.0, []
    for place, label in enumerate(labels):
        found = _NUMBER.fullmatch(label)
        if found is not None:
            number *= float(found["number"].replace("−", "-"))
            label = f"{found['sign']} {found['rest']}" if found["rest"] else ""
        if place and label and (not label.startswith(_AFTER) or _GRADIENT.search(label)):
            return None
        kept += [label] if label else []
    if len(kept) > 1 and not kept[0].startswith(_AFTER):
        return None
    return " ".join([*kept, *_times(number)]) or "1"


def _times(value: float) -> list[str]:
    """A number as the last factor; a simple fraction as a division."""
    if value == 1.0:
        return []
    whole = round(1 / value) if value else 0
    if whole > 1 and abs(1 / value - whole) < 1e-3 * whole:
        return [f"/ {whole}"]
    return [f"· {factor(value)}"]


def short_name(plan: Plan, unit: Unit) -> str:
    """A card's name for its derivative, such as BN for a BatchNorm1d."""
    title, description = plan.view.titles.get(unit.module, ("", ""))
    name = description.split("(")[0] or title or "f"
    capitals = "".join(letter for letter in name if letter.isupper())
    return capitals if len(capitals) > 1 else name
