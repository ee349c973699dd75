"""Whether two first steps were the same work: their losses, gradients and updates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peer import Outcome

# Relative; the first for work in double precision, the second where single takes part.
DOUBLE, SINGLE = 1e-9, 1e-3


def _distance(ours: list[NDArray[Any]], theirs: list[NDArray[Any]]) -> float:
    """The largest distance between two arrays of a pair, relative to the second's length."""
    worst = 0.0
    for a, b in zip(ours, theirs, strict=True):
        if a.shape != b.shape:
            raise ValueError(f"got a result of shape {a.shape} where {b.shape} was expected")
        length = float(np.linalg.norm(b))
        gap = float(np.linalg.norm(a.astype(np.float64) - b))
        worst = max(worst, gap / length if length else gap)
    return worst


def disagreement(ours: Outcome, reference: Outcome, start: list[NDArray[Any]]) -> dict[str, float]:
    """Relative distances between two outcomes of the first step.

    Args:
        ours: The outcome to judge.
        reference: The one to judge it by.
        start: The parameters before the step; updates are compared, since the parameters
            themselves hardly move.

    Returns:
        The distance of the loss, and of gradients and updates where both outcomes have them.
    """
    scale = abs(reference.loss) or 1.0
    result = {"loss": abs(ours.loss - reference.loss) / scale}
    if ours.gradients and reference.gradients:
        result["gradient"] = _distance(ours.gradients, reference.gradients)
    if ours.parameters and reference.parameters:
        result["update"] = _distance(
            [p.astype(np.float64) - s for p, s in zip(ours.parameters, start, strict=True)],
            [p.astype(np.float64) - s for p, s in zip(reference.parameters, start, strict=True)],
        )
    return result


def tolerance(*outcomes: Outcome) -> float:
    """How far the outcomes may be apart, by the lowest precision among them."""
    kept = (array for o in outcomes for array in (*o.gradients, *o.parameters))
    return SINGLE if any(array.dtype == np.float32 for array in kept) else DOUBLE
