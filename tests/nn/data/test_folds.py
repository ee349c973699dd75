"""No sample is in two parts, the sizes are as said, and the folds are scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from nn.data import (
    ConcatDataset,
    GroupKFold,
    KFold,
    MapDataset,
    StackDataset,
    StratifiedKFold,
    Subset,
    TimeSeriesSplit,
    random_split,
    split,
    train_test_split,
)

Y = np.repeat([2, 0, 1], [23, 11, 6])[np.random.default_rng(0).permutation(40)]
GROUPS = np.random.default_rng(1).integers(0, 9, 40)
FOLDS = [
    KFold(4),
    KFold(7, shuffle=True, rng=0),
    StratifiedKFold(5),
    StratifiedKFold(6, shuffle=True, rng=0),
    GroupKFold(3),
]


@pytest.mark.parametrize("folds", FOLDS, ids=lambda folds: type(folds).__name__)
def test_every_sample_is_held_out_once(folds: Any) -> None:
    grouped = isinstance(folds, GroupKFold)
    pairs = list(folds.split(Y, Y, GROUPS if grouped else None))
    assert len(pairs) == len(folds) == folds.n_splits
    assert sorted(np.concatenate([test for _, test in pairs])) == list(range(40))
    for train, test in pairs:
        assert sorted([*train, *test]) == list(range(40))
        if grouped:
            assert not set(GROUPS[train]) & set(GROUPS[test])
        else:
            assert abs(len(test) - 40 / folds.n_splits) < 1
        if isinstance(folds, StratifiedKFold):
            shares = np.bincount(Y[test], minlength=3) - np.bincount(Y) / folds.n_splits
            assert np.abs(shares).max() < 1


def test_folds_are_scikit_learns() -> None:
    theirs = pytest.importorskip("sklearn.model_selection")
    pairs: list[tuple[Any, Any]] = [
        (KFold(4), theirs.KFold(4)),
        (StratifiedKFold(5), theirs.StratifiedKFold(5)),
        (GroupKFold(3), theirs.GroupKFold(3)),
    ]
    for settings in ({}, {"max_train_size": 7}, {"test_size": 3, "gap": 2}):
        series = (TimeSeriesSplit(4, **settings), theirs.TimeSeriesSplit(4, **settings))  # type: ignore[arg-type]
        pairs.append(series)
    for ours, reference in pairs:
        groups = GROUPS if isinstance(ours, GroupKFold) else None
        wanted, found = list(reference.split(Y, Y, groups)), list(ours.split(Y, Y, groups))
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            for a, b in zip(one, other, strict=True):
                np.testing.assert_array_equal(a, b)


def test_series_never_look_ahead() -> None:
    for train, test in TimeSeriesSplit(3, gap=2).split(range(20)):
        assert train.max() + 2 < test.min()


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_never_divided(seed: int) -> None:
    x = np.arange(40)
    parts = split(x, GROUPS, fractions=(0.6, 0.2, 0.2), groups=GROUPS, rng=seed)
    owners = [set(groups) for _, groups in parts]
    assert sorted(np.concatenate([part for part, _ in parts])) == list(range(40))
    assert sum(map(len, owners)) == len(set(GROUPS))
    largest = np.bincount(GROUPS).max()
    for (part, _), share in zip(parts, (24, 8, 8), strict=True):
        assert abs(len(part) - share) <= largest
    train, test = train_test_split(GROUPS, groups=GROUPS, rng=seed)
    assert not set(train) & set(test)


def test_datasets_are_divided_without_being_read() -> None:
    parts = random_split(range(10), [5, 3, 2], rng=0)
    assert [len(part) for part in parts] == [5, 3, 2]
    assert sorted(x for part in parts for x in part) == list(range(10))
    assert [len(part) for part in random_split(range(10), [0.5, 0.5], rng=0)] == [5, 5]


def test_columns_are_not_taken_for_samples() -> None:
    columns = (np.ones((6, 2)), np.arange(6))
    for call in (
        lambda: random_split(columns, [0.5, 0.5]),
        lambda: Subset(columns, [0]),
        lambda: MapDataset(columns, lambda sample: sample),
        lambda: ConcatDataset([columns, columns]),
        lambda: StackDataset(columns, columns),
    ):
        with pytest.raises(TypeError, match=r"a tuple of arrays .* give TensorDataset\(x, y\)"):
            call()
    assert len(Subset((np.float32(1), 2.0), [0])) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: KFold(1), "whole number from 2 up, not 1"),
        (lambda: list(KFold(5).split([1, 2])), "5 folds needs at least 5 samples"),
        (lambda: list(StratifiedKFold(7).split(Y[:6], Y[:6])), "no class has more than"),
        (lambda: list(GroupKFold(3).split(Y, groups=Y % 2)), "only 2 groups"),
        (lambda: list(StratifiedKFold(2).split(Y, Y[1:])), "one for each of 40 samples"),
        (lambda: list(TimeSeriesSplit(3, test_size=9).split(range(20))), "leave nothing to train"),
        (lambda: TimeSeriesSplit(3, test_size=0), "test_size must be a whole number from 1 up"),
        (lambda: TimeSeriesSplit(3, gap=-1), "gap must be a whole number from 0 up, not -1"),
        (lambda: TimeSeriesSplit(3, max_train_size=0), "max_train_size must be a whole number"),
        (lambda: split([1, 2], fractions=(1, float("nan"))), "fractions must be positive"),
        (lambda: random_split(range(5), [2, 2]), "add up neither to 5"),
        (lambda: split([1, 2], fractions=(1, 1), groups=[1]), "groups has shape"),
        (lambda: split([1, 2], fractions=(1, 1), groups=[1, 1]), "would be empty"),
    ],
)
def test_messages_of_folds(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_samples_without_a_label_are_in_some_part() -> None:
    labels = np.array([0.0, np.nan, 1.0, np.nan] * 5)
    for how in ({"stratify": labels}, {"groups": [*labels[:-1], 2.0]}):
        parts = split(np.arange(20), fractions=(0.5, 0.5), rng=0, **how)  # type: ignore[arg-type]
        assert sorted(np.concatenate([part for (part,) in parts])) == list(range(20))


def test_what_folds_need() -> None:
    for folds in (KFold(2), StratifiedKFold(2), TimeSeriesSplit(2)):
        with pytest.raises(TypeError, match="does not go by groups, so one could be in both"):
            list(folds.split(Y, Y, GROUPS))
    with pytest.raises(TypeError, match="split needs labels here"):
        list(StratifiedKFold(2).split(Y))
    with pytest.raises(TypeError, match="give stratify or groups, not both"):
        split([1], fractions=(1,), stratify=[1], groups=[1])
    with pytest.raises(ad.ShapeError, match="one for each"):
        list(GroupKFold(2).split(Y, groups=[1]))
