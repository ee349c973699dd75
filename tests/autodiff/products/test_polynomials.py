"""Polynomials by their coefficients, against NumPy and differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors import ShapeError
from autodiff.testing import gradcheck

P, Q = np.array([2.0, -1.0, 0.5, 3.0]), np.array([1.5, -0.7])
X = np.array([[0.3, -1.2], [2.0, 0.0]])

CASES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "polyval": (P, (X,)),
    "polyadd": (P, (Q,)),
    "polysub": (P, (Q,)),
    "polymul": (P, (Q,)),
    "polyder": (P, (2,)),
    "polyint": (P, (2, [1.0, 2.0])),
    "poly": (P, ()),
    "roots": (np.array([0.0, 1.0, -2.5, 1.2, 0.0]), ()),
}


@pytest.mark.parametrize("name", CASES)
def test_values_as_numpy(name: str) -> None:
    p, rest = CASES[name]
    found, expected = getattr(ad, name)(p, *rest).numpy(), getattr(np, name)(p, *rest)
    if name == "roots":
        found, expected = np.sort_complex(found), np.sort_complex(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)
    dispatched = getattr(np, name)(ad.Tensor(p, requires_grad=True), *rest)
    assert isinstance(dispatched, ad.Tensor)


@pytest.mark.parametrize(("a", "b"), [(P, Q), (Q, P), (np.polymul(P, Q), Q)])
def test_division_as_numpy(a: Any, b: Any) -> None:
    for found, expected in zip(ad.polydiv(a, b), np.polydiv(a, b), strict=True):
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-13, atol=1e-13)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "polyval": lambda p, q: ad.polyval(p, q),
    "polyadd": lambda p, q: ad.polyadd(p, q) ** 2,
    "polysub": lambda p, q: ad.polysub(p, q) ** 2,
    "polymul": lambda p, q: ad.polymul(p, q),
    "polyder": lambda p, q: ad.polyder(p) * q[0],
    "polyint": lambda p, q: ad.polyint(p, 2, q),
    "polydiv": lambda p, q: ad.polydiv(p, q),
    "poly": lambda p, q: ad.poly(p) * q[0],
    "roots": lambda p, q: ad.real(ad.roots(p[:3])) ** 2 * q[0],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_of_both_orders(name: str) -> None:
    assert gradcheck(FUNCTIONS[name], P, Q, order=2).passed


@pytest.mark.parametrize("columns", [(), (2,)])
def test_fits(columns: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    x, y, w = np.linspace(-1, 2, 7), rng.standard_normal((7, *columns)), rng.random(7) + 0.5
    np.testing.assert_allclose(ad.polyfit(x, y, 2).numpy(), np.polyfit(x, y, 2), rtol=1e-12)
    found = ad.polyfit(x, y, 2, w=w).numpy()
    np.testing.assert_allclose(found, np.polyfit(x, y, 2, w=w), rtol=1e-12)
    assert gradcheck(lambda x, y, w: ad.polyfit(x, y, 2, w=w), x, y, w).passed


def test_the_polynomial_of_a_matrix() -> None:
    a = np.array([[2.0, 1.0], [0.5, -1.0]])
    np.testing.assert_allclose(ad.real(ad.poly(a)).numpy(), np.poly(a), atol=1e-14)


def test_no_roots() -> None:
    assert ad.roots([0.0, 0.0]).shape == (0,)
    assert ad.roots([3.0]).shape == (0,)


def test_errors() -> None:
    with pytest.raises(ShapeError, match=r"polyval\(\) was given coefficients of shape \(2, 2\)"):
        ad.polyval(X, 1.0)
    with pytest.raises(ZeroDivisionError, match="divisor with the first coefficient 0"):
        ad.polydiv(P, [0.0, 1.0])
    with pytest.raises(ShapeError, match=r"y of shape \(2,\) and deg=2"):
        ad.polyfit([0.0, 1.0], [1.0, 2.0], 2)
    with pytest.raises(ShapeError, match="3 constants of integration for m=2"):
        ad.polyint(P, 2, [1.0, 2.0, 3.0])
    for function in (ad.polyder, ad.polyint):
        with pytest.raises(ValueError, match="m=-1"):
            function(P, -1)
