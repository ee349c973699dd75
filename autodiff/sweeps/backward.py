"""`backward`: gradients of roots, added to what the leaves have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autodiff.backends.recorder import telling_backward
from autodiff.graph.hooks import after_accumulation
from autodiff.graph.node import Node
from autodiff.graph.order import FREED, backward_order, freed
from autodiff.graph.switches import switches
from autodiff.sweeps.higher_order import gradient_nodes
from autodiff.sweeps.plain import may_be_plain, plain_sweep
from autodiff.sweeps.released import attach, remember
from autodiff.sweeps.seeds import Roots, checked_inputs, given_gradients, starting_gradient
from autodiff.sweeps.store import store
from autodiff.sweeps.walk import walk
from autodiff.tensors.tensor import Tensor
from autodiff.values.backward import scalar_backward
from autodiff.values.value import Value

__all__ = ["backward"]


def backward(
    root: Roots,
    gradient: Any = None,
    *,
    retain_graph: bool = False,
    create_graph: bool = False,
    inputs: Node | Iterable[Node] | None = None,
) -> None:
    """Add to ``grad`` of every leaf the derivative of a node with respect to it.

    Args:
        root: the node to differentiate; or several, whose derivatives are added up in one
            pass.
        gradient: the cotangent to begin with, in the root's shape; 1 by default, which
            needs a root with a single element. For several roots one for each.
        retain_graph: keep the graph, so that it can be walked again.
        create_graph: make the gradients nodes of a graph themselves, so that they can
            be differentiated in turn; keeps the graph too. Such a gradient refers to the
            leaf it belongs to: set ``grad`` to None when done, so that both are freed.
        inputs: only these nodes, leaves or not, receive a gradient, and only what leads
            to them is computed. The ``grad`` of one that the root does not depend on
            stays as it is.

    Raises:
        NonDifferentiableError: a root, or one of the inputs, needs no gradient.
        NonScalarBackwardError: a root has several elements and no gradient was given.
        ShapeError: a gradient's shape is not its root's.
        FreedGraphError: the graph was released by an earlier call.
        StaleDataError: an array that a rule needs was changed since the forward pass.

    Example:
        >>> import autodiff as ad
        >>> x, y = ad.Value(2.0), ad.Value(3.0)
        >>> backward([x * y, x + y], inputs=[x])
        >>> x.grad, y.grad
        (4.0, None)
    """
    if switches.asked or inputs is not None or create_graph or not isinstance(root, Node):
        _backward_with_options(root, gradient, retain_graph, create_graph, inputs)
        return
    if root.__class__ is not Tensor and hasattr(root, "_spent"):
        raise freed(root)
    seed = starting_gradient(root, gradient)
    if isinstance(root, Value) and scalar_backward(root, seed, retain_graph):
        return
    free = not retain_graph
    order = backward_order(root)
    records = remember(order) if switches.remembering and free else None
    try:
        if may_be_plain():
            store(plain_sweep(root, seed, order, free=free), (seed,))
        else:
            with telling_backward():
                store(walk({root: seed}, free=free), (seed,))
    except Exception:
        _keep_for_pictures(root, records)
        raise
    if free and isinstance(root, Value):
        root._release()
    if records is not None:
        attach(root, records)


def _keep_for_pictures(root: Any, records: Any) -> None:
    """After an error: what was released by then can still be drawn, with what failed."""
    if getattr(root, "parents", None) is FREED:
        attach(root, records)


def _backward_with_options(
    root: Roots,
    gradient: Any,
    retain_graph: bool,
    create_graph: bool,
    inputs: Node | Iterable[Node] | None,
) -> None:
    targets = None if inputs is None else checked_inputs(inputs)
    given = given_gradients(root, gradient)
    for one in given:
        if hasattr(one, "_spent"):
            raise freed(one)
    if create_graph:
        kept = gradient_nodes(given, targets)
        store(kept)
    else:
        seeds = {one: starting_gradient(one, g) for one, g in given.items()}
        free = not retain_graph
        first = next(iter(seeds), None)
        records = None
        if switches.remembering and free and first is not None and len(seeds) == 1:
            records = remember(backward_order(first))
        try:
            with telling_backward():
                kept = walk(seeds, inputs=targets, free=free)
                store(kept, seeds.values())
        except Exception:
            _keep_for_pictures(first, records)
            raise
        for one in seeds:
            if free and isinstance(one, Value):
                one._release()
        attach(first, records)
    for node, _ in kept:
        after_accumulation(node)
