"""Counterparts of the piecewise activation functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]

COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "relu6": lambda x: np.clip(x, 0, 6) * 1.0,
    "hardtanh": lambda x, min_val=-1.0, max_val=1.0: np.clip(x, min_val, max_val),
    "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hardswish": lambda x: np.select([x < -3, x < 3], [0 * x, x * (x + 3) / 6], x),
    "celu": lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(x / alpha) - 1)),
    "softshrink": lambda x, lambd=0.5: np.sign(x) * np.maximum(np.abs(x) - lambd, 0),
    "hardshrink": lambda x, lambd=0.5: x * (np.abs(x) > lambd),
    "tanhshrink": lambda x: x - np.tanh(x),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "squareplus": lambda x, b=4.0: (x + np.sqrt(x**2 + b)) / 2,
    "threshold": lambda x, threshold=0.0, value=0.0: np.where(x > threshold, x, value),
    "prelu": lambda x, weight: np.where(x > 0, x, weight * x),
}
