"""The backward pass recorded as a graph, from the same rules: gradients of gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autodiff.backends.scalars import NOTHING
from autodiff.backward import starting_gradient
from autodiff.errors import StaleDataError
from autodiff.functions.indexing import indexing
from autodiff.functions.nodes import nodes, scalar_nodes
from autodiff.graph.convention import conjugated
from autodiff.graph.finiteness import check_cotangent, check_sent
from autodiff.graph.hooks import hooked
from autodiff.graph.modes import current_mode, enable_grad, enter, leave
from autodiff.graph.node import Node
from autodiff.graph.staleness import check_stale
from autodiff.graph.switches import switches
from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.engine import crossing
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Elementwise, Fused, Structural
from autodiff.sweeps.partials import strong_zero, times_partial
from autodiff.sweeps.store import set_gradients
from autodiff.sweeps.walk import leading_to, reached
from autodiff.symbolic.choices import guarded
from autodiff.tensors.crossing import to_value
from autodiff.tensors.operands import to_tensor
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.values.sweep import ACCUMULATION
from autodiff.values.value import Value, lift

__all__ = [
    "backward_as_graph",
    "chosen_gradient_nodes",
    "gradient_nodes",
    "pulled_back",
    "starting_node",
    "strong_product",
    "value_partials",
]


def backward_as_graph(given: Mapping[Node, Any], inputs: list[Node] | None = None) -> list[Node]:
    """Add to ``grad`` of every leaf a node that is the derivative with respect to it.

    Args:
        given: the roots, each with the gradient to begin with or None.
        inputs: the nodes that receive a gradient, instead of the leaves.

    Returns:
        The nodes that received one.
    """
    found = chosen_gradient_nodes(given, inputs)
    targets = set(inputs or ())
    changed: list[Any] = []
    totals: list[Any] = []
    batches = current_mode().batches
    with ACCUMULATION:
        for node, g in found.items():
            target: Any = node
            if node in targets if inputs is not None else node.op is None or target.retains_grad:
                if batches:
                    g = batches.sum(g, node.sequence)
                before = target._grad
                totals.append(g if before is None else before + g)
                changed.append(node)
        set_gradients(changed, totals)
    return changed


def chosen_gradient_nodes(
    given: Mapping[Node, Any], inputs: list[Node] | None, since: int = 0
) -> dict[Node, Any]:
    """The derivatives of roots as nodes, hooks called; with inputs only what leads to them.

    Nodes made before number ``since`` count as leaves, and their hooks are not called.
    """
    with enable_grad():
        seeds = {root: starting_node(root, gradient) for root, gradient in given.items()}
        return _walk(seeds, inputs, hooks=True, since=since)


def gradient_nodes(root: Node, gradient: Any = None) -> dict[Node, Any]:
    """The derivative of a node with respect to every node of its graph, as nodes.

    Args:
        root: the node to differentiate.
        gradient: the cotangent to begin with; 1 by default.

    Returns:
        For each node that gradients reach, a node of the same kind.
    """
    return _walk({root: starting_node(root, gradient)}, None)


def pulled_back(seeds: Mapping[Node, Any], inputs: Sequence[Node], since: int) -> dict[Node, Any]:
    """The gradients by chosen nodes, as nodes, for cotangents of results; hooks are called.

    Args:
        seeds: the cotangent of each result, conjugated as within a sweep.
        inputs: the nodes wanted.
        since: go no further back than to nodes made then.
    """
    return _walk(seeds, inputs, hooks=True, since=since)


def _walk(
    seeds: Mapping[Node, Any],
    inputs: Sequence[Node] | None,
    *,
    hooks: bool = False,
    since: int = 0,
) -> dict[Node, Any]:
    order = reached(seeds, since)
    wanted = None if inputs is None else leading_to(inputs, order)
    grads: dict[Node, Any] = dict(seeds)
    selecting = False
    pull = _watched_pull if current_mode().anomaly else _pull
    for node in reversed(order):
        g = grads.get(node)
        if g is None:
            continue
        if node.sequence < since:
            continue
        if hooks and switches.hooks:
            g = grads[node] = hooked(node, g)
        if node.op is None or (wanted is not None and wanted.isdisjoint(node.parents)):
            continue
        selecting = selecting or node.op.selects
        for parent, part in pull(node, g, selecting, wanted):
            before = grads.get(parent)
            grads[parent] = part if before is None else before + part
    return {node: conjugated(g) for node, g in grads.items()}


def starting_node(root: Node, gradient: Any) -> Any:
    """The cotangent of the root as a node: what was given, checked, or 1."""
    plain = starting_gradient(root, gradient)
    if isinstance(gradient, Node):
        return (
            conjugated(nodes.astype_like(gradient, plain)) if isinstance(root, Tensor) else gradient
        )
    return lift(plain) if isinstance(root, Value) else constant(plain)


def _pull(
    node: Any, g: Any, selecting: bool, wanted: set[Node] | None
) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, Value):
        sent = _pull_value(node, g)
        yield from sent if wanted is None else (pair for pair in sent if pair[0] in wanted)
        return
    check_stale(node)
    needed = [p.requires_grad and (wanted is None or p in wanted) for p in node.parents]
    together: Any = None
    if isinstance(node.op, Opaque):
        together = node.params["rule"](nodes, g, node, node.parents, needed)
    for position, parent in enumerate(node.parents):
        if not needed[position]:
            continue
        part = _cotangent(node, g, position) if together is None else together[position]
        if part is None:
            continue
        if isinstance(parent, Value):
            part = part if isinstance(part, Value) else to_value(part, (0,) * part.ndim)
        else:
            if selecting and isinstance(node.op, Elementwise) and guarded(node.op):
                part = strong_zero(g, part)
            part = unbroadcast(nodes, part, parent.shape)
            if part.dtype != parent.dtype:
                part = nodes.astype_like(part, parent)
        yield parent, part


def _watched_pull(
    node: Any, g: Any, selecting: bool, wanted: set[Node] | None
) -> list[tuple[Any, Any]]:
    """What `_pull` gives, each part checked as a whole: inside a rule anything may occur."""
    check_cotangent(node, g, hooked=False)
    token = enter(current_mode()._replace(anomaly=False))
    try:
        parts = list(_pull(node, g, selecting, wanted))
    finally:
        leave(token)
    asked = (
        i
        for i, parent in enumerate(node.parents)
        if parent.requires_grad and (wanted is None or parent in wanted)
    )
    for position, (_, part) in zip(asked, parts, strict=True):
        check_sent(node, position, g, part)
    return parts


def _cotangent(node: Any, g: Any, position: int) -> Any:
    entry = node.op
    if isinstance(entry, Structural):
        if callable(entry.vjp):
            return entry.vjp(nodes, g, node, *node.parents, index=position, **node.params)
        return entry.vjp[position](nodes, g, node, *node.parents, **node.params)
    return times_partial(entry, node, g, position)


def _pull_value(node: Value, g: Any) -> Iterator[tuple[Any, Any]]:
    entry = node.op
    if entry is crossing.to_value:
        (parent,) = node.parents
        at = to_tensor(g, parent.dtype)
        yield parent, indexing.scatter(at, node.params["index"], parent.shape)
        return
    saved = dict(_saved_partials(node))
    for position, parent, partial in value_partials(node):
        part = strong_product(g, partial, node, position)
        expected = saved.get(position)
        if expected is not None and g.data != 0 and _differs(part.data, expected * g.data):
            raise StaleDataError(
                f"backward(create_graph=True) through {node.describe()} needs the number of its "
                f"operand {position}, {parent.describe()}, which was changed after that operation; "
                "do the update after the last backward()"
            )
        yield parent, part


def value_partials(node: Value) -> Iterator[tuple[int, Any, Any]]:
    """The derivatives of a Value's operation by its operands that need a gradient.

    Yields:
        The operand's position, the operand, and the derivative: a node, or a number where
        it depends on nothing.
    """
    entry = node.op
    if isinstance(entry, Fused):
        partials = entry.partials(nodes, node, *node.parents)
    else:
        assert isinstance(entry, Elementwise)
        partials = entry.partials
    for position, (parent, partial) in enumerate(zip(node.parents, partials, strict=True)):
        if parent.requires_grad:
            if callable(partial) and not isinstance(partial, Node):
                partial = partial(scalar_nodes, node, *node.parents, **node.params)
            yield position, parent, partial


def strong_product(g: Any, partial: Any, node: Value, position: int) -> Any:
    """The product of a Value with a partial derivative, as in a sweep over floats.

    A zero stays zero, whatever the local derivative, and one that was chosen is strong too.
    """
    slope = getattr(partial, "data", partial)
    if g.data == 0 and not np.isfinite(slope):
        return lift(0.0)
    if slope == 0 and not np.isfinite(g.data) and dict(_saved_partials(node))[position] is NOTHING:
        return lift(0.0)
    return g * partial


def _saved_partials(node: Value) -> Iterator[tuple[int, float]]:
    if isinstance(node._a, tuple):
        yield from ((i, d) for i, d in enumerate(node._da) if d is not None)
        return
    for position, partial in enumerate((node._da, node._db)):
        if partial is not None:
            yield position, partial


def _differs(a: float, b: float) -> bool:
    scale = max(abs(a), abs(b))
    return bool(np.isfinite(scale)) and abs(a - b) > 1e-9 * scale
