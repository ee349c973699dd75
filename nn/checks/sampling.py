"""Some of the data, to be looked at; a loader is left where it was."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import autodiff as ad
from nn.data import DataLoader
from nn.training.batches import Batch, as_loader, only_arrays, taken_apart

__all__ = ["Sample", "rows", "sample"]

MOST = 2000
"""So many samples are looked at."""
SECONDS = 0.7
"""For so long, at most, batches are taken from a loader."""


@dataclass(frozen=True)
class Sample:
    """Some of the data.

    Attributes:
        inputs: of all samples that were taken, or of the first batch if batches differ in shape.
        targets: of the same.
        size: how many there are.
        batches: as the loader gave them.
        once: whether the data can be walked through only once.
        own_order: whether the order is that of the user's loader, and not shuffled here.
    """

    inputs: Any
    targets: Any
    size: int
    batches: tuple[Batch, ...]
    once: bool
    own_order: bool


def sample(
    data: Any, targets: Any, kind: np.dtype[Any] | None, batch_size: int | None = 64
) -> Sample:
    """Take some batches.

    Raises:
        TypeError, ValueError: the data are none.
    """
    loader = as_loader(data, batch_size, True, np.random.default_rng(0))
    own_order = loader is data
    once = isinstance(loader, Iterator)
    walk = copy.copy(loader) if isinstance(loader, DataLoader) else loader
    end = time.perf_counter() + SECONDS
    batches: list[Batch] = []
    size = 0
    for batch in walk:
        batches.append(taken_apart(batch, targets, kind))
        size += batches[-1].size
        if size >= MOST or time.perf_counter() > end:
            break
    if not size:
        raise ValueError("the data give no samples to look at; give at least one batch")
    if len(batches) > 1 and all(only_arrays((b.inputs, b.targets)) for b in batches):
        try:
            inputs, wanted = joined([(b.inputs, b.targets) for b in batches])
            return Sample(inputs, wanted, size, tuple(batches), once, own_order)
        except ValueError:
            # Batches of different shapes, such as padded sequences.
            pass
    first = max(batches, key=lambda batch: batch.size)
    return Sample(first.inputs, first.targets, first.size, tuple(batches), once, own_order)


def joined(parts: list[Any]) -> Any:
    """Nested arrays put together along axis 0."""
    leaves = [ad.tree.flatten(part) for part in parts]
    structure = leaves[0][1]
    columns = zip(*(found for found, _ in leaves), strict=True)
    return ad.tree.unflatten(
        structure, [np.concatenate([_array(c) for c in col]) for col in columns]
    )


def _array(leaf: Any) -> Any:
    return leaf.numpy() if isinstance(leaf, ad.Tensor) else np.asarray(leaf)


def rows(part: Any, index: Any) -> Any:
    """Some samples of nested arrays."""
    leaves, structure = ad.tree.flatten(part)
    return ad.tree.unflatten(
        structure, [_array(leaf)[index] if np.ndim(_array(leaf)) else leaf for leaf in leaves]
    )
