"""Counterparts of the entries for complex numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]

COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "real": np.real,
    "imag": np.imag,
    "conjugate": np.conjugate,
    "make_complex": lambda a, b: a + 1j * np.asarray(b),
    "modulus": np.abs,
}
