"""The nodes from outside that a piece of program used, arguments and closed-over ones alike."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.graph.node import Node
from autodiff.sweeps.walk import reached

__all__ = ["used_from_before"]


def used_from_before(results: Iterable[Node], since: int) -> list[Node]:
    """What gradients of the results reach among the nodes made before number ``since``.

    Weights of a model, say, which a function uses without being given them. Nodes behind
    these are left out: their gradients flow through them.

    Args:
        results: the results of the piece of program.
        since: the number that nodes made by it exceed.

    Returns:
        The nodes, in the order of creation.
    """
    roots = [y for y in results if y.requires_grad]
    return [node for node in reached(roots, since) if node.sequence < since]
