"""Constants as Python numbers, so that they leave the dtype of an operand as it is."""

from __future__ import annotations

import math

__all__ = ["e", "inf", "nan", "newaxis", "pi"]

e: float = math.e
"""Euler's number."""

inf: float = math.inf
"""Infinity."""

nan: float = math.nan
"""Not a number."""

newaxis: None = None
"""In an index, a new axis of length 1."""

pi: float = math.pi
"""Half the circumference of the unit circle."""
