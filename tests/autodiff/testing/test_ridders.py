"""The numeric derivative and its error bound, by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff.testing.noise import APART, NEIGHBOURS, noise_along, rounding_of
from autodiff.testing.ridders import extrapolate


def central(f: Callable[[float], float], x: float, levels: int, largest: float = 717 / 2048) -> Any:
    steps = largest / 2.0 ** np.arange(levels)
    values = np.array([(f(x + h), f(x - h)) for h in steps])
    noise = np.spacing(np.abs(values)).sum(axis=1) / (2 * steps)
    return extrapolate(((values[:, 0] - values[:, 1]) / (2 * steps))[:, None], noise[:, None])


@pytest.mark.parametrize(
    ("f", "x", "derivative"),
    [
        (np.sin, 1.0, np.cos(1.0)),
        (np.exp, 0.5, np.exp(0.5)),
        (lambda x: x**9, 1.3, 9 * 1.3**8),
        (np.log, 1.0, 1.0),
        (lambda x: 1 / (1 + 25 * x * x), 0.4, -50 * 0.4 / (1 + 25 * 0.16) ** 2),
    ],
)
def test_the_derivative_lies_within_the_bound(f: Any, x: float, derivative: float) -> None:
    found = central(f, x, 9)
    assert abs(found.value[0] - derivative) <= found.error[0] < 1e-9 * abs(derivative)
    assert found.agree[0]
    assert abs(found.second[0] - derivative) <= found.second_error[0]


def test_larger_steps_that_agree_on_something_else_are_overruled() -> None:
    # With steps of at least a period the wave is not seen at all.
    def waved(x: float) -> float:
        return x + np.sin(2 * np.pi * 64 * x) / 64

    found = central(waved, 0.0, 14, largest=0.25)
    assert found.value[0] == pytest.approx(1 + 2 * np.pi, rel=1e-7)
    assert found.agree[0]
    blind = central(waved, 0.0, 5, largest=0.25)
    assert blind.value[0] == pytest.approx(1.0)


def test_values_that_are_not_finite_are_left_out() -> None:
    with np.errstate(invalid="ignore", divide="ignore"):
        found = central(lambda x: float(np.log(x)), 0.01, 16)
    assert found.value[0] == pytest.approx(100, rel=1e-9)
    assert found.agree[0]


def test_no_derivative_no_claim() -> None:
    infinite = central(lambda x: np.sqrt(np.abs(x)) * np.sign(x), 0.0, 9)
    assert infinite.error[0] > 0.1 * infinite.value[0]
    nothing = extrapolate(np.ones((1, 2)), np.zeros((1, 2)))
    assert np.isinf(nothing.error).all()
    assert not nothing.agree.any()


def test_one_sided_quotients() -> None:
    steps = 0.35 / 2.0 ** np.arange(12)
    quotients = (np.exp(steps) - 1) / steps
    found = extrapolate(quotients[:, None], (3e-16 / steps)[:, None], factor=2)
    assert abs(found.value[0] - 1) <= found.error[0] < 1e-10


@pytest.mark.parametrize(
    "shape", [lambda t: 0.0 * t, lambda t: 3 * t + t * t, abs, lambda t: float(t > 0)]
)
def test_noise_is_measured_whatever_the_function_does(shape: Callable[[float], float]) -> None:
    rng = np.random.default_rng(0)
    sizes = [
        noise_along(lambda t: np.array([shape(t) + 1e-3 * rng.standard_normal()]), np.zeros(1), p)
        for p in 50 * (APART, NEIGHBOURS)
    ]
    assert np.sqrt(np.mean(np.square(sizes))) == pytest.approx(1e-3, rel=0.2)
    assert noise_along(lambda t: np.array([shape(t)]), np.zeros(1), APART) < 1e-12


def test_rounding_is_at_least_half_the_last_place() -> None:
    assert rounding_of(np.zeros(1), np.array([1.5])) == 2.0**-53
    assert rounding_of(np.array([1e-3]), np.array([1.5])) == 2e-3
