"""Whether all is finite, asked while a program runs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.errors import NonFiniteError

__all__ = ["require_finite"]


def require_finite(x: Any) -> None:
    """Go on if no number is NaN or infinite.

    Raises:
        NonFiniteError: one is; its text is that number.

    Example:
        >>> require_finite(np.array(1.0))
        >>> require_finite(np.array([1.0, np.inf]))
        Traceback (most recent call last):
        autodiff.errors.NonFiniteError: inf
    """
    if x.size == 1:
        if math.isfinite(x.item()):
            return
    elif np.isfinite(x).all():
        return
    found = np.ravel(x)
    raise NonFiniteError(str(found[~np.isfinite(found)][0].item()), None, "required", None)
