"""Which sampler a loader has, and which arguments exclude each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.data.samplers.plain import RandomSampler, SequentialSampler
from nn.module.checks import function

__all__ = ["check_batch_sampler", "check_stream", "check_workers", "choose_sampler"]


def check_workers(workers: Any, prefetch: Any, functions: Mapping[str, Any]) -> None:
    """See that what works ahead is a number of threads, and functions are functions."""
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 0:
        raise ValueError(f"num_workers must be a whole number from 0 up, not {workers!r}")
    if prefetch is not None and not workers:
        raise ValueError(
            f"prefetch_factor={prefetch!r} says how far threads may be ahead, and there are none; "
            "give num_workers, or leave it out"
        )
    for name, given in functions.items():
        if given is not None:
            function("DataLoader", name, given)


def check_stream(dataset: Any, shuffle: bool, sampler: Any, batch_sampler: Any) -> None:
    """See that nobody wants to order samples that come in an order of their own."""
    if shuffle or sampler is not None or batch_sampler is not None:
        raise TypeError(
            f"a {type(dataset).__name__} gives its samples in its own order; leave out shuffle "
            "and samplers, or give a dataset with __len__ and __getitem__"
        )


def check_batch_sampler(
    given: Any, batch_size: int | None, shuffle: bool, sampler: Any, drop_last: bool
) -> None:
    """See that a batch sampler stands alone."""
    if batch_size != 1 or shuffle or sampler is not None or drop_last:
        raise TypeError(
            "batch_sampler already makes the batches; leave out batch_size, shuffle, sampler "
            "and drop_last"
        )
    _check("batch_sampler", given)


def choose_sampler(dataset: Any, shuffle: bool, given: Any, rng: np.random.Generator) -> Any:
    """The sampler that was given, or one that goes through the dataset."""
    if given is None:
        return RandomSampler(dataset, rng=rng) if shuffle else SequentialSampler(dataset)
    if shuffle:
        raise TypeError("sampler already says the order; leave out shuffle=True")
    _check("sampler", given)
    return given


def _check(name: str, given: Any) -> None:
    if not (hasattr(given, "__iter__") and hasattr(given, "__len__")):
        raise TypeError(
            f"{name} must be iterable and have a length, and a {type(given).__name__} was given; "
            "make a list of it, or a Sampler"
        )
