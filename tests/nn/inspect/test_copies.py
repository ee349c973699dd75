"""Copies to be looked at: in training mode, and the same in every call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from nn.inspect import without_chance
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import SAMPLES

# These draw windows in every mode, as PyTorch's do.
DRAWN = [row for row in SAMPLES if row.draws and not row.name.startswith("Fractional")]


@pytest.mark.parametrize("row", DRAWN, ids=str)
def test_nothing_is_drawn(row: Row) -> None:
    model = row.build()
    twin = without_chance(model)
    state = ad.random.generator().bit_generator.state
    first, second = (
        [np.asarray(leaf.data) for leaf in ad.tree.leaves(twin(*row.arrays(), **row.named()))]
        for _ in range(2)
    )
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
    assert ad.random.generator().bit_generator.state == state
    assert _settings(model) == _settings(row.build())


def _settings(model: Any) -> list[Any]:
    return [(m.training, getattr(m, "dropout", None).__class__, repr(m)) for m in model.modules()]
