"""Transforms within transforms: what an inner one must record for the outer one.

Every transform gives its variables nodes of their own, so derivatives of different levels
cannot be confused. What is left is that the result of an inner transform may depend on
variables of an outer one; then it must be a node, even where numbers were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autodiff.graph import Node
from autodiff.modes import enable_grad, is_grad_enabled

__all__ = ["enclosed", "recorded", "within_transform"]

_enclosed: ContextVar[bool] = ContextVar("glassgrad_enclosed", default=False)


def enclosed() -> bool:
    """Whether the code being run belongs to a function that a transform has called."""
    return _enclosed.get()


@contextmanager
def within_transform() -> Iterator[None]:
    """For the call of a function that is being transformed; records inside ``no_grad`` too."""
    token = _enclosed.set(True)
    try:
        with enable_grad():
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
