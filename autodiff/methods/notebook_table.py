"""What a Value or a tensor tells of itself in a notebook."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.graph.node import Node
from autodiff.methods.history import place
from autodiff.notebooks import Table, to_html
from autodiff.tensors.tensor import Tensor

__all__ = ["node_html"]

_FEW = 40
"""So many entries of an array are printed."""


def node_html(self: Node) -> str | None:
    """HTML for a notebook; None where there are no numbers yet, as while a step is recorded."""
    node: Any = self
    tensor = isinstance(node, Tensor)
    data = node._data if tensor else node.data
    if not (is_array(data) if tensor else isinstance(data, float)):
        return None
    rows = [("name", node.name)] if node.name is not None else []
    if tensor:
        rows += [("shape", str(node.shape)), ("dtype", str(node.dtype))]
    if node.op is not None:
        rows.append(("operation", node.op.name))
        where = place(node).strip(" ,()").removeprefix("at ")
        rows += [("made at", where)] if where else []
    elif node.requires_grad:
        rows.append(("role", "leaf that needs a gradient"))
    rows.append(("value", _text(data)))
    gradient = node._grad  # not .grad, which warns where none is kept
    if gradient is not None:
        rows.append(("gradient", _text(gradient)))
    kind = type(node).__name__ if tensor else "Value"
    return to_html("tensor" if tensor else "value", node, Table(kind, rows))


def _text(data: Any) -> str:
    array = np.asarray(getattr(data, "data", data) if isinstance(data, Node) else data)
    return np.array2string(array, separator=", ", threshold=_FEW, edgeitems=2)
