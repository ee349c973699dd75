"""Seeded division of data into parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.data.datasets import Subset
from nn.data.given import as_dataset
from nn.module.dtypes import as_data

__all__ = ["random_split", "split", "train_test_split"]

Array = np.ndarray[Any, Any]


def _sizes(count: int, fractions: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the fractions, summing to ``count``."""
    ends = np.rint(np.cumsum(fractions) / np.sum(fractions) * count).astype(int)
    return [int(size) for size in np.diff(ends, prepend=0)]


def _members(strata: Array | None, count: int, name: str) -> list[Array]:
    """The samples of each label or group."""
    if strata is None:
        return [np.arange(count)]
    if strata.shape != (count,):
        raise ShapeError(
            f"{name} has shape {strata.shape}; expected one label for each of {count} samples"
        )
    # By numbers, since a label that is NaN does not equal itself.
    labels, which = np.unique(strata, return_inverse=True)
    return [np.flatnonzero(which == number) for number in range(len(labels))]


def split(
    *arrays: Any,
    fractions: Sequence[float],
    stratify: Any = None,
    groups: Any = None,
    rng: np.random.Generator | int | None = None,
) -> list[tuple[Array, ...]]:
    """Divide arrays at random into parts, the same way for all of them.

    Args:
        *arrays: arrays of equal length; element i of each belongs to sample i.
        fractions: relative sizes of the parts, for example ``(0.7, 0.15, 0.15)``.
        stratify: labels of shape (N,); every part then holds the labels in the same
            proportion, to within one sample per label.
        groups: what each sample belongs to, of shape (N,); no group is then in two parts, and
            the sizes are as near to the fractions as whole groups in random order allow.
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
    if not fractions or not all(0 < share < np.inf for share in fractions):
        raise ValueError(f"fractions must be positive numbers, not {tuple(fractions)}")
    rng = ad.random.generator(rng)
    if stratify is not None and groups is not None:
        raise TypeError("parts go by labels or by groups; give stratify or groups, not both")
    if groups is not None:
        return _by_groups(data, _members(np.asarray(groups), lengths[0], "groups"), fractions, rng)
    strata = _members(None if stratify is None else as_data(stratify), lengths[0], "stratify")
    parts: list[list[Array]] = [[] for _ in fractions]
    for group in strata:
        order = rng.permutation(group)
        start = 0
        for part, size in zip(parts, _sizes(len(order), fractions), strict=True):
            part.append(order[start : start + size])
            start += size
    return _chosen(data, parts, fractions, rng)


def _by_groups(
    data: list[Array], groups: list[Array], fractions: Sequence[float], rng: np.random.Generator
) -> list[tuple[Array, ...]]:
    """Whole groups in random order, each to the part in which its middle falls."""
    order = [groups[i] for i in rng.permutation(len(groups))]
    sizes = np.array([len(group) for group in order])
    middles = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    which = np.searchsorted(np.cumsum(fractions) / np.sum(fractions), middles, side="right")
    parts = [
        [group for group, part in zip(order, which, strict=True) if part == number]
        for number in range(len(fractions))
    ]
    return _chosen(data, parts, fractions, rng)


def _chosen(
    data: list[Array],
    parts: list[list[Array]],
    fractions: Sequence[float],
    rng: np.random.Generator,
) -> list[tuple[Array, ...]]:
    """The elements of every part, shuffled."""
    none = [np.zeros(0, np.int64)]
    chosen = [rng.permutation(np.concatenate(part or none)) for part in parts]
    for number, indices in enumerate(chosen):
        if not len(indices):
            raise ValueError(
                f"part {number} of {tuple(fractions)} would be empty: there are only "
                f"{len(data[0])} samples; give more samples or a larger fraction"
            )
    return [tuple(a[indices] for a in data) for indices in chosen]


def train_test_split(
    *arrays: Any,
    test_size: float = 0.25,
    stratify: Any = None,
    groups: Any = None,
    rng: np.random.Generator | int | None = None,
) -> list[Array]:
    """Divide arrays at random into a training and a test part.

    Args:
        *arrays: arrays of equal length.
        test_size: share of the samples for the test part, between 0 and 1.
        stratify: labels of shape (N,) to be held in the same proportion in both.
        groups: what each sample belongs to, of shape (N,); no group is then in both.
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
    shares = (1 - test_size, test_size)
    train, test = split(*arrays, fractions=shares, stratify=stratify, groups=groups, rng=rng)
    return [part for pair in zip(train, test, strict=True) for part in pair]


def random_split(
    dataset: Any, lengths: Sequence[float], *, rng: np.random.Generator | int | None = None
) -> list[Subset]:
    """Divide a dataset at random into parts, without reading a sample.

    Args:
        dataset: an object with ``__len__`` and ``__getitem__``.
        lengths: how many samples each part has, or which shares, that add up to 1.
        rng: a generator or a seed; the library's generator if not given.

    Raises:
        ValueError: the lengths do not add up to the dataset, nor to 1.

    Example:
        >>> train, test = random_split("abcdefghij", [0.8, 0.2], rng=0)
        >>> len(train), len(test), sorted([*train, *test]) == list("abcdefghij")
        (8, 2, True)
    """
    count = len(as_dataset(dataset))
    if lengths and min(lengths) >= 0 and abs(sum(lengths) - 1) < 1e-6 and sum(lengths) != count:
        sizes = _sizes(count, lengths)
    elif lengths and min(lengths) >= 0 and sum(lengths) == count:
        sizes = [int(length) for length in lengths]
    else:
        raise ValueError(f"the lengths {list(lengths)} add up neither to {count} samples nor to 1")
    order = ad.random.generator(rng).permutation(count)
    return [Subset(dataset, part) for part in np.split(order, np.cumsum(sizes)[:-1])]
