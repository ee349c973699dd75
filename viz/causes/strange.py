"""Where NaN or an infinity came into being, forward or backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.graph.order import topological_order
from viz.causes.finding import Finding, at_line
from viz.causes.flow import Flow, as_numbers
from viz.causes.words import called, operation

__all__ = ["strange"]


def strange(flow: Flow, name: str) -> Finding | None:
    """The first operation that is not finite, if the gradient is not."""
    g = flow.gradient()
    if np.all(np.isfinite(g)):
        return None
    what = "NaN" if np.isnan(g).any() else "infinite"
    for node in reversed(flow.order):
        if node is not flow.root and not np.isfinite(flow.received[node]).all():
            sent = [s for s in flow.arrivals[node] if not np.isfinite(s.amount).all()]
            if not sent:
                # Finite shares whose sum is not: the sum overflowed.
                sent = flow.arrivals[node]
            return _of(flow, sent[0].node, sent[0].position, name, what)
    return None


def _of(flow: Flow, node: Any, position: int, name: str, what: str) -> Finding:
    """The cause at an operation that sends back what is not finite, or behind it."""
    born = _born(node)
    head = f"The gradient of {name} is {what}: "
    if born is not None and born.is_leaf:
        text = f"{called(born)} holds {_counts(as_numbers(born))} from the start"
        user: Any = next(n for n in topological_order(node) if any(p is born for p in n.parents))
        text += f", and is used{at_line(user.origin)}"
        return Finding("not finite", f"{head}{text}.", user, user.origin, user.op.name)
    if born is not None:
        text = f"{operation(born)} gives {_counts(as_numbers(born))}{_of_what(born)}"
        text += at_line(born.origin)
        return Finding("not finite", f"{head}{text}.", born, born.origin, born.op.name)
    text = (
        f"the derivative of {operation(node)} is not finite there{_of_what(node)}"
        f"{at_line(node.origin)}"
    )
    return Finding("not finite", f"{head}{text}.", node, node.origin, node.op.name, position)


def _born(node: Any) -> Any:
    """The first node behind one whose numbers are not finite while those of its operands are.

    Infinities that a leaf holds are masks, as a rule: what makes NaN of them is meant, if anything
    does.
    """
    if _finite(node) and all(map(_finite, node.parents)):
        return None
    masks: set[Any] = set()
    for one in topological_order(node):
        if _finite(one):
            continue
        nan = bool(np.isnan(as_numbers(one)).any())
        if not nan and (one.is_leaf or masks & set(one.parents)):
            masks.add(one)
            continue
        return one
    return next(iter(masks)) if len(masks) == 1 and not _finite(node) else None


def _finite(node: Any) -> bool:
    data = as_numbers(node)
    return data.dtype.kind not in "fc" or bool(np.isfinite(data).all())


def _counts(data: Any) -> str:
    nan = int(np.isnan(data).sum())
    infinite = int(np.isinf(data).sum())
    if data.size == 1:
        return "NaN" if nan else "an infinity"
    parts = [f"{nan} NaN"] if nan else []
    if infinite:
        parts.append(f"{infinite} infinit{'y' if infinite == 1 else 'ies'}")
    return " and ".join(parts)


def _of_what(node: Any) -> str:
    """The operands that are 0, negative or huge, which is what functions mostly break at."""
    told = []
    for parent in node.parents:
        data = as_numbers(parent)
        if data.dtype.kind not in "fc" or not data.size:
            continue
        zeros, below = int((data == 0).sum()), int((data < 0).sum())
        large = int((np.abs(data) > 80).sum())
        if zeros:
            told.append(f"{called(parent)} is 0{_places(zeros, data.size)}")
        elif below:
            told.append(f"{called(parent)} is negative{_places(below, data.size)}")
        elif large:
            told.append(f"{called(parent)} is as large as {float(np.abs(data).max()):.4g}")
    return f", where {' and '.join(told)}" if told else ""


def _places(count: int, size: int) -> str:
    if size == 1:
        return ""
    return " in 1 place" if count == 1 else f" in {count} places"
