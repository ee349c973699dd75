"""Finite differences of the graph itself: an answer that owes nothing to any derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in
from autodiff.ops.opaque import Opaque
from autodiff.values.value import Value
from viz.causes.flow import Flow, as_numbers
from viz.paths.between import between
from viz.paths.replay import finite_difference

__all__ = ["difference"]

MOST_NODES, MOST_NUMBERS = 2_000, 1_000_000
"""Larger graphs are not computed again for a check."""


def difference(flow: Flow) -> tuple[float, float] | None:
    """The derivative along one direction, by differences and by the sweep.

    Of one number the direction is that of the number; of an array it is some direction.

    Returns:
        Both; None where they would be costly or too coarse, as in single precision.
    """
    order, x = flow.order[1:], as_numbers(flow.x)
    sizes = sum(getattr(node, "size", 1) for node in order)
    if len(order) > MOST_NODES or sizes > MOST_NUMBERS or x.dtype != np.float64:
        return None
    direction = np.zeros_like(x)
    if flow.element is not None:
        direction[flow.element] = 1.0
    else:
        direction += np.cos(np.arange(x.size, dtype=float)).reshape(x.shape)
    swept = float(np.sum(flow.received.get(flow.x, np.zeros(x.shape)) * direction))
    if not np.isfinite(swept):
        return None
    part = between(flow.root, flow.x) if isinstance(flow.root, Value) else None
    if part is not None and part.scalar:
        found, _ = finite_difference(part)
    elif any(map(_not_replayed, order)):
        return None
    else:
        found = _best(flow, order, x, direction)
    if not np.isfinite(found) or (swept and not found):
        # Of what is lost in rounding differences say nothing.
        return None
    return found, swept


def _best(flow: Flow, order: list[Any], x: Any, direction: Any) -> float:
    """Central differences at a step and at half of it; of two steps the one they agree at best."""
    largest = float(np.abs(x).max(initial=0.0)) or 1.0
    tried = []
    with np.errstate(all="ignore"):
        for step in (1e-3 * largest, 1e-5 * largest):
            ends = [_root(flow, order, x + k * step * direction) for k in (-1.0, -0.5, 0.5, 1.0)]
            wide, narrow = (ends[3] - ends[0]) / (2 * step), (ends[2] - ends[1]) / step
            # Both together leave an error of the fourth order.
            tried.append((abs(wide - narrow), (4 * narrow - wide) / 3))
    return min(tried)[1]


def _not_replayed(node: Any) -> bool:
    """Whether an operation is other than the table's forward rule on arrays."""
    single = any(isinstance(one, Value) for one in (node, *node.parents))
    return single or isinstance(node.op, Opaque) or is_stand_in(node.data)


def _root(flow: Flow, order: list[Any], x: Any) -> float:
    known = {flow.x: x}
    for node in order:
        operands = [
            known[parent] if parent in known else as_numbers(parent) for parent in node.parents
        ]
        known[node] = node.op.forward(arrays, *operands, **node.params)
    return float(np.reshape(known[flow.root], -1)[0])
