"""Derivatives of fixed points and roots."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors import GlassgradError, ShapeError
from autodiff.testing import gradcheck

A = np.array([0.5, -0.2, 1.3])
W = np.array([[0.2, -0.1, 0.3], [0.1, 0.15, -0.2], [-0.25, 0.05, 0.1]])


def test_a_fixed_point_to_second_order() -> None:
    def layer(a: Any, w: Any) -> Any:
        return ad.fixed_point(lambda x, a: ad.tanh(w @ x + a), np.zeros(2), a)

    assert gradcheck(layer, A[:2], W[:2, :2], order=2).passed


def test_a_root_to_second_order() -> None:
    def root(a: Any, w: Any) -> Any:
        return ad.find_root(lambda x, a: w @ x + x**3 + x - a, np.zeros(2), a)

    assert gradcheck(root, A[:2], W[:2, :2], order=2).passed


def test_third_order_of_a_square_root() -> None:
    x = ad.Tensor(2.0, dtype="float64", requires_grad=True)
    y = ad.find_root(lambda y, x: y * y - x, 1.0, x)
    for expected in (0.5 * 2**-0.5, -0.25 * 2**-1.5, 0.375 * 2**-2.5):
        (y,) = ad.gradients(y, inputs=[x], create_graph=True)
        assert float(y.item()) == pytest.approx(expected, rel=1e-12)


def test_gradients_equal_those_of_the_steps_themselves() -> None:
    a, b = (ad.Tensor(A, requires_grad=True) for _ in range(2))
    ad.fixed_point(lambda x, a: ad.tanh(W @ x + a), np.zeros(3), a).sum().backward()
    x: Any = ad.Tensor(np.zeros(3))
    for _ in range(80):
        x = ad.tanh(W @ x + b)
    x.sum().backward()
    np.testing.assert_allclose(a.grad, b.grad, rtol=1e-12)


def test_float32_stays() -> None:
    a = ad.Tensor([0.5], dtype="float32", requires_grad=True)
    x = ad.fixed_point(lambda x, a: ad.cos(x) * a, np.zeros(1, "f4"), a)
    x.sum().backward()
    assert x.dtype == np.float32
    assert a.grad.dtype == np.float32


def test_a_solver_of_ones_own() -> None:
    calls: list[str] = []

    def bisect(function: Any, start: Any) -> Any:
        calls.append("solver")
        low, high = 0.0, 4.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if function(ad.Tensor(middle)).item() < 0 else (low, middle)
        return low

    root = gradcheck(
        lambda a: ad.find_root(lambda x, a: ad.exp(x) - a, 0.0, a, solver=bisect), np.array(3.0)
    )
    assert root.passed
    assert calls


def test_without_a_gradient_it_is_a_number() -> None:
    x = ad.fixed_point(ad.cos, 1.0)
    assert not x.requires_grad
    assert x.item() == pytest.approx(0.7390851332151607, rel=1e-6)


def test_no_fixed_point_is_said() -> None:
    with pytest.raises(GlassgradError, match=r"reached no fixed point: the change.*find_root"):
        ad.fixed_point(lambda x: 2 * x + 1, np.ones(2), max_iterations=20)


def test_no_root_is_said() -> None:
    with pytest.raises(GlassgradError, match="reached no root: the last step was"):
        ad.find_root(lambda x: x * x + 1, np.array(0.5), max_iterations=9)
    with pytest.raises(GlassgradError, match="singular Jacobian"):
        ad.find_root(lambda x: x * 0 + 1, np.array(0.5))


def test_a_multiple_root_has_no_derivative() -> None:
    a = ad.Tensor(0.0, dtype="float64", requires_grad=True)
    root = ad.find_root(lambda x, a: x * x - a, 0.0, a, solver=lambda f, x: x)
    with pytest.raises(GlassgradError, match="the root has no derivative"):
        root.backward()


def test_the_shape_must_stay() -> None:
    with pytest.raises(ShapeError, match=r"fixed_point\(\) turned a tensor of shape \(2,\)"):
        ad.fixed_point(lambda x: x.sum(), np.ones(2))
