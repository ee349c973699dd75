"""What is known of the tensors whose elements are drawn: names, roles, formulas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.scalarizing import ScalarGraph
from autodiff.values.value import Value
from viz.elements.names import element_name, stems
from viz.read.names import name_all
from viz.read.skeleton import skeleton
from viz.read.statistics import shape_text
from viz.text.formulas import formula

__all__ = ["Tensors"]


class Tensors:
    """The tensors of a graph.

    Attributes:
        names: by node.
        roles: by node.
    """

    def __init__(self, root: Any, roles: Mapping[Any, str]) -> None:
        # A result of several elements is no loss, and not to be called L.
        own = {} if getattr(root, "size", 1) == 1 else {root: "op"}
        structure = skeleton(root, {**own, **roles}, constants=True, fold=False)
        self.names: dict[Any, str] = dict(zip(structure.nodes, name_all(structure), strict=True))
        self.roles: dict[Any, str] = dict(zip(structure.nodes, structure.roles, strict=True))

    def formula(self, node: Any) -> str:
        """What a node was computed as; empty for a leaf."""
        if node.op is None:
            return ""
        return formula(node.op, [self.names[parent] for parent in node.parents], dict(node.params))

    def title(self, node: Any, opened: bool) -> tuple[str, str]:
        """What is printed over the frame of a tensor, and after that."""
        shape = shape_text(getattr(node, "shape", ()))
        if opened:
            return f"{self.names[node]} = {self.formula(node)}", shape
        return self.names[node], shape

    def name_elements(self, scalars: ScalarGraph) -> None:
        """Call the Values of a scalar graph by their tensors and places.

        What only moves the elements of another tensor is called as that one; a number without a
        name stays without one, and is written into formulas.
        """
        home: dict[Any, Any] = {}
        for value in scalars.elements[scalars.root].reshape(-1):
            if isinstance(value, Value) and value.op is not None:
                home[value] = scalars.root
        for node, elements in scalars.elements.items():
            values = [value for value in elements.reshape(-1) if isinstance(value, Value)]
            owners = {home.setdefault(value, node) for value in values} - {scalars.root}
            if len(owners) == 1 and node not in owners:
                self.names[node] = self.names[owners.pop()]
        homes = dict.fromkeys(home.values())
        several = [node for node in homes if scalars.elements[node].size > 1]
        stem = stems([self.names[node] for node in several])
        for node in homes:
            self._name(node, scalars.elements[node], home, stem)

    def _name(self, node: Any, elements: Any, home: Any, stem: dict[str, str]) -> None:
        name, shape = self.names[node], elements.shape
        if elements.size == 1 and node.op is None and node.name is None and not node.requires_grad:
            return
        for place in np.ndindex(*shape):
            value = elements[place]
            if home.get(value) is node:
                single = elements.size == 1
                value.name = name if single else element_name(stem[name], place, shape)
