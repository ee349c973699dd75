"""Counterparts of the entries for normalisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _standardize(x: Any, axis: Any, eps: float) -> Any:
    centre = np.mean(x, axis=axis, keepdims=True)
    return (x - centre) / np.sqrt(np.var(x, axis=axis, keepdims=True) + eps)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "affine_standardize": lambda x, w, b, axis, eps: _standardize(x, axis, eps) * w + b,
    "standardize": _standardize,
}
