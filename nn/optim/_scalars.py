"""Numbers as 0-d arrays of a parameter's dtype."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["scalar"]


@lru_cache(maxsize=1024)
def scalar(value: float, dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """A read-only 0-d array; NumPy takes it about twice as fast as a Python float."""
    array = np.array(value, dtype=dtype)
    array.flags.writeable = False
    return array
