"""Reductions that leave NaN out: values as NumPy's, gradients for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import leaves, normal, pull, same
from tests.sampled import sampled

(X,) = normal((3, 4))
MISSING = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0]], bool)
WITH_NAN = np.where(MISSING, np.nan, X)
PART = np.array([[1, 1, 1, 1], [0, 1, 1, 1], [1, 1, 0, 1]], bool)
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "nansum": [{}, {"axis": 1}, {"axis": (0, 1), "keepdims": True}, {"where": PART, "initial": 2}],
    "nanprod": [{}, {"axis": -1}, {"axis": 0, "where": PART}],
    "nanmean": [{}, {"axis": 1, "keepdims": True}, {"axis": 0, "where": PART}],
    "nanvar": [{}, {"axis": 1, "ddof": 1}, {"axis": (0, 1)}, {"where": PART}],
    "nanstd": [{}, {"axis": 0, "correction": 1}, {"axis": 1, "keepdims": True}],
    "nanmax": [{}, {"axis": 1}, {"axis": 0, "where": PART, "initial": -1.0}],
    "nanmin": [{}, {"axis": (1, 0), "keepdims": True}, {"axis": 1, "initial": -0.2}],
    "nancumsum": [{}, {"axis": 1}],
    "nancumprod": [{}, {"axis": 0}],
    "nan_to_num": [{}, {"nan": 3.0}],
}
CASES = [(name, options) for name, every in OPTIONS.items() for options in every]


@pytest.mark.parametrize(("name", "options"), CASES)
def test_value_and_gradients(name: str, options: dict[str, Any]) -> None:
    own, theirs = getattr(ad, name), getattr(np, name)
    same(own(WITH_NAN, **options).data, theirs(WITH_NAN, **options), rtol=1e-13)

    def function(x: Any) -> Any:
        return own(ad.where(MISSING, np.nan, x), **options)

    assert ad.gradcheck(function, X)


@pytest.mark.parametrize(("name", "options"), sampled(CASES, 4))
def test_second_derivatives(name: str, options: dict[str, Any]) -> None:
    def function(x: Any) -> Any:
        return getattr(ad, name)(ad.where(MISSING, np.nan, x), **options)

    assert ad.gradcheck(function, X, order=2)


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "nan_to_num"])
def test_numpy_finds_it_and_the_type_stays(name: str) -> None:
    x = ad.Tensor(WITH_NAN.astype(np.float32), requires_grad=True)
    y = getattr(np, name)(x, axis=1)
    assert isinstance(y, ad.Tensor)
    assert y.dtype == np.float32
    g = pull(y, [x])[0]
    assert g.dtype == np.float32
    assert np.isfinite(g).all()
    assert (g[MISSING] == 0).all()


@pytest.mark.parametrize("name", [*OPTIONS, "nanargmax"])
def test_integers_are_taken_as_they_are(name: str) -> None:
    numbers = np.array([[3, 1], [2, 5]])
    found, expected = getattr(ad, name)(numbers), getattr(np, name)(numbers)
    same(found.data, expected)
    assert found.dtype == expected.dtype
    assert not found.requires_grad


def test_places() -> None:
    for axis in (None, 0, 1):
        for name in ("nanargmax", "nanargmin"):
            same(getattr(np, name)(ad.Tensor(X), axis).data, getattr(np, name)(X, axis))
            same(getattr(ad, name)(WITH_NAN, axis).data, getattr(np, name)(WITH_NAN, axis))
    with pytest.raises(ValueError, match="nothing but NaN"):
        ad.nanargmax([[1.0, 2.0], [np.nan, np.nan]], axis=1)


@pytest.mark.parametrize("name", ["nanmean", "nanvar", "nanstd", "nanmax", "nanmin"])
def test_nothing_but_nan_gives_nan_and_no_gradient(name: str) -> None:
    (x,) = leaves([np.array([[np.nan, np.nan], [1.0, 3.0]])])
    y = getattr(ad, name)(x, axis=1)
    assert np.isnan(y.data).tolist() == [True, False]
    same(pull(y, [x])[0][0], [0.0, 0.0])


def test_nothing_at_all() -> None:
    assert ad.nansum(np.zeros((0, 2)), axis=0).tolist() == [0.0, 0.0]
    assert ad.nanprod(np.zeros(0)).item() == 1.0
    assert np.isnan(ad.nanmean(np.zeros(0)).item())
    assert ad.nanmax(np.full(2, np.nan), initial=4.0).item() == 4.0


def test_equal_largest_elements_share() -> None:
    (x,) = leaves([np.array([2.0, np.nan, 2.0, 1.0])])
    same(pull(ad.nanmax(x), [x], np.ones(()))[0], [0.5, 0.0, 0.5, 0.0])


def test_infinities_become_numbers() -> None:
    wild = np.array([np.nan, np.inf, -np.inf, 2.0])
    for options in ({}, {"nan": 1.0, "posinf": 5.0, "neginf": -6.0}):
        same(ad.nan_to_num(wild, **options).data, np.nan_to_num(wild, **options))
        both = np.stack([wild, wild[::-1]], -1).view(complex)[:, 0]
        same(ad.nan_to_num(both, **options).data, np.nan_to_num(both, **options))
    (x,) = leaves([wild])
    same(pull(ad.nan_to_num(x), [x], np.ones(4))[0], [0.0, 0.0, 0.0, 1.0])


@pytest.mark.parametrize("function", [ad.nanvar, ad.nanstd])
def test_spread_of_complex_numbers(function: Callable[..., Any]) -> None:
    z = WITH_NAN + 1j * X[::-1]
    expected = getattr(np, function.__name__)(z, axis=1)
    found = function(z, axis=1)
    assert found.dtype == expected.dtype
    same(found.data, expected, rtol=1e-13)
    assert ad.gradcheck(lambda x, y: function(ad.where(MISSING, np.nan, x) + 1j * y, axis=1), X, X)
