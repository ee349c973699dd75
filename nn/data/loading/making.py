"""Making one batch: its samples, their transforms, and what goes wrong with one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nn.data.datasets import Dataset, takes_rng

__all__ = ["BatchMaker"]


class BatchMaker:
    """Makes the batches of one epoch; threads may share it.

    Args:
        dataset: where samples come from.
        collate: makes a batch of samples.
        at_once: whether a dataset may make the batch itself.
        transform: a function of the batch; or None.
        seeds: from which, with the place of a sample or batch, its generator is made; None if
            nothing draws.
    """

    def __init__(
        self,
        dataset: Any,
        collate: Callable[[list[Any]], Any],
        at_once: bool,
        transform: Callable[..., Any] | None,
        seeds: tuple[int, int] | None,
    ) -> None:
        self._dataset, self._collate, self._transform = dataset, collate, transform
        self._seeds = seeds
        ours = isinstance(dataset, Dataset)
        self._rows = dataset.rows if ours and at_once else None
        self._draws = ours and dataset.random
        self._many = getattr(dataset, "__getitems__", None)
        self._transform_draws = transform is not None and takes_rng(transform)

    def _generator(self, kind: int, place: int) -> np.random.Generator:
        assert self._seeds is not None
        return np.random.default_rng([*self._seeds, kind, place])

    def of_numbers(self, job: tuple[int, int, Any]) -> Any:
        """The batch of a job: its number, the place of its first sample, the samples' numbers.

        A single number instead of several makes the sample alone.
        """
        number, place, chosen = job
        if isinstance(chosen, int | np.integer):
            return self._finished(self._one(int(chosen), place), number)
        batch = None if self._rows is None else self._rows(_selection(chosen))
        if batch is None:
            batch = self._collated(self._samples(chosen, place), number)
        return self._finished(batch, number)

    def of_samples(self, job: tuple[int, Any]) -> Any:
        """The batch of samples that are there already; a tuple of one is that sample alone."""
        number, samples = job
        if isinstance(samples, tuple):
            return self._finished(samples[0], number)
        return self._finished(self._collated(samples, number), number)

    def _samples(self, chosen: Any, place: int) -> list[Any]:
        if self._many is not None:
            return list(self._many([int(i) for i in chosen]))
        return [self._one(int(i), place + k) for k, i in enumerate(chosen)]

    def _one(self, index: int, place: int) -> Any:
        try:
            if self._draws:
                return self._dataset.sample(index, self._generator(0, place))
            return self._dataset[index]
        except Exception as error:
            error.add_note(f"This happened in sample {index} of the dataset.")
            raise

    def _collated(self, samples: list[Any], number: int) -> Any:
        try:
            return self._collate(samples)
        except Exception as error:
            error.add_note(f"This happened in batch {number} of the epoch.")
            raise

    def _finished(self, batch: Any, number: int) -> Any:
        if self._transform is None:
            return batch
        if self._transform_draws:
            return self._transform(batch, rng=self._generator(1, number))
        return self._transform(batch)


def _selection(chosen: Any) -> Any:
    """Sample numbers as an index: neighbours as a slice, which makes views."""
    if isinstance(chosen, range):
        return slice(chosen.start, chosen.stop)
    return chosen if isinstance(chosen, np.ndarray) else np.asarray(chosen, dtype=np.int64)
