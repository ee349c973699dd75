"""Weighted means, ranges, covariances, histograms: NumPy's values, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import leaves, normal, pull, same

X, CUBE, Y = normal((3, 6), (2, 3, 4), (2, 6))
WEIGHTS = np.array([1.0, 0.5, 2.0, 0.3, 1.2, 0.7])
COUNTS = np.array([1, 2, 1, 3, 0, 1])


@pytest.mark.parametrize(
    ("axis", "shape"),
    [(None, (2, 3, 4)), (1, (3,)), ((0, 2), (2, 4)), ((2, 0), (4, 2)), (-1, (2, 3, 4))],
)
def test_average(axis: Any, shape: tuple[int, ...]) -> None:
    weights = np.abs(normal(shape, seed=5)[0]) + 0.2
    for keepdims in (False, True):
        options = {"axis": axis, "keepdims": keepdims, "returned": True}
        found = np.average(ad.Tensor(CUBE), weights=weights, **options)
        for one, expected in zip(found, np.average(CUBE, weights=weights, **options), strict=True):
            same(one.data, np.broadcast_to(expected, one.shape), rtol=1e-13)
    assert ad.gradcheck(lambda x, w: ad.average(x, axis, w), CUBE, weights, order=2)
    mean, total = ad.average(CUBE, axis, returned=True)
    same(mean.data, np.average(CUBE, axis), rtol=1e-13)
    same(total.data, np.average(CUBE, axis, returned=True)[1])


def test_average_explains_what_does_not_fit() -> None:
    with pytest.raises(ad.ShapeError, match="or of the axes named"):
        ad.average(X, weights=WEIGHTS)
    with pytest.raises(ad.ShapeError, match="or of the axes named"):
        ad.average(X, axis=0, weights=WEIGHTS)
    with pytest.raises(ZeroDivisionError, match="add up to 0"):
        ad.average([1.0, 2.0], weights=[1.0, -1.0])


@pytest.mark.parametrize("axis", [None, 0, (0, 1)])
def test_range(axis: Any) -> None:
    same(np.ptp(ad.Tensor(X), axis, keepdims=True).data, np.ptp(X, axis, keepdims=True))
    assert ad.gradcheck(lambda x: ad.square(ad.ptp(x, axis)), X, order=2)
    (x,) = leaves([np.array([1.0, 3.0, 3.0])])
    same(pull(ad.ptp(x), [x], np.ones(()))[0], [-1.0, 0.5, 0.5])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"bias": True},
        {"ddof": 2},
        {"fweights": COUNTS},
        {"aweights": WEIGHTS},
        {"aweights": WEIGHTS, "fweights": COUNTS, "ddof": 0},
        {"aweights": WEIGHTS, "fweights": COUNTS},
    ],
)
def test_covariances(options: dict[str, Any]) -> None:
    same(np.cov(ad.Tensor(X), Y, **options).data, np.cov(X, Y, **options), rtol=1e-12, atol=1e-14)
    same(ad.cov(X.T, rowvar=False, **options).data, np.cov(X, **options), rtol=1e-12, atol=1e-14)
    same(ad.cov(X[0], **options).data, np.cov(X[0], **options), rtol=1e-12)
    assert ad.gradcheck(lambda x, y: ad.cov(x, y, **options), X, Y, order=2)


def test_weights_of_covariances_have_gradients() -> None:
    assert ad.gradcheck(lambda w: ad.cov(X, aweights=w), WEIGHTS, order=2)


def test_correlations() -> None:
    same(np.corrcoef(ad.Tensor(X), Y).data, np.corrcoef(X, Y), rtol=1e-12, atol=1e-14)
    same(ad.corrcoef(X.T, rowvar=False).data, np.corrcoef(X), rtol=1e-12, atol=1e-14)
    assert ad.corrcoef(X[0]).item() == 1.0
    assert ad.gradcheck(lambda x: ad.corrcoef(x)[0, 1:], X, order=2)
    flat = ad.corrcoef([[1.0, 1.0, 1.0], [1.0, 2.0, 3.0]])
    assert np.isnan(flat.data).tolist() == [[True, True], [True, False]]


def test_complex_covariances() -> None:
    z = X + 1j * X[::-1]
    same(ad.cov(z).data, np.cov(z), rtol=1e-12, atol=1e-14)
    same(ad.corrcoef(z).data, np.corrcoef(z), rtol=1e-12, atol=1e-14)
    y = Y[:1] * np.ones((3, 1))
    assert ad.gradcheck(lambda a, b: ad.view_as_real(ad.cov(a + 1j * b)), X, y)


def test_too_few_observations_and_types() -> None:
    assert np.isnan(ad.cov([[1.0], [2.0]]).data).all()
    x = ad.Tensor(X.astype(np.float32), requires_grad=True)
    for y in (ad.cov(x), ad.corrcoef(x), ad.average(x, 0), ad.ptp(x)):
        assert y.dtype == np.float32
        assert pull(y, [x])[0].dtype == np.float32
    assert ad.cov([[1, 2, 4]]).item() == np.cov([1, 2, 4])
    with pytest.raises(ad.ShapeError, match="at most two axes"):
        ad.cov(CUBE)
    with pytest.raises(ad.ShapeError, match="fweights of shape"):
        ad.cov(X, fweights=[1, 2])


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("bins", [4, np.array([-1.0, 0.0, 0.2, 1.5]), "sqrt"])
def test_histograms(bins: Any, density: bool) -> None:
    for found, expected in zip(
        np.histogram(ad.Tensor(X), bins, density=density),
        np.histogram(X, bins, density=density),
        strict=True,
    ):
        same(found.data, expected)
        assert found.dtype == expected.dtype
    same(ad.histogram_bin_edges(X, bins).data, np.histogram_bin_edges(X, bins))
    if isinstance(bins, str):
        return
    weights = np.abs(normal((3, 6), seed=2)[0])
    found, _ = ad.histogram(X, bins, (-1, 2), density, weights)
    expected, _ = np.histogram(X, bins, (-1, 2), density, weights)
    same(found.data, expected, rtol=1e-13)
    assert ad.gradcheck(lambda w: ad.histogram(X, bins, density=density, weights=w)[0], weights)


def test_the_last_edge_belongs_to_the_last_bin() -> None:
    data = np.array([0.0, 1.0, 2.0, 2.0, 3.0])
    counts, _ = ad.histogram(data, [0.0, 1.0, 2.0], weights=np.ones(5))
    same(counts.data, np.histogram(data, [0.0, 1.0, 2.0])[0])
    with pytest.raises(ad.ShapeError, match="one for each element"):
        ad.histogram(data, weights=np.ones(4))


@pytest.mark.parametrize("right", [False, True])
def test_digitize(right: bool) -> None:
    for bins in ([-1.0, 0.0, 1.0], [1.0, 0.0, -1.0]):
        same(np.digitize(ad.Tensor(X), bins, right).data, np.digitize(X, bins, right))
