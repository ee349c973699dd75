"""To NumPy a list of Values is an array of objects, and functions that return one are derived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

DATA = np.array([1.0, 2.0, 3.0])
# Each returns an array of objects for a Value, and its derivative at 2 is given beside it.
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "dot": (lambda w: np.dot(DATA, w), DATA),
    "where": (lambda w: np.where(DATA > 1.5, w, DATA), [0.0, 1.0, 1.0]),
    "array": (lambda w: np.array([w * w, w]), [4.0, 1.0]),
    "matrix": (lambda w: np.array([[w, 1.0], [2.0, w**3]]), [[1.0, 0.0], [0.0, 12.0]]),
    "full": (lambda w: np.full(2, w), [1.0, 1.0]),
    "no axes": (lambda w: np.array(w * w), 4.0),
}
each = pytest.mark.parametrize("name", FUNCTIONS)


@each
def test_results_are_derived_in_both_modes(name: str) -> None:
    f, expected = FUNCTIONS[name]
    for mode in ("reverse", "forward"):
        np.testing.assert_allclose(ad.jacobian(f, mode=mode)(2.0), expected)
    y, tangent = ad.jvp(f, (2.0,), (1.0,))
    np.testing.assert_allclose(tangent, expected)
    np.testing.assert_allclose(y, np.asarray(f(2.0), float))
    np.testing.assert_allclose(ad.linearize(f, 2.0)[1](1.0), expected)
    y, pullback = ad.vjp(f, 2.0)
    assert y.dtype == np.float64
    np.testing.assert_allclose(pullback(np.ones(np.shape(expected)))[0], np.sum(expected))
    assert ad.gradcheck(f, 2.0)


@each
def test_they_are_derived_through_a_checkpoint_and_within_containers(name: str) -> None:
    f, expected = FUNCTIONS[name]
    total = np.sum(expected)
    assert ad.grad(lambda w: ad.sum(ad.checkpoint(f)(w)))(2.0) == pytest.approx(total)
    found = ad.jacobian(lambda w: {"y": f(w), "w": w})(2.0)
    np.testing.assert_allclose(found["y"], expected)


def test_second_derivatives_of_such_results() -> None:
    np.testing.assert_allclose(ad.hessian(FUNCTIONS["matrix"][0])(2.0), [[0.0, 0.0], [0.0, 12.0]])


def test_one_without_axes_is_one_number() -> None:
    assert ad.grad(FUNCTIONS["no axes"][0])(2.0) == 4.0
    assert ad.value_and_grad(FUNCTIONS["no axes"][0])(2.0) == (4.0, 4.0)
    with pytest.raises(ad.NonScalarBackwardError, match=r"shape \(3,\)"):
        ad.grad(FUNCTIONS["dot"][0])(2.0)


def test_what_comes_beside_the_result_is_plain() -> None:
    _, aux = ad.grad(lambda w: (w * w, np.dot(DATA, w)), has_aux=True)(2.0)
    assert aux.dtype == np.float64
    np.testing.assert_array_equal(aux, 2 * DATA)


def test_constants_of_them_keep_nothing_of_the_graph() -> None:
    w = ad.Value(2.0)
    stopped = ad.stop_gradient(np.array([[w * w, 1.0]]))
    assert stopped.shape == (1, 2)
    assert not stopped[0, 0].requires_grad
    (w * stopped[0, 0]).backward()
    assert w.grad == 4.0
