"""Batches of samples that are about as long."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from nn.data.samplers.base import Sampler
from nn.data.samplers.plain import positive

__all__ = ["BucketBatchSampler"]

Rng = np.random.Generator
Array = np.ndarray[Any, Any]


class BucketBatchSampler(Sampler):
    """Batches of sequences of similar length, so that little is padded; see `pad_collate`.

    The shuffled samples are taken by so many batches, each of these buckets is sorted by
    length and divided into batches, and the batches of all buckets are shuffled.

    Args:
        lengths: the length of each sample, of shape (N,).
        batch_size: samples per batch.
        drop_last: leave out batches that are smaller than the others.
        bucket_batches: how many batches are sorted together: the more, the less is padded, and
            the less random the batches are. None sorts all.
        shuffle: if not, the samples are sorted and the batches come in order, the shortest first.
        rng: a generator or a seed; the library's generator if not given.

    Example:
        >>> sampler = BucketBatchSampler([5, 1, 4, 2], 2, shuffle=False)
        >>> list(sampler)
        [[1, 3], [2, 0]]
    """

    batches = True

    def __init__(
        self,
        lengths: Any,
        batch_size: int,
        drop_last: bool = False,
        *,
        bucket_batches: int | None = 100,
        shuffle: bool = True,
        rng: Rng | int | None = None,
    ) -> None:
        self.lengths: Array = np.asarray(lengths).reshape(-1)
        self.batch_size: int = positive("batch_size", batch_size)
        self.drop_last: bool = drop_last
        self.bucket_batches: int | None = (
            None if bucket_batches is None else positive("bucket_batches", bucket_batches)
        )
        self.shuffle: bool = shuffle
        self.rng: Rng | None = ad.random.generator(rng) if shuffle else None

    def order(self, rng: Rng | None) -> list[Array]:
        """The batches of an epoch."""
        count, size = len(self.lengths), self.batch_size
        if not self.shuffle:
            return self._cut(np.arange(count))
        rng = ad.random.generator(rng)
        order = rng.permutation(count)
        width = count if self.bucket_batches is None else self.bucket_batches * size
        buckets = [order[start : start + width] for start in range(0, count, max(width, 1))]
        batches = [batch for bucket in buckets for batch in self._cut(bucket)]
        return [batches[i] for i in rng.permutation(len(batches))]

    def _cut(self, bucket: Array) -> list[Array]:
        ordered = bucket[np.argsort(self.lengths[bucket], kind="stable")]
        size = self.batch_size
        cut = [ordered[start : start + size] for start in range(0, len(ordered), size)]
        return [batch for batch in cut if len(batch) == size or not self.drop_last]

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        # Only the last bucket has a batch that is not full.
        whole, rest = divmod(len(self.lengths), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)
