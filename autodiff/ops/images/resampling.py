"""Resampling along an axis: every result a weighted sum of a few elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

_TAPS = (np.array([[0, 1], [2, 3], [3, 3]]), np.array([[0.5, 0.5], [2.0, -1.0], [1.5, 0.0]]))
_FULL = (
    np.array([[0, 0], [0, 0], [1, 1], [1, 2]]),
    np.array([[0.5, 0.0], [0.5, 0.0], [2.0, 0.0], [-1.0, 1.5]]),
)


def _resample_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int, taps: Any, back: Any) -> Any:
    return xp.resample(g, axis=axis, taps=back, back=taps)


resample: Structural = structural(
    "resample",
    lambda xp, x, *, axis, taps, back: xp.resample(x, axis, taps, back),
    [_resample_vjp],
    notation=Notation.function("resample"),
    linear=True,
    keeps=["taps", "back"],
    samples=cases(
        ((4,), {"axis": 0, "taps": _TAPS, "back": _FULL}),
        ((2, 4), {"axis": -1, "taps": _TAPS, "back": _FULL}),
        ((2, 4, 3), {"axis": 1, "taps": _TAPS, "back": _FULL}),
        ((3, 2), {"axis": 0, "taps": _FULL, "back": _TAPS}),
    ),
    factors=[("transposed weights", "sums of g with the weights transposed")],
    doc="Weighted sums of a few elements along an axis, by rows of places and weights.",
)
