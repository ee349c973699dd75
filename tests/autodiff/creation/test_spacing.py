"""Equal ratios, sets, histograms of points, slices kept short: values, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import leaves, normal, pull, same

X, POINTS, SRC = normal((3, 4), (20, 2), (2, 3, 4))
ENDS = np.array([[1.0, 3.0], [0.5, 20.0]])


@pytest.mark.parametrize("name", ["geomspace", "logspace"])
@pytest.mark.parametrize(
    "options", [{}, {"num": 4, "axis": -1}, {"num": 5, "endpoint": False}, {"num": 1}, {"num": 0}]
)
def test_equal_ratios(name: str, options: dict[str, Any]) -> None:
    own, theirs = getattr(ad, name), getattr(np, name)
    found = theirs(ad.Tensor(ENDS[0]), ENDS[1], **options)
    same(found.data, theirs(ENDS[0], ENDS[1], **options), rtol=1e-12)
    same(own(2.0, np.array([8.0, 3.0]), **options).data, theirs(2.0, [8.0, 3.0], **options))
    if options.get("num") != 0:
        function = lambda a, b: own(a, b, **options)  # noqa: E731
        assert ad.gradcheck(function, ENDS[0] / 4, ENDS[1] / 4, order=2)


def test_ends_are_exact_and_bases_move() -> None:
    y = ad.geomspace(ad.Tensor(np.array(0.1)), 0.7, 9)
    assert y.dtype == np.float64
    assert y[-1].item() == np.float64(0.7)
    assert ad.geomspace(-2.0, -8.0, 3).tolist() == [-2.0, -4.0, -8.0]
    same(ad.geomspace(1j, 16j, 5).data, np.geomspace(1j, 16j, 5), rtol=1e-14)
    assert ad.gradcheck(lambda b: ad.logspace(0.0, 2.0, 3, base=b), 2.5, order=2)
    assert ad.identity(3, int).tolist() == np.identity(3, int).tolist()
    for ends in ((0.0, 1.0), (1.0, 0.0), (-1.0, 2.0)):
        with pytest.raises(ValueError, match="differ in sign"):
            ad.geomspace(*ends)
    with pytest.raises(ValueError, match="give 0 or more"):
        ad.logspace(0.0, 1.0, -1)


def test_sets() -> None:
    a, b = np.array([[3, 1, 2, 3]]), np.array([2, 3, 5])
    for name in ("intersect1d", "setdiff1d", "setxor1d", "union1d"):
        found = getattr(np, name)(ad.Tensor(a), b)
        same(found.data, getattr(np, name)(a, b))
        assert not found.requires_grad
    every = np.intersect1d(ad.Tensor(a), b, return_indices=True)
    for found, expected in zip(every, np.intersect1d(a, b, return_indices=True), strict=True):
        same(found.data, expected)


@pytest.mark.parametrize("density", [None, True])
@pytest.mark.parametrize("bins", [3, (2, 4), [np.array([-1.0, 0.0, 1.0]), 3]])
def test_points_in_cells(bins: Any, density: Any) -> None:
    (w,) = normal((20,), seed=4)
    weights = np.abs(w)
    for given in (None, weights):
        counts, edges = np.histogramdd(ad.Tensor(POINTS), bins, None, density, given)
        expected, cuts = np.histogramdd(POINTS, bins, None, density, given)
        same(counts.data, expected, rtol=1e-12)
        for found, cut in zip(edges, cuts, strict=True):
            same(found.data, cut)
        x, y = POINTS.T
        for found, plane in zip(
            np.histogram2d(ad.Tensor(x), y, bins, None, density, given),
            np.histogram2d(x, y, bins, None, density, given),
            strict=True,
        ):
            same(found.data, plane, rtol=1e-12)
    assert ad.gradcheck(
        lambda w: ad.histogramdd(POINTS, bins, density=density, weights=w)[0], weights
    )


def test_points_are_given_in_rows_or_by_coordinates() -> None:
    same(ad.histogramdd(list(POINTS.T), 2)[0].data, np.histogramdd(list(POINTS.T), 2)[0])
    same(ad.histogramdd(POINTS[:, 0], 2)[0].data, np.histogramdd(POINTS[:, 0], 2)[0])
    same(ad.histogram2d(*POINTS.T, [-9.0, 0.0, 1.0, 9.0])[0].data.sum(), 20.0)
    with pytest.raises(ad.ShapeError, match="one for each point"):
        ad.histogramdd(POINTS, weights=np.ones(3))


@pytest.mark.parametrize("p", [1, 2, 3.0, np.inf])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_slices_kept_short(p: float, dim: int) -> None:
    torch = pytest.importorskip("torch")
    expected = torch.renorm(torch.tensor(SRC), p, dim, 2.5).numpy()
    same(ad.renorm(SRC, p, dim, 2.5).data, expected, rtol=1e-12)
    assert ad.gradcheck(lambda x: ad.renorm(x, p, dim, 2.5), SRC, order=2)


def test_short_slices_stay() -> None:
    (x,) = leaves([np.array([[0.0, 0.0], [0.3, 0.4]])])
    y = ad.renorm(x, 2, 0, 1.0)
    same(y.data, x.data)
    same(pull(y, [x], np.ones((2, 2)))[0], np.ones((2, 2)))
    with pytest.raises(ad.ShapeError, match="at least two axes"):
        ad.renorm(X[0], 2, 0, 1.0)
