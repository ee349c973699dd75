"""Elements added, taken out, looked for and worked on piece by piece: as NumPy does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import check_multilinear, leaves, normal, pull, same

X, NEW, ROW = normal((3, 4), (2, 4), (5,))
PLACES: list[Any] = [1, -1, [0], [2, 0, 0], slice(0, 3, 2), [True, False, True], [], np.array(2)]


@pytest.mark.parametrize("obj", PLACES, ids=repr)
def test_taken_out(obj: Any) -> None:
    check_multilinear(lambda x: ad.delete(x, obj, 0), lambda x: np.delete(x, obj, 0), [X])
    if obj is not PLACES[5]:
        same(np.delete(ad.Tensor(X), obj).data, np.delete(X, obj))
    if not isinstance(obj, list):
        same(ad.delete(X, obj, -1).data, np.delete(X, obj, -1))


@pytest.mark.parametrize(
    ("obj", "values", "axis"),
    [
        (1, 7.0, None),
        (1, 7.0, 0),
        (1, ROW[:3], 1),
        (-1, ROW[:4], 0),
        ([1], NEW, 0),
        ([1, 3], NEW, 0),
        ([2, 0, 2], ROW[:4], 0),
        ([0, 2], X[:, :2], 1),
        (slice(1, 3), 0.5, 1),
        (np.array([True, False, True]), NEW, 0),
        ([1, 1, 5], ROW[:3], None),
        ([], [], None),
    ],
)
def test_inserted(obj: Any, values: Any, axis: int | None) -> None:
    same(np.insert(ad.Tensor(X), obj, values, axis).data, np.insert(X, obj, values, axis))
    if np.size(values):
        given = np.asarray(values)
        assert ad.gradcheck(lambda x, v: ad.square(ad.insert(x, obj, v, axis)), X, given, order=2)


def test_appended() -> None:
    same(np.append(ad.Tensor(X), NEW, 0).data, np.append(X, NEW, 0))
    same(ad.append(X, [1.0, 0.1]).data, np.append(X, [1.0, 0.1]))
    assert ad.gradcheck(lambda x, v: ad.square(ad.append(x, v, axis=0)), X, NEW, order=2)


def test_places_and_values_that_do_not_fit() -> None:
    with pytest.raises(IndexError):
        ad.delete(X, 7, 0)
    with pytest.raises(IndexError):
        ad.insert(X, [0, 9], 1.0, 0)
    with pytest.raises(IndexError, match="one mark for each place"):
        ad.delete(X, [True, False], 0)
    with pytest.raises(ad.ShapeError, match="must be broadcast to"):
        ad.insert(X, [0, 1], ROW, 0)


@pytest.mark.parametrize("shape", [(2, 3), (20,), (4, 5), 3, (0, 2)])
def test_resized(shape: Any) -> None:
    check_multilinear(lambda x: np.resize(x, shape), lambda x: np.resize(x, shape), [X])
    same(ad.resize(np.zeros(0), shape).data, np.resize(np.zeros(0), shape))
    with pytest.raises(ad.ShapeError, match="negative"):
        ad.resize(X, (-1, 2))


@pytest.mark.parametrize("trim", ["f", "b", "fb", "B"])
def test_zeros_trimmed(trim: str) -> None:
    row = np.array([0.0, 0.0, 1.0, 0.0, 3.0, 0.0])
    for x in (row, np.zeros(3), row[2:5], np.zeros(0)):
        same(np.trim_zeros(ad.Tensor(x), trim).data, np.trim_zeros(x, trim))
    framed = np.pad(X, ((2, 1), (0, 3)))
    same(ad.trim_zeros(framed).data, X)
    assert ad.trim_zeros(framed, axis=1).shape == (6, 4)
    (x,) = leaves([row])
    same(pull(ad.trim_zeros(x), [x], np.ones(3))[0], [0, 0, 1, 1, 1, 0])
    with pytest.raises(ValueError, match="give 'f', 'b' or 'fb'"):
        ad.trim_zeros(row, "x")


def test_where_and_which() -> None:
    numbers = np.array([[3, 0, 3], [1, 2, 0]])
    t = ad.Tensor(numbers)
    for name in ("argwhere", "flatnonzero"):
        same(getattr(np, name)(t).data, getattr(np, name)(numbers))
    for invert in (False, True):
        same(np.isin(t, [3, 7], invert=invert).data, np.isin(numbers, [3, 7], invert=invert))
    assert ad.isin(np.array([0.1]), [0.1]).item() is True
    same(np.unique(t).data, [0, 1, 2, 3])
    every = {"return_index": True, "return_inverse": True, "return_counts": True}
    for options in (every, {**every, "axis": 1}, {"return_counts": True}):
        pairs = zip(np.unique(t, **options), np.unique(numbers, **options), strict=True)
        for found, expected in pairs:
            same(found.data, expected)
    assert ad.unique([np.nan, np.nan], equal_nan=False).shape == (2,)
    same(np.amax(ad.Tensor(X), 0).data, X.max(0))
    same(np.amin(ad.Tensor(X), axis=1).data, X.min(1))


PIECES: list[Callable[..., Any]] = [
    lambda m, x: m.piecewise(x, [x < 0, x > 1], [lambda v: v * v, lambda v: 3 * v]),
    lambda m, x: m.piecewise(x, [x < 0], [lambda v: -v, 2.0]),
    lambda m, x: m.piecewise(x, [x < 0, x < 1], [1.5, lambda v: v**3, lambda v: 2 * v]),
    lambda m, x: m.piecewise(x, [x > 0], [lambda v, k: v * k], k=4.0),
]


@pytest.mark.parametrize("function", PIECES)
def test_piecewise(function: Callable[..., Any]) -> None:
    for x in (X, X[0, 0], np.zeros((0, 2))):
        same(function(ad, ad.Tensor(x)).data, function(np, x), rtol=1e-14)
        same(function(np, ad.Tensor(x)).data, function(np, x), rtol=1e-14)
    assert ad.gradcheck(lambda x: function(ad, x), X, order=2)


def test_pieces_are_not_seen_by_others() -> None:
    (x,) = leaves([np.array([-1.0, 4.0])])
    y = ad.piecewise(x, [x < 0, x >= 0], [0.0, ad.sqrt])
    same(pull(y, [x], np.ones(2))[0], [0.0, 0.25])
    bare = ad.piecewise(X, X > 0, [2.0, lambda v: -v])
    same(bare.data, np.where(X > 0, 2.0, -X))
    same(ad.piecewise(X[0], [True, False, False, True], [1.0]).data, [1.0, 0.0, 0.0, 1.0])
    with pytest.raises(ad.ShapeError, match="one more for where none holds"):
        ad.piecewise(x, [x < 0], [])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_along_an_axis(axis: int) -> None:
    cube, small = normal((2, 3, 4), (2, 2, 2))
    own: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
        (lambda v: (v * v).sum(), lambda v: (v * v).sum()),
        (lambda v: v[:2] * v[1], lambda v: v[:2] * v[1]),
        (lambda v: ad.diag(v), lambda v: np.diag(v)),
    ]
    for ours, theirs in own:
        found = np.apply_along_axis(ours, axis, ad.Tensor(cube))
        same(found.data, np.apply_along_axis(theirs, axis, cube), rtol=1e-14)
        assert ad.gradcheck(lambda x, f=ours: ad.apply_along_axis(f, axis, x), small, order=2)
    with pytest.raises(ad.ShapeError, match="has no rows"):
        ad.apply_along_axis(ad.sum, 1, np.zeros((0, 3)))


def test_over_axes() -> None:
    cube = normal((2, 3, 4))[0]
    for axes in ((0, 2), 1, [-1]):
        found = np.apply_over_axes(ad.sum, ad.Tensor(cube), axes)
        same(found.data, np.apply_over_axes(np.sum, cube, axes), rtol=1e-13)
    same(ad.apply_over_axes(ad.cumsum, cube, 1).data, cube.cumsum(1))
    with pytest.raises(ad.ShapeError, match="must reduce one axis"):
        ad.apply_over_axes(lambda x, axis: x.sum(), cube, 0)


def test_functions_of_numbers() -> None:
    branching = ad.vectorize(lambda a, b, scale=1.0: a * a * scale if a > b else a + b)
    assert ad.gradcheck(lambda a, b: branching(a, b), X, X[:, :1] + 0.1, order=2)
    assert ad.gradcheck(lambda a, s: branching(a, 0.1, scale=s), X, ROW[:4], order=2)
    halves = ad.vectorize(lambda a, parts: (a / parts[0], a * parts[0]), excluded=[1])
    low, high = halves(X, [2.0])
    same(low.data, X / 2)
    same(high.data, X * 2)
    assert branching(np.zeros((0, 2)), 1.0).shape == (0, 2)


def test_options_of_joining_and_asking() -> None:
    t = ad.Tensor(X > 0)
    for name in ("any", "all"):
        expected = getattr(np, name)(X > 0, axis=0, where=X < 1)
        same(getattr(np, name)(t, axis=0, where=X < 1).data, expected)
        assert getattr(ad, name)(X > 0, where=np.zeros((3, 1), bool)).item() == (name == "all")
    (x,) = leaves([X])
    for y in (np.concatenate([x, x], dtype=np.float32), np.stack([x, x], 1, dtype=np.float32)):
        assert y.dtype == np.float32
        same(pull(y, [x], np.ones(y.shape, np.float32))[0], np.full((3, 4), 2.0))
