"""Scaling, splits, batches and the digits."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autodiff as ad
import nn
from nn.data import (
    DataLoader,
    Standardizer,
    TensorDataset,
    load_digits,
    min_max_scale,
    split,
    standardize,
    train_test_split,
)


def test_standardizing_and_back() -> None:
    x = np.random.default_rng(0).standard_normal((50, 3)) * [1, 10, 0.01] + [0, 5, -3]
    scaler = Standardizer().fit(x)
    z = scaler.transform(x)
    np.testing.assert_allclose(z.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(z.std(0), 1, rtol=1e-12)
    np.testing.assert_allclose(scaler.inverse(z), x, rtol=1e-12)
    np.testing.assert_allclose(standardize(x), z)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6, -3.3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_constant_columns_become_zero(value: float, dtype: Any) -> None:
    x = np.full((1000, 1), value, dtype)
    z = standardize(x)
    assert z.dtype == dtype
    assert np.abs(z).max() <= 1e-5 * abs(value)


def test_small_columns_are_not_taken_for_constant() -> None:
    x = np.array([[1e-12], [3e-12]])
    np.testing.assert_allclose(standardize(x), [[-1.0], [1.0]])


def test_a_standardizer_is_saved_with_the_model() -> None:
    x = np.random.default_rng(0).standard_normal((20, 2)).astype(np.float32) * 3
    model = nn.Sequential(Standardizer((2,)).fit(x), nn.Linear(2, 1))
    assert [name for name, _ in model.named_parameters()] == ["1.weight", "1.bias"]
    other = nn.Sequential(Standardizer((2,)), nn.Linear(2, 1))
    other.load_state_dict(model.state_dict())
    np.testing.assert_array_equal(other(x).data, model(x).data)
    assert other(x).dtype == np.float32
    assert repr(model[0]) == "Standardizer((2,))"


def test_gradients_pass_through_a_standardizer() -> None:
    scaler = Standardizer().fit(np.array([[0.0], [4.0]]))
    x = ad.Tensor([[1.0]], requires_grad=True)
    scaler(x).sum().backward()
    assert x.grad.tolist() == [[0.5]]
    assert scaler(ad.Tensor([[1]])).tolist() == scaler(np.array([[1]])).tolist() == [[-0.5]]


def test_messages_of_scaling() -> None:
    with pytest.raises(ad.ShapeError, match=r"cannot fit to shape \(0, 2\): give at least one"):
        Standardizer().fit(np.zeros((0, 2)))
    with pytest.raises(ValueError, match="NaN or infinite"):
        Standardizer().fit([[np.nan]])
    with pytest.raises(ad.ShapeError, match=r"fitted to samples of shape \(2,\).*shape \(5, 3\)"):
        Standardizer().fit(np.zeros((4, 2))).transform(np.zeros((5, 3)))
    with pytest.raises(ad.ShapeError, match=r"cannot scale shape \(0,\)"):
        min_max_scale([])
    with pytest.raises(ValueError, match=r"high=0 must be above low=1"):
        min_max_scale([1.0], 1, 0)


def test_min_max_scaling() -> None:
    x = np.array([[1, 7], [3, 7], [2, 7]])
    np.testing.assert_allclose(min_max_scale(x), [[0, 0], [1, 0], [0.5, 0]])
    np.testing.assert_allclose(min_max_scale(x, -1, 1)[:, 0], [-1, 1, 0])
    assert min_max_scale(x).dtype == np.float32
    assert min_max_scale(x.astype(float)).dtype == np.float64


def test_splitting_keeps_samples_together_and_is_seeded() -> None:
    x = np.arange(20).reshape(10, 2)
    y = x[:, 0] * 10
    parts = split(x, y, fractions=(0.6, 0.2, 0.2), rng=3)
    assert [len(a) for a, _ in parts] == [6, 2, 2]
    for a, b in parts:
        np.testing.assert_array_equal(a[:, 0] * 10, b)
    np.testing.assert_array_equal(np.sort(np.concatenate([b for _, b in parts])), y)
    again = split(x, y, fractions=(6, 2, 2), rng=np.random.default_rng(3))
    for (a, _), (c, _) in zip(parts, again, strict=True):
        np.testing.assert_array_equal(a, c)
    ad.random.seed(1)
    first = split(y, fractions=(1, 1))[0][0]
    ad.random.seed(1)
    np.testing.assert_array_equal(split(y, fractions=(1, 1))[0][0], first)


@given(
    st.lists(st.integers(0, 4), min_size=30, max_size=120),
    st.floats(0.2, 0.8),
    st.integers(0, 5),
)
def test_stratified_parts_have_the_same_proportions(y: list[int], size: float, seed: int) -> None:
    labels = np.array(y)
    train, test = train_test_split(labels, test_size=size, stratify=labels, rng=seed)
    for label in set(y):
        assert abs((test == label).sum() - size * (labels == label).sum()) <= 1
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.sort(labels))


def test_the_order_of_train_test_split_is_scikit_learns() -> None:
    a, b = np.arange(8), np.arange(8) + 100
    a_train, a_test, b_train, b_test = train_test_split(a, b, test_size=0.25, rng=0)
    np.testing.assert_array_equal(a_train + 100, b_train)
    np.testing.assert_array_equal(a_test + 100, b_test)
    assert (len(a_train), len(a_test)) == (6, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: split(fractions=(1, 1)), ad.ShapeError, "at least one array"),
        (lambda: split([1], [1, 2], fractions=(1, 1)), ad.ShapeError, "lengths [1, 2]"),
        (lambda: split([1, 2], fractions=(1, 0)), ValueError, "positive numbers, not (1, 0)"),
        (lambda: split([1, 2], fractions=()), ValueError, "positive numbers"),
        (lambda: split([1], fractions=(1, 1)), ValueError, "would be empty: there are only 1"),
        (lambda: train_test_split([1, 2], test_size=20), ValueError, "for a fifth give 0.2"),
        (
            lambda: split([1, 2], fractions=(1, 1), stratify=[1]),
            ad.ShapeError,
            "expected one label for each of 2 samples",
        ),
    ],
)
def test_messages_of_splitting(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_batches_in_order_cover_everything_once() -> None:
    x, y = np.arange(14).reshape(7, 2), np.arange(7)
    batches = list(DataLoader((x, y), batch_size=3))
    assert [len(b) for _, b in batches] == [3, 3, 1]
    np.testing.assert_array_equal(np.concatenate([b for _, b in batches]), y)
    np.testing.assert_array_equal(np.concatenate([a for a, _ in batches]), x)


@pytest.mark.parametrize(
    ("count", "size", "drop", "length"),
    [(7, 3, False, 3), (7, 3, True, 2), (6, 3, True, 2), (2, 3, True, 0), (0, 3, False, 0)],
)
def test_length_of_a_loader(count: int, size: int, drop: bool, length: int) -> None:
    loader = DataLoader(np.arange(count), size, drop_last=drop)
    assert len(loader) == length == len(list(loader))


def test_shuffling_is_new_every_epoch_and_the_same_every_run() -> None:
    def epochs() -> list[list[int]]:
        loader = DataLoader((np.arange(20),), 4, shuffle=True, rng=5)
        return [[int(i) for (b,) in loader for i in b] for _ in range(3)]

    first = epochs()
    assert first == epochs()
    assert first[0] != first[1]
    assert all(sorted(e) == list(range(20)) for e in first)


def test_datasets_and_loaders_print_and_refuse() -> None:
    data = TensorDataset(np.zeros((5, 2), np.float32), [1, 2, 3, 4, 5])
    assert repr(data) == "TensorDataset(float32[5, 2], int64[5])"
    assert repr(DataLoader(data, 2)) == (
        "DataLoader(TensorDataset(float32[5, 2], int64[5]), batch_size=2, shuffle=False, "
        "drop_last=False)"
    )
    assert data[1:3][1].tolist() == [2, 3]
    for arrays in ((), (np.zeros(()),), ([1], [1, 2])):
        with pytest.raises(ad.ShapeError, match="do not make a dataset: give at least one array"):
            TensorDataset(*arrays)
    for size in (0, -1, 2.5, True, "3"):
        with pytest.raises(ValueError, match="batch_size must be"):
            DataLoader(data, size)  # type: ignore[arg-type]


def test_digits() -> None:
    pytest.importorskip("sklearn")
    digits = load_digits()
    assert digits.images.dtype == digits.features.dtype == np.float32
    assert digits.labels.dtype == np.int64
    with nn.default_dtype(np.float64):
        assert load_digits().features.dtype == np.float64
    assert (digits.features.min(), digits.features.max()) == (0, 16)
    np.testing.assert_array_equal(digits.images.reshape(-1, 64), digits.features)
    np.testing.assert_array_equal(np.bincount(digits.labels) > 170, [True] * 10)


def test_digits_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(
        ad.MissingExtraError, match=r"scikit-learn.*pip install 'glassgrad\[data\]'"
    ):
        load_digits()
