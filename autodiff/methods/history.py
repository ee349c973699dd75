"""The history of a value as a tree of text: what `Node.trace` shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.graph.node import Node
from autodiff.graph.order import FREED
from autodiff.sweeps.released import HOW_TO_KEEP, MISSING, ReleasedNode, released_graph

__all__ = ["Text", "in_short", "label", "place", "trace"]


class Text(str):
    """Text that a prompt shows as it is printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def trace(root: Node, depth: int | None = None, limit: int = 100) -> Text:
    """How this node came about, as a tree to be printed: each result above its operands.

    A result that is used several times is shown once; further on it is only named,
    with a number in brackets.

    Args:
        root: the node.
        depth: the number of levels below it; all by default.
        limit: the most lines.

    Returns:
        The tree as text, one line a node: name, operation, numbers or shape, and the
        line of your code that made it.

    Example:
        >>> import autodiff as ad
        >>> x, y = ad.Value(3.0, name="x"), ad.Value(2.0, name="y")
        >>> s = x * y
        >>> (s - s * 2).trace()
        subtract = -6, ...
        ├─ [1] multiply = 6, ...
        │  ├─ x (leaf) = 3
        │  └─ y (leaf) = 2
        └─ multiply = 12, ...
           ├─ [1] multiply, shown above
           └─ constant = 2
    """
    if limit < 1 or (depth is not None and depth < 0):
        raise ShapeError(
            f"trace(depth={depth}, limit={limit}): depth is a number of levels from 0 on and limit "
            "a number of lines from 1 on"
        )
    # Under a name of its own: what is known of a released graph does not keep the node alive.
    known = released_graph(root)
    rows, complete = _rows(known, depth, limit)
    times: dict[Node, int] = {}
    for node, _, _, _ in rows:
        times[node] = times.get(node, 0) + 1
    shared = [node for node, count in times.items() if count > 1 and node.op is not None]
    marks = {node: f"[{number}] " for number, node in enumerate(shared, 1)}
    lines = []
    for node, first, before, cut in rows:
        mark = marks.get(node, "")
        if not first:
            lines.append(f"{before}{mark}{label(node)}, shown above")
            continue
        more = ", its operands not shown" if cut else ""
        if node.parents is FREED:
            more = ", its operands released by backward()"
        lines.append(f"{before}{mark}{label(node)} = {in_short(node)}{place(node)}{more}")
    if not complete:
        total = _count(known)
        lines.append(
            f"... {total - len(times):,} of {total:,} nodes are not shown; give a larger limit, "
            "or trace an operand"
        )
    if isinstance(known, ReleasedNode):
        lines.append(f"{MISSING}: released by backward(); {HOW_TO_KEEP}")
    return Text("\n".join(lines))


Row = tuple[Node, bool, str, bool]


def _rows(root: Node, depth: int | None, limit: int) -> tuple[list[Row], bool]:
    """Nodes in the order of the lines, and whether that is all that was to be shown.

    Each with: is it met for the first time, what stands before it, are operands left out.
    """
    rows: list[Row] = []
    seen: set[Node] = set()
    todo: list[tuple[Node, str, str, int]] = [(root, "", "", 0)]
    while todo:
        if len(rows) == limit:
            return rows, False
        node, before, below, level = todo.pop()
        first = node.op is None or node not in seen
        seen.add(node)
        cut = level == depth and bool(node.parents)
        rows.append((node, first, before, cut))
        if not first or cut:
            continue
        # A stack gives back in reverse: the first operand is to be the next line.
        last = len(node.parents) - 1
        for i in range(last, -1, -1):
            branch, stem = ("└─ ", "   ") if i == last else ("├─ ", "│  ")
            todo.append((node.parents[i], below + branch, below + stem, level + 1))
    return rows, True


def _count(root: Node) -> int:
    found = [root]
    seen = {root}
    for node in found:
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    return len(found)


def label(node: Any) -> str:
    """Name and operation of a node with its parameters, in a few words."""
    if node.op is None:
        kind = "leaf" if node.requires_grad else "constant"
        return kind if node.name is None else f"{node.name} ({kind})"
    given = ", ".join(f"{k}={v!r}" for k, v in node.params.items() if not (v is None or v is False))
    operation = f"{node.op.name}({given if len(given) <= 40 else '...'})" if given else node.op.name
    return operation if node.name is None else f"{node.name}: {operation}"


def in_short(x: Any) -> str:
    """The numbers of a node, array or float if they are few, else its shape and dtype."""
    data = getattr(x, "_data", None)
    if data is None:
        data = x.data if isinstance(x, Node) else x  # type: ignore[attr-defined]
    if data is None:
        shape = f" of shape {x.shape}" if x.shape else ""
        return f"{MISSING} ({x.dtype}{shape})"
    if isinstance(data, float):
        return f"{data:.6g}"
    if not is_array(data) or data.size > 6:
        return f"{data.dtype} of shape {data.shape}"
    if data.size == 1 and data.ndim == 0:
        number = data.item()
        return f"{number:.6g}" if data.dtype.kind in "fc" else repr(number)
    return " ".join(np.array2string(data, precision=4, separator=", ").split())


def place(node: Node) -> str:
    """File and line where a node was made, after a comma; nothing if that is not known."""
    where = node.origin
    return "" if where is None else f", {Path(where[0]).name}:{where[1]}"
