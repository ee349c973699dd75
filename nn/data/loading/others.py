"""PyTorch's arguments of a loader that threads and arrays of NumPy have no use for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["refuse_others"]

_DEFAULTS: dict[str, tuple[Any, str]] = {
    "pin_memory_device": ("", "there is no device to which memory would be copied"),
    "timeout": (0, "a thread cannot be ended from outside"),
    "multiprocessing_context": (None, "the workers are threads"),
    "generator": (None, "randomness comes from rng=, a numpy.random.Generator or a seed"),
}


_WITHOUT_MEANING = ("pin_memory", "persistent_workers", "in_order")
"""How memory and workers are kept does not change the batches, which always come in order."""


def refuse_others(given: Mapping[str, Any]) -> None:
    """See that arguments which mean nothing here have their default.

    Raises:
        TypeError: one has another value, or there is no such argument.
    """
    for name, value in given.items():
        if name in _WITHOUT_MEANING:
            continue
        if name not in _DEFAULTS:
            raise TypeError(f"DataLoader has no argument {name!r}")
        default, reason = _DEFAULTS[name]
        if value != default:
            raise TypeError(f"DataLoader takes no {name}={value!r}: {reason}; leave it out")
