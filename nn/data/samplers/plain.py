"""Every sample once, in order or shuffled; and batches of any sampler's numbers."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

import numpy as np

import autodiff as ad
from nn.data.samplers.base import Sampler, follows

__all__ = ["BatchSampler", "RandomSampler", "SequentialSampler", "SubsetRandomSampler"]

Rng = np.random.Generator


def positive(name: str, value: Any) -> int:
    """A number of samples, as an integer."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a positive integer, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, and {value} was given")
    return int(value)


class SequentialSampler(Sampler):
    """All samples in their order.

    Args:
        data_source: the dataset; only its length matters.

    Example:
        >>> list(SequentialSampler("abc"))
        [0, 1, 2]
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source: Sized = data_source

    def order(self, rng: Rng | None) -> range:
        """From 0 up."""
        return range(len(self.data_source))

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.data_source)


class RandomSampler(Sampler):
    """All samples in random order; or so many of them, drawn with replacement.

    Args:
        data_source: the dataset; only its length matters.
        replacement: draw every number independently of the others, so that some come twice.
        num_samples: how many are drawn in an epoch; all if not given. Without replacement
            more than there are come in several shuffles, one after the other.
        rng: a generator or a seed; the library's generator if not given.

    Example:
        >>> sorted(RandomSampler("abc", rng=0))
        [0, 1, 2]
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        *,
        rng: Rng | int | None = None,
    ) -> None:
        self.data_source: Sized = data_source
        self.replacement: bool = replacement
        self._num_samples = None if num_samples is None else positive("num_samples", num_samples)
        self.rng: Rng | None = ad.random.generator(rng)

    @property
    def num_samples(self) -> int:
        """How many samples an epoch has."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def order(self, rng: Rng | None) -> Any:
        """The numbers in the order of an epoch."""
        rng, there, wanted = ad.random.generator(rng), len(self.data_source), self.num_samples
        if wanted == there and not self.replacement:
            return rng.permutation(there)
        if not there:
            return np.zeros(0, np.int64)
        if self.replacement:
            return rng.integers(there, size=wanted)
        rounds = [rng.permutation(there) for _ in range(-(-wanted // there))]
        return np.concatenate(rounds)[:wanted]

    def __len__(self) -> int:
        """How many samples an epoch has."""
        return self.num_samples


class SubsetRandomSampler(Sampler):
    """Some samples, in random order.

    Args:
        indices: their numbers.
        rng: a generator or a seed; the library's generator if not given.

    Example:
        >>> sorted(SubsetRandomSampler([7, 3], rng=0))
        [3, 7]
    """

    def __init__(self, indices: Sequence[int], *, rng: Rng | int | None = None) -> None:
        self.indices: Sequence[int] = indices
        self.rng: Rng | None = ad.random.generator(rng)

    def order(self, rng: Rng | None) -> Any:
        """The numbers, shuffled."""
        return ad.random.generator(rng).permutation(np.asarray(self.indices, dtype=np.int64))

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.indices)


class BatchSampler(Sampler):
    """Batches of the numbers that a sampler gives.

    Args:
        sampler: a sampler, or any sequence of sample numbers.
        batch_size: samples per batch, at least 1.
        drop_last: leave out a last batch that is smaller than the others.

    Example:
        >>> list(BatchSampler(range(5), batch_size=2, drop_last=False))
        [[0, 1], [2, 3], [4]]
    """

    batches = True

    def __init__(self, sampler: Any, batch_size: int, drop_last: bool = False) -> None:
        self.sampler: Any = sampler
        self.batch_size: int = positive("batch_size", batch_size)
        self.drop_last: bool = drop_last
        self.rng: Rng | None = (
            getattr(sampler, "rng", None) if isinstance(sampler, Sampler) else None
        )

    def order(self, rng: Rng | None) -> list[Any]:
        """The batches of an epoch."""
        given = self.sampler
        numbers = given.order(rng) if follows(given) else list(given)
        size = self.batch_size
        cut = [numbers[start : start + size] for start in range(0, len(numbers), size)]
        return cut[:-1] if self.drop_last and cut and len(cut[-1]) < size else cut

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        whole, rest = divmod(len(self.sampler), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)
