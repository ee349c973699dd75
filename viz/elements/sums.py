"""One element that is a sum over many: what stands in its grids, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.scalarizing import ScalarGraph
from autodiff.values.value import Value
from viz.elements.tensors import Tensors
from viz.text.formatting import number

__all__ = ["Cell", "Grid", "Sum", "sum_behind"]

FEW = 6
"""Up to so many terms stand on cards of their own."""

WIDEST, NARROWER = 6, 3
"""So many cells stand beside each other at most; and where their places give no number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One element in a grid; ``gradient`` is empty where none is told."""

    name: str
    value: str
    gradient: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Elements of one tensor, or products of them.

    Attributes:
        title: its name.
        description: such as its shape.
        role: of the tensor; ``op`` for products.
        cells: row by row.
        factor: the local derivative of the result by an element.
        flow: the chain rule with it.
    """

    title: str
    description: str
    role: str
    cells: tuple[Cell, ...]
    factor: str = ""
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A result and the grids that it is computed from.

    Attributes:
        operands: one grid, or two whose elements are multiplied place by place.
        products: what these give; `None` where there is one operand.
        bias: what is added at the end; `None` for nothing.
        columns: cells beside each other.
        block: rows that belong together; between blocks there is room.
        sign: what is done with the elements, ``Σ`` or ``max``.
        local: the derivative on the wire to the result.
        flow: what flows back on it.
    """

    operands: tuple[Grid, ...]
    products: Grid | None
    bias: Grid | None
    columns: int
    block: int
    sign: str
    local: str
    flow: str


def sum_behind(
    y: Value,
    scalars: ScalarGraph,
    tensors: Tensors,
    found: Mapping[Any, float],
    loss: str,
) -> Sum | None:
    """The grids behind an element, if it is one operation on many elements of one or two tensors.

    Args:
        y: the element.
        scalars: where it comes from.
        tensors: names and roles.
        found: gradients by node.
        loss: what they are gradients of.
    """
    if y.op is None or y.op.name not in ("weighted_sum", "total", "largest"):
        return None
    home = {
        value: (node, place)
        for node, elements in scalars.elements.items()
        if node not in scalars.made
        for place, value in _placed(elements)
    }
    count = len(y.parents) // 2 if y.op.name == "weighted_sum" else len(y.parents)
    if count <= FEW or not all(value in home for value in y.parents[:count]):
        return None
    first = y.parents[:count]
    if y.op.name == "weighted_sum":
        second, last = y.parents[count:-1], y.parents[-1]
        added = [] if last.name is None and last.data == 0 else [last]
        if not all(value in home for value in [*second, *added]):
            return None
        rows, bias = [first, second], added
    else:
        rows, bias = [first], []
    owners = [{home[value][0] for value in row} for row in rows]
    if any(len(owner) > 1 for owner in owners):
        return None
    nodes = [owner.pop() for owner in owners]
    columns, block = max(_shape([home[v][1] for v in row]) for row in rows)
    name, g = str(y.name), found.get(y, 0.0)
    grids = tuple(
        _grid(node, row, tensors, found, _by((name, loss), tensors, nodes, i))
        for i, (node, row) in enumerate(zip(nodes, rows, strict=True))
    )
    products = None
    if len(rows) == 2:
        products = Grid(
            " · ".join(tensors.names[node] for node in nodes),
            "",
            "op",
            tuple(
                Cell(f"{a.name} · {b.name}", number(a.data * b.data))
                for a, b in zip(*rows, strict=True)
            ),
        )
    beside = [_grid(home[b][0], [b], tensors, found, (f"∂{name}/∂{b.name} = 1", "")) for b in bias]
    sign = "max" if y.op.name == "largest" else "Σ"
    local = "1 at the largest, else 0" if sign == "max" else "1"
    return Sum(
        grids,
        products,
        beside[0] if beside else None,
        columns,
        block,
        sign,
        local,
        f"{number(g)} × 1 = {number(g)}" if sign == "Σ" else "",
    )


def _placed(elements: Any) -> Any:
    return [(at, elements[at]) for at in np.ndindex(*elements.shape)]


def _by(names: tuple[str, str], tensors: Tensors, nodes: list[Any], i: int) -> tuple[str, str]:
    """The derivative by the elements of one operand, and the chain rule with it."""
    if len(nodes) < 2:
        return "", ""
    own, other, (name, loss) = tensors.names[nodes[i]], tensors.names[nodes[1 - i]], names
    local = f"∂{name}/∂{own} = {other}"
    return local, "" if name == loss else f"∂{loss}/∂{own} = ∂{loss}/∂{name} × {other}"


def _grid(
    node: Any, row: Any, tensors: Tensors, found: Mapping[Any, float], said: tuple[str, str]
) -> Grid:
    cells = tuple(
        Cell(
            str(value.name),
            number(value.data),
            number(found.get(value, 0.0)) if value.requires_grad else "",
        )
        for value in row
    )
    title, shape = tensors.title(node, False)
    factor, flow = said if node.requires_grad else ("", "")
    role = tensors.roles[node]
    role = "input" if role in ("op", "output") else role
    return Grid(title, shape, role, cells, factor, flow)


def _shape(places: list[Any]) -> tuple[int, int]:
    """How many columns a grid of these places has, and rows to a block."""
    count = len(places)
    across = len({place[-1] for place in places if place}) if places[0] else 1
    if not 1 < across <= WIDEST or count % across:
        return min(NARROWER, count), count
    rows = count // across
    down = len({place[-2] for place in places}) if len(places[0]) > 1 else rows
    return across, down if rows % down == 0 else rows
