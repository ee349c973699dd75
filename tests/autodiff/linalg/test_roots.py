"""Square roots of matrices and polar decompositions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(17)
A = 0.4 * RNG.standard_normal((2, 3, 3)) + np.diag([1.0, 2.0, 3.0])
COMPLEX = A + 0.4j * RNG.standard_normal((2, 3, 3))
POSITIVE = A @ np.swapaxes(A, -1, -2)
DEFECTIVE = np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]])


@pytest.mark.parametrize("x", [A, COMPLEX, POSITIVE, DEFECTIVE, 1e8 * A, 1e-8 * POSITIVE])
def test_square_roots_are_those_of_scipy(x: Any) -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    found = ad.linalg.sqrtm(x)
    assert found.dtype == x.dtype
    expected = np.reshape([linalg.sqrtm(m) for m in x.reshape(-1, 3, 3)], x.shape)
    np.testing.assert_allclose(found.data, expected, rtol=1e-9, atol=1e-11 * np.max(abs(x)) ** 0.5)


@pytest.mark.parametrize("x", [A, POSITIVE[0], DEFECTIVE, np.eye(3)])
def test_gradients_of_square_roots(x: Any) -> None:
    assert ad.gradcheck(ad.linalg.sqrtm, x).passed


def test_second_derivatives_of_square_roots() -> None:
    assert ad.gradcheck(ad.linalg.sqrtm, A[0], order=2).passed
    function = lambda re, im: ad.abs(ad.linalg.sqrtm(re + 1j * im)) ** 2  # noqa: E731
    assert ad.gradcheck(function, COMPLEX[0].real, COMPLEX[0].imag, order=2).passed


def test_a_square_root_squared_passes_gradients_as_they_are() -> None:
    x = ad.Tensor(A, requires_grad=True)
    root = ad.linalg.sqrtm(x)
    ad.sum(root @ root * POSITIVE).backward()
    np.testing.assert_allclose(x.grad, POSITIVE, rtol=1e-10)


def test_matrices_without_a_square_root_are_named() -> None:
    with pytest.raises(ad.LinAlgError, match="give complex numbers"):
        ad.linalg.sqrtm(np.diag([1.0, -1.0]))
    with pytest.raises(ad.LinAlgError, match="give complex numbers"):
        ad.linalg.sqrtm(np.array([[1.0, 1.0], [0.0, -1.0]]))
    with pytest.raises(ad.LinAlgError, match="singular"):
        ad.linalg.sqrtm(np.array([[0.0, 1.0], [0.0, 0.0]]))
    x = ad.Tensor(np.diag([1.0, 0.0]), requires_grad=True)
    y = ad.linalg.sqrtm(x)
    np.testing.assert_allclose(y.data, np.diag([1.0, 0.0]))
    with pytest.raises(ad.LinAlgError, match="singular"):
        ad.sum(y).backward()
    with pytest.raises(ad.ShapeError, match=r"'sqrtm'.*equally long"):
        ad.linalg.sqrtm(np.ones((2, 3)))


def test_square_roots_of_nothing_and_of_single_precision() -> None:
    for shape in ((0, 0), (0, 2, 2)):
        assert ad.linalg.sqrtm(np.ones(shape)).shape == shape
    assert ad.linalg.sqrtm(A.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2)])
def test_polar_decompositions(shape: Any, side: Any) -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    x = RNG.standard_normal(shape)
    u, p = ad.linalg.polar(x, side)
    product = u @ p if side == "right" else p @ u
    np.testing.assert_allclose(product.data, x, atol=1e-12)
    for i in np.ndindex(shape[:-2]):
        expected = linalg.polar(x[i], side)
        np.testing.assert_allclose(u.data[i], expected[0], atol=1e-12)
        np.testing.assert_allclose(p.data[i], expected[1], atol=1e-12)
    function = lambda x: ad.linalg.polar(x, side)[1]  # noqa: E731
    assert ad.gradcheck(function, x).passed


def test_polar_decomposition_of_a_rotation_has_a_gradient() -> None:
    turn, weights = np.linalg.qr(A[0])[0], A[1]
    x = ad.Tensor(turn, requires_grad=True)
    ad.sum(ad.linalg.polar(x)[0] * weights).backward()
    # A change e of a rotation q changes the factor by (e - q eᵀ q) / 2.
    np.testing.assert_allclose(x.grad, (weights - turn @ weights.T @ turn) / 2, atol=1e-13)
    with pytest.raises(ValueError, match="'right' or 'left'"):
        ad.linalg.polar(turn, "up")  # type: ignore[arg-type]
