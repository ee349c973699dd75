"""What a backward pass has found, added to the gradients of nodes: to all of them, or to none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from autodiff.backends.kinds import numbers_of
from autodiff.graph.conjugation import conjugated
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.values.backward import ACCUMULATION
from autodiff.values.value import Value

__all__ = ["store"]

_GRADIENT = repeat("_grad")


def store(kept: Sequence[tuple[Any, Any]], seeds: Iterable[Any] = ()) -> None:
    """Add gradients to the nodes' ``grad``, each in an array of its own: to all, or to none.

    Args:
        kept: nodes and what they receive: cotangents as a sweep carries them, or nodes.
        seeds: the starting gradients, which belong to others.
    """
    taken = {id(_real(seed)) for seed in seeds}
    batches = current_mode().batches
    nodes: list[Any] = []
    found: list[Any] = []
    with ACCUMULATION:
        for node, g in kept:
            if batches:
                g = batches.sum(g, node.sequence)
            nodes.append(node)
            before = node._grad
            # Of a class of the user's a Value is a leaf, which gets a number as any other.
            if node.__class__ is Value or (
                g.__class__ is not np.ndarray and (isinstance(g, Node) or isinstance(node, Value))
            ):
                found.append(g if before is None else before + g)
                continue
            if g.dtype.kind == "c":
                g = conjugated(g)
            if before is not None:
                g = before + g
            elif g.__class__ is np.ndarray and g.base is None:
                if id(g) in taken:
                    g = g.copy()
            elif not _is_own(_real(g), taken):
                g = g.copy()
            if g.__class__ is not np.ndarray and isinstance(g, np.generic):
                g = np.asarray(g)
            taken.add(id(g if g.__class__ is np.ndarray else _real(g)))
            found.append(g)
        # One call of C code, which no signal can interrupt.
        any(map(setattr, nodes, _GRADIENT, found))


def _real(g: Any) -> Any:
    """The array itself, also where a stand-in for it is being recorded."""
    return g if g.__class__ is np.ndarray else numbers_of(g)


def _is_own(g: Any, taken: set[int]) -> bool:
    """Whether an array's memory belongs to no other gradient; notes it as taken if so."""
    owner = getattr(g, "base", None)
    if owner is None:
        return id(g) not in taken
    # All of a temporary under another shape is as good as an array of its own.
    if owner.__class__ is np.ndarray and owner.size == g.size and g.flags.writeable:
        if id(owner) in taken or owner.base is not None:
            return False
        taken.add(id(owner))
        return True
    return False
