"""Closeness, and second names of functions: as NumPy has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

INF, NAN = np.inf, np.nan
PAIRS: list[tuple[Any, Any]] = [
    (np.array([1.0, 1.0, INF, INF, -INF, NAN, 0.0]), np.array([1.0, 1.1, INF, -INF, 3, NAN, 1e-9])),
    (np.float32([1, 2]), np.float32([1 + 1e-6, 2.1])),
    (np.array([1j, 1 + 1j]), np.array([1j + 1e-9, 1.0])),
    (np.array([1, 2, -(2**63)]), np.array([1, 3, -(2**63)])),
    (np.array([True, False]), np.array([True, True])),
    (np.zeros((0, 3)), np.zeros(3)),
    (1.0, [1.0, 2.0]),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
@pytest.mark.parametrize("options", [{}, {"equal_nan": True}, {"rtol": 0.2, "atol": 0.0}])
def test_closeness_as_numpy(a: Any, b: Any, options: dict[str, Any]) -> None:
    found = ad.isclose(a, b, **options)
    assert found.tolist() == np.isclose(a, b, **options).tolist()
    assert found.dtype == bool
    whole = ad.allclose(ad.Tensor(a), ad.Tensor(b), **options)
    assert whole is bool(np.allclose(a, b, **options))


def test_closeness_of_nodes() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    assert not ad.isclose(x, [1.0, 2.0]).requires_grad
    assert ad.isclose(input=x, other=x).tolist() == [True, True]
    assert ad.allclose([ad.Value(1.0)], ad.Value(1.0))
    assert np.allclose(x, x)
    assert np.isclose(x, x).tolist() == [True, True]
    assert np.all(ad.vmap(ad.isclose)(np.ones((2, 3)), np.ones((2, 3))))
    assert ad.compile(lambda x: ad.isclose(x, 1.0))(np.array([1.0, 2.0])).tolist() == [True, False]


SECOND = {
    "mod": "remainder",
    "around": "round",
    "true_divide": "divide",
    "invert": "bitwise_invert",
    "bitwise_not": "bitwise_invert",
    "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift",
}


@pytest.mark.parametrize("name", SECOND)
def test_second_names(name: str) -> None:
    assert getattr(ad, name).__name__ == SECOND[name]
    assert getattr(ad, name).__doc__ == getattr(ad, SECOND[name]).__doc__


def test_what_is_left_of_a_number() -> None:
    x = ad.Tensor([2.5, -1.25, 3.0], requires_grad=True)
    ad.frac(x).backward(np.ones(3))
    assert ad.frac(x).tolist() == [0.5, -0.25, 0.0]
    assert x.grad.tolist() == [1.0, 1.0, 1.0]
