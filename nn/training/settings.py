"""Settings of a fit: whole numbers, and the float type to compute in."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.module.base import Module
from nn.module.tree import float_type

__all__ = ["check_precision", "checked_count"]

_HALVES = ("float16", "half", "16", "16-mixed", "bfloat16", "bf16", "bf16-mixed", "mixed")


def check_precision(model: Module, wanted: Any) -> None:
    """Refuse a precision that the model does not have, or that would be slower and less safe.

    Raises:
        ValueError: it is one of those.
    """
    if wanted is None:
        return
    name = wanted if isinstance(wanted, str) else np.dtype(wanted).name
    if name in _HALVES:
        raise ValueError(
            f"precision={name!r} is refused: NumPy multiplies half-precision matrices without "
            "BLAS, a product of 256 × 256 some 300 times as slowly as in float32, and there is no "
            "bfloat16; leave it out to train in float32"
        )
    have = float_type(model)
    if have is not None and np.dtype(name) != have:
        call = "double" if name == "float64" else "float"
        raise ValueError(
            f"precision={name!r}, but the parameters of the model are {have}; call "
            f"model.{call}() before the optimizer is made"
        )


def checked_count(name: str, value: Any, least: int) -> int:
    """A whole number.

    Raises:
        ValueError: it is none, or too small.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} up, not {value!r}")
    return int(value)
