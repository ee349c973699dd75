"""Batches in which every class has its share."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.data.samplers.base import Sampler
from nn.data.samplers.plain import positive

__all__ = ["BalancedBatchSampler", "StratifiedBatchSampler"]

Rng = np.random.Generator
Array = np.ndarray[Any, Any]


def _members(labels: Any) -> list[Array]:
    """The samples of each class."""
    array = np.asarray(labels)
    if array.ndim != 1 or not len(array):
        raise ShapeError(f"labels have shape {array.shape}; give one for each sample, at least one")
    _, which = np.unique(array, return_inverse=True)
    order = np.argsort(which, kind="stable")
    return np.split(order, np.cumsum(np.bincount(which))[:-1])


def _spread(counts: list[int]) -> Array:
    """A class for each place, so that at every place all had their share, to less than one.

    Item k of a class with n of the N items is due between the places k·N/n and (k+1)·N/n; the
    one that is due first comes first (Liu and Layland, "Scheduling algorithms", 1973).
    """
    total = sum(counts)
    released = sorted(
        (k * total // n, -(-(k + 1) * total // n), kind)
        for kind, n in enumerate(counts)
        for k in range(n)
    )
    due: list[tuple[int, int]] = []
    places = np.empty(total, np.int64)
    upcoming = 0
    for place in range(total):
        while upcoming < total and released[upcoming][0] <= place:
            heapq.heappush(due, released[upcoming][1:])
            upcoming += 1
        places[place] = heapq.heappop(due)[1]
    return places


class StratifiedBatchSampler(Sampler):
    """Batches of all samples, shuffled, in which the classes have the same shares as in all.

    A class has its share to less than one sample in every run of batches from the first, and
    so to less than two in every batch.

    Args:
        labels: one for each sample, of shape (N,).
        batch_size: samples per batch.
        drop_last: leave out a last batch that is smaller than the others.
        rng: a generator or a seed; the library's generator if not given.

    Raises:
        ShapeError: the labels are not in one row, or there are none.

    Example:
        >>> labels = np.array([0] * 6 + [1] * 3)
        >>> [labels[batch].tolist() for batch in StratifiedBatchSampler(labels, 3, rng=0)]
        [[0, 0, 1], [0, 0, 1], [0, 0, 1]]
    """

    batches = True

    def __init__(
        self,
        labels: Any,
        batch_size: int,
        drop_last: bool = False,
        *,
        rng: Rng | int | None = None,
    ) -> None:
        self.batch_size: int = positive("batch_size", batch_size)
        self.drop_last: bool = drop_last
        self.rng: Rng | None = ad.random.generator(rng)
        self._members = _members(labels)
        self._places = _spread([len(members) for members in self._members])

    def order(self, rng: Rng | None) -> list[Array]:
        """The batches of an epoch."""
        rng = ad.random.generator(rng)
        order = np.empty_like(self._places)
        for kind, members in enumerate(self._members):
            order[self._places == kind] = rng.permutation(members)
        size = self.batch_size
        return [order[start * size : (start + 1) * size] for start in range(len(self))]

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        whole, rest = divmod(len(self._places), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)


class BalancedBatchSampler(Sampler):
    """Batches in which all classes are equally frequent, to one sample.

    The samples of each class come round in shuffles, one after the other: those of rare classes
    several times in an epoch. Where the classes do not divide the batch size, they take turns
    at the places left over.

    Args:
        labels: one for each sample, of shape (N,).
        batch_size: samples per batch.
        num_batches: how many batches an epoch has; if not given, as many as all samples fill.
        rng: a generator or a seed; the library's generator if not given.

    Raises:
        ShapeError: the labels are not in one row, or there are none.

    Example:
        >>> labels = np.array([0] * 6 + [1] * 2)
        >>> [sorted(labels[batch].tolist()) for batch in BalancedBatchSampler(labels, 4, rng=0)]
        [[0, 0, 1, 1], [0, 0, 1, 1]]
    """

    batches = True

    def __init__(
        self,
        labels: Any,
        batch_size: int,
        num_batches: int | None = None,
        *,
        rng: Rng | int | None = None,
    ) -> None:
        self._members = _members(labels)
        self.batch_size: int = positive("batch_size", batch_size)
        total = sum(len(members) for members in self._members)
        self.num_batches: int = (
            -(-total // self.batch_size)
            if num_batches is None
            else positive("num_batches", num_batches)
        )
        self.rng: Rng | None = ad.random.generator(rng)

    def order(self, rng: Rng | None) -> list[Array]:
        """The batches of an epoch."""
        rng = ad.random.generator(rng)
        total, kinds = self.num_batches * self.batch_size, len(self._members)
        # Classes in turn, in an order that begins anew for each round.
        turns = np.tile(rng.permutation(kinds), -(-total // kinds))[:total]
        order = np.empty(total, np.int64)
        for kind, members in enumerate(self._members):
            places = np.flatnonzero(turns == kind)
            rounds = [rng.permutation(members) for _ in range(-(-len(places) // len(members)))]
            order[places] = np.concatenate([*rounds, members[:0]])[: len(places)]
        return [rng.permutation(batch) for batch in order.reshape(-1, self.batch_size)]

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return self.num_batches
