"""Batches of arrays or samples, in order or shuffled with a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.data.collate import collate, is_number
from nn.module.dtypes import as_data

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
        dataset: one of

            - a `TensorDataset`, one array, or a tuple of arrays, ``(x, y)``: entry i along
              axis 0 of each is sample i;
            - a list of samples: tuples such as ``(x, y)``, dicts, numbers or text;
            - an object with ``__len__`` and ``__getitem__``, which gives sample i for the
              integer i.
        batch_size: samples per batch, at least 1.
        shuffle: draw a new order for every epoch.
        drop_last: leave out a last batch that is smaller than the others.
        collate_fn: what makes a batch of a list of samples; by default numbers and arrays are
            stacked, each part of a tuple or dict by itself.
        rng: a generator or a seed for the shuffling; the library's generator if not given.

    Iterating yields one tuple of arrays per batch; of samples that are no tuples, whatever
    they are made of: an array, or a dict of arrays. The same seed gives the same batches in
    every epoch of every run. Without shuffling the batches of arrays are views of the data.

    Raises:
        ValueError: the batch size is not a positive integer.
        ShapeError: the arrays differ in length, or samples in shape.
        TypeError: the dataset is no such thing; or it is a list of arrays or lists, which may
            be columns or samples.

    Example:
        >>> loader = DataLoader((np.arange(5),), batch_size=2)
        >>> [batch[0].tolist() for batch in loader], len(loader)
        ([[0, 1], [2, 3], [4]], 3)
        >>> for x, y in DataLoader([([0.5, 1.5], 0), ([2.5, 3.5], 1)], batch_size=2):
        ...     print(x.tolist(), y.tolist())
        [[0.5, 1.5], [2.5, 3.5]] [0, 1]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer):
            raise ValueError(f"batch_size must be a positive integer, not {batch_size!r}")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, and {batch_size} was given")
        self.dataset: Any = _dataset(dataset)
        self.batch_size: int = int(batch_size)
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.collate_fn = collate_fn
        self._rng = ad.random.generator(rng) if shuffle else None

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        """Walk through the data once."""
        order = None if self._rng is None else self._rng.permutation(len(self.dataset))
        for number in range(len(self)):
            window = slice(number * self.batch_size, (number + 1) * self.batch_size)
            if isinstance(self.dataset, TensorDataset) and self.collate_fn is None:
                yield self.dataset[window if order is None else order[window]]
                continue
            every = range(len(self.dataset)) if order is None else order
            samples = [self.dataset[int(i)] for i in every[window]]
            yield (self.collate_fn or collate)(samples)

    def __repr__(self) -> str:
        named = isinstance(self.dataset, TensorDataset)
        of = self.dataset if named else f"{len(self.dataset)} samples"
        return (
            f"DataLoader({of!r}, batch_size={self.batch_size}, "
            f"shuffle={self.shuffle}, drop_last={self.drop_last})"
        ).replace("'", "")


def _dataset(given: Any) -> Any:
    """Something with a length and an entry for every index."""
    if isinstance(given, tuple):
        return TensorDataset(*given)
    if isinstance(given, Tensor) or hasattr(given, "__array__"):
        return TensorDataset(given)
    if isinstance(given, list):
        return _samples(given)
    if isinstance(given, Mapping | str | bytes):
        raise TypeError(
            f"a DataLoader cannot tell the samples of a {type(given).__name__}; give a tuple of "
            "arrays, (x, y), a list of samples, or an object with __len__ and __getitem__"
        )
    if hasattr(given, "__len__") and hasattr(given, "__getitem__"):
        return given
    hint = "; make a list of it: list(...)" if hasattr(given, "__iter__") else ""
    raise TypeError(
        f"a {type(given).__name__} has no __len__ and __getitem__, by which a DataLoader finds "
        f"its samples{hint}"
    )


def _samples(given: list[Any]) -> Sequence[Any]:
    plain = all(is_number(item) or isinstance(item, str | bytes) for item in given)
    if given and (plain or all(isinstance(item, tuple | Mapping) for item in given)):
        return given
    kinds = ", ".join(sorted({type(item).__name__ for item in given})) or "nothing"
    raise TypeError(
        f"a list of {kinds} may be columns or samples: for arrays with one entry per sample give "
        "a tuple, (x, y), or TensorDataset(x, y); for one array per sample give numpy.stack(list), "
        "or a list of tuples, [(x,), …]"
    )
