"""The fast sums of normalisation are the formulas, for every order of axes and in every layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.networks import affine
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
    found = fast.standardize_pull(g, x, axis, 1e-3)
    np.testing.assert_allclose(found, formulas.standardized_pull(np, g, x, axis, 1e-3), rtol, rtol)
    assert y.dtype == found.dtype == dtype


AFFINE: dict[str, tuple[tuple[int, ...], Any, tuple[int, ...]]] = {
    "features": ((6, 5), -1, (5,)),
    "features, many": ((600, 700), 1, (700,)),
    "features of two axes": ((8, 6, 5), (1, 2), (6, 5)),
    "one row": ((7,), 0, (7,)),
    "groups": ((4, 2, 3, 5), (2, 3), (2, 3, 1)),
    "groups, space": ((4, 2, 3, 70), (2, 3), (2, 3, 1)),
    "groups, no space": ((40, 2, 3), 2, (2, 3)),
    "groups, larger than a block": ((2, 3, 16, 2000), (2, 3), (3, 16, 1)),
    "instances": ((4, 3, 5), 2, (3, 1)),
    "instances, larger than a block": ((2, 40, 2000), 2, (40, 1)),
    "channels": ((8, 6, 5), (0, 2), (6, 1)),
    "channels, several blocks": ((40, 50, 300), (0, 2), (50, 1)),
    "columns": ((64, 256), 0, (256,)),
    "one column": ((64, 1), 0, (1,)),
    "one number for all": ((5, 3), 0, ()),
    "no block": ((4, 3, 5), 1, (3, 1)),
    "factors across": ((4, 3), (0, 1), (3,)),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", AFFINE)
def test_scaled_and_shifted(name: str, dtype: Any) -> None:
    shape, axis, one = AFFINE[name]
    x, g = ((RNG.standard_normal(shape) + 1).astype(dtype) for _ in range(2))
    w, b = (np.asarray(RNG.standard_normal(one), dtype) for _ in range(2))
    rtol = 1e-10 if dtype is np.float64 else 3e-4
    y = affine.affine_standardize(x, w, b, axis, 1e-3)
    plain = formulas.standardized(np, x, axis, 1e-3)
    np.testing.assert_allclose(y, plain * w + b, rtol, rtol)
    found = affine.affine_standardize_pull(g, x, w, axis, 1e-3)
    wanted = formulas.affine_shares(np, g, x, w, axis, 1e-3)
    for part, same, terms in zip(found, wanted, (1.0, *[x.size / w.size] * 2), strict=True):
        np.testing.assert_allclose(part, same, rtol, rtol * terms**0.5)
    packed = affine.affine_standardize_packed(g, x, w, axis, 1e-3)
    np.testing.assert_array_equal(packed, np.concatenate([part.reshape(-1) for part in found]))
    both = fast.mean_variance(x, axis)
    np.testing.assert_allclose(both, [np.mean(x, axis), np.var(x, axis)], rtol, rtol)
    assert {a.dtype for a in (y, packed, *found, both)} == {np.dtype(dtype)}


def test_numpys_buffer_is_as_it_was() -> None:
    x, before = np.ones((64, 4000), np.float32), np.getbufsize()
    fast.standardize(x, 1, 1e-3)
    assert np.getbufsize() == before


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
