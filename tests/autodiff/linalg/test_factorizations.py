"""Cholesky, QR and LU: the factors, what is solved with them, and their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(9)
A = 0.4 * RNG.standard_normal((2, 3, 3)) + np.diag([1.0, 2.0, 3.0])
COMPLEX = A + 0.4j * RNG.standard_normal((2, 3, 3))
POSITIVE = A @ np.swapaxes(A, -1, -2)
HERMITIAN = COMPLEX @ np.conjugate(np.swapaxes(COMPLEX, -1, -2))
B = RNG.standard_normal((3, 2))


def adjoint(x: Any) -> Any:
    return np.conjugate(np.swapaxes(x, -1, -2))


def together(parts: Any) -> Any:
    return ad.concatenate([part.reshape(-1) for part in parts])


@pytest.mark.parametrize("x", [POSITIVE, HERMITIAN], ids=["real", "complex"])
@pytest.mark.parametrize("upper", [False, True])
def test_cholesky_factors(x: Any, upper: bool) -> None:
    factor = ad.linalg.cholesky(x, upper=upper).data
    np.testing.assert_allclose(factor, np.linalg.cholesky(x, upper=upper), atol=1e-12)
    other, lower = ad.linalg.cho_factor(x, lower=not upper)
    assert lower is not upper
    np.testing.assert_allclose(other.data, factor)
    found = ad.linalg.cho_solve((other, lower), B)
    np.testing.assert_allclose(found.data, np.linalg.solve(x, B), rtol=1e-10)


def test_cholesky_reads_one_triangle_and_has_a_symmetric_gradient() -> None:
    expected = np.linalg.cholesky(POSITIVE)
    np.testing.assert_allclose(ad.linalg.cholesky(np.tril(POSITIVE)).data, expected)
    x = ad.Tensor(POSITIVE, requires_grad=True)
    ad.sum(ad.linalg.cholesky(x) ** 3).backward()
    np.testing.assert_allclose(x.grad, np.swapaxes(x.grad, -1, -2))
    symmetric = lambda x: ad.linalg.cholesky(x @ ad.swapaxes(x, -1, -2))  # noqa: E731
    assert ad.gradcheck(symmetric, A[0], order=2).passed


def test_gradient_through_a_cholesky_solution() -> None:
    def function(x: Any, b: Any) -> Any:
        factor = ad.linalg.cho_factor(x @ ad.swapaxes(x, -1, -2))
        return ad.linalg.cho_solve(factor, b)

    assert ad.gradcheck(function, A[0], B[:, :1], order=2).passed


def test_what_is_not_positive_definite_is_named() -> None:
    stack = np.stack([POSITIVE[0], np.diag([1.0, -1.0, 1.0])])
    with pytest.raises(ad.LinAlgError, match=r"matrix \(1,\).*not positive definite"):
        ad.linalg.cholesky(stack)


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2)])
@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_qr_factors(shape: Any, dtype: Any) -> None:
    x = RNG.standard_normal(shape).astype(dtype)
    if x.dtype.kind == "c":
        x = x + 1j * RNG.standard_normal(shape)
    for mode in ("reduced", "complete"):
        q, r = ad.linalg.qr(x, mode=mode)
        theirs = np.linalg.qr(x, mode=mode)
        assert (q.shape, r.shape) == (theirs[0].shape, theirs[1].shape)
        np.testing.assert_allclose((q @ r).data, x, atol=1e-12)
        eye = np.broadcast_to(np.eye(q.shape[-1]), (*q.shape[:-2], q.shape[-1], q.shape[-1]))
        np.testing.assert_allclose(adjoint(q.data) @ q.data, eye, atol=1e-12)
    np.testing.assert_allclose(ad.linalg.qr(x, mode="r").data, np.linalg.qr(x, mode="r"))


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2)])
def test_gradients_of_qr(shape: Any) -> None:
    x = RNG.standard_normal(shape)
    assert ad.gradcheck(lambda x: together(ad.linalg.qr(x)), x).passed
    assert ad.gradcheck(lambda x: ad.linalg.qr(x)[1] ** 2, x, order=2).passed


def test_further_columns_of_a_complete_qr_have_no_gradient() -> None:
    x = ad.Tensor(RNG.standard_normal((3, 2)), requires_grad=True)
    q, r = ad.linalg.qr(x, mode="complete")
    ad.sum(r).backward(retain_graph=True)
    with pytest.raises(ad.NonDifferentiableError, match="mode='reduced'"):
        ad.sum(q).backward()


def test_qr_of_dependent_columns_has_no_gradient() -> None:
    x = ad.Tensor(np.zeros((3, 2)), requires_grad=True)
    with pytest.raises(ad.LinAlgError, match="singular"):
        ad.sum(ad.linalg.qr(x)[1]).backward()


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 3)])
def test_lu_factors(shape: Any) -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    x = RNG.standard_normal(shape)
    p, low, high = ad.linalg.lu(x)
    for found, expected in zip((p, low, high), linalg.lu(x), strict=True):
        np.testing.assert_allclose(found.data, expected, atol=1e-12)
    rows, _ = ad.linalg.lu(x, permute_l=True)
    np.testing.assert_allclose((rows @ high).data, x, atol=1e-12)
    if x.ndim == 2:
        factors, pivots = ad.linalg.lu_factor(x)
        theirs = linalg.lu_factor(x)
        np.testing.assert_allclose(factors.data, theirs[0], atol=1e-12)
        assert np.array_equal(pivots.data, theirs[1])
    assert ad.gradcheck(lambda x: together(ad.linalg.lu(x)[1:]), x).passed


@pytest.mark.parametrize("trans", [0, 1, 2])
def test_equations_solved_with_lu_factors(trans: Any) -> None:
    for x in (A, COMPLEX):
        factors = ad.linalg.lu_factor(x)
        turned = (x, np.swapaxes(x, -1, -2), adjoint(x))[trans]
        found = ad.linalg.lu_solve(factors, B, trans)
        np.testing.assert_allclose(found.data, np.linalg.solve(turned, B), rtol=1e-10)
    function = lambda x, b: ad.linalg.lu_solve(ad.linalg.lu_factor(x), b, trans)  # noqa: E731
    assert ad.gradcheck(function, A[0], B[:, :1], order=2).passed


@pytest.mark.parametrize("trans", [0, 1, 2, "N", "T", "C"])
@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("unit_diagonal", [False, True])
def test_triangular_equations(trans: Any, lower: bool, unit_diagonal: bool) -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    for x in (A[0], COMPLEX[0]):
        for b in (B, B[:, 0]):
            found = ad.linalg.solve_triangular(x, b, trans, lower, unit_diagonal)
            expected = linalg.solve_triangular(x, b, trans, lower, unit_diagonal)
            np.testing.assert_allclose(found.data, expected, rtol=1e-12)


def test_triangular_equations_of_stacks_and_their_gradients() -> None:
    function = lambda x, b: ad.linalg.solve_triangular(x, b, lower=True)  # noqa: E731
    np.testing.assert_allclose(function(A, B).data, np.linalg.solve(np.tril(A), B), rtol=1e-12)
    assert ad.gradcheck(function, A, B).passed
    assert ad.gradcheck(function, A[0], B[:, :1], order=2).passed
    x = ad.Tensor(A, requires_grad=True)
    ad.sum(function(x, B)).backward()
    assert not np.triu(x.grad, 1).any()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ad.linalg.cholesky(B), ad.ShapeError, "'cholesky'.*equally long"),
        (lambda: ad.linalg.qr(B, mode="raw"), ValueError, "'reduced', 'complete' or 'r'"),
        (lambda: ad.linalg.qr(B[0]), ad.ShapeError, "'qr'.*at least two"),
        (lambda: ad.linalg.solve_triangular(A, B, trans="X"), ValueError, "trans was given"),
        (lambda: ad.linalg.solve_triangular(0 * A, B), ad.LinAlgError, "singular"),
        (lambda: ad.linalg.lu_solve((A, [0, 1]), B), ad.ShapeError, "what lu_factor returned"),
    ],
)
def test_what_does_not_fit_is_named(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("name", ["cholesky", "qr", "lu"])
@pytest.mark.parametrize("shape", [(0, 0), (0, 2, 2)])
def test_factors_of_nothing(name: str, shape: Any) -> None:
    x = ad.Tensor(np.ones(shape), requires_grad=True)
    found = getattr(ad.linalg, name)(x)
    parts = found if isinstance(found, tuple) else (found,)
    sum(ad.sum(y) for y in parts).backward()
    assert x.grad.shape == shape


def test_householder_reflections_make_the_factor_q() -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    x = RNG.standard_normal((4, 3))
    (packed, tau), _ = linalg.qr(x, mode="raw")
    q = ad.linalg.householder_product(packed, tau)
    np.testing.assert_allclose(q.data, np.linalg.qr(x)[0], atol=1e-12)
    assert ad.gradcheck(ad.linalg.householder_product, packed, tau, order=2).passed
