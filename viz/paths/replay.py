"""The graph computed once more, with other numbers in one place: by the table alone."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from viz.paths.between import Between

__all__ = ["finite_difference", "replay"]

STEPS = (1e-2, 1e-3, 1e-4, 1e-5)
"""Of these, times the size of the number, the best is taken."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def replay(part: Between, numbers: Numbers) -> Numbers:
    """The results of a graph of Values, had the first node these numbers.

    Args:
        part: what lies between that node and the result.
        numbers: all that are to be tried, in one sweep.

    Example:
        >>> import autodiff as ad
        >>> from viz.paths.between import between
        >>> x, y = ad.Value(3.0), ad.Value(4.0)
        >>> replay(between(x * y + x, x), np.array([10.0, 20.0]))
        array([ 50., 100.])
    """
    known: dict[Any, Any] = {part.nodes[0]: numbers}
    with np.errstate(all="ignore"):
        for node in part.nodes[1:]:
            operands = [known.get(p, p.data) for p in node.parents]
            known[node] = node.op.forward(arrays, *operands, **node.params)
    return np.broadcast_to(np.asarray(known[part.nodes[-1]], np.float64), numbers.shape)


def finite_difference(part: Between) -> tuple[float, float]:
    """The derivative by differences of replayed results, and how far it can be trusted.

    Central differences at a step and at half of it, extrapolated to none; of several steps the one
    whose two differences agree best. The second number is how far these are apart, with what
    rounding adds.
    """
    at, size = float(part.nodes[0].data), abs(float(part.nodes[-1].data))
    scales = dict.fromkeys((max(abs(at), 1.0), abs(at) or 1.0))
    step = np.array([scale * h for scale in scales for h in STEPS])
    shifts = np.concatenate([step, -step, step / 2, -step / 2])
    up, down, half_up, half_down = replay(part, at + shifts).reshape(4, -1)
    with np.errstate(all="ignore"):
        rough, fine = (up - down) / (2 * step), (half_up - half_down) / step
        error = np.abs(fine - rough) + 8 * sys.float_info.epsilon * size / step
        best = int(np.argmin(np.where(np.isnan(error), np.inf, error)))
        return float((4 * fine - rough)[best] / 3), float(error[best])
