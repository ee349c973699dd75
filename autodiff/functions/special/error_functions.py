"""Relatives of the error function: scaled, inverse, and as probabilities.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.functions.signatures import Unary, unary
from autodiff.ops.special import error_functions

__all__ = ["erfcinv", "erfcx", "erfinv", "log_ndtr", "ndtr", "ndtri"]

erfcx: Unary = unary(error_functions.erfcx)
"""exp(x²) · erfc(x), without underflow.

f = erfcx(x).
d f/dx: see `python -m autodiff show erfcx`.
"""
erfinv: Unary = unary(error_functions.erfinv)
"""Inverse of the error function. d erf⁻¹(x)/dx = 0.8862 · exp(erf⁻¹(x)²)."""
ndtr: Unary = unary(error_functions.ndtr)
"""Distribution function of the standard normal distribution.

d Φ(x)/dx = 0.3989 · exp(−0.5 · x²).
"""
log_ndtr: Unary = unary(error_functions.log_ndtr)
"""Logarithm of the normal distribution function, exact far to the left.

d log Φ(x)/dx = 0.7979 / erfcx(−0.7071 · x).
"""
ndtri: Unary = unary(error_functions.ndtri)
"""Inverse of the normal distribution function. d Φ⁻¹(p)/dp = 2.507 · exp(0.5 · Φ⁻¹(p)²)."""


def erfcinv(y: Any) -> Any:
    """Inverse of the complementary error function, exact also for tiny ``y``.

    Args:
        y: numbers from 0 to 2; tensor, Value, array or number.

    Returns:
        A node of the shape of ``y``.

    Example:
        >>> round(erfcinv(1e-30).item(), 4)
        8.1486
    """
    return -math.sqrt(0.5) * ndtri(y * 0.5)
