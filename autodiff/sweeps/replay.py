"""A released graph computed once more from its leaves, by the table's own rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.graph.modes import enable_grad
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from autodiff.ops.opaque import Opaque
from autodiff.sweeps.released import ReleasedNode, released_graph
from autodiff.tensors.record import record
from autodiff.tensors.tensor import Tensor

__all__ = ["Replay", "replay"]


class Replay:
    """What came of it.

    Attributes:
        root: the root made anew; None where the graph cannot be computed again.
        nodes: for the number of each node in the released graph (``sequence``) the one that
            stands for it: the same leaf, or a result made anew.
        same: whether the root has the number it had: no leaf was changed since.
        missing: what could not be had, in a few words; empty if all could.
    """

    root: Any
    nodes: dict[int, Any]
    same: bool
    missing: str

    def __init__(self, root: Any, nodes: dict[int, Any], same: bool, missing: str = "") -> None:
        self.root, self.nodes, self.same, self.missing = root, nodes, same, missing


def replay(root: Node) -> Replay:
    """Compute again what is remembered of the graph that `backward` released.

    Nothing of it is kept by the root, and no ``grad`` is touched.

    Args:
        root: the node that `backward` was last called on.

    Returns:
        See `Replay`. It cannot be done for graphs that hold Values, functions of one's own or
        constants that nobody kept.

    Example:
        >>> import autodiff as ad
        >>> from autodiff.sweeps.released import watch
        >>> watch()
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> loss = (x * x).sum()
        >>> loss.backward()
        >>> replay(loss).root.item()
        5.0
    """
    known: dict[int, Any] = {}
    last: Any = None
    for node in topological_order(released_graph(root)):
        if not isinstance(node, ReleasedNode):
            last = known[node.sequence] = node
            continue
        made, missing = _made(node, [known[parent.sequence] for parent in node.parents])
        if made is None:
            return Replay(None, {}, same=False, missing=missing)
        last = known[node.sequence] = made
    before: Any = root
    same = bool(np.array_equal(last.data, before.data, equal_nan=True))
    return Replay(last, known, same)


def _made(node: Any, operands: list[Any]) -> tuple[Any, str]:
    entry, at = node.op, node.describe()
    if entry is None:
        return None, f"the constant {at} was not kept"
    if isinstance(entry, Opaque) or not all(isinstance(x, Tensor) for x in operands):
        return None, f"{at} is not computed from tensors by an entry of the table"
    if not issubclass(node.kind, Tensor):
        return None, f"{at} is a Value"
    with enable_grad():
        data = entry.forward(arrays, *[x._data for x in operands], **node.params)
        made = record(entry, data, tuple(operands), node.params)
    if hasattr(node, "_code"):
        made._code, made._instruction = node._code, node._instruction
    if hasattr(node, "_extras"):
        made._extras = node._extras
    return made, ""
