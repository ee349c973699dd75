"""Norms of vectors and matrices: NumPy's numbers, and gradients also at the kinks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(11)
X = RNG.standard_normal((2, 3, 4))
COMPLEX = X + 1j * RNG.standard_normal((2, 3, 4))
ORDERS = [2, 1, 3, 0.5, -1, -2, np.inf, -np.inf]
MATRIX_ORDERS: list[Any] = ["fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


@pytest.mark.parametrize("x", [X, COMPLEX], ids=["real", "complex"])
@pytest.mark.parametrize("order", [*ORDERS, 0])
def test_vector_norms_are_numpys(order: Any, x: Any) -> None:
    for axis in (0, -1, 1):
        for keepdims in (False, True):
            expected = np.linalg.norm(x, order, axis, keepdims)
            found = ad.linalg.norm(x, order, axis, keepdims)
            assert found.dtype == np.float64
            np.testing.assert_allclose(found.data, expected, rtol=1e-12)
    expected = np.linalg.vector_norm(x, axis=(0, 2), ord=order)
    np.testing.assert_allclose(
        ad.linalg.vector_norm(x, axis=(0, 2), ord=order).data, expected, rtol=1e-12
    )


@pytest.mark.parametrize("order", ORDERS)
def test_gradients_of_vector_norms(order: Any) -> None:
    x = X[0, :2, :3]
    assert ad.gradcheck(lambda x: ad.linalg.norm(x, order, -1), x, order=2).passed
    function = lambda re, im: ad.linalg.norm(re + 1j * im, order, 0)  # noqa: E731
    part = COMPLEX[0, :2, :2]
    assert ad.gradcheck(function, part.real, part.imag, order=2).passed


@pytest.mark.parametrize("x", [X, COMPLEX], ids=["real", "complex"])
@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_matrix_norms_are_numpys(order: Any, x: Any) -> None:
    for axis in ((-2, -1), (0, 2), (2, 1)):
        for keepdims in (False, True):
            expected = np.linalg.norm(x, order, axis, keepdims)
            found = ad.linalg.norm(x, order, axis, keepdims)
            np.testing.assert_allclose(found.data, expected, rtol=1e-12)
    np.testing.assert_allclose(
        ad.linalg.matrix_norm(x, ord=order, keepdims=True).data,
        np.linalg.matrix_norm(x, ord=order, keepdims=True),
        rtol=1e-12,
    )


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_gradients_of_matrix_norms(order: Any) -> None:
    assert ad.gradcheck(lambda x: ad.linalg.matrix_norm(x, ord=order), X[:, :2, :3]).passed
    function = lambda re, im: ad.linalg.matrix_norm(re + 1j * im, ord=order)  # noqa: E731
    part = COMPLEX[0, :2, :3]
    assert ad.gradcheck(function, part.real, part.imag, order=2).passed


@pytest.mark.parametrize("order", [None, 2, 1, 3, 1.5, np.inf, -np.inf, 0])
def test_a_vector_of_zeros_has_the_gradient_zero(order: Any) -> None:
    for zeros in (np.zeros(3), np.zeros(3, complex)):
        x = ad.Tensor(zeros, requires_grad=True)
        y = ad.linalg.norm(x, order)
        assert y.item() == 0
        if y.requires_grad:
            y.backward()
            assert np.array_equal(x.grad, zeros)


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_a_matrix_of_zeros_has_the_gradient_zero(order: Any) -> None:
    x = ad.Tensor(np.zeros((2, 3, 2)), requires_grad=True)
    ad.sum(ad.linalg.matrix_norm(x, ord=order)).backward()
    assert np.array_equal(x.grad, np.zeros((2, 3, 2)))


def test_second_derivative_at_zero_is_finite() -> None:
    x = ad.Tensor(np.zeros(3), requires_grad=True)
    ad.linalg.norm(x).backward(create_graph=True)
    g = x.grad
    x.zero_grad()
    if g.requires_grad:
        ad.sum(g * g).backward()
        assert x.grad is None or np.all(np.isfinite(np.asarray(x.grad)))


def test_largest_elements_and_singular_values_share_the_gradient() -> None:
    x = ad.Tensor([3.0, -3.0, 1.0], requires_grad=True)
    ad.linalg.norm(x, np.inf).backward()
    assert x.grad.tolist() == [0.5, -0.5, 0.0]
    eye = ad.Tensor(np.eye(2), requires_grad=True)
    ad.linalg.norm(eye, 2).backward()
    np.testing.assert_allclose(eye.grad, np.eye(2) / 2)


def test_nuclear_norm_of_a_matrix_of_low_rank_has_the_shortest_subgradient() -> None:
    u, v = np.array([[3.0], [4.0]]) / 5, np.array([[1.0, 2.0, 2.0]]) / 3
    x = ad.Tensor(7 * u @ v, requires_grad=True)
    ad.linalg.norm(x, "nuc").backward()
    np.testing.assert_allclose(x.grad, u @ v, atol=1e-12)


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_norms_do_not_overflow(size: float) -> None:
    x = ad.Tensor(np.array([3.0, 4.0]) * size, requires_grad=True)
    y = ad.linalg.norm(x)
    y.backward()
    np.testing.assert_allclose(y.data, 5 * size, rtol=1e-14)
    np.testing.assert_allclose(x.grad, [0.6, 0.8], rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ad.linalg.norm(X, 2), ad.ShapeError, r"shape \(2, 3, 4\) and ord=2"),
        (lambda: ad.linalg.norm(X, axis=(0, 0)), ad.ShapeError, "axis 0 twice"),
        (lambda: ad.linalg.norm(X, axis=(0, 1, 2)), ad.ShapeError, "one axis, or two"),
        (lambda: ad.linalg.norm(X, "fro", axis=0), ValueError, "no norm 'fro'"),
        (lambda: ad.linalg.norm(X, 3, axis=(0, 1)), ValueError, "no norm 3"),
        (lambda: ad.linalg.norm(X[0, 0], "nuc"), ValueError, "no norm 'nuc'"),
        (lambda: ad.linalg.matrix_norm(X[0, 0]), ad.ShapeError, "at least two"),
        (lambda: ad.linalg.cond(X, 1), ad.ShapeError, "equally long"),
    ],
)
def test_what_is_no_norm_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_condition_numbers(order: Any) -> None:
    x = X[..., :3] + 3 * np.eye(3)
    np.testing.assert_allclose(ad.linalg.cond(x, order).data, np.linalg.cond(x, order), rtol=1e-11)
    assert ad.gradcheck(lambda x: ad.linalg.cond(x, order), x).passed


def test_condition_number_of_singular_matrices_is_infinite() -> None:
    singular = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert ad.linalg.cond(np.diag([1.0, 0.0])).item() == np.inf
    assert ad.linalg.cond(np.zeros((2, 2))).item() == np.inf
    assert ad.linalg.cond(np.diag([1.0, 0.0]), -2).item() == 0
    with pytest.raises(ad.LinAlgError, match="singular"):
        ad.linalg.cond(singular, 1)


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3)])
def test_norms_of_nothing(shape: Any) -> None:
    x = ad.Tensor(np.ones(shape), requires_grad=True)
    y = ad.linalg.norm(x)
    assert y.item() == 0
    y.backward()
    assert x.grad.shape == shape
    for order in (1, 2, 3, np.inf):
        found = ad.linalg.norm(np.ones((0, 2)), order, 0)
        np.testing.assert_array_equal(found.data, [0.0, 0.0])
    for order in ("fro", "nuc", 1, 2, np.inf):
        assert ad.linalg.matrix_norm(np.ones((0, 2)), ord=order).item() == 0
    assert ad.linalg.norm(np.ones((0, 2)), np.inf, 1).shape == (0,)
    with pytest.raises(ad.ShapeError, match="needs elements"):
        ad.linalg.cond(np.ones((0, 0)))


def test_integers_and_single_precision() -> None:
    assert ad.linalg.norm(np.array([3, 4])).dtype == np.float64
    assert ad.linalg.norm(np.array([3, 4]), 1).item() == 7
    for order in ORDERS:
        assert ad.linalg.norm(X.astype(np.float32), order, 0).dtype == np.float32
