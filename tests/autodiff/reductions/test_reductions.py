"""Reductions along any axes, of any shape, against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff as ad
from tests.autodiff.reference import (
    check_multilinear,
    gradient,
    leaves,
    normal,
    pull,
    same,
    weights,
)

some = settings(max_examples=40)


@st.composite
def reductions(draw: Any, min_side: int = 1) -> tuple[Any, Any, bool]:
    """An array, an axis in any of its forms, and whether axes are kept."""
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=min_side, max_side=3))
    n = len(shape)
    axes = st.none()
    if n:
        axes = axes | st.integers(-n, n - 1) | hnp.valid_tuple_axes(n)
    x = np.random.default_rng(draw(st.integers(0, 99))).standard_normal(shape)
    return np.asarray(x), draw(axes), draw(st.booleans())


@some
@given(reductions(min_side=0))
def test_sum(case: tuple[Any, Any, bool]) -> None:
    x, axis, keepdims = case
    check_multilinear(
        lambda x: ad.sum(x, axis, keepdims), lambda x: np.sum(x, axis, keepdims=keepdims), [x]
    )


@some
@given(reductions())
def test_mean(case: tuple[Any, Any, bool]) -> None:
    x, axis, keepdims = case
    check_multilinear(
        lambda x: ad.mean(x, axis, keepdims), lambda x: np.mean(x, axis, keepdims=keepdims), [x]
    )


def _log_sum_exp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


@pytest.mark.parametrize(
    ("function", "counterpart"),
    [
        (ad.max, np.max),
        (ad.min, np.min),
        (ad.prod, np.prod),
        (ad.var, np.var),
        (ad.std, np.std),
        (ad.logsumexp, _log_sum_exp),
    ],
    ids=lambda f: f.__name__,
)
@some
@given(case=reductions())
def test_nonlinear_reductions(
    function: Callable[..., Any], counterpart: Callable[..., Any], case: tuple[Any, Any, bool]
) -> None:
    x, axis, keepdims = case
    nodes = leaves([x])
    y = function(nodes[0], axis=axis, keepdims=keepdims)
    expected = counterpart(x, axis=axis, keepdims=keepdims)
    same(y.data, expected, rtol=1e-12, atol=1e-14)
    (g,) = pull(y, nodes)
    w = weights(y.shape)
    if function is ad.std and np.any(expected < 1e-9):
        assert np.isfinite(g).all()
        return
    numeric = gradient(
        lambda x: np.sum(w * counterpart(x, axis=axis, keepdims=keepdims)), [x], 0, h=1e-4
    )
    same(g, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("correction", [1, 0.5, 2])
@pytest.mark.parametrize("name", ["var", "std"])
def test_correction_is_subtracted_from_the_count(name: str, correction: float) -> None:
    (x,) = normal((3, 4))
    nodes = leaves([x])
    y = getattr(ad, name)(nodes[0], axis=1, correction=correction)
    counterpart = getattr(np, name)
    same(y.data, counterpart(x, axis=1, ddof=correction), rtol=1e-14)
    numeric = gradient(
        lambda x: np.sum(weights((3,)) * counterpart(x, axis=1, ddof=correction)), [x], 0
    )
    same(pull(y, nodes)[0], numeric, rtol=1e-9, atol=1e-11)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["var", "std"])
def test_too_few_elements_give_nan_as_in_numpy(name: str) -> None:
    nodes = leaves([np.array([3.0])])
    y = getattr(ad, name)(nodes[0], correction=1)
    assert np.isnan(y.data)
    assert np.isnan(pull(y, nodes)[0]).all()


@some
@given(reductions(min_side=0))
def test_cumsum(case: tuple[Any, Any, bool]) -> None:
    x, axis, _ = case
    if isinstance(axis, tuple):
        axis = axis[0] if axis else None
    check_multilinear(lambda x: ad.cumsum(x, axis), lambda x: np.cumsum(x, axis), [x])


@some
@given(reductions(min_side=0))
def test_softmax_along_any_axes(case: tuple[Any, Any, bool]) -> None:
    x, axis, _ = case
    if x.ndim == 0:
        return
    y = ad.softmax(x, axis)
    same(y.data, np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True), rtol=1e-13)
    same(ad.log_softmax(x, axis).data, np.log(y.data), rtol=1e-11, atol=1e-13)
    same(y.data.sum(axis), np.ones_like(x).mean(axis) if x.size else y.data.sum(axis), rtol=1e-13)


def test_softmax_neither_overflows_nor_loses_small_probabilities() -> None:
    x = ad.Tensor(np.array([[1e4, 0.0, -1e4]]), requires_grad=True)
    same(ad.softmax(x).data, [[1, 0, 0]])
    same(ad.log_softmax(x).data, [[0, -1e4, -2e4]])
    same(ad.logsumexp(x, axis=1).data, [1e4])
    ad.log_softmax(x)[0, 2].backward()
    same(x.grad, [[-1, 0, 1]])


@pytest.mark.parametrize("name", ["sum", "mean", "max", "prod", "var", "std", "logsumexp"])
def test_axes_may_be_numpy_integers_and_lists(name: str) -> None:
    (x,) = normal((2, 3, 2))
    function = getattr(ad, name)
    nodes = leaves([x])
    for axis in (np.int64(1), [0, 2], (np.int32(0), -1)):
        y = function(nodes[0], axis=axis)
        plain = tuple(int(a) for a in np.atleast_1d(axis))
        same(y.data, function(x, axis=plain).data)
        assert pull(y, nodes)[0].shape == x.shape


@pytest.mark.parametrize("name", ["sum", "mean", "var", "std", "max", "min", "prod", "logsumexp"])
def test_an_axis_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(ad.ShapeError, match=rf"'{name}' was given shape \(2, 3\) with axis=2"):
        getattr(ad, name)(ad.Tensor(np.ones((2, 3))), axis=2)
    with pytest.raises(ad.ShapeError, match=rf"'{name}' was given shape \(2, 3\)"):
        getattr(ad, name)(ad.Tensor(np.ones((2, 3))), axis=(0, 0))


@pytest.mark.parametrize("name", ["max", "min"])
def test_the_extremum_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ad.ShapeError, match=rf"'{name}' was given shape \(0, 3\) with axis=0"):
        getattr(ad, name)(ad.Tensor(np.ones((0, 3))), axis=0)
