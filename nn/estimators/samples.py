"""Samples as a fit takes them, and as they are set aside."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.data import Dataset
from nn.estimators.scikit import train_test_split

__all__ = ["Samples", "set_aside"]

Array = np.ndarray[Any, Any]


def set_aside(
    parts: list[Any], share: float, strata: Array | None, seed: int
) -> tuple[list[Any], list[Any]]:
    """Two parts of the samples, for training and for validation.

    Args:
        parts: arrays over the samples.
        share: of the samples, for validation.
        strata: labels whose shares are to be the same in both; or None.
        seed: by which they are drawn.

    Raises:
        ValueError: the share is none, or leaves one part empty.
    """
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
        raise ValueError(f"validation_fraction must lie between 0 and 1, not {share!r}")
    pieces = train_test_split(*parts, test_size=share, stratify=strata, random_state=seed)
    return pieces[::2], pieces[1::2]


class Samples(Dataset):
    """Samples (inputs, targets) whose targets come with weights, if there are any.

    Args:
        parts: inputs, targets, and perhaps weights.
    """

    def __init__(self, parts: list[Array]) -> None:
        self._x = parts[0]
        self._targets = parts[1:]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._x)

    def __getitem__(self, index: Any) -> Any:
        """One sample, or a selection of them."""
        found = tuple(part[index] for part in self._targets)
        return self._x[index], found if len(found) > 1 else found[0]

    def rows(self, selection: Any) -> Any:
        """The batch of a selection."""
        return self[selection]
