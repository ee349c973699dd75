"""Counterparts of products with a logarithm, and of quotients exact at 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]

COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "xlogy": lambda x, y: x * np.log(y),
    "xlog1py": lambda x, y: x * np.log1p(y),
    "entr": lambda x: -x * np.log(x),
    "rel_entr": lambda x, y: x * np.log(x / y),
    "kl_div": lambda x, y: x * np.log(x / y) - x + y,
    "exprel": lambda x: np.expm1(x) / x,
    "logit": lambda x: 2 * np.arctanh(2 * x - 1),
    "log_sigmoid": lambda x: -np.logaddexp(0, -x),
}
