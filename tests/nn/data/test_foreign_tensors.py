"""PyTorch's tensors and datasets as data, without a warning on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


def test_tensors_of_another_library_are_read_without_a_warning() -> None:
    torch = pytest.importorskip("torch")
    x = torch.arange(6.0).reshape(2, 3)
    for made in (
        ad.Tensor(x),
        ad.asarray(x),
        ad.asarray([x[0], x[1]]),
        nn.Parameter(x),
        nn.data.collate([x[0], x[1]]),
    ):
        array = np.asarray(made if isinstance(made, np.ndarray) else made.data)
        np.testing.assert_array_equal(array, x.numpy())
        assert array.dtype == np.float32
        array = made if isinstance(made, np.ndarray) else made._data
        assert not np.shares_memory(array, x.numpy())
    assert nn.Linear(3, 1)(x).shape == (2, 1)


def test_datasets_and_loaders_of_pytorch_are_trained_on() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x, y = torch.tensor(rng.normal(size=(20, 3))), torch.tensor(rng.normal(size=(20, 1)))
    dataset = torch.utils.data.TensorDataset(x.float(), y.float())
    given: tuple[Any, ...] = (
        dataset,
        nn.data.DataLoader(dataset, 5),
        torch.utils.data.DataLoader(dataset, 5),
    )
    found = []
    for data in given:
        model = nn.Linear(3, 1, rng=0)
        optimizer = nn.optim.SGD(model.parameters(), lr=0.01)
        settings = {"batch_size": 5, "rng": 0} if data is dataset else {}
        nn.fit(model, nn.MSELoss(), optimizer, data, epochs=2, progress=False, **settings)
        found.append(nn.evaluate(model, nn.MSELoss(), data)["loss"])
    assert found[1] == found[2]
    assert found[0] < 3
