"""Seeded division of data into parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.module.dtypes import as_data

__all__ = ["split", "train_test_split"]

Array = np.ndarray[Any, Any]


def _sizes(count: int, fractions: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the fractions, summing to ``count``."""
    ends = np.rint(np.cumsum(fractions) / np.sum(fractions) * count).astype(int)
    return [int(size) for size in np.diff(ends, prepend=0)]


def _groups(strata: Array | None, count: int) -> list[Array]:
    if strata is None:
        return [np.arange(count)]
    if strata.shape != (count,):
        raise ShapeError(
            f"stratify has shape {strata.shape}; expected one label for each of {count} samples"
        )
    return [np.flatnonzero(strata == label) for label in np.unique(strata)]


def split(
    *arrays: Any,
    fractions: Sequence[float],
    stratify: Any = None,
    rng: np.random.Generator | int | None = None,
) -> list[tuple[Array, ...]]:
    """Divide arrays at random into parts, the same way for all of them.

    Args:
        *arrays: arrays of equal length; element i of each belongs to sample i.
        fractions: relative sizes of the parts, for example ``(0.7, 0.15, 0.15)``.
        stratify: labels of shape (N,); every part then holds the labels in the same
            proportion, to within one sample per label.
        rng: a generator or a seed; the library's generator if not given.

    Returns:
        One tuple per part, with a copy of the chosen elements of every array.

    Raises:
        ShapeError: the arrays differ in length.
        ValueError: the fractions are not positive, or a part would be empty.

    Example:
        >>> x, y = np.arange(10), np.arange(10) % 2
        >>> train, test = split(x, y, fractions=(0.8, 0.2), stratify=y, rng=0)
        >>> len(train[0]), len(test[0]), int(test[1].sum())
        (8, 2, 1)
    """
    data = [as_data(a) for a in arrays]
    lengths = [a.shape[0] if a.ndim else 0 for a in data]
    if not data or len(set(lengths)) != 1:
        raise ShapeError(
            f"arrays of lengths {lengths} were given; give at least one array, all of equal length"
        )
    if not fractions or min(fractions) <= 0:
        raise ValueError(f"fractions must be positive numbers, not {tuple(fractions)}")
    rng = ad.random.generator(rng)
    groups = _groups(None if stratify is None else as_data(stratify), lengths[0])
    parts: list[list[Array]] = [[] for _ in fractions]
    for group in groups:
        order = rng.permutation(group)
        start = 0
        for part, size in zip(parts, _sizes(len(order), fractions), strict=True):
            part.append(order[start : start + size])
            start += size
    chosen = [rng.permutation(np.concatenate(part)) for part in parts]
    for number, indices in enumerate(chosen):
        if not len(indices):
            raise ValueError(
                f"part {number} of {tuple(fractions)} would be empty: there are only "
                f"{lengths[0]} samples; give more samples or a larger fraction"
            )
    return [tuple(a[indices] for a in data) for indices in chosen]


def train_test_split(
    *arrays: Any,
    test_size: float = 0.25,
    stratify: Any = None,
    rng: np.random.Generator | int | None = None,
) -> list[Array]:
    """Divide arrays at random into a training and a test part.

    Args:
        *arrays: arrays of equal length.
        test_size: share of the samples for the test part, between 0 and 1.
        stratify: labels of shape (N,) to be held in the same proportion in both.
        rng: a generator or a seed; the library's generator if not given.

    Returns:
        ``[a_train, a_test, b_train, b_test, …]``, as scikit-learn orders them.

    Raises:
        ShapeError: the arrays differ in length.
        ValueError: ``test_size`` is not between 0 and 1, or a part would be empty.

    Example:
        >>> a_train, a_test = train_test_split(np.arange(8), rng=0)
        >>> len(a_train), len(a_test)
        (6, 2)
    """
    if not 0 < test_size < 1:
        raise ValueError(
            f"test_size={test_size} is not a share between 0 and 1; for a fifth give 0.2"
        )
    train, test = split(*arrays, fractions=(1 - test_size, test_size), stratify=stratify, rng=rng)
    return [part for pair in zip(train, test, strict=True) for part in pair]
