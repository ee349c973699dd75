"""Counterparts of the Bessel functions: their power series."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _series(order: int, sign: int, scaled: bool) -> Callable[..., Any]:
    def function(x: float) -> float:
        z = 0.25 * x * x
        terms = [
            (sign * z) ** k / (math.factorial(k) * math.factorial(k + order)) for k in range(40)
        ]
        size = (0.5 * x) ** order * math.fsum(terms)
        return size * math.exp(-abs(x)) if scaled else size

    return np.vectorize(function, otypes=[float])


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "i0": _series(0, 1, scaled=False),
    "i1": _series(1, 1, scaled=False),
    "i0e": _series(0, 1, scaled=True),
    "i1e": _series(1, 1, scaled=True),
    "j0": _series(0, -1, scaled=False),
    "j1": _series(1, -1, scaled=False),
}
