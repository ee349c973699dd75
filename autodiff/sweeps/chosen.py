"""Gradients of several roots, into chosen nodes, with hooks: `backward` with all its options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any, overload

import numpy as np

from autodiff.backends.recorder import RECORDER
from autodiff.backward import Roots, Sweep, starting_gradient
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.graph.convention import conjugated
from autodiff.graph.hooks import after_accumulation
from autodiff.graph.node import Node
from autodiff.graph.order import backward_order, freed
from autodiff.sweeps.remains import WATCHED, attach, remember
from autodiff.sweeps.store import store
from autodiff.sweeps.walk import walk
from autodiff.values.value import Value

__all__ = ["backward_with_options", "gradients"]


def backward_with_options(
    root: Roots,
    gradient: Any,
    retain_graph: bool,
    create_graph: bool,
    inputs: Node | Iterable[Node] | None,
) -> None:
    """What `autodiff.backward` does where the plain sweep does not suffice."""
    targets = None if inputs is None else _targets(inputs)
    given = _with_gradients(root, gradient)
    for one in given:
        if hasattr(one, "_spent"):
            raise freed(one)
    if create_graph:
        from autodiff.sweeps.higher_order import backward_as_graph

        changed = backward_as_graph(given, targets)
    else:
        seeds = {one: starting_gradient(one, g) for one, g in given.items()}
        first = next(iter(seeds), None)
        remains = None
        if WATCHED and first is not None and len(seeds) == 1 and not retain_graph:
            remains = remember(backward_order(first))
        kept = walk(seeds, inputs=targets, free=not retain_graph)
        recorder = RECORDER.get()
        with nullcontext() if recorder is None else recorder.backward():
            store(kept, seeds.values())
        changed = [node for node, _ in kept]
        for one in seeds:
            if not retain_graph and isinstance(one, Value):
                one._release()
        attach(first, remains)
    for node in changed:
        after_accumulation(node)


def _targets(inputs: Node | Iterable[Node]) -> list[Node]:
    targets = [inputs] if isinstance(inputs, Node) else list(inputs)
    for target in targets:
        if not isinstance(target, Node):
            raise TypeError(
                f"inputs= holds {target!r}, a {type(target).__name__}; give Tensors and Values"
            )
        if not target.requires_grad:
            raise NonDifferentiableError(
                f"inputs= holds {target.describe()}, which needs no gradient; "
                "make the leaf with requires_grad=True"
            )
    return targets


def _with_gradients(root: Roots, gradient: Any) -> dict[Node, Any]:
    """Each root with the gradient given for it; one that is named twice counts twice."""
    if isinstance(root, Node):
        return {root: gradient}
    roots = list(root)
    for one in roots:
        if not isinstance(one, Node):
            raise TypeError(f"backward() was given {one!r} as a root; give Tensors and Values")
    given = [None] * len(roots) if gradient is None else list(gradient)
    if len(given) != len(roots):
        raise ShapeError(
            f"backward() was given {len(roots)} roots and {len(given)} gradients; "
            "give one for each root, None for 1"
        )
    found: dict[Node, Any] = {}
    for one, g in zip(roots, given, strict=True):
        if one in found:
            g = conjugated(starting_gradient(one, g) + starting_gradient(one, found[one]))
        found[one] = g
    return found


@overload
def gradients(root: Node, gradient: Any = None) -> dict[Node, Any]: ...


@overload
def gradients(
    root: Roots,
    gradient: Any = None,
    *,
    inputs: Sequence[Node],
    create_graph: bool = False,
    unused: str = "zeros",
) -> tuple[Any, ...]: ...


def gradients(
    root: Roots,
    gradient: Any = None,
    *,
    inputs: Sequence[Node] | None = None,
    create_graph: bool = False,
    unused: str = "zeros",
) -> Any:
    """The derivative of a node with respect to nodes of its graph.

    A private sweep: it touches no ``grad`` and keeps the graph.

    Args:
        root: the node to differentiate; with ``inputs`` also several.
        gradient: the cotangent to begin with; 1 by default.
        inputs: the nodes wanted, all by default. Only what leads to them is computed, and
            hooks are called.
        create_graph: give nodes that can be differentiated in turn.
        unused: what to give for inputs that the root does not depend on: ``"zeros"``,
            ``"none"``, or ``"raise"`` to raise an error.

    Returns:
        For each node that gradients reach, its cotangent: an array for a `Tensor`, a
        float for a `Value`. With ``inputs`` a tuple in their order.

    Raises:
        NonDifferentiableError: an input is not used and ``unused`` is ``"raise"``.

    Example:
        >>> import autodiff as ad
        >>> x, y = ad.Value(3.0), ad.Value(4.0)
        >>> z = x * x
        >>> gradients(z * 2)[z]
        2.0
        >>> gradients(z * 2, inputs=[x, y])
        (12.0, 0.0)
    """
    if inputs is None and isinstance(root, Node):
        sweep = Sweep(root, starting_gradient(root, gradient), free=False, keep_all=True)
        return {node: _given_back(g) for node, g in sweep.kept}
    targets = _targets(inputs or [])
    given = _with_gradients(root, gradient)
    if create_graph:
        from autodiff.sweeps.higher_order import chosen_gradient_nodes

        found = chosen_gradient_nodes(given, targets)
    else:
        seeds = {one: starting_gradient(one, g) for one, g in given.items()}
        found = {node: _given_back(g) for node, g in walk(seeds, inputs=targets)}
    return tuple(found[x] if x in found else _unused(x, unused) for x in targets)


def _given_back(g: Any) -> Any:
    """What a sweep has found, as a gradient; without axes still an array."""
    g = conjugated(g)
    return np.asarray(g) if isinstance(g, np.generic) else g


def _unused(x: Any, wish: str) -> Any:
    if wish == "none":
        return None
    if wish == "zeros":
        return 0.0 if isinstance(x, Value) else np.zeros_like(x._data)
    if wish == "raise":
        raise NonDifferentiableError(
            f"{x.describe()} is among the inputs, but the root does not depend on it; leave it "
            "out, or ask for unused='zeros' or unused='none'"
        )
    raise ValueError(f"unused must be 'zeros', 'none' or 'raise', not {wish!r}")
