"""What is still known of a graph once `backward` has released it: all but its numbers.

The operations, shapes, names and lines behind the node that `backward` was last called on
stay for pictures and for `Node.trace`. The numbers of its results go, as ever; the leaves
stay as they are. All this only in programs that import `viz`, and in interactive sessions.

It belongs to the root: it goes when the root goes, or when `backward` is called on another
one. Neither it nor a `ReleasedNode` keeps a result of the graph alive.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import ref

from autodiff.backends.recorder import RECORDER
from autodiff.graph.extras import lasting
from autodiff.graph.node import Node
from autodiff.graph.switches import switches

if TYPE_CHECKING:
    from autodiff.ops.primitive import Primitive

__all__ = [
    "HOW_TO_KEEP",
    "MISSING",
    "MOST",
    "ReleasedNode",
    "attach",
    "released_graph",
    "remember",
    "watch",
]

MOST = 20_000
"""Operations up to which a graph is remembered."""

MISSING = "—"
"""What stands in the place of a number that is gone."""

HOW_TO_KEEP = "to keep these numbers call backward(retain_graph=True), or look before backward()"

_CONSTANTS = 1 << 24
"""Bytes of leaves without a gradient that are kept; the rest are known as long as others hold
them: the masks of a big model must not outlive its activations."""


class ReleasedNode(Node):
    """A node of a released graph, without its numbers.

    Attributes:
        parents: released nodes and leaves.
        params: keyword parameters of the operation.
        kind: the class of the node.
    """

    __slots__ = (
        "_number",
        "_source",
        "dtype",
        "kind",
        "params",
        "parents",
        "requires_grad",
        "shape",
    )

    op: Primitive | None
    parents: tuple[Node, ...]
    requires_grad: bool
    sequence: int
    dtype: Any
    kind: type
    params: dict[str, Any]
    shape: tuple[int, ...]
    _number: float | None
    _source: Any

    def __init__(self, record: Record, parents: tuple[Node, ...]) -> None:
        self.sequence, self.op, self.kind, code, self._instruction = record[:5]
        if code is not None:
            self._code = code
        params, extras, kept, self._source, _ = record[5:]
        self.params, self.parents, self.requires_grad = params or {}, parents, self.op is not None
        if extras:
            self._extras = lasting(extras)
        self._number = kept if kept.__class__ is float else None
        if self._number is None:
            self.shape, self.dtype = kept

    @property
    def data(self) -> Any:
        """The number of a Value; the array of a leaf that others still hold; else None."""
        if self._number is not None:
            return self._number
        source = self._source() if self.op is None else None
        return None if source is None else source.data

    @property
    def grad(self) -> Any:
        """The gradient of a node that keeps it and that somebody still holds; else None."""
        source = self._source() if self._source is not None else None
        return None if source is None else source._grad

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        count = 1
        for length in getattr(self, "shape", ()):
            count *= length
        return count


class _Root(ReleasedNode):
    """The node that `backward` was called on, which has its number still."""

    __slots__ = ()

    @property
    def data(self) -> Any:
        """The root's own array or number."""
        return self._source().data


Record = tuple[Any, ...]
"""Sequence number, operation, class, code, instruction, parameters, name and scope, shape and
dtype (or the number of a Value), a weak reference, and the operands: leaves, sequence numbers
of other nodes, records of leaves that are not kept alive."""

_latest: list[Callable[[], Any]] = [lambda: None]


def watch() -> None:
    """Remember graphs from now on: called by what shows them, so that other programs pay nothing.

    In an interactive session graphs are remembered from the start.
    """
    switches.remembering = True


if hasattr(sys, "ps1") or "IPython" in sys.modules or sys.flags.interactive:
    watch()


def remember(order: list[Any]) -> list[Record] | None:
    """What is to be known of a graph that `backward` is about to release.

    Args:
        order: the results of operations, operands before results, the root last.

    Returns:
        What `attach` takes; None where there is nothing to remember, as in a graph of Values,
        for a graph of more than `MOST` operations, and for one that a compiled step records.
    """
    if not 0 < len(order) <= MOST or RECORDER.get() is not None:
        return None
    if not any(hasattr(node, "_data") for node in order):
        # Values keep their numbers: such a graph is whole.
        return None
    records: list[Record] = []
    constants = 0
    for node in order:
        operands = []
        for parent in node.parents:
            if parent.op is not None:
                operands.append(parent.sequence)
                continue
            if not parent.requires_grad and hasattr(parent, "_data"):
                size = parent._data.size * parent._data.dtype.itemsize
                if size > 1024 and constants + size > _CONSTANTS:
                    operands.append(_record(parent, ()))
                    continue
                constants += size
            operands.append(parent)
        records.append(_record(node, operands))
    return records


def _record(node: Any, operands: Any) -> Record:
    extras = node._extras if hasattr(node, "_extras") else None
    if hasattr(node, "_data"):
        data = node._data
        kept: Any = (data.shape, data.dtype)
        params = node._params if hasattr(node, "_params") else None
        source = ref(node) if node.op is None or (extras and "retained" in extras) else None
    else:
        kept, params, source = node.data, node.params, ref(node)
    if extras and ("hooks" in extras or "retained" in extras):
        # Nothing of it is in use any longer.
        extras = lasting(extras)
    code = node._code if hasattr(node, "_code") else None
    instruction = 0 if code is None else node._instruction
    return (
        node.sequence, node.op, node.__class__, code, instruction, params, extras, kept, source,
        operands,
    )  # fmt: skip


def attach(root: Any, records: list[Record] | None) -> None:
    """Keep with the root what is known of its released graph, and forget the one before."""
    if records is None:
        return
    before = _latest[0]()
    if before is not None:
        before._spent = True
    root._spent = records
    _latest[0] = ref(root)


def released_graph(root: Any) -> Any:
    """A node to walk from: the one given, or what is known of its released graph.

    Args:
        root: any node.

    Returns:
        The node itself unless `backward` was last called on it and released its graph;
        else a `ReleasedNode`, with released nodes and leaves behind it.

    Example:
        >>> import autodiff as ad
        >>> watch()
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True, name="x")
        >>> loss = (x * x).sum()
        >>> loss.backward()
        >>> [node.name or node.op.name for node in ad.topological_order(released_graph(loss))]
        ['x', 'multiply', 'sum']
    """
    records: Any = getattr(root, "_spent", True)
    if records is True:
        return root
    known: dict[Any, Node] = {}
    for record in records:
        parents = tuple(_operand(operand, known) for operand in record[-1])
        if record is records[-1]:
            return _Root((*record[:8], ref(root), ()), parents)
        known[record[0]] = ReleasedNode(record, parents)
    return root


def _operand(operand: Any, known: dict[Any, Node]) -> Node:
    if isinstance(operand, Node):
        return operand
    key = operand if isinstance(operand, int) else operand[0]
    if key not in known:
        known[key] = ReleasedNode(operand, ())
    return known[key]
