"""What made data are asked for: whole numbers, and deviations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["count", "deviation"]


def count(value: Any, name: str = "n_samples", least: int = 1) -> int:
    """A whole number.

    Raises:
        ValueError: it is none, or too small.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        wanted = "a positive integer" if least == 1 else f"a whole number from {least} up"
        raise ValueError(f"{name} must be {wanted}, not {value!r}")
    return int(value)


def deviation(value: float | None, name: str = "noise") -> float:
    """A standard deviation; None stands for 0.

    Raises:
        ValueError: it is negative, or not finite.
    """
    if value is None:
        return 0.0
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} is a standard deviation, 0 or more, and {value} was given")
    return float(value)
