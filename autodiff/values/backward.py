"""The backward pass of a graph made of Values only.

Totals live in a slot of each node while the sweep runs, which is twice as fast as a
dictionary; a lock keeps two threads from sweeping over shared nodes at once. A sweep that is
interrupted, by Ctrl-C say, leaves every ``grad`` as it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from threading import Lock
from typing import Any

from autodiff.graph.order import by_sequence
from autodiff.values.value import ConstantValue, Value

__all__ = ["ACCUMULATION", "scalar_backward"]

ACCUMULATION = Lock()
"""Held while gradients are added to those of earlier passes, so that none is lost."""

_set_grad: Any = vars(Value)["grad"].__set__


def scalar_backward(root: Value, seed: float, retain_graph: bool) -> bool:
    """Add the derivative of ``root`` to ``grad`` of every Value it depends on.

    Args:
        root: the node to differentiate.
        seed: the cotangent to begin with.
        retain_graph: whether ``root`` may be differentiated again.

    Returns:
        False, with nothing done, if a Tensor takes part in the graph.
    """
    with ACCUMULATION:
        order = _reverse_order(root)
        if order is None:
            return False
        added: list[Any] = []
        try:
            _sweep(order, root, seed, added)
        except BaseException:
            _take_back(order, added)
            raise
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


def _take_back(order: Iterable[Any], added: list[Any]) -> None:
    """Undo what a sweep has stored: the nodes added to, and those whose total is their grad."""
    before = dict(added)
    new = [node for node in order if node.grad is node._total and node not in before]
    # One call of C code, which nothing can interrupt half-way.
    deque(map(_set_grad, [*before, *new], [*before.values(), *[None] * len(new)]), maxlen=0)


def _sweep(order: list[Any], root: Any, seed: float, added: list[Any]) -> None:
    # A float of its own, as every total is: by that, `_take_back` knows what was stored.
    root._total = seed * 1.0
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
                if node.grad is None:
                    node.grad = g
                else:
                    added.append((node, node.grad))
                    node.grad = node.grad + g
                continue
            b = node._b
            if b.__class__ is Value:
                b._total += node._db * g
        if node.grad is None:
            node.grad = g
        else:
            added.append((node, node.grad))
            node.grad = node.grad + g
