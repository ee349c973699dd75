"""The dataset of arrays that lie side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.data.datasets import Dataset
from nn.module.dtypes import as_data

__all__ = ["TensorDataset"]

Array = np.ndarray[Any, Any]


class TensorDataset(Dataset):
    """Arrays of equal length; sample i is the i-th element of each.

    Args:
        *arrays: arrays, lists or tensors with one entry per sample along axis 0; Python
            floats become `nn.get_default_dtype`.

    Raises:
        ShapeError: no arrays, a 0-d array, or arrays of different lengths.

    Example:
        >>> data = TensorDataset(np.zeros((5, 2)), np.arange(5))
        >>> len(data), data[3][1]
        (5, np.int64(3))
    """

    def __init__(self, *arrays: Any) -> None:
        self.arrays: tuple[Array, ...] = tuple(as_data(a) for a in arrays)
        shapes = [a.shape for a in self.arrays]
        if not shapes or () in shapes or len({shape[0] for shape in shapes}) != 1:
            raise ShapeError(
                f"arrays of shapes {shapes} do not make a dataset: give at least one array, "
                "all with the same number of samples along axis 0"
            )

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.arrays[0])

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        """The samples at an index, a slice or an array of indices."""
        return tuple([a[index] for a in self.arrays])

    def rows(self, selection: Any) -> tuple[Any, ...]:
        """The batch of a slice, as views, or of an array of numbers, as copies."""
        return tuple([a[selection] for a in self.arrays])

    def __repr__(self) -> str:
        shapes = ", ".join(f"{a.dtype}{list(a.shape)}" for a in self.arrays)
        return f"TensorDataset({shapes})"
