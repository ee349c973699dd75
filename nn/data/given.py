"""What is given as a dataset, looked at before it is asked for samples."""

from __future__ import annotations

from typing import Any

__all__ = ["as_dataset"]


def as_dataset(given: Any) -> Any:
    """A dataset, which a tuple of arrays is not.

    Raises:
        TypeError: it is one: its entries are columns, and would be taken for samples.
    """
    if isinstance(given, tuple) and any(getattr(entry, "ndim", 0) for entry in given):
        raise TypeError(
            "a tuple of arrays would be taken for a dataset with an array as each sample; if the "
            "arrays have an entry for each sample, give TensorDataset(x, y)"
        )
    return given
