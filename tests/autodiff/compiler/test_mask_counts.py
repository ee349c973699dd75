"""A mask from outside a step chooses more or fewer elements: its count is a shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compiler.twins import assert_same


@pytest.mark.parametrize(
    "step",
    [
        lambda x, mask: ad.mean(x[mask]),
        lambda x, mask: ad.outer(x, x)[mask, 1:] * len(x[mask]),
        lambda x, mask: ad.grad(lambda y: ad.var(y[mask]))(x),
    ],
)
def test_a_mask_that_chooses_more_elements_is_recorded_anew(step: Callable[..., Any]) -> None:
    """Its count is a shape; with the same count its numbers are read anew."""
    mask, recordings = np.zeros(2000, bool), []
    x = ad.Tensor(np.arange(2000.0))
    compiled = ad.compile(lambda x: step(x, mask))
    for chosen in (slice(3), slice(4, 7), slice(5), slice(5), slice(9, 12)):
        mask[:] = False
        mask[chosen] = True
        for _ in range(5):
            assert_same(step(x, mask), compiled(x))
        recordings.append(compiled.recordings)
    assert recordings == [1, 1, 2, 2, 2]
