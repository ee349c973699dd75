"""The backward pass of a graph made of Values only.

Totals live in a slot of each node while the sweep runs, which is twice as fast as a
dictionary; a lock keeps two threads from sweeping over shared nodes at once.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from autodiff.graph import by_sequence
from autodiff.value import ConstantValue, Value

__all__ = ["scalar_backward"]

_lock = Lock()


def scalar_backward(root: Value, seed: float, retain_graph: bool) -> bool:
    """Add the derivative of ``root`` to ``grad`` of every Value it depends on.

    Args:
        root: the node to differentiate.
        seed: the cotangent to begin with.
        retain_graph: whether ``root`` may be differentiated again.

    Returns:
        False, with nothing done, if a Tensor takes part in the graph.
    """
    with _lock:
        order = _reverse_order(root)
        if order is None:
            return False
        _sweep(order, root, seed)
    if not retain_graph:
        root._release()
    return True


def _reverse_order(root: Any) -> list[Any] | None:
    """Every node that gets a gradient, results before operands, totals set to 0."""
    # One float object that no other sweep has: it is the total to begin with, and the mark
    # of a node that was found.
    zero = float("0.0")
    root._total = zero
    order: list[Any] = [root]
    push = order.append
    for node in order:
        a = node._a
        if a.__class__ is Value:
            if a._total is not zero:
                a._total = zero
                push(a)
        elif a.__class__ is tuple:
            for parent in a:
                if parent._total is not zero and parent.__class__ is Value:
                    parent._total = zero
                    push(parent)
            continue
        elif a is not None and a.__class__ is not ConstantValue:
            return None
        b = node._b
        if b.__class__ is Value and b._total is not zero:
            b._total = zero
            push(b)
    order.sort(key=by_sequence, reverse=True)
    return order


def _sweep(order: list[Any], root: Any, seed: float) -> None:
    root._total = seed
    for node in order:
        g = node._total
        # A zero stops here, whatever the local derivative: 0 · inf would poison the rest.
        if g:
            a = node._a
            if a.__class__ is Value:
                a._total += node._da * g
            elif a.__class__ is tuple:
                for parent, partial in zip(a, node._da):  # noqa: B905 - a check per edge
                    if parent.__class__ is Value:
                        parent._total += partial * g
                node.grad = g if node.grad is None else node.grad + g
                continue
            b = node._b
            if b.__class__ is Value:
                b._total += node._db * g
        node.grad = g if node.grad is None else node.grad + g
