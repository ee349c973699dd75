"""The fast sums of normalisation are the formulas, for every order of axes and in every layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.networks import normalization as fast
from autodiff.ops.networks import formulas

RNG = np.random.default_rng(0)
LAYOUTS: dict[str, tuple[tuple[int, ...], Any]] = {
    "rows": ((6, 5), -1),
    "many long rows": ((40, 2000), (1,)),
    "one row": ((7,), 0),
    "all": ((3, 4, 5), (0, 1, 2)),
    "columns": ((6, 5), 0),
    "channels": ((4, 3, 5, 2), (0, 2, 3)),
    "channels, long": ((4, 3, 200), (0, 2)),
    "no block": ((4, 3, 5), (1,)),
    "apart": ((4, 3, 5, 2), (1, 3)),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", LAYOUTS)
def test_mean_and_variance(name: str, turned: bool, dtype: Any) -> None:
    shape, axis = LAYOUTS[name]
    x, g = (RNG.standard_normal(shape[::-1] if turned else shape).astype(dtype) for _ in range(2))
    x = x * 3 + 1
    if turned:
        x, g = x.T, g.T
    rtol = 1e-11 if dtype is np.float64 else 2e-5
    y = fast.standardize(x, axis, 1e-3)
    wanted = formulas.standardized(np, x, axis, 1e-3)
    np.testing.assert_allclose(y, wanted, rtol, rtol)
    found = fast.standardize_pull(g, y, x, axis, 1e-3)
    np.testing.assert_allclose(
        found, formulas.standardized_pull(np, g, wanted, x, axis, 1e-3), rtol, rtol
    )
    assert y.dtype == found.dtype == dtype


@pytest.mark.parametrize(
    ("shape", "one"),
    [
        *(((4, 3, 5), one) for one in [(3, 1), (5,), (4, 3, 5), (1, 3, 1), (4, 1, 5)]),
        *[((4, 3), (3,)), ((5,), ()), ((2, 3, 200), (3, 1))],
    ],
)
def test_factors_and_summands(shape: tuple[int, ...], one: tuple[int, ...]) -> None:
    x, g = RNG.standard_normal(shape), RNG.standard_normal(shape)
    w, b = RNG.standard_normal(one), RNG.standard_normal(one)
    np.testing.assert_allclose(fast.scale_shift(x, w, b), x * w + b, rtol=1e-13)
    np.testing.assert_allclose(fast.scaled(g, w), g * w, rtol=1e-13)
    repeated = [i for i in range(-len(shape), 0) if -i > len(one) or one[i] != shape[i]]
    for found, full in [
        (fast.sum_to(g, one), g),
        (fast.sum_products(g, x, one), g * x),
    ]:
        wanted = full.sum(tuple(repeated), keepdims=True).reshape(one)
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-12)


def test_a_large_mean_costs_no_digits_of_the_variance() -> None:
    x = (RNG.standard_normal((8, 500)) + 1e4).astype(np.float32)
    y = ad.standardize(x, 1).data
    exact = formulas.standardized(np, x.astype(np.float64), 1, 1e-5)
    np.testing.assert_allclose(y, exact, atol=2e-3)
    np.testing.assert_allclose(np.square(y).mean(1), 1, rtol=1e-4)


def test_under_vmap_and_twice() -> None:
    x, w, b = RNG.standard_normal((3, 4, 5)), RNG.standard_normal(5), RNG.standard_normal(5)
    mapped = ad.vmap(lambda r: ad.standardize(r, 0, w, b))(x)
    single = [ad.standardize(r, 0, w, b).data for r in x]
    np.testing.assert_allclose(mapped.data, single, rtol=1e-12)
    assert ad.gradcheck(lambda *a: ad.standardize(a[0], (0, 1), *a[1:]), x, w, b, order=2)
