"""Units that cannot become different, because they began alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.causes.finding import Finding, at_line
from viz.causes.flow import Flow, as_numbers

__all__ = ["alike"]


def alike(flow: Flow, name: str) -> Finding | None:
    """Said of a weight whose units have the same numbers and the same gradients."""
    data, g = as_numbers(flow.x), flow.received.get(flow.x)
    if (
        g is None
        or data.ndim < 2
        or not data.size
        or flow.element is not None
        or not flow.x.is_leaf
    ):
        return None
    for axis in range(data.ndim):
        count = data.shape[axis]
        if count < 2 or not _constant(data, axis) or not _constant(g, axis):
            continue
        user = _user(flow)
        if user is None:
            return None
        start = "0" if not np.any(data) else "the same"
        return Finding(
            "symmetry",
            f"All {count} units of {name} are alike, in their weights (which began as {start}) and "
            f"in their gradients, so they stay alike{at_line(user.origin)}.",
            user,
            user.origin,
            user.op.name,
        )
    return None


def _constant(array: Any, axis: int) -> bool:
    spread = np.abs(array - array.take([0], axis=axis)).max()
    return bool(spread <= 1e-12 * np.abs(array).max()) or not spread


def _user(flow: Flow) -> Any:
    """What uses the weight, past views of it."""
    return next((n for n in flow.order if n is not flow.x and n.op.name != "transpose"), None)
