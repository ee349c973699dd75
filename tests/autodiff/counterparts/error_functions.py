"""Counterparts of the relatives of the error function, by Python's own functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]

_NORMAL = NormalDist()


def _newton(guess: float, y: float) -> float:
    """One step towards the number whose error function is ``y``."""
    error = math.erf(guess) - y
    return guess - error * 0.5 * math.sqrt(math.pi) * math.exp(guess * guess)


def _erfinv(y: float) -> float:
    if abs(y) == 1:
        return math.copysign(math.inf, y)
    return _newton(_NORMAL.inv_cdf(0.5 + 0.5 * y) * math.sqrt(0.5), y)


def _ndtri(p: float) -> float:
    return _NORMAL.inv_cdf(p) if 0 < p < 1 else math.copysign(math.inf, p - 0.5)


def _ndtr(x: float) -> float:
    return 0.5 * math.erfc(-x * math.sqrt(0.5))


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "erfcx": np.vectorize(lambda x: math.exp(x * x) * math.erfc(x), otypes=[float]),
    "erfinv": np.vectorize(_erfinv, otypes=[float]),
    "gelu_slope": np.vectorize(
        lambda x: _ndtr(x) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi), otypes=[float]
    ),
    "silu_slope": lambda x: (1 + x / (1 + np.exp(x))) / (1 + np.exp(-x)),
    "ndtr": np.vectorize(_ndtr, otypes=[float]),
    "log_ndtr": np.vectorize(lambda x: math.log(_ndtr(x)), otypes=[float]),
    "ndtri": np.vectorize(_ndtri, otypes=[float]),
}
