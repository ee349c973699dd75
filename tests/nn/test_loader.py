"""Datasets by index, lists of samples, and how batches are made of them."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.data import DataLoader, TensorDataset, collate


class Squares:
    """A dataset as one writes it for PyTorch; it would go on for ever."""

    def __init__(self, count: int = 7) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Any:
        assert type(index) is int
        return np.full(2, index, np.float32), index * index


def test_a_dataset_by_index_is_walked_through_once() -> None:
    batches = list(DataLoader(Squares(), batch_size=3))
    assert [x.shape for x, _ in batches] == [(3, 2), (3, 2), (1, 2)]
    assert np.concatenate([y for _, y in batches]).tolist() == [i * i for i in range(7)]
    loader = DataLoader(Squares(), 4, shuffle=True, drop_last=True, rng=0)
    assert repr(loader) == "DataLoader(7 samples, batch_size=4, shuffle=True, drop_last=True)"
    ((x, y),) = loader
    np.testing.assert_array_equal(x[:, 0] ** 2, y)
    assert sorted(y) != list(y)


def test_a_list_of_samples_is_no_list_of_columns() -> None:
    samples = [(np.array([i, -i], np.float32), i % 2) for i in range(4)]
    x, y = next(iter(DataLoader(samples, 4)))
    assert x.tolist() == [[0, 0], [1, -1], [2, -2], [3, -3]]
    assert y.tolist() == [0, 1, 0, 1]
    # As many samples as parts: columns would fit as well.
    x, y = next(iter(DataLoader(samples[:2], 2)))
    assert (x.shape, y.tolist()) == ((2, 2), [0, 1])


def test_columns_are_as_before() -> None:
    x, y = np.arange(6.0).reshape(3, 2), np.arange(3)
    for columns in ((x, y), TensorDataset(x, y)):
        (batch,) = DataLoader(columns, 3)
        assert [b.dtype for b in batch] == [np.float64, np.int64]
        assert np.shares_memory(batch[0], x)
    for one in (x, ad.Tensor(x)):
        ((batch,),) = DataLoader(one, 3)
        np.testing.assert_array_equal(batch, x)


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([1, 2], np.array([1, 2])),
        ([True, False], np.array([True, False])),
        ([0.5, 1.5], np.array([0.5, 1.5], np.float32)),
        ([1j], np.array([1j])),
        ([np.float64(0.5)], np.array([0.5])),
        ([[0.5, 1.0], [1.5, 2.0]], np.array([[0.5, 1.0], [1.5, 2.0]], np.float32)),
        ([np.zeros(2, np.int8)], np.zeros((1, 2), np.int8)),
        ([ad.Tensor(np.zeros(2))], np.zeros((1, 2))),
    ],
)
def test_numbers_and_arrays_are_stacked(samples: list[Any], expected: Any) -> None:
    found = collate(samples)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == expected.dtype


def test_containers_are_batched_part_by_part() -> None:
    batch = collate([{"x": np.ones(2), "id": "a", "to": (1, 2.0)} for _ in range(3)])
    assert batch["x"].shape == (3, 2)
    assert batch["id"] == ["a", "a", "a"]
    assert [part.tolist() for part in batch["to"]] == [[1, 1, 1], [2.0, 2.0, 2.0]]
    points = collate([Point(1, 2), Point(3, 4)])
    assert isinstance(points, Point)
    assert points.y.tolist() == [2, 4]
    x, y = collate([[np.zeros(2), 1], [np.ones(2), 0]])
    assert (x.shape, y.tolist()) == ((2, 2), [1, 0])


@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        ([np.zeros(2), np.zeros(3)], ad.ShapeError, r"shapes \(2,\) and \(3,\), which do not"),
        ([(np.zeros(2), 1), (np.zeros(3), 1)], ad.ShapeError, r"samples\[0\] have shapes"),
        ([(1, 2), (1, 2, 3)], ad.ShapeError, "have 2 and 3 parts"),
        ([{"a": 1}, {"b": 1}], TypeError, "different keys"),
        ([(1, 2), 3], TypeError, "first of the batch is a tuple, number 1 a int"),
        ([(1, None)], TypeError, r"samples\[1\] are of type NoneType.*collate_fn"),
        ([ad.Tensor([1.0], requires_grad=True)], TypeError, "need a gradient, which a batch"),
    ],
)
def test_what_does_not_stack(samples: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        collate(samples)


def test_a_collate_fn_makes_the_batch() -> None:
    words = ["a", "bcd", "ef"]
    assert list(DataLoader(words, 2)) == [["a", "bcd"], ["ef"]]
    lengths = DataLoader(words, 2, collate_fn=lambda batch: [len(word) for word in batch])
    assert list(lengths) == [[1, 3], [2]]
    pairs = DataLoader((np.arange(3), np.arange(3)), 3, collate_fn=len)
    assert list(pairs) == [3]


def test_what_is_ambiguous_or_no_dataset_is_refused() -> None:
    x, y = np.zeros((2, 2)), np.zeros(2)
    for either in ([x, y], [[1, 2], [3, 4]], [x, (x, 1)], []):
        with pytest.raises(TypeError, match=r"may be columns or samples.*give a tuple, \(x, y\)"):
            DataLoader(either)
    with pytest.raises(TypeError, match="cannot tell the samples of a dict"):
        DataLoader({"x": x})
    with pytest.raises(TypeError, match=r"make a list of it: list\(...\)"):
        DataLoader(i for i in range(3))
    with pytest.raises(TypeError, match="a NoneType has no __len__ and __getitem__"):
        DataLoader(None)
    for call in (TensorDataset, nn.data.standardize):
        with pytest.raises(TypeError, match=r"a Squares is no array.*DataLoader"):
            call(Squares())


def test_a_model_is_fitted_to_samples_and_datasets() -> None:
    model = nn.Linear(2, 1)
    settings: Any = {"epochs": 1, "progress": False}
    optimizer = nn.optim.SGD(model.parameters(), lr=0.0)

    def loss(z: ad.Tensor, y: Any) -> ad.Tensor:
        return nn.mse_loss(z[:, 0], y)

    samples = [Squares()[i] for i in range(7)]
    x, y = collate(samples)
    losses = [
        nn.fit(model, loss, optimizer, data, **settings).last["loss"]
        for data in (samples, Squares(), (x, y), [x, y], DataLoader(Squares(), 3))
    ]
    np.testing.assert_allclose(losses, losses[0], rtol=1e-5)
    for bad in (DataLoader(x, 3), DataLoader([{"x": 1}])):
        with pytest.raises(TypeError, match=r"let the dataset give samples \(x, y\)"):
            nn.fit(model, loss, optimizer, bad, **settings)


def test_data_that_need_a_gradient_are_refused_but_in_predictions() -> None:
    x = ad.Tensor(np.ones((2, 2)), requires_grad=True)
    for call in (TensorDataset, DataLoader, nn.data.standardize):
        with pytest.raises(ad.GlassgradError, match="gradient"):
            call(x)
    model = nn.Linear(2, 1)
    np.testing.assert_allclose(nn.predict(model, x), model(x).data)
