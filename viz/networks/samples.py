"""The examples behind one loss: parts of a graph that share nothing but weights."""

from __future__ import annotations

from typing import Any

from viz.networks.scalar import Cell, Cells
from viz.networks.sums import ADDITIVE, PARAMETRIC
from viz.networks.weights import CONSTANT, WEIGHT

__all__ = ["own_loss", "samples"]


def samples(cells: Cells) -> list[list[Cell]]:
    """The outputs of each example, in the order in which they were computed.

    Neurons belong to one example if they are wired to each other or to the same input; and of
    parts that are not, those that have the same weights are different examples.
    """
    root_of: dict[Cell, Cell] = {cell: cell for cell in cells.cells}

    def find(cell: Cell) -> Cell:
        while root_of[cell] is not cell:
            root_of[cell] = root_of[root_of[cell]]
            cell = root_of[cell]
        return cell

    for cell in cells.cells:
        for source, _, _ in cell.terms:
            if cells.sums.kinds[source.out] != CONSTANT:
                root_of[find(cell)] = find(source)
    weights: dict[Cell, set[Any]] = {}
    for cell in cells.cells:
        weights.setdefault(find(cell), set()).update(
            node for _, _, node in cell.terms if node is not None
        )
    parts: dict[Cell, list[Cell]] = {}
    for cell in cells.outputs:
        parts.setdefault(find(cell), []).append(cell)
    alike: dict[frozenset[Any], int] = {}
    found: list[list[Cell]] = []
    for part, outputs in parts.items():
        key = frozenset(weights[part])
        number = alike[key] = alike.get(key, -1) + 1
        found += [[] for _ in range(number + 1 - len(found))]
        found[number] += outputs
    return found


def own_loss(root: Any, cells: Cells, order: list[Any], outputs: list[Cell]) -> Any:
    """The node that judges these outputs and no others, without a penalty on the weights.

    Returns:
        The node; `None` if there are several, so that the loss of one example is no node.
    """
    mine = {cell.top for cell in outputs}
    tops = {cell.top for cell in cells.outputs}
    reach: dict[Any, tuple[bool, bool]] = {}
    for node in order:
        if node in tops:
            reach[node] = (node in mine, node not in mine)
        elif not node.is_leaf:
            behind = [reach[parent] for parent in node.parents if parent in reach]
            if behind:
                reach[node] = (any(a for a, _ in behind), any(b for _, b in behind))
    found: dict[Any, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        mixed = reach[node][1] or _has_penalty(node, cells)
        if mixed and node not in tops:
            waiting += [parent for parent in node.parents if reach.get(parent, (False, False))[0]]
        else:
            found[node] = None
    return next(iter(found)) if len(found) == 1 else None


def _has_penalty(node: Any, cells: Cells) -> bool:
    kinds = [cells.sums.kinds[parent] for parent in node.parents]
    return node.op.name in ADDITIVE and any(kind in (PARAMETRIC, WEIGHT) for kind in kinds)
