"""The order in which the nodes of a graph are visited, and what is left of a released graph."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from autodiff.errors import FreedGraphError
from autodiff.graph.node import Node

__all__ = ["FREED", "backward_order", "by_sequence", "freed", "topological_order"]

by_sequence: attrgetter[Any] = attrgetter("sequence")


class _Freed(tuple[Any, ...]):
    """What is left of a node's operands once the backward pass has released them."""

    __slots__ = ()


FREED = _Freed()


def topological_order(*roots: Node) -> list[Node]:
    """All nodes that the roots depend on, operands before results.

    The order is that of creation, so it is the same in every run. It is found without
    recursion: a chain of a million nodes is no deeper than one of three.

    Args:
        *roots: nodes to begin with.

    Returns:
        The nodes, each once, leaves and constants included, the roots themselves too.

    Raises:
        FreedGraphError: a node's operands were released by an earlier `backward`.

    Example:
        >>> import autodiff as ad
        >>> a, b = ad.Value(2.0, name="a"), ad.Value(3.0, name="b")
        >>> c = a * b + a
        >>> [n.name or n.op.name for n in ad.topological_order(c)]
        ['a', 'b', 'multiply', 'add']
    """
    found = list(roots)
    seen = set(found)
    for node in found:
        parents = node.parents
        if parents is FREED:
            raise freed(node)
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.sort(key=by_sequence)
    return found


def backward_order(root: Node) -> list[Any]:
    """The results of operations that gradients of the root reach, operands before results.

    Leaves are left out: they send nothing on, so it does not matter when they are met.
    """
    if root.op is None:
        return []
    found = [root]
    seen = {root}
    for node in found:
        parents = node.parents
        if parents is FREED:
            raise freed(node)
        for parent in parents:
            if parent.op is not None and parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.sort(key=by_sequence)
    return found


def freed(node: Node) -> FreedGraphError:
    """The error for walking over a node whose operands were released."""
    return FreedGraphError(
        f"the graph behind {node.describe()} was released by an earlier backward(); "
        "run the forward pass again, or call backward(retain_graph=True) the first time (to add "
        "up what is left of it would give wrong gradients in silence)"
    )
