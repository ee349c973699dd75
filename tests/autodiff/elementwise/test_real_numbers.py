"""Parts of numbers, extrema without NaN, remainders and steps, against NumPy and differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.testing import gradcheck

INF, NAN = np.inf, np.nan
A = np.array([5.5, -5.5, 0.0, -0.0, 3.0, 1e300, NAN, INF])
B = np.array([3.0, 3.0, 2.0, -2.0, -1.5, 7.0, 1.0, 2.0])


@pytest.mark.parametrize("name", ["fmax", "fmin", "fmod", "heaviside", "float_power"])
def test_two_operands_as_numpy(name: str) -> None:
    for a, b in ((A, B), (B, A)):
        with np.errstate(all="ignore"):
            expected = getattr(np, name)(a, b)
            found = getattr(ad, name)(a, b)
        np.testing.assert_array_equal(found.numpy(), expected)
        assert found.dtype == expected.dtype


@pytest.mark.parametrize("name", ["fabs", "fix", "isposinf", "isneginf", "spacing"])
def test_one_operand_as_numpy(name: str) -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(getattr(ad, name)(A).numpy(), getattr(np, name)(A))


@pytest.mark.parametrize("name", ["modf", "frexp"])
def test_two_parts_as_numpy(name: str) -> None:
    numbers = A[:-1] if name == "frexp" else A
    for found, expected in zip(getattr(ad, name)(numbers), getattr(np, name)(numbers), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected)
        np.testing.assert_array_equal(np.signbit(found.numpy()), np.signbit(expected))


def test_integers_as_numpy() -> None:
    a, b = np.array([12, 7, -9]), np.array([8, 21, 6])
    assert ad.gcd(a, b).tolist() == np.gcd(a, b).tolist()
    assert ad.lcm(a, b).tolist() == np.lcm(a, b).tolist()
    assert ad.bitwise_count(a).tolist() == np.bitwise_count(a).tolist()
    assert ad.fmod(a, b).tolist() == np.fmod(a, b).tolist()
    for found, expected in zip(ad.divmod(a, b), np.divmod(a, b), strict=True):
        assert found.tolist() == expected.tolist()


def test_ldexp_where_the_power_alone_is_too_large() -> None:
    small = ad.ldexp(np.float32([2.0**-60]), [130])
    assert small.dtype == np.float32
    assert small.tolist() == [2.0**70]
    x = np.array([2.0**-60, 3.0])
    assert ad.ldexp(x, [1060, -3]).tolist() == np.ldexp(x, [1060, -3]).tolist()


GRADIENTS: dict[str, Callable[..., Any]] = {
    "fmax": lambda a, b: ad.fmax(a, b),
    "fmin": lambda a, b: ad.fmin(a, b),
    "fmod": lambda a, b: ad.fmod(a, b),
    "heaviside": lambda a, b: ad.heaviside(a, b),
    "float_power": lambda a, b: ad.float_power(ad.fabs(a), b),
    "ldexp": lambda a, b: ad.ldexp(a, 3) * b,
    "frexp": lambda a, b: ad.frexp(a)[0] * b,
    "modf": lambda a, b: ad.modf(a)[0] * b + ad.modf(a)[1],
    "divmod": lambda a, b: ad.divmod(a, b)[0] + ad.divmod(a, b)[1] ** 2,
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_of_both_orders(name: str) -> None:
    a, b = np.array([5.3, -5.2, 0.7, 2.6]), np.array([2.9, 3.1, 1.7, -1.1])
    assert gradcheck(GRADIENTS[name], a, b, order=2).passed


def test_nan_sends_the_gradient_to_the_number() -> None:
    a, b = (ad.Tensor(x, requires_grad=True) for x in ([NAN, 1.0, 2.0], [3.0, NAN, 2.0]))
    ad.fmax(a, b).sum().backward()
    assert a.grad.tolist() == [0.0, 1.0, 0.5]
    assert b.grad.tolist() == [1.0, 0.0, 0.5]


def test_the_middle_of_the_step_has_the_gradient() -> None:
    x, h = (ad.Tensor(v, requires_grad=True) for v in ([-1.0, 0.0, 1.0], [0.5, 0.5, 0.5]))
    ad.heaviside(x, h).sum().backward()
    assert h.grad.tolist() == [0.0, 1.0, 0.0]
    assert x.grad is None or x.grad.tolist() == [0.0, 0.0, 0.0]


def test_fmod_at_zero_has_slope_one() -> None:
    x = ad.Tensor([0.0], requires_grad=True)
    ad.fmod(x, 3.0).sum().backward()
    assert x.grad.tolist() == [1.0]
