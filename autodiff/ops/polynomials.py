"""Polynomials in terms of plain arithmetic, for series inside the table's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["polynomial"]


def polynomial(x: Any, coefficients: Sequence[float]) -> Any:
    """c₀ + c₁x + c₂x² + … by Horner's rule, for anything that adds and multiplies.

    Example:
        >>> polynomial(2.0, (1.0, 0.5, 0.25))
        3.0
    """
    result: Any = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        result = result * x + c
    return result
