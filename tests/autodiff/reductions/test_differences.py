"""Slopes, areas, unwrapping, interpolation: NumPy's values, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import check_multilinear, leaves, normal, pull, same

X, ROW = normal((4, 5), (6,))
PLACES = np.array([0.0, 0.3, 1.0, 1.2, 2.0])


def test_differences_of_neighbours() -> None:
    for options in ({}, {"to_end": [1.5, 2.0]}, {"to_begin": 3.0, "to_end": 4.0}):
        same(np.ediff1d(ad.Tensor(X), **options).data, np.ediff1d(X, **options))
    assert ad.ediff1d(np.array([1, 4]), to_end=9).dtype == int
    assert ad.gradcheck(lambda x, e: ad.square(ad.ediff1d(x, e)), X, ROW, order=2)


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize(
    ("args", "axis"),
    [
        ((), None),
        ((0.5,), 1),
        ((0.5, 2.0), None),
        ((2.0, PLACES), (0, 1)),
        ((PLACES,), -1),
        ((), (1,)),
    ],
)
def test_slopes(args: Any, axis: Any, edge_order: int) -> None:
    options = {"axis": axis, "edge_order": edge_order}
    found, expected = np.gradient(ad.Tensor(X), *args, **options), np.gradient(X, *args, **options)
    assert isinstance(found, tuple) == isinstance(expected, tuple)
    pairs = zip(found, expected, strict=True) if isinstance(found, tuple) else [(found, expected)]
    for one, other in pairs:
        same(one.data, other, rtol=1e-12, atol=1e-13)

    def function(x: Any, *h: Any) -> Any:
        slopes = ad.gradient(x, *h, **options)
        return ad.stack(slopes) if isinstance(slopes, tuple) else slopes

    # The longer formulas, those of the second order at the edges, are checked to second order.
    assert ad.gradcheck(function, X, *args, order=edge_order)


def test_slopes_of_other_types() -> None:
    same(ad.gradient(np.array([1, 2, 4])).data, [1.0, 1.5, 2.0])
    assert ad.gradient(ROW.astype(np.float32), 0.1).dtype == np.float32
    z = ROW + 1j * ROW[::-1]
    same(ad.gradient(z, 0.5).data, np.gradient(z, 0.5))
    same(ad.gradient(X[0], PLACES.tolist()).data, np.gradient(X[0], PLACES), rtol=1e-12)
    for call, message in [
        (lambda: ad.gradient([1.0]), "at least 2 are needed"),
        (lambda: ad.gradient(X, 1.0, 2.0, 3.0), "3 distances for 2 axes"),
        (lambda: ad.gradient(X, PLACES, axis=0), "give a number, or the places"),
    ]:
        with pytest.raises(ad.ShapeError, match=message):
            call()


def test_areas() -> None:
    for options in ({}, {"dx": 0.5, "axis": 0}, {"x": PLACES}, {"x": X * 2, "axis": 0}):
        same(np.trapezoid(ad.Tensor(X), **options).data, np.trapezoid(X, **options), rtol=1e-12)
    assert ad.gradcheck(lambda y, x: ad.trapezoid(y, x), X, PLACES, order=2)
    assert ad.gradcheck(lambda y, dx: ad.trapezoid(y, dx=dx, axis=0), X, 0.5, order=2)
    assert ad.trapezoid([1, 2]).item() == 1.5
    with pytest.raises(ad.ShapeError, match="one place for each sample"):
        ad.trapezoid(X, PLACES, axis=0)


@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"discont": 4.0}, {"period": 3.0}])
def test_angles_without_jumps(options: dict[str, Any]) -> None:
    angles = 5 * X
    same(np.unwrap(ad.Tensor(angles), **options).data, np.unwrap(angles, **options), rtol=1e-12)
    assert ad.gradcheck(lambda p: ad.unwrap(p, **options), angles)
    assert ad.unwrap(angles.astype(np.float32)).dtype == np.float32
    # A jump of exactly half a period upwards stays.
    same(ad.unwrap([0.0, 3.0, 0.0], period=6.0).data, np.unwrap([0.0, 3.0, 0.0], period=6.0))


AT = np.array([[-1.0, 0.1, 0.5], [1.05, 1.9, 3.0]])
OUTSIDE: list[dict[str, Any]] = [{}, {"left": -9.0}, {"left": 1.0, "right": 2.0}, {"period": 2.5}]


@pytest.mark.parametrize("options", OUTSIDE)
def test_interpolation(options: dict[str, Any]) -> None:
    (samples,) = normal((5,), seed=8)
    found = np.interp(ad.Tensor(AT), PLACES, samples, **options)
    same(found.data, np.interp(AT, PLACES, samples, **options), rtol=1e-12, atol=1e-14)
    at_samples = ad.interp(PLACES, PLACES, samples, **options).data
    same(at_samples, samples, rtol=1e-12)
    assert ad.gradcheck(lambda *given: ad.interp(*given, **options), AT, PLACES, samples, order=2)


def test_interpolation_at_the_seams() -> None:
    x, xp, fp = leaves([np.array([0.0, 1.0, 2.0, 9.0]), np.arange(3.0), np.array([1.0, 3.0, 0.0])])
    y = ad.interp(x, xp, fp)
    assert y.tolist() == [1.0, 3.0, 0.0, 0.0]
    same(pull(y, [x], np.ones(4))[0], [2.0, -3.0, -3.0, 0.0])
    same(pull(ad.interp(x, xp, fp), [fp], np.ones(4))[0], [1.0, 1.0, 2.0])
    step = ([0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 5.0, 6.0])
    at = np.array([0.5, 1.0, 1.5, np.nan])
    same(ad.interp(at, *step).data, np.interp(at, *step))
    same(ad.interp([1.0, 2.0], [0.0, 1.0, 1.0], [0.0, 1.0, 5.0]).data, [5.0, 5.0])
    same(ad.interp([-1.0, 0.0, 1.0], [0.0], [4.0], right=7.0).data, [4.0, 4.0, 7.0])
    shuffled = ad.interp(AT, [2.0, 0.5, 1.0], [3.0, 1.0, 2.0], period=-2.2)
    same(shuffled.data, np.interp(AT, [2.0, 0.5, 1.0], [3.0, 1.0, 2.0], period=-2.2), rtol=1e-12)


def test_interpolation_of_other_types() -> None:
    assert ad.interp(AT.astype(np.float32), [0.0, 1.0], [0.1, 2.0]).dtype == np.float32
    z = np.array([1.0 + 2j, 3.0 - 1j, 0.5j])
    same(ad.interp(AT, PLACES[:3], z).data, np.interp(AT, PLACES[:3], z), rtol=1e-12)
    same(ad.interp(1, [0, 2], [0, 4]).data, 2.0)
    with pytest.raises(TypeError, match="only the samples may be complex"):
        ad.interp(AT + 1j, PLACES, PLACES)
    with pytest.raises(TypeError, match=r"autodiff.angle\(z\)"):
        ad.unwrap(z)
    with pytest.raises(ad.ShapeError, match="give one axis of at least one in both"):
        ad.interp(AT, PLACES, [1.0])
    with pytest.raises(ValueError, match="a period of 0"):
        ad.interp(AT, PLACES, PLACES, period=0)


@pytest.mark.parametrize("name", ["convolve", "correlate"])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("lengths", [(6, 3), (2, 5), (6, 4), (3, 4), (4, 4), (1, 1)])
def test_convolution_of_rows(name: str, mode: str, lengths: tuple[int, int]) -> None:
    own, theirs = getattr(ad, name), getattr(np, name)
    a, v = normal((lengths[0],), (lengths[1],))
    check_multilinear(lambda a, v: theirs(a, v, mode), lambda a, v: theirs(a, v, mode), [a, v])
    assert ad.gradcheck(lambda a, v: ad.square(own(a, v, mode)), a, v, order=2)
    z, w = a + 1j * a[::-1], v - 2j * v[::-1]
    same(own(z, w, mode).data, theirs(z, w, mode), rtol=1e-12, atol=1e-13)


def test_rows_that_cannot_be_convolved() -> None:
    same(ad.convolve([1.0, 2.0], 3.0).data, [3.0, 6.0])
    for a, v in ((X, ROW), (ROW, [])):
        with pytest.raises(ad.ShapeError, match="give one axis with at least one element"):
            ad.convolve(a, v)
    with pytest.raises(ValueError, match="knows the modes 'full', 'same' and 'valid'"):
        ad.correlate(ROW, ROW, "circular")
