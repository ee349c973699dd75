"""Transforms within transforms: what an inner one must record for the outer one.

Every transform gives its variables nodes of their own, so derivatives of different levels
cannot be confused. What is left is that the result of an inner transform may depend on
variables of an outer one, or on any other node that needs a gradient and was taken from around
the function; then it must be a node, even where numbers were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autodiff.graph.clock import next_sequence
from autodiff.graph.modes import enable_grad, is_grad_enabled, strict
from autodiff.graph.node import Node

__all__ = ["enclosed", "recorded", "uses_outside", "within_transform"]

_enclosed: ContextVar[bool] = ContextVar("glassgrad_enclosed", default=False)


def enclosed() -> bool:
    """Whether the code being run belongs to a function that a transform has called."""
    return _enclosed.get()


@contextmanager
def within_transform() -> Iterator[None]:
    """For the call of a function that is being transformed; records inside ``no_grad`` too."""
    token = _enclosed.set(True)
    try:
        with enable_grad(), strict(next_sequence()):
            yield
    finally:
        _enclosed.reset(token)


def recorded(leaves: Iterable[Any]) -> bool:
    """Whether derivatives are to be nodes that can be differentiated in turn.

    Args:
        leaves: all that the transformed function was given.
    """
    if not is_grad_enabled():
        return False
    return enclosed() or any(isinstance(x, Node) and x.requires_grad for x in leaves)


def uses_outside(results: Iterable[Any], since: int) -> bool:
    """Whether derivatives of results depend on nodes that were made before number ``since``.

    Such nodes a function has not been given but taken from around it; a caller may go on to
    differentiate for them.
    """
    if not is_grad_enabled():
        return False
    found: list[Any] = [x for x in results if isinstance(x, Node) and x.requires_grad]
    seen = set(found)
    for node in found:
        if node.sequence < since:
            return True
        for parent in node.parents:
            if parent.requires_grad and parent not in seen:
                seen.add(parent)
                found.append(parent)
    return False
