"""The incomplete gamma functions: numbers over their range, and derivatives by both operands."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

INF, NAN = math.inf, math.nan

# From 40 digits.
EXACT: list[tuple[str, tuple[float, float], float]] = [
    ("gammainc", (50.0, 0.5), 1.7887765104351365e-80),
    ("gammainc", (0.001, 2.0), 0.999951023082169),
    ("gammainc", (300.0, 280.0), 0.12260728267114314),
    ("gammaincc", (1e-05, 0.25), 1.0442832583522803e-05),
    ("gammaincc", (2.5, 60.0), 3.138579772755296e-24),
    ("gammaincc", (300.0, 350.0), 0.002895772531822272),
]
BY_A: list[tuple[int, float, float, float]] = [
    (1, 0.125, 3.0, -0.01984273778533056),
    (1, 2.5, 1.5, -0.25217540042362785),
    (1, 40.0, 90.0, -9.669377056403348e-10),
    (2, 2.5, 1.5, 0.1365540334550095),
    (2, 30.0, 31.5, -0.0033563845758101288),
    (3, 2.5, 4.0, 0.027500149241142816),
]


@pytest.mark.parametrize(("name", "at", "expected"), EXACT)
def test_exact_numbers(name: str, at: tuple[float, float], expected: float) -> None:
    function = getattr(ad.special, name)
    same(function(*map(np.array, at)).data, expected, rtol=5e-14)
    same(function(*map(ad.Value, at)).data, expected, rtol=5e-14)


@pytest.mark.parametrize(("order", "a", "x", "expected"), BY_A)
def test_derivatives_by_a(order: int, a: float, x: float, expected: float) -> None:
    lower: Any = lambda t: ad.gammainc(t, x)  # noqa: E731
    upper: Any = lambda t: ad.gammaincc(t, x)  # noqa: E731
    for _ in range(order):
        lower, upper = ad.grad(lower), ad.grad(upper)
    same(lower(a), expected, rtol=2e-13)
    same(upper(a), -expected, rtol=2e-13)


@pytest.mark.parametrize("name", ["gammainc", "gammaincc"])
def test_beside_scipy(name: str) -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    rng = np.random.default_rng(6)
    a = 10 ** rng.uniform(-6, 5, 500)
    x = np.where(rng.random(500) < 0.5, a * rng.uniform(0.7, 1.4, 500), 10 ** rng.uniform(-3, 3))
    expected = getattr(special, name)(a, x)
    kept = expected > 1e-200
    same(getattr(ad, name)(a, x).data[kept], expected[kept], rtol=1e-10)
    edges = np.array([0.0, -1.0, 1.0, 2.5, INF, NAN])
    a, x = edges[:, None], edges[None, :]
    same(getattr(ad, name)(a, x).data, getattr(special, name)(a, x), rtol=1e-13)


def test_identities() -> None:
    x = np.linspace(0.01, 30.0, 60)
    same(ad.gammainc(1.0, x).data, -np.expm1(-x), rtol=1e-13)
    same(ad.gammaincc(0.5, x).data, ad.erfc(np.sqrt(x)).data, rtol=1e-13)
    for a in (0.1, 3.0, 400.0, 2e6):
        z = a * np.linspace(0.98, 1.02, 9)
        total = ad.gammainc(a, z).data + ad.gammaincc(a, z).data
        same(total, np.ones(9), rtol=1e-14)
        step = ad.gammainc(a, z).data - ad.gammainc(a + 1, z).data
        f = np.exp(a * np.log(z) - z - math.lgamma(a + 1))
        same(step, f, rtol=1e-8, atol=1e-14)
    # The expansion for large a takes over at a million.
    for offset in (-3000.0, -20.0, 0.0, 3000.0):
        z = 1e6 + offset
        near, far = ad.gammaincc(1e6, z).item(), ad.gammaincc(1000000.0000000002, z).item()
        same(near, far, rtol=1e-11)


def test_derivatives_at_zero() -> None:
    x = ad.Tensor(np.zeros(3), requires_grad=True)
    a = np.array([0.5, 1.0, 2.0])
    ad.gammainc(a, x).sum().backward(create_graph=True)
    g = x.grad
    assert isinstance(g, ad.Tensor)
    same(g.data, [INF, 1.0, 0.0])
    v = ad.Value(0.0)
    ad.gammainc(1.0, v).backward(create_graph=True)
    first = v.grad
    v.zero_grad()
    first.backward()
    same(v.grad, -1.0)


def test_a_fit_by_gradients() -> None:
    """Second derivatives of a log-likelihood of censored data are those of differences."""
    times = np.array([0.5, 1.5, 4.0])

    def loss(shape: Any) -> Any:
        return -ad.sum(ad.log(ad.gammaincc(shape, times)))

    assert ad.gradcheck(loss, np.array([2.0, 1.2, 3.3]), order=2)


def test_single_precision_and_empty() -> None:
    assert ad.gammainc(np.float32([1.5]), np.float32([2.0])).dtype == np.float32
    assert ad.gammaincc(np.zeros((0, 2)), 1.0).shape == (0, 2)
    with pytest.raises(ad.NonDifferentiableError, match="'gammainc' was given complex"):
        ad.gammainc(1.0, np.array([1j]))
