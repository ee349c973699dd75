"""Parameters that are one number, given as an array of one or of several."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import ShapeError

fn = nn.functional
_SETTINGS = [
    (ad.leaky_relu, {"negative_slope": 0.1}),
    (ad.elu, {"alpha": 0.7}),
    (fn.celu, {"alpha": 0.7}),
    (ad.hardtanh, {"min_val": 0.4, "max_val": 0.8}),
    (ad.softshrink, {"lambd": 0.4}),
    (ad.hardshrink, {"lambd": 0.4}),
    (ad.threshold, {"threshold": 0.4, "value": 0.1}),
]


@pytest.mark.parametrize(("function", "given"), _SETTINGS)
def test_an_array_without_axes_is_a_number(function: Any, given: dict[str, float]) -> None:
    found = []
    for kind in (float, np.array, np.float64):
        x = ad.Tensor([-0.3, 0.6], requires_grad=True)
        y = function(x, **{name: kind(value) for name, value in given.items()})
        ad.sum(y).backward()
        found.append([y.tolist(), x.grad.tolist()])
    assert found[0] == found[1] == found[2]
    for name, value in given.items():
        with pytest.raises(
            ShapeError, match=r"was given .*= of shape \(2,\), but takes one number"
        ):
            function(ad.Tensor([0.3, 0.6]), **given | {name: np.full(2, value)})
