"""The gradient of every node of a picture, without touching any ``grad``."""

from __future__ import annotations

from typing import Any

from autodiff.errors import NonScalarBackwardError, StaleDataError
from autodiff.graph.order import freed
from autodiff.sweeps.gradients import gradients as sweep
from autodiff.sweeps.released import ReleasedNode

__all__ = ["picture_gradients"]


def picture_gradients(root: Any, nodes: list[Any], wanted: bool | None) -> dict[Any, Any]:
    """The derivative of the root by every node, worked out in a sweep of its own.

    Args:
        root: the node that is drawn.
        nodes: all nodes it depends on.
        wanted: true to work them out, false for none, `None` to work them out if
            `backward` has been run: before that a picture shows what is known.

    Returns:
        For each node that gradients reach, a float or an array; empty if not wanted.

    Raises:
        NonScalarBackwardError: if asked for, and the root has several entries.
        NonDifferentiableError: if asked for, and the root needs no gradient.
        FreedGraphError: if asked for, and `backward` has released the graph.
    """
    if isinstance(root, ReleasedNode):
        if wanted:
            raise freed(root)
        return {} if wanted is False else _stored(nodes)
    if wanted:
        return sweep(root)
    if wanted is False or not root.requires_grad or not _backward_was_run(nodes):
        return {}
    try:
        return sweep(root)
    except (NonScalarBackwardError, StaleDataError):
        # Parameters were updated since, or the root is not what backward began from:
        # the leaves still have what was stored.
        return _stored([node for node in nodes if node.is_leaf])


def _stored(nodes: list[Any]) -> dict[Any, Any]:
    return {node: node.grad for node in nodes if node.grad is not None}


def _backward_was_run(nodes: list[Any]) -> bool:
    return any(node.is_leaf and node.requires_grad and node.grad is not None for node in nodes)
