"""Medians, quantiles, percentiles: NumPy's values by every method, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import leaves, normal, pull, same

(X,) = normal((3, 5))
MISSING = np.array([[1, 0, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0]], bool)
WITH_NAN = np.where(MISSING, np.nan, X)
METHODS = (
    "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen "
    "weibull linear median_unbiased normal_unbiased lower higher midpoint nearest"
).split()
PARTS = np.arange(21) / 20


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_that_of_numpy(method: str) -> None:
    for length in range(1, 8):
        row = X.reshape(-1)[:length]
        found = ad.quantile(row, PARTS, method=method)
        same(found.data, np.quantile(row, PARTS, method=method), rtol=1e-12, atol=1e-14)
    found = ad.nanquantile(WITH_NAN, [[0.3, 0.7], [0.0, 1.0]], axis=1, method=method)
    expected = np.nanquantile(WITH_NAN, [0.3, 0.7, 0.0, 1.0], axis=1, method=method)
    same(found.data, expected.reshape(2, 2, 3), rtol=1e-12, atol=1e-14)
    assert ad.gradcheck(lambda x: ad.quantile(x, [0.3, 0.8], axis=1, method=method), X, order=2)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1), (1,)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_axes(axis: Any, keepdims: bool) -> None:
    options = {"axis": axis, "keepdims": keepdims}
    for name, theirs, args in [
        ("median", np.median, ()),
        ("nanmedian", np.nanmedian, ()),
        ("percentile", np.percentile, (30,)),
        ("nanpercentile", np.nanpercentile, ([30, 60],)),
        ("quantile", np.quantile, ([0.25, 0.5],)),
    ]:
        x = WITH_NAN if name.startswith("nan") else X
        found = theirs(ad.Tensor(x), *args, **options)
        assert isinstance(found, ad.Tensor)
        same(found.data, theirs(x, *args, **options), rtol=1e-12, atol=1e-14)
        same(getattr(ad, name)(x, *args, **options).data, found.data)


@pytest.mark.parametrize("name", ["median", "nanmedian"])
def test_gradients_of_medians(name: str) -> None:
    function = getattr(ad, name)
    assert ad.gradcheck(lambda x: function(x, axis=0), X, order=2)
    assert ad.gradcheck(lambda x: ad.square(function(x[:, :4], axis=1)), X, order=2)
    if name == "nanmedian":
        assert ad.gradcheck(lambda x: function(ad.where(MISSING, np.nan, x), axis=1), X)


@pytest.mark.parametrize("method", ["linear", "hazen", "median_unbiased"])
def test_the_part_has_a_gradient_where_results_grow_with_it(method: str) -> None:
    def function(x: Any, q: Any) -> Any:
        return ad.quantile(x, q, axis=1, method=method)

    assert ad.gradcheck(function, X, np.array([0.33, 0.61]), order=2)
    (q,) = leaves([np.array([0.0, 1.0])])
    row = np.array([1.0, 4.0, 9.0])
    y = ad.quantile(row, q, method=method)
    same(y.data, [1.0, 9.0])
    same(pull(y, [q], np.ones(2))[0], [6.0, 10.0] if method == "linear" else [0.0, 0.0])


def test_a_part_without_slope_has_no_gradient() -> None:
    (q,) = leaves([np.array([0.5, 1.0])])
    y = ad.quantile([1.0, 4.0], q, method="midpoint")
    assert y.tolist() == [2.5, 4.0]
    assert not y.requires_grad


def test_weighted_quantiles_are_those_of_numpy() -> None:
    weights = np.array([0.0, 2.0, 1.0, 0.0, 3.0])
    for w in (weights, np.abs(normal((3, 5), seed=9)[0])):
        options = {"axis": 1, "method": "inverted_cdf", "weights": w}
        same(ad.quantile(X, PARTS, **options).data, np.quantile(X, PARTS, **options))
        same(ad.quantile(WITH_NAN, PARTS, **options).data, np.quantile(WITH_NAN, PARTS, **options))
        for name, parts in (("nanquantile", PARTS), ("nanpercentile", 100 * PARTS)):
            options["weights"] = np.broadcast_to(w, (3, 5))
            found = getattr(np, name)(ad.Tensor(WITH_NAN), parts, **options)
            same(found.data, getattr(np, name)(WITH_NAN, parts, **options))
    assert ad.gradcheck(
        lambda x: ad.quantile(x, 0.4, axis=1, method="inverted_cdf", weights=weights), X
    )


def test_nan_spreads_where_it_is_not_left_out() -> None:
    (x,) = leaves([np.array([[1.0, np.nan, 2.0], [1.0, 3.0, 2.0]])])
    y = ad.median(x, axis=1)
    same(y.data, [np.nan, 2.0])
    same(pull(y, [x], np.ones(2))[0], [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert np.isnan(ad.nanmedian(np.full(3, np.nan)).item())
    assert np.isnan(ad.median(np.zeros(0)).item())
    assert np.isnan(ad.quantile(np.zeros((2, 0)), [0.5, 1.0], axis=1).data).all()


def test_infinities_and_equal_elements_stay_as_they_are() -> None:
    assert ad.quantile([1.0, np.inf], [0.0, 1.0]).tolist() == [1.0, np.inf]
    assert ad.quantile([1.0, np.inf, np.inf], [0.2, 0.4, 0.7]).tolist() == [np.inf] * 3
    assert ad.median([np.inf, 1.0, -np.inf]).item() == 1.0
    assert np.isnan(ad.median([np.inf, -np.inf]).item())
    assert ad.quantile(np.full(7, 0.1), PARTS).tolist() == [0.1] * 21
    (x,) = leaves([np.array([2.0, 2.0, 2.0])])
    same(pull(ad.median(x), [x], np.ones(()))[0], [0.0, 1.0, 0.0])


def test_types() -> None:
    x = ad.Tensor(X.astype(np.float32), requires_grad=True)
    y = ad.quantile(x, [0.3, 0.6], axis=1)
    assert y.dtype == np.float32
    assert pull(y, [x])[0].dtype == np.float32
    assert ad.median([[1, 2]]).item() == 1.5
    assert ad.median(3.0).item() == 3.0
    found = ad.quantile(np.array([1, 2, 4]), 0.5, method="lower")
    assert (found.item(), found.dtype.kind) == (2, "i")


def test_what_does_not_fit_is_explained() -> None:
    with pytest.raises(
        ValueError, match=r"percentile\(\) was given parts outside the range 0 to 100"
    ):
        ad.percentile(X, 101)
    with pytest.raises(ValueError, match=r"knows the methods .*linear"):
        ad.quantile(X, 0.5, method="cubic")
    with pytest.raises(ValueError, match="only 'inverted_cdf' takes weights"):
        ad.quantile(X, 0.5, weights=X)
    with pytest.raises(ad.NonDifferentiableError, match="complex"):
        ad.median(X + 1j)
