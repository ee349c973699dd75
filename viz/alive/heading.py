"""How the result is computed from the leaves, as one formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff.graph.order import topological_order
from autodiff.ops.primitive import Fused
from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, lift
from autodiff.symbolic.namespace import symbols_namespace
from autodiff.symbolic.simplify import simplify
from autodiff.writers.text import to_text

__all__ = ["heading"]

LONGEST = 90
"""So many characters can be read at a glance."""
MOST = 60
"""A formula of more operations than this is not one to be read."""


def heading(root: Any, names: Mapping[Any, str]) -> str:
    """The formula behind a result; empty if it is too long to be read.

    Args:
        root: a `Value`.
        names: what the leaves and the result are called.

    Example:
        >>> import autodiff as ad
        >>> x, t = ad.Value(2.0), ad.Value(1.0)
        >>> d = ad.tanh(x) - t
        >>> loss = d * d
        >>> heading(loss, {x: "x", t: "t", loss: "L"})
        'L = (tanh(x) − t)²'
    """
    nodes: list[Any] = list(topological_order(root))
    if root.is_leaf or len(nodes) > MOST:
        return ""
    found: dict[Any, Expression] = {}
    for node in nodes:
        if node.is_leaf:
            found[node] = Symbol(names[node]) if node in names else Constant(float(node.data))
            continue
        operands = [found[parent] for parent in node.parents]
        if isinstance(node.op, Fused):
            found[node] = lift(node.op.forward(symbols_namespace, *operands, **node.params))
        else:
            found[node] = Apply(node.op.name, tuple(operands), tuple(node.params.items()))
    text = f"{names[root]} = {to_text(simplify(found[root]))}"
    return text if len(text) <= LONGEST else ""
