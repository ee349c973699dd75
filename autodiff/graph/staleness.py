"""Noticing that an array was changed between the forward and the backward pass.

An operand is stale for a node if the clock (`autodiff.graph.clock`) says that it was changed
after the node was made. As long as nothing is changed the check costs one comparison per node.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from autodiff.errors import StaleDataError
from autodiff.graph.clock import next_sequence
from autodiff.graph.extras import extras_of
from autodiff.graph.switches import switches
from autodiff.ops.primitive import Elementwise, Primitive, Structural
from autodiff.symbolic import free_symbols
from autodiff.writers.kernels import kernel_formula

__all__ = ["check_stale", "mark_changed", "viewed_leaf"]


def mark_changed(node: Any) -> None:
    """Note that the data of ``node`` was changed in place."""
    node._changed = switches.changed = next_sequence()


def check_stale(node: Any) -> None:
    """Raise if an array that the backward rule of ``node`` reads was changed.

    Raises:
        StaleDataError: names the operation, the operand and where it was used.
    """
    for position, parent in enumerate(node.parents):
        if _changed_after(parent, node) and {position, "operands"} & _needed(node):
            raise _stale(node, f"its operand {position}, {parent.describe()},", parent)
    if _changed_after(node, node) and "y" in _needed(node):
        raise _stale(node, "its result", node)


def _needed(node: Any) -> set[int | str]:
    wanted = (i for i, parent in enumerate(node.parents) if parent.requires_grad)
    return {what for i in wanted for what in reads_of(node.op, i)}


def _changed_after(node: Any, user: Any) -> bool:
    # A view (of a reshaped or sliced tensor, say) changes with what it views.
    while hasattr(node, "_data"):
        changed: int = getattr(node, "_changed", 0)
        if changed > user.sequence:
            return True
        node = _viewed(node)
    return False


def _viewed(node: Any) -> Any:
    """What a node's array is a view of, as far as that is known."""
    if getattr(node, "_data", None) is None or node._data.base is None:
        return None
    return node.parents[0] if node.parents else extras_of(node).get("viewed")


def viewed_leaf(node: Any) -> Any:
    """The leaf whose memory a view of this node shows; None if it is no leaf's."""
    while True:
        below = _viewed(node)
        if below is None:
            return node if node.op is None and hasattr(node, "_data") else None
        node = below


def _stale(node: Any, what: str, changed: Any) -> StaleDataError:
    return StaleDataError(
        f"backward() through {node.describe()} needs the data of {what} of shape "
        f"{changed.shape}, which was changed in place after that operation; do the update "
        "after backward(), or compute with a copy: x.detach() of the data, or y = x + 0"
    )


@cache
def reads_of(entry: Primitive, position: int) -> frozenset[int | str]:
    """Which arrays the rule for one operand reads: operands by position, ``"y"``."""
    if isinstance(entry, Structural):
        return frozenset(entry.reads)
    if not isinstance(entry, Elementwise):
        return frozenset()
    symbols = free_symbols(kernel_formula(entry, position, {}))
    return frozenset(int(n[1:]) if n[0] == "x" else n for n in symbols)
