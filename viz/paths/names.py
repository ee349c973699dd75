"""What the nodes of an explanation are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from viz.read.called import called
from viz.read.names import name_all
from viz.read.roles import role_of
from viz.read.skeleton import Skeleton, plain_number, skeleton
from viz.text.formatting import pretty, transposed_name
from viz.text.formulas import Operand

__all__ = ["WHOLE", "Names"]

WHOLE = 2_000
"""Nodes up to which all of a graph are named, so that names are those that `viz.draw` shows."""


class Names:
    """Names for nodes, unique within one explanation.

    Args:
        root: the result.
        order: all nodes it depends on, operands before results.
        shown: those that will be spoken of; of a large graph these are named alone, beside their
            operands.
    """

    def __init__(self, root: Any, order: list[Any], shown: Iterable[Any]) -> None:
        large = len(order) > WHOLE
        graph = _excerpt(root, shown) if large else skeleton(root, {}, constants=False)
        self._names: dict[Any, str] = dict(zip(graph.nodes, name_all(graph), strict=True))
        for taken in graph.through.values():
            self._names[taken] = transposed_name(self._names[taken.parents[0]])

    def __getitem__(self, node: Any) -> str:
        # What is not in the graph has the name it was given.
        return self._names.get(node) or pretty(node.name or "") or "x"

    def __contains__(self, node: Any) -> bool:
        return node in self._names

    def operands(self, node: Any) -> list[Operand]:
        """How the operands of a node are written: by name, or as the number they are."""
        return [
            self._names[parent] if parent in self._names else plain_number(parent)
            for parent in node.parents
        ]


def _excerpt(root: Any, shown: Iterable[Any]) -> Skeleton:
    """The structure of some nodes and of what they are computed from at once."""
    known = {root: None}
    for node in shown:
        known[node] = None
        for parent in node.parents:
            if parent.requires_grad or parent.name is not None or getattr(parent, "size", 1) > 1:
                known[parent] = None
    nodes = sorted(known, key=lambda node: node.sequence)
    place = {node: index for index, node in enumerate(nodes)}
    operands = [[place.get(parent, -1) for parent in node.parents] for node in nodes]
    readers: list[list[int]] = [[] for _ in nodes]
    for target, sources in enumerate(operands):
        for source in sources:
            if source >= 0:
                readers[source].append(target)
    names = called(nodes)
    roles = [
        role_of(node, node is root, late=False, roles={}, called=name)
        for node, name in zip(nodes, names, strict=True)
    ]
    return Skeleton(nodes, operands, readers, [()] * len(nodes), {}, roles, {}, names)
