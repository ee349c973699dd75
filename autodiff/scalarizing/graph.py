"""`scalarize`: a graph of tensors as the graph of scalars that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import ScalarizingError
from autodiff.graph.clock import next_sequence
from autodiff.graph.modes import Mode, enter, leave
from autodiff.graph.node import Node
from autodiff.graph.order import by_sequence, topological_order
from autodiff.ops.primitive import Fused
from autodiff.scalarizing.array import Objects, objects
from autodiff.scalarizing.interpreter import Scalars
from autodiff.values.fusions import fused_values
from autodiff.values.value import Value, constant_value

__all__ = ["MOST", "ScalarGraph", "scalarize"]

MOST = 5_000
"""So many elements at most are expanded where nothing else is asked for."""


class ScalarGraph:
    """The scalars behind a tensor, and the way back.

    Attributes:
        root: the node that was expanded.
        elements: for each node, those that were not expanded included, its elements: an array
            of its shape that holds Values. An array of integers or booleans stays as it is;
            an operation that only moves elements has the Values of its operand.
        made: for each node that was expanded, all Values that came up on the way, operands
            first; its elements are among them, unless it only moves those of others.
    """

    def __init__(
        self, root: Node, elements: dict[Node, Any], made: dict[Node, list[Value]]
    ) -> None:
        self.root: Node = root
        self.elements: dict[Node, Any] = elements
        self.made: dict[Node, list[Value]] = made

    @property
    def result(self) -> Any:
        """The elements of the root: an array of Values in its shape, or one Value."""
        found = self.elements[self.root]
        return found[()] if found.shape == () else found

    def gathered(self, of: Mapping[Any, Any], node: Node) -> np.ndarray[Any, Any]:
        """What is known of each element of a node, as an array of its shape.

        Args:
            of: numbers by Value, such as what `autodiff.gradients` gives; 0 for others.
            node: one of `elements`.
        """
        found = self.elements[node]
        numbers = [of.get(x, 0.0) if isinstance(x, Value) else 0.0 for x in found.reshape(-1)]
        return np.array(numbers, float).reshape(found.shape)

    def __repr__(self) -> str:
        count = sum(x.size for x in self.elements.values())
        return f"<ScalarGraph of {len(self.elements)} tensors with {count} elements>"


def scalarize(root: Node, *, operations: int | None = None, most: int = MOST) -> ScalarGraph:
    """The graph of a tensor as the graph of scalars that it stands for.

    Every operation is expanded by its own rule in the table, run on arrays of Values: a matrix
    product becomes a weighted sum for each element of the result, a softmax exponentials, their
    sum and quotients. The derivatives are then those of the scalar operations, and agree with
    the tensor's. Numbers are float64; integers and booleans stay plain. What an operation
    chooses by comparing (sorting, pooling, ``where``) is chosen once, by the numbers at hand.

    Args:
        root: a `Tensor` that operations on others have made; or a `Value`.
        operations: how many operations back from the root are expanded; what those were given
            become leaves. By default all of them.
        most: the most elements that the nodes may have together.

    Returns:
        The Values of all elements, by node. A leaf's are named by it and their place, as
        ``"W[0,1]"``.

    Raises:
        TypeError: the root is no node.
        ScalarizingError: an operation is not expanded, or there are too many elements.
        FreedGraphError: `backward` has released the graph.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True, name="x")
        >>> graph = ad.scalarize(ad.sum(x * x))
        >>> graph.result
        Value(data=5.0, op=total)
        >>> graph.result.backward()
        >>> [element.grad for element in graph.elements[x]]
        [2.0, 4.0]
        >>> graph.elements[x][1]
        Value(data=2.0, name='x[1]', grad=4.0)
    """
    if not isinstance(root, Node):
        raise TypeError(
            f"scalarize() was given a {type(root).__name__}; give a Tensor that was computed from "
            "others, such as the loss"
        )
    expanded = _expanded(root, operations)
    _check_size(expanded, most)
    scalarizer = Scalars()
    elements: dict[Node, Any] = {}
    made: dict[Node, list[Value]] = {}
    for node, opened in expanded.items():
        if not opened:
            elements[node] = _leaf(node)
            continue
        since = next_sequence()
        token = enter(Mode(scope=node.scope))
        try:
            elements[node] = _opened(node, [elements[p] for p in node.parents], scalarizer)
        finally:
            leave(token)
        made[node] = _made_since(since, elements[node])
        for value in made[node]:
            # The line that made the tensor made them.
            value._code, value._instruction = node._code, node._instruction  # type: ignore[attr-defined]
    return ScalarGraph(root, elements, made)


def _expanded(root: Node, operations: int | None) -> dict[Node, bool]:
    """The nodes needed, operands first, and whether each is expanded."""
    if operations is None:
        return {node: node.op is not None for node in topological_order(root)}
    distance = {root: 0}
    for node in reversed(topological_order(root)):
        if distance.get(node, operations) < operations:
            for parent in node.parents:
                distance[parent] = max(distance.get(parent, 0), distance[node] + 1)
    nearest = sorted(distance, key=lambda node: node.sequence)
    return {node: node.op is not None and distance[node] < operations for node in nearest}


def _check_size(nodes: Iterable[Node], most: int) -> None:
    sizes = {node: int(getattr(node, "size", 1)) for node in nodes}
    total = sum(sizes.values())
    if total > most:
        node, size = max(sizes.items(), key=lambda item: item[1])
        raise ScalarizingError(
            f"there are {total} elements to expand, {size} of them in {node.describe()}, and at "
            f"most {most} are expanded; use smaller shapes, expand fewer operations, or give "
            f"most={total}"
        )


def _leaf(node: Any) -> Any:
    """New Values for the elements of a node, named by their places."""
    data = np.asarray(node.data) if isinstance(node, Value) else node._data
    if not is_array(data):
        raise ScalarizingError(
            f"{node.describe()} belongs to a vmap or a recording, where its numbers are not at "
            "hand; expand the graph of one example, outside"
        )
    if data.dtype.kind != "f":
        return data
    kind = Value if node.requires_grad else constant_value
    made = objects(map(kind, data.reshape(-1).astype(float).tolist()), data.shape)
    if node.name is not None:
        for at, value in np.ndenumerate(made):
            place = ",".join(map(str, at))
            value.name = f"{node.name}[{place}]" if place else node.name
    return made


def _opened(node: Any, operands: list[Any], scalarizer: Scalars) -> Any:
    entry = node.op
    if isinstance(entry, Fused):
        return objects([fused_values(entry, [x.item() for x in operands])], ())
    if entry.name == "from_values":
        return objects((x.item() for x in operands), node.shape)
    return scalarizer.expand(entry, operands, dict(node.params))


def _made_since(moment: int, elements: Objects) -> list[Value]:
    """The results of operations behind some elements that came up since a moment."""
    found = []
    waiting: list[Any] = [x for x in elements.reshape(-1) if isinstance(x, Value)]
    seen = set(waiting)
    for value in waiting:
        if value.op is not None and value.sequence > moment:
            found.append(value)
            new = [parent for parent in value.parents if parent not in seen]
            seen.update(new)
            waiting += new
    return sorted(found, key=by_sequence)
