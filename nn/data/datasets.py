"""Datasets: samples by number or one after the other, and datasets made of others."""

from __future__ import annotations

import inspect
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, chain
from typing import Any

import numpy as np

import autodiff as ad
from nn.data.given import as_dataset
from nn.module.shown import Shown, brief

__all__ = [
    "ChainDataset",
    "ConcatDataset",
    "Dataset",
    "IterableDataset",
    "MapDataset",
    "StackDataset",
    "Subset",
]

Rng = np.random.Generator


class Dataset(Shown):
    """Base class of datasets: a length, and sample i for the integer i.

    Nothing needs to derive from it: `DataLoader` takes any object with ``__len__`` and
    ``__getitem__``. What does can be added, ``a + b``, and may give its samples at random.

    Example:
        >>> class Squares(Dataset):
        ...     def __len__(self):
        ...         return 4
        ...     def __getitem__(self, i):
        ...         return i, i * i
        >>> (Squares() + Squares())[5]
        (1, 1)
    """

    random: bool = False
    """Whether samples are drawn: then `sample` takes a generator and `DataLoader` gives one."""

    def __getitem__(self, index: Any) -> Any:
        """Sample number ``index``."""
        raise NotImplementedError(f"{type(self).__name__} lacks __getitem__, which gives a sample")

    def __len__(self) -> int:
        """Number of samples."""
        raise NotImplementedError(f"{type(self).__name__} lacks __len__, the number of samples")

    def sample(self, index: int, rng: Rng) -> Any:
        """Sample number ``index``, with what is random in it drawn from ``rng``."""
        return self[index]

    def rows(self, selection: Any) -> Any:
        """The batch of a slice or an array of numbers, made at once; None if it cannot be."""
        return None

    def __add__(self, other: Any) -> ConcatDataset:
        """The samples of both, one after the other."""
        return ConcatDataset([self, other])


class IterableDataset(Shown):
    """Base class of datasets without a length, whose samples come one after the other.

    Nothing needs to derive from it: `DataLoader` takes any object that can be iterated again
    and again.
    """

    def __iter__(self) -> Iterator[Any]:
        """The samples from the first on."""
        raise NotImplementedError(f"{type(self).__name__} lacks __iter__, which gives the samples")

    def __add__(self, other: Any) -> ChainDataset:
        """The samples of both, one after the other."""
        return ChainDataset([self, other])


class ChainDataset(IterableDataset):
    """Datasets without a length, one after the other.

    Args:
        datasets: iterables of samples.

    Example:
        >>> list(ChainDataset([range(2), range(3)]))
        [0, 1, 0, 1, 2]
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets: list[Any] = list(datasets)

    def __iter__(self) -> Iterator[Any]:
        """The samples of the first, then those of the next."""
        return chain.from_iterable(self.datasets)


def _sample(dataset: Any, index: int, rng: Rng | None) -> Any:
    if rng is not None and isinstance(dataset, Dataset):
        return dataset.sample(index, rng)
    return dataset[index]


def _random(dataset: Any) -> bool:
    return isinstance(dataset, Dataset) and dataset.random


class View(Dataset):
    """Samples of other datasets, found by their numbers."""

    def _of(self, index: int, rng: Rng | None) -> Any:
        raise NotImplementedError

    def __getitem__(self, index: Any) -> Any:
        """Sample number ``index``."""
        return self._of(self._within(index), None)

    def sample(self, index: int, rng: Rng) -> Any:
        """The same, with what is random in it drawn from ``rng``."""
        return self._of(self._within(index), rng)

    def _within(self, index: Any) -> int:
        count = len(self)
        if not -count <= index < count:
            raise IndexError(f"sample {index} was asked for, and there are {count}")
        return int(index) % count


class Subset(View):
    """Some samples of a dataset.

    Args:
        dataset: an object with ``__len__`` and ``__getitem__``.
        indices: the numbers of the samples, in their new order.

    Raises:
        IndexError: a number is beyond the dataset.

    Example:
        >>> Subset("abcdef", [4, 0])[1]
        'a'
    """

    def __init__(self, dataset: Any, indices: Any) -> None:
        self.dataset: Any = as_dataset(dataset)
        self.random: bool = _random(dataset)
        self.indices: np.ndarray[Any, Any] = np.asarray(indices, dtype=np.int64).reshape(-1)
        count = len(dataset)
        outside = self.indices[(self.indices < -count) | (self.indices >= count)]
        if len(outside):
            raise IndexError(
                f"a subset with sample {outside[0]} was asked for, and the dataset has {count}"
            )

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.indices)

    def _of(self, index: int, rng: Rng | None) -> Any:
        return _sample(self.dataset, int(self.indices[index]), rng)

    def rows(self, selection: Any) -> Any:
        """The batch of a selection, where the dataset makes one at once."""
        if not isinstance(self.dataset, Dataset):
            return None
        return self.dataset.rows(self.indices[selection])


class ConcatDataset(View):
    """Datasets one after the other.

    Args:
        datasets: objects with ``__len__`` and ``__getitem__``, at least one.

    Raises:
        ValueError: there are none.

    Example:
        >>> both = ConcatDataset(["ab", "cde"])
        >>> len(both), both[3], both[-1]
        (5, 'd', 'e')
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets: list[Any] = list(map(as_dataset, datasets))
        if not self.datasets:
            raise ValueError("there is nothing to be joined; give at least one dataset")
        self.cumulative_sizes: list[int] = list(accumulate(len(one) for one in self.datasets))
        self.random: bool = any(_random(one) for one in self.datasets)

    def __len__(self) -> int:
        """Number of samples of all together."""
        return self.cumulative_sizes[-1]

    def _of(self, index: int, rng: Rng | None) -> Any:
        which = bisect_right(self.cumulative_sizes, index)
        before = self.cumulative_sizes[which - 1] if which else 0
        return _sample(self.datasets[which], index - before, rng)


class StackDataset(View):
    """Datasets side by side: a sample has a part from each.

    Args:
        *args: objects with ``__len__`` and ``__getitem__``, of one length; samples are tuples.
        **kwargs: the same by name, instead; samples are dicts.

    Raises:
        ValueError: there are none, they are given both ways, or lengths differ.

    Example:
        >>> StackDataset([1, 2], "ab")[1]
        (2, 'b')
        >>> StackDataset(image=[1, 2], text="ab")[0]
        {'image': 1, 'text': 'a'}
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if bool(args) == bool(kwargs):
            raise ValueError(
                "StackDataset takes datasets, or datasets by name, and was given "
                f"{'both' if args else 'none'}"
            )
        self.datasets: tuple[Any, ...] | dict[str, Any] = args or kwargs
        self._parts: list[Any] = list(map(as_dataset, args or kwargs.values()))
        lengths = [len(one) for one in self._parts]
        if len(set(lengths)) > 1:
            raise ValueError(f"StackDataset takes datasets of one length, and was given {lengths}")
        self.random: bool = any(_random(one) for one in self._parts)

    def __len__(self) -> int:
        """Number of samples."""
        return len(self._parts[0])

    def __repr__(self) -> str:
        named = self.datasets.items() if isinstance(self.datasets, dict) else ()
        said = [f"{name}={brief(one)}" for name, one in named] or map(brief, self._parts)
        return f"{type(self).__name__}({', '.join(said)})"

    def _of(self, index: int, rng: Rng | None) -> Any:
        sample = tuple(_sample(one, index, rng) for one in self._parts)
        if isinstance(self.datasets, dict):
            return dict(zip(self.datasets, sample, strict=True))
        return sample


class MapDataset(View):
    """A dataset with a function applied to every sample.

    Args:
        dataset: an object with ``__len__`` and ``__getitem__``.
        transform: a function of a sample. If it has an argument ``rng`` it is given a
            generator: in a `DataLoader` one for each sample, made of the loader's seed, the
            epoch and the sample's place in it, so that neither the number of workers nor
            stopping and resuming changes what is drawn.
        rng: a generator or a seed, for samples that are asked for without a loader; the
            library's generator if not given.

    Example:
        >>> MapDataset([1, 2, 3], lambda x: x * 10)[2]
        30
    """

    def __init__(
        self, dataset: Any, transform: Callable[..., Any], *, rng: Rng | int | None = None
    ) -> None:
        self.dataset: Any = as_dataset(dataset)
        self.transform: Callable[..., Any] = transform
        self._draws = takes_rng(transform)
        self.random: bool = self._draws or _random(dataset)
        self._rng = ad.random.generator(rng)

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.dataset)

    def _of(self, index: int, rng: Rng | None) -> Any:
        sample = _sample(self.dataset, index, rng)
        return (
            self.transform(sample, rng=rng or self._rng) if self._draws else self.transform(sample)
        )


def takes_rng(function: Callable[..., Any]) -> bool:
    """Whether a function has an argument ``rng``."""
    try:
        return "rng" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False
