"""Plain NumPy counterparts of the structural entries of the table, and their samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops import Structural, every_primitive
from tests.autodiff.counterparts import gathered

__all__ = ["COUNTERPARTS", "ENTRIES", "SAMPLED", "Sample", "samples", "title"]

COUNTERPARTS = gathered()
Sample = tuple[Structural, list[Any], dict[str, Any]]

ENTRIES = [entry for entry in every_primitive().values() if isinstance(entry, Structural)]
SAMPLED = [entry for entry in ENTRIES if entry.samples is not None]


def samples(entry: Structural, seed: int = 5) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Operands and parameters that the entry offers for its tests."""
    assert entry.samples is not None
    yield from entry.samples(np.random.default_rng(seed))


def title(thing: Any) -> str:
    """The name of a test case."""
    return str(thing.name)
