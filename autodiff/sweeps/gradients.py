"""`gradients`: the derivatives of a node by nodes of its graph, given back and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from autodiff.errors import NonDifferentiableError
from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.sweeps.higher_order import gradient_nodes
from autodiff.sweeps.seeds import Roots, checked_inputs, given_gradients, starting_gradient
from autodiff.sweeps.walk import walk
from autodiff.values.value import Value

__all__ = ["gradients"]


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
        seed = starting_gradient(root, gradient)
        return {node: _given_back(g) for node, g in walk({root: seed}, hooks=False, keep_all=True)}
    targets = checked_inputs(inputs or [])
    given = given_gradients(root, gradient)
    if create_graph:
        found = dict(gradient_nodes(given, targets))
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
