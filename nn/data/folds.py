"""Folds for cross-validation, with scikit-learn's names and parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.module.shown import Shown

__all__ = ["Folds", "GroupKFold", "KFold", "StratifiedKFold", "TimeSeriesSplit"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


def _count(x: Any, least: int, what: str) -> int:
    count = len(x)
    if count < least:
        raise ValueError(f"{what} needs at least {least} samples, and there are {count}")
    return count


class Folds(Shown):
    """Base class of what divides samples into so many parts, each of which is held out once.

    Attributes:
        n_splits: how many parts.
    """

    def __init__(self, n_splits: int) -> None:
        whole = isinstance(n_splits, int | np.integer) and not isinstance(n_splits, bool)
        if not whole or n_splits < 2:
            raise ValueError(f"n_splits must be a whole number from 2 up, not {n_splits!r}")
        self.n_splits: int = int(n_splits)

    def __len__(self) -> int:
        """How many pairs `split` gives."""
        return self.n_splits

    def held_out(self, x: Any, y: Any, groups: Any) -> Array:
        """For each sample the number of the fold in which it is held out."""
        raise NotImplementedError(f"{type(self).__name__} lacks held_out")

    def split(self, x: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Array, Array]]:
        """The numbers of the samples to train on, and of those to test on, for each fold.

        Args:
            x: the samples; only how many there are matters.
            y: their labels, where the folds go by them.
            groups: what each sample belongs to, where the folds go by that.

        Raises:
            TypeError: groups are given to what does not go by them.
        """
        fold = self.held_out(x, y, groups)
        for number in range(self.n_splits):
            yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def _without_groups(kind: str, groups: Any) -> None:
    if groups is not None:
        raise TypeError(
            f"{kind} does not go by groups, so one could be in both parts; take GroupKFold, or "
            "leave groups out"
        )


class KFold(Folds):
    """Folds of consecutive samples, or of shuffled ones; sizes differ by one at most.

    Args:
        n_splits: how many folds.
        shuffle: shuffle the samples first.
        rng: a generator or a seed for that; the library's generator if not given.

    Example:
        >>> [test.tolist() for train, test in KFold(2).split(range(5))]
        [[0, 1, 2], [3, 4]]
    """

    def __init__(
        self, n_splits: int = 5, *, shuffle: bool = False, rng: Rng | int | None = None
    ) -> None:
        super().__init__(n_splits)
        self.shuffle: bool = shuffle
        self._rng = ad.random.generator(rng)

    def held_out(self, x: Any, y: Any, groups: Any) -> Array:
        """The fold of each sample."""
        _without_groups("KFold", groups)
        count = _count(x, self.n_splits, f"{self.n_splits} folds")
        order = self._rng.permutation(count) if self.shuffle else np.arange(count)
        fold = np.empty(count, np.int64)
        for number, part in enumerate(np.array_split(order, self.n_splits)):
            fold[part] = number
        return fold


class StratifiedKFold(Folds):
    """Folds that hold every class in the same proportion, to one sample.

    Args:
        n_splits: how many folds.
        shuffle: shuffle the samples of each class first.
        rng: as for `KFold`.

    Raises:
        ValueError: in `split`, no class has as many samples as there are folds.

    Example:
        >>> y = [0, 0, 0, 0, 1, 1]
        >>> [test.tolist() for train, test in StratifiedKFold(2).split(y, y)]
        [[0, 1, 4], [2, 3, 5]]
    """

    def __init__(
        self, n_splits: int = 5, *, shuffle: bool = False, rng: Rng | int | None = None
    ) -> None:
        super().__init__(n_splits)
        self.shuffle: bool = shuffle
        self._rng = ad.random.generator(rng)

    def held_out(self, x: Any, y: Any, groups: Any) -> Array:
        """The fold of each sample."""
        _without_groups("StratifiedKFold", groups)
        labels = _labels(x, y, "labels")
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        # Classes are numbered as they appear.
        which = np.argsort(np.argsort(first))[which]
        counts = np.bincount(which)
        if counts.max() < self.n_splits:
            raise ValueError(
                f"{self.n_splits} folds, and no class has more than {counts.max()} samples"
            )
        ordered = np.sort(which)
        shares = [
            np.bincount(ordered[number :: self.n_splits], minlength=len(counts))
            for number in range(self.n_splits)
        ]
        fold = np.empty(len(labels), np.int64)
        for kind in range(len(counts)):
            numbers = np.repeat(np.arange(self.n_splits), [share[kind] for share in shares])
            fold[which == kind] = self._rng.permutation(numbers) if self.shuffle else numbers
        return fold


class GroupKFold(Folds):
    """Folds of whole groups, so that no group is in both parts.

    The largest group comes first, each to the fold that is smallest so far.

    Args:
        n_splits: how many folds.

    Raises:
        ValueError: in `split`, there are fewer groups than folds.

    Example:
        >>> patients = [7, 7, 8, 9, 9, 9]
        >>> [test.tolist() for train, test in GroupKFold(2).split(patients, groups=patients)]
        [[3, 4, 5], [0, 1, 2]]
    """

    def __init__(self, n_splits: int = 5) -> None:
        super().__init__(n_splits)

    def held_out(self, x: Any, y: Any, groups: Any) -> Array:
        """The fold of each sample."""
        _, which = np.unique(_labels(x, groups, "groups"), return_inverse=True)
        sizes = np.bincount(which)
        if len(sizes) < self.n_splits:
            raise ValueError(f"{self.n_splits} folds, and there are only {len(sizes)} groups")
        weight = np.zeros(self.n_splits, np.int64)
        fold_of = np.empty(len(sizes), np.int64)
        for group in np.argsort(sizes, kind="stable")[::-1]:
            fold_of[group] = weight.argmin()
            weight[fold_of[group]] += sizes[group]
        return fold_of[which]


def _labels(x: Any, given: Any, name: str) -> Array:
    if given is None:
        raise TypeError(f"split needs {name} here, one for each sample")
    array = np.asarray(given)
    if array.shape != (len(x),):
        raise ShapeError(f"{name} have shape {array.shape}; give one for each of {len(x)} samples")
    return array


class TimeSeriesSplit(Shown):
    """Training on the past and testing on what follows, each time later.

    Args:
        n_splits: how many times.
        max_train_size: how many samples of the past are trained on at most.
        test_size: how many samples are tested on; N // (n_splits + 1) if not given.
        gap: how many samples are left out between both.

    Raises:
        ValueError: a number is too small; or in `split`, there are too few samples.

    Example:
        >>> for train, test in TimeSeriesSplit(2).split(range(6)):
        ...     print(train, test)
        [0 1] [2 3]
        [0 1 2 3] [4 5]
    """

    def __init__(
        self,
        n_splits: int = 5,
        *,
        max_train_size: int | None = None,
        test_size: int | None = None,
        gap: int = 0,
    ) -> None:
        self.n_splits: int = Folds(n_splits).n_splits
        for name, given, least in (
            ("max_train_size", max_train_size, 1),
            ("test_size", test_size, 1),
            ("gap", gap, 0),
        ):
            if given is not None and not (isinstance(given, int | np.integer) and given >= least):
                raise ValueError(f"{name} must be a whole number from {least} up, not {given!r}")
        self.max_train_size: int | None = max_train_size
        self.test_size: int | None = test_size
        self.gap: int = gap

    def __len__(self) -> int:
        """How many pairs `split` gives."""
        return self.n_splits

    def split(self, x: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Array, Array]]:
        """The numbers of the samples to train on, and of those to test on, each time.

        Args:
            x: the samples in the order of time; only how many there are matters.
            y: not needed.
            groups: not taken.

        Raises:
            TypeError: groups are given.
        """
        _without_groups("TimeSeriesSplit", groups)
        count = _count(x, self.n_splits + 1, f"{self.n_splits} splits of a series")
        size = count // (self.n_splits + 1) if self.test_size is None else self.test_size
        first = count - self.n_splits * size
        if first - self.gap <= 0:
            raise ValueError(
                f"{self.n_splits} tests of {size} samples and a gap of {self.gap} leave nothing to "
                f"train on of {count} samples"
            )
        for start in range(first, count, size):
            end = start - self.gap
            begin = 0 if self.max_train_size is None else max(end - self.max_train_size, 0)
            yield np.arange(begin, end), np.arange(start, start + size)
