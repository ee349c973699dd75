"""Batches of arrays, in order or shuffled with a seed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.data.splitting import as_generator
from nn.dtypes import as_data

__all__ = ["DataLoader", "TensorDataset"]

Array = np.ndarray[Any, Any]


class TensorDataset:
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
        return tuple(a[index] for a in self.arrays)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{a.dtype}{list(a.shape)}" for a in self.arrays)
        return f"TensorDataset({shapes})"


class DataLoader:
    """Walks through a dataset in batches; each walk is one epoch.

    Args:
        dataset: a `TensorDataset`, or arrays in a tuple or list.
        batch_size: samples per batch, at least 1.
        shuffle: draw a new order for every epoch.
        drop_last: leave out a last batch that is smaller than the others.
        rng: a generator or a seed for the shuffling; the library's generator if not given.

    Iterating yields one tuple of arrays per batch. The same seed gives the same batches in
    every epoch of every run. Without shuffling the batches are views of the data.

    Raises:
        ValueError: the batch size is not a positive integer.
        ShapeError: the arrays differ in length.

    Example:
        >>> loader = DataLoader((np.arange(5),), batch_size=2)
        >>> [batch[0].tolist() for batch in loader], len(loader)
        ([[0, 1], [2, 3], [4]], 3)
    """

    def __init__(
        self,
        dataset: TensorDataset | tuple[Any, ...] | list[Any],
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer):
            raise ValueError(f"batch_size must be a positive integer, not {batch_size!r}")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, and {batch_size} was given")
        if isinstance(dataset, TensorDataset):
            self.dataset = dataset
        elif isinstance(dataset, tuple | list):
            self.dataset = TensorDataset(*dataset)
        else:
            self.dataset = TensorDataset(dataset)
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.drop_last = drop_last
        self._rng = as_generator(rng) if shuffle else None

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        """Walk through the data once."""
        order = None if self._rng is None else self._rng.permutation(len(self.dataset))
        for number in range(len(self)):
            window = slice(number * self.batch_size, (number + 1) * self.batch_size)
            yield self.dataset[window if order is None else order[window]]

    def __repr__(self) -> str:
        return (
            f"DataLoader({self.dataset!r}, batch_size={self.batch_size}, "
            f"shuffle={self.shuffle}, drop_last={self.drop_last})"
        )
