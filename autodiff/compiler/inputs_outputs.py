"""What goes into a recording as arguments, and what comes out of it as results."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from autodiff.backends.kinds import is_numeric, numbers_of
from autodiff.compiler.recording import Recording
from autodiff.compiler.signature import raw_array, varies
from autodiff.compiler.specialization import Output
from autodiff.compiler.trace_array import TraceArray
from autodiff.compiler.trees import map_leaves
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.trees import tree

__all__ = ["detached", "opened", "output", "stand_ins"]


def stand_ins(run: Recording, tree: Any, names: Any) -> Any:
    """Arguments with a stand-in for each array, named in order."""

    def stand_in(leaf: Any) -> Any:
        name = next(names)
        if not varies(leaf):
            return leaf
        raw = raw_array(leaf)
        if isinstance(raw, TraceArray):
            raw = raw.value
        memory = raw.flags.forc, byte_bounds(raw)
        proxy = run.tracer.wrap(raw, run.tracer.variable("argument", raw, memory, name))
        return constant(proxy) if isinstance(leaf, Tensor) else proxy

    return map_leaves(stand_in, tree)


def opened(result: Any, since: int) -> tuple[list[Any], tree.Structure]:
    """What a step returned, taken apart; an object that was there before is left as it is.

    Args:
        result: what it returned.
        since: what was made before this number was there before.
    """

    def is_leaf(given: Any) -> bool:
        if given is None or isinstance(given, (dict, list, tuple)):
            return False
        return not any(_is_new(x, since) for x in tree.leaves(given))

    return tree.flatten(result, is_leaf)


def _is_new(x: Any, since: int) -> bool:
    if isinstance(x, Tensor):
        return x.sequence > since
    return isinstance(x, (TraceArray, Output))


def output(run: Recording, leaf: Any) -> Any:
    """What a step returned, with a mark in the place of an array."""
    is_tensor = isinstance(leaf, Tensor)
    held = leaf._data if is_tensor else leaf
    if isinstance(held, np.generic):
        held = np.asarray(held)
    if isinstance(held, (TraceArray, np.ndarray)):
        return Output(run.tracer.stand_in(held).variable, is_tensor)
    return leaf


def detached(leaf: Any) -> Any:
    """A result for the caller to keep, free of the graph and of the step's memory."""
    if isinstance(leaf, Tensor):
        return constant(np.array(numbers_of(leaf._data)))
    if isinstance(leaf, TraceArray):
        return np.array(leaf.value)
    return np.array(leaf) if is_numeric(leaf) else leaf
