"""Which node is meant: a node, a name, a parameter's path, a model, and perhaps one entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from viz.text.formatting import clean

__all__ = ["checked_element", "named_leaf", "named_nodes", "parameters_of", "path_of"]


def parameters_of(model: Any) -> list[tuple[str, Any]]:
    """The parameters of a model with their paths; empty for what has none."""
    if isinstance(model, Node):
        return []
    if callable(getattr(model, "named_parameters", None)):
        return [(clean(path, 80), node) for path, node in model.named_parameters()]
    if callable(getattr(model, "parameters", None)):
        listed = model.parameters()
    elif isinstance(model, list | tuple):
        listed = model
    elif isinstance(model, dict):
        return [(clean(str(key), 80), node) for key, node in model.items()]
    else:
        return []
    nodes = list(listed)
    names = [clean(node.name or "", 80) for node in nodes]
    # Neurons of one layer mostly have weights of the same names.
    return [
        (name if name and names.count(name) == 1 else f"[{i}] {name}".rstrip(), node)
        for i, (name, node) in enumerate(zip(names, nodes, strict=True))
    ]


def named_nodes(root: Any) -> dict[str, Any]:
    """The nodes behind a root by name; those of parameters by the path of their module as well.

    Where a name is given several times the last node has it.
    """
    found: dict[str, Any] = {}
    for node in topological_order(root):
        if node.name is not None:
            found[node.name] = node
        for parent in node.parents:
            if parent.is_leaf and parent.name is not None and node.scope:
                parts = [part for part, _ in node.scope]
                # The outermost module's own name is no part of a parameter's path.
                for start in (0, 1):
                    found.setdefault(".".join([*parts[start:], parent.name]), parent)
    return found


def named_leaf(root: Any, name: str) -> Any:
    """The node of that name or path.

    Raises:
        ValueError: there is none; the message lists those that there are.
    """
    named = named_nodes(root)
    if name in named:
        return named[name]
    listed = sorted(named)
    shown = ", ".join(clean(one, 40) for one in listed[:12]) + (" …" if len(listed) > 12 else "")
    raise ValueError(
        f"no node behind the root is called {name!r}; names are: {shown or 'none'}. Give the node "
        "itself, or a name that it was given by name="
    )


def path_of(root: Any, x: Any) -> str:
    """The path of a module's parameter, such as ``hidden1.weight``; empty for other nodes."""
    if not x.is_leaf or x.name is None:
        return ""
    for node in topological_order(root):
        if node.scope and any(parent is x for parent in node.parents):
            return ".".join([*(part for part, _ in node.scope[1:]), x.name])
    return ""


def checked_element(x: Any, element: Any) -> tuple[int, ...] | None:
    """The index of one entry, every axis counted from 0.

    Raises:
        ValueError: there is no such entry.
    """
    if element is None:
        return None
    shape = tuple(getattr(x, "shape", ()))
    index = (element,) if isinstance(element, int | np.integer) else tuple(element)
    fits = len(index) == len(shape) and all(
        isinstance(i, int | np.integer) and -n <= i < n for i, n in zip(index, shape, strict=False)
    )
    if not fits:
        raise ValueError(
            f"element={element!r} is no entry of {x.describe()}, whose shape is {shape}; give one "
            "whole number for each axis"
        )
    return tuple(int(i) % n for i, n in zip(index, shape, strict=True))
