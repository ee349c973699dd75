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
erfinv: Unary = unary(error_functions.erfinv)
ndtr: Unary = unary(error_functions.ndtr)
log_ndtr: Unary = unary(error_functions.log_ndtr)
ndtri: Unary = unary(error_functions.ndtri)


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
