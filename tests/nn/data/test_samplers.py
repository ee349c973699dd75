"""Orders, weights, shares of classes, and lengths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from nn.data import (
    BalancedBatchSampler,
    BatchSampler,
    BucketBatchSampler,
    DataLoader,
    RandomSampler,
    StratifiedBatchSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
    class_weights,
    pad_collate,
)

LABELS = np.repeat([0, 1, 2], [60, 31, 9])[np.random.default_rng(0).permutation(100)]
LENGTHS = np.random.default_rng(1).integers(1, 50, 130)


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: RandomSampler(range(20), rng=rng),
        lambda rng: RandomSampler(range(20), True, 7, rng=rng),
        lambda rng: RandomSampler(range(5), False, 13, rng=rng),
        lambda rng: SubsetRandomSampler([3, 8, 1], rng=rng),
        lambda rng: WeightedRandomSampler(np.arange(9.0), 30, rng=rng),
        lambda rng: WeightedRandomSampler(np.arange(9.0), 5, False, rng=rng),
        lambda rng: StratifiedBatchSampler(LABELS, 16, rng=rng),
        lambda rng: StratifiedBatchSampler(LABELS, 16, True, rng=rng),
        lambda rng: BalancedBatchSampler(LABELS, 16, rng=rng),
        lambda rng: BucketBatchSampler(LENGTHS, 8, rng=rng),
        lambda rng: BucketBatchSampler(LENGTHS, 8, True, bucket_batches=3, rng=rng),
        lambda rng: BatchSampler(RandomSampler(range(20), rng=rng), 3, True),
    ],
)
def test_a_seed_gives_one_order_and_the_length_is_true(make: Any) -> None:
    first, same, other = make(3), make(np.random.default_rng(3)), make(4)
    epochs = [list(first), list(first)]
    assert epochs == [list(same), list(same)]
    assert epochs[0] != epochs[1]
    assert epochs[0] != list(other)
    assert len(epochs[0]) == len(first)
    ad.random.seed(1)
    drawn = list(make(None))
    ad.random.seed(1)
    assert list(make(None)) == drawn


def test_every_sample_comes_as_often_as_it_should() -> None:
    assert sorted(RandomSampler(range(20), rng=0)) == list(range(20))
    repeated = list(RandomSampler(range(5), False, 13, rng=0))
    assert [sorted(repeated[k : k + 5]) for k in (0, 5)] == [list(range(5))] * 2
    for sampler in (
        StratifiedBatchSampler(LABELS, 16, rng=0),
        BucketBatchSampler(LENGTHS, 7, rng=0),
    ):
        numbers = [number for batch in sampler for number in batch]
        assert sorted(numbers) == list(range(len(numbers)))
    few = list(WeightedRandomSampler([1, 0, 2, 3, 0], 3, False, rng=0))
    assert sorted(few) == [0, 2, 3]


def test_weights_are_the_probabilities() -> None:
    weights = np.array([0.0, 1.0, 2.0, 5.0, 0.0])
    drawn = np.bincount(list(WeightedRandomSampler(weights, 8000, rng=0)), minlength=5)
    np.testing.assert_allclose(drawn / 8000, weights / 8, atol=0.02)
    assert drawn[0] == drawn[4] == 0
    sampler = WeightedRandomSampler(weights, 1, False, rng=0)
    first = np.bincount([next(iter(sampler)) for _ in range(4000)], minlength=5)
    np.testing.assert_allclose(first / 4000, weights / 8, atol=0.03)
    balanced = WeightedRandomSampler(class_weights(LABELS), 6000, rng=0)
    np.testing.assert_allclose(np.bincount(LABELS[list(balanced)]) / 6000, 1 / 3, atol=0.03)
    assert class_weights(LABELS).mean() == pytest.approx(1)


@pytest.mark.parametrize(
    "counts", [[60, 31, 9], [1, 1, 1], [97, 1, 2], [7], [5, 5, 5, 5], [13, 8, 5, 3, 2, 1]]
)
def test_every_class_has_its_share_at_every_place(counts: list[int]) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    order = np.concatenate(list(StratifiedBatchSampler(labels, 4, rng=0)))
    shares = np.eye(len(counts))[labels[order]].cumsum(0)
    wanted = np.arange(1, len(labels) + 1)[:, None] * np.array(counts) / len(labels)
    assert np.abs(shares - wanted).max() < 1


def test_balanced_batches() -> None:
    sampler = BalancedBatchSampler(LABELS, 8, rng=0)
    batches = [np.bincount(LABELS[batch], minlength=3) for batch in sampler]
    assert len(batches) == 13
    assert all(set(counts) <= {2, 3} for counts in batches)
    assert np.ptp(np.sum(batches, axis=0)) <= 1
    rare = np.concatenate(list(sampler))
    times = np.bincount(rare, minlength=100)[LABELS == 2]
    assert np.ptp(times) <= 1
    assert len(list(BalancedBatchSampler(LABELS, 6, 2, rng=0))) == 2


def test_buckets_save_padding() -> None:
    def padding(batches: Any) -> int:
        return sum(int((LENGTHS[b].max() - LENGTHS[b]).sum()) for b in batches)

    plain = BatchSampler(RandomSampler(LENGTHS, rng=0), 8)
    bucketed = BucketBatchSampler(LENGTHS, 8, rng=0)
    assert padding(bucketed) < 0.15 * padding(plain)
    assert padding(BucketBatchSampler(LENGTHS, 8, bucket_batches=4, rng=0)) < padding(plain) / 2
    firsts = [LENGTHS[batch].min() for batch in bucketed]
    assert firsts != sorted(firsts)


def test_sequences_are_padded() -> None:
    samples = [(np.ones((k, 2), np.float32) * k, list(range(k)), k % 2) for k in (2, 3, 1)]
    x, tags, y, lengths = pad_collate(samples, (0.0, -100, 0))
    assert (x.shape, x.dtype) == ((3, 3, 2), np.float32)
    assert x[2].tolist() == [[1, 1], [0, 0], [0, 0]]
    assert tags.tolist() == [[0, 1, -100], [0, 1, 2], [0, -100, -100]]
    assert (y.tolist(), lengths.tolist()) == ([0, 1, 1], [2, 3, 1])
    loader = DataLoader(
        [(np.arange(n),) for n in LENGTHS],
        batch_sampler=BucketBatchSampler(LENGTHS, 8, rng=0),
        collate_fn=pad_collate,
    )
    for batch, lengths in loader:
        assert batch.shape == (len(lengths), lengths.max())
        assert (batch.max(axis=1) == lengths - 1).all()
    assert pad_collate([[1.5], [2.5, 3.5]])[0].dtype == np.float32
    with pytest.raises(ad.ShapeError, match="must be alike"):
        pad_collate([np.ones((2, 3)), np.ones((2, 4))])
    with pytest.raises(ad.ShapeError, match="a number was given"):
        pad_collate([1, 2])
    with pytest.raises(ad.ShapeError, match="2 padding values"):
        pad_collate([[1], [2]], (0, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: WeightedRandomSampler([1.0, -1.0], 1), "finite and not negative"),
        (lambda: WeightedRandomSampler([1.0, np.nan], 1), "finite and not negative"),
        (lambda: WeightedRandomSampler([0.0, 0.0], 1), "0 weights are above 0, and 1 samples"),
        (lambda: WeightedRandomSampler([1.0, 0.0], 2, False), "1 weights are above 0, and 2"),
        (lambda: WeightedRandomSampler([[1.0]], 1), "give one for each sample"),
        (lambda: WeightedRandomSampler([1.0], 0), "num_samples must be at least 1"),
        (lambda: StratifiedBatchSampler([[1]], 1), "give one for each sample"),
        (lambda: BalancedBatchSampler([], 1), "at least one"),
        (lambda: RandomSampler([1], num_samples=0), "num_samples must be at least 1"),
        (lambda: BatchSampler([1], 0), "batch_size must be at least 1"),
    ],
)
def test_messages_of_samplers(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
