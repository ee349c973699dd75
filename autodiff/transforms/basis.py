"""The standard basis: all directions of a Jacobian in few sweeps, stacked like a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_plain
from autodiff.backends.recorder import RECORDER
from autodiff.errors import BatchingError
from autodiff.graph.extras import extras_of
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.graph.switches import switches
from autodiff.sweeps.walk import reached
from autodiff.tensors.tensor import Tensor

__all__ = ["Derivative", "over_basis", "units_of"]

_FEW = 3
_MOST_NUMBERS = 1 << 22

Derivative = Callable[[Any], list[Any]]
"""Takes a cotangent or a tangent and gives the products with it; None for zeros."""


def over_basis(
    x: Any, roots: Sequence[Node], since: int, derivative: Derivative
) -> list[list[Any]] | None:
    """The products of a derivative with the direction of each element of a tensor, in few sweeps.

    Args:
        x: the tensor.
        roots: the results of the graph that is walked.
        since: what was made before is constant.
        derivative: what is called, with all directions or some at a time.

    Returns:
        A list for every element; None where the sweeps must be made one by one, because
        they are few, or because something on the way works on one array at a time only.
    """
    mode = current_mode()
    plain = isinstance(x, Tensor) and is_plain(x._data)
    watched = mode.batches or mode.anomaly or RECORDER.get() is not None
    if not plain or x.size < _FEW or watched:
        return None
    order: list[Any] = reached(roots, since)
    if switches.asked and any("hooks" in extras_of(node) for node in order):
        return None
    largest = max((np.size(node.data) for node in order), default=0)
    step = min(x.size, _MOST_NUMBERS // max(largest, 1))
    if step < _FEW:
        return None
    # Most programs need no Jacobian, and all rules of vmap are loaded with it.
    from autodiff.batching.vmap import for_each

    rows: list[list[Any]] = []
    try:
        for first in range(0, x.size, step):
            rows += for_each(derivative, units_of(x, first, min(step, x.size - first)))
    except BatchingError:
        return None
    return rows


def units_of(x: Any, first: int, count: int) -> Any:
    """The directions of some elements of a tensor in turn, stacked."""
    return np.eye(count, x.size, first, x.dtype).reshape(count, *x.shape)
