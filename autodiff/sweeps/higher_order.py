"""The backward pass recorded as a graph, from the same rules: gradients of gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff.errors import StaleDataError
from autodiff.functions.indexing import indexing
from autodiff.functions.nodes import nodes
from autodiff.graph.conjugation import conjugated
from autodiff.graph.modes import current_mode, enable_grad, enter, leave
from autodiff.graph.node import Node
from autodiff.graph.staleness import check_stale
from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.engine import value_conversion
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Elementwise, Structural
from autodiff.sweeps.chain_rule import (
    saved_partials,
    strong_product,
    strong_zero,
    times_partial,
    value_partials,
)
from autodiff.sweeps.pullbacks import Sweep
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import walk
from autodiff.symbolic.strong_zeros import guarded
from autodiff.tensors.operands import to_tensor
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.tensors.to_values import to_value
from autodiff.values.value import Value, lift

__all__ = [
    "gradient_nodes",
    "pull_nodes",
    "starting_node",
]


def gradient_nodes(
    given: Mapping[Node, Any], inputs: Sequence[Node] | None = None, since: int = 0
) -> list[tuple[Node, Any]]:
    """The derivatives of roots as nodes, hooks called; with inputs only what leads to them.

    Args:
        given: the roots, each with the gradient to begin with or None.
        inputs: the nodes wanted; by default the leaves, all Values and what retains its
            gradient.
        since: nodes made before this number count as leaves, and their hooks are not called.

    Returns:
        Nodes, each with its gradient, which is a node of the same kind.
    """
    with enable_grad():
        seeds = {root: starting_node(root, gradient) for root, gradient in given.items()}
        found = walk(seeds, pull_nodes, inputs=inputs, since=since)
        return [(node, conjugated(g)) for node, g in found]


def starting_node(root: Node, gradient: Any) -> Any:
    """The cotangent of the root as a node: what was given, checked, or 1."""
    plain = starting_gradient(root, gradient)
    if isinstance(gradient, Node):
        return (
            conjugated(nodes.astype_like(gradient, plain)) if isinstance(root, Tensor) else gradient
        )
    return lift(plain) if isinstance(root, Value) else constant(plain)


def pull_nodes(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    """The shares of a node's operands in its cotangent as nodes, by the same rules."""
    mode = current_mode()
    if not mode.anomaly:
        return _shares(node, g, sweep)
    # Each share is checked as a whole: inside a rule anything may occur.
    token = enter(mode._replace(anomaly=False))
    try:
        return _shares(node, g, sweep)
    finally:
        leave(token)


def _shares(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    wanted = sweep.wanted
    needed = [p.requires_grad and (wanted is None or p in wanted) for p in node.parents]
    if isinstance(node, Value):
        return _shares_of_value(node, g, needed)
    check_stale(node)
    together: Any = None
    if isinstance(node.op, Opaque):
        together = node.params["rule"](nodes, g, node, node.parents, needed)
    elif isinstance(node.op, Structural) and node.op.together is not None:
        rule = node.op.together
        together = rule(nodes, g, node, *node.parents, wanted=needed, **node.params)
    parts: list[Any] = []
    for position, parent in enumerate(node.parents):
        part = None
        if needed[position]:
            part = _share(node, g, position) if together is None else together[position]
        if part is None:
            pass
        elif isinstance(parent, Value):
            part = part if isinstance(part, Value) else to_value(part, (0,) * part.ndim)
        else:
            if sweep.selecting and isinstance(node.op, Elementwise) and guarded(node.op):
                part = strong_zero(g, part)
            part = unbroadcast(nodes, part, parent.shape)
            if part.dtype != parent.dtype:
                part = nodes.astype_like(part, parent)
        parts.append(part)
    if node.op.selects:
        sweep.selecting = True
    return parts


def _share(node: Any, g: Any, position: int) -> Any:
    entry = node.op
    if isinstance(entry, Structural):
        if callable(entry.vjp):
            return entry.vjp(nodes, g, node, *node.parents, index=position, **node.params)
        return entry.vjp[position](nodes, g, node, *node.parents, **node.params)
    return times_partial(entry, node, g, position)


def _shares_of_value(node: Value, g: Any, needed: Sequence[bool]) -> Sequence[Any]:
    if node.op is value_conversion.to_value:
        (parent,) = node.parents
        at = to_tensor(g, parent.dtype)
        return (indexing.scatter(at, node.params["index"], parent.shape),)
    saved = dict(saved_partials(node))
    parts: list[Any] = [None] * len(needed)
    for position, parent, partial in value_partials(node):
        if not needed[position]:
            continue
        part = strong_product(g, partial, node, position)
        expected = saved.get(position)
        if expected is not None and g.data != 0 and _differs(part.data, expected * g.data):
            raise StaleDataError(
                f"backward(create_graph=True) through {node.describe()} needs the number of its "
                f"operand {position}, {parent.describe()}, which was changed after that operation; "
                "do the update after the last backward()"
            )
        parts[position] = part
    return parts


def _differs(a: float, b: float) -> bool:
    scale = max(abs(a), abs(b))
    return bool(np.isfinite(scale)) and abs(a - b) > 1e-9 * scale
