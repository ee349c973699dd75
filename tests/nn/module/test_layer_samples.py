"""The table of layers: every layer and loss is in it, and its rows are what they say."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import SAMPLES


def test_every_layer_and_loss_has_a_row() -> None:
    named = {row.name for row in SAMPLES}
    assert sorted({*nn.layers.__all__, *nn.losses.__all__} - named) == []
    assert len({str(row) for row in SAMPLES}) == len(SAMPLES)


@pytest.mark.parametrize("row", SAMPLES, ids=str)
def test_a_row_can_be_called_and_repeats(row: Row) -> None:
    first, second = (
        ad.tree.leaves(row.build().eval()(*row.arrays(), **row.named())) for _ in range(2)
    )
    assert first
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.data, b.data)
        assert a.dtype.kind != "f" or a.dtype == np.float64


ABSENT = {"device", "size_average", "reduce", "min_value", "max_value", "args", "kwargs"}
"""No devices, no settings that PyTorch itself has given up, and what `object` takes."""


@pytest.mark.parametrize("name", sorted({row.name for row in SAMPLES if row.torch}))
def test_arguments_are_those_of_torch(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = [*inspect.signature(getattr(torch.nn, name).__init__).parameters]
    ours = [*inspect.signature(getattr(nn, name).__init__).parameters]
    assert [parameter for parameter in theirs if parameter not in {*ours, *ABSENT}] == []
    named = [parameter for parameter in ours if parameter in theirs and parameter != "dtype"]
    assert named == [parameter for parameter in theirs if parameter in named]


@pytest.mark.parametrize("name", sorted({row.name for row in SAMPLES if row.torch}))
def test_defaults_are_those_of_torch(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = inspect.signature(getattr(torch.nn, name).__init__).parameters
    ours = inspect.signature(getattr(nn, name).__init__).parameters
    for key in ours.keys() & theirs.keys() - {"args", "kwargs"}:
        mine, other = (getattr(d[key].default, "__name__", d[key].default) for d in (ours, theirs))
        # PyTorch's choice of an axis by the number of axes is given up there.
        if (other, key) != (None, "dim"):
            assert mine == other, key
