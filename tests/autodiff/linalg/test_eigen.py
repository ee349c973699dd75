"""Eigenvalues and singular values: values, gradients, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(7)
SPREAD = np.diag([1.0, 2.5, 4.0])
REAL = 0.3 * RNG.standard_normal((2, 3, 3)) + SPREAD
COMPLEX = REAL + 0.3j * RNG.standard_normal((2, 3, 3))
SYMMETRIC = (REAL + np.swapaxes(REAL, -1, -2)) / 2
HERMITIAN = (COMPLEX + np.conjugate(np.swapaxes(COMPLEX, -1, -2))) / 2


@pytest.mark.parametrize("x", [REAL, COMPLEX, REAL[0], REAL.astype(np.float32)])
def test_eig_solves_its_equation(x: Any) -> None:
    w, v = ad.linalg.eig(ad.Tensor(x))
    assert w.dtype == v.dtype == np.result_type(x, np.complex64)
    assert w.shape == x.shape[:-1]
    tolerance = 1e-5 if x.dtype == np.float32 else 1e-12
    np.testing.assert_allclose(x @ v.data, v.data * w.data[..., None, :], atol=tolerance)
    np.testing.assert_allclose(ad.linalg.eigvals(x).data, w.data)


def test_eig_of_a_rotation_is_complex() -> None:
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    found = np.sort(ad.linalg.eigvals(turn).data)
    np.testing.assert_allclose(found, [np.exp(-0.3j), np.exp(0.3j)])


def test_gradient_of_eigenvalues_of_matrices_that_are_not_symmetric() -> None:
    function = lambda x: ad.sum(ad.abs(ad.linalg.eigvals(x)) ** 3)  # noqa: E731
    assert ad.gradcheck(function, REAL).passed
    assert ad.gradcheck(function, REAL[0], order=2).passed
    turning = REAL[0] + np.array([[0.0, 3.0, 0.0], [-3.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert np.iscomplex(np.linalg.eigvals(turning)).any()
    assert ad.gradcheck(function, turning, order=2).passed


def test_gradient_of_the_sum_of_eigenvalues_is_the_identity() -> None:
    x = ad.Tensor(REAL, requires_grad=True)
    ad.sum(ad.real(ad.linalg.eigvals(x))).backward()
    np.testing.assert_allclose(x.grad, np.broadcast_to(np.eye(3), (2, 3, 3)), atol=1e-12)


def test_gradient_of_eigenvectors_of_matrices_that_are_not_symmetric() -> None:
    def function(x: Any) -> Any:
        w, v = ad.linalg.eig(x)
        return ad.sum(ad.abs(v) * np.arange(9.0).reshape(3, 3)) + ad.sum(ad.abs(w))

    assert ad.gradcheck(function, REAL[0], order=2).passed


def test_a_matrix_is_put_together_from_its_eigenvectors() -> None:
    def function(x: Any) -> Any:
        w, v = ad.linalg.eig(x)
        return ad.real((v * ad.expand_dims(w, -2)) @ ad.linalg.inv(v))

    assert ad.gradcheck(function, REAL).passed
    x = ad.Tensor(REAL, requires_grad=True)
    (function(x) * SYMMETRIC).sum().backward()
    np.testing.assert_allclose(x.grad, SYMMETRIC, atol=1e-10)


@pytest.mark.parametrize(
    ("x", "loss"),
    [
        (HERMITIAN, lambda x: ad.sum(ad.real(ad.linalg.eigh(x).eigenvectors))),
        (COMPLEX, lambda x: ad.sum(ad.imag(ad.linalg.eig(x).eigenvectors) ** 3)),
        (COMPLEX, lambda x: ad.sum(ad.real(ad.linalg.svd(x)[0]))),
        (COMPLEX, lambda x: ad.sum(ad.real(ad.linalg.svd(x)[2]) ** 3)),
    ],
)
def test_a_loss_that_depends_on_phases_is_refused(x: Any, loss: Any) -> None:
    node = ad.Tensor(x, requires_grad=True)
    with pytest.raises(ad.NonDifferentiableError, match=r"depends on the phases.*stack"):
        loss(node).backward()


def test_a_loss_of_both_singular_vectors_needs_no_phase() -> None:
    def function(x: Any) -> Any:
        u, _, vh = ad.linalg.svd(x)
        return ad.sum(ad.abs(u @ vh + 1.0) ** 2)

    assert ad.gradcheck(lambda re, im: function(re + 1j * im), COMPLEX.real, COMPLEX.imag).passed


EQUAL = np.eye(3) + np.diag([0.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda x: ad.sum(ad.linalg.eigh(x).eigenvectors * SPREAD), "which eigenvectors.*expm"),
        (lambda x: ad.sum(ad.abs(ad.linalg.eig(x)[1] + 1) ** 2), "which eigenvectors"),
        (lambda x: ad.sum(ad.linalg.svd(x)[0] * (SPREAD + 1)), "which singular vectors.*pinv"),
    ],
)
def test_a_choice_among_equal_eigenvalues_is_refused(loss: Any, message: str) -> None:
    # Turned, so that the choice does matter.
    turn = np.linalg.qr(REAL[0])[0]
    node = ad.Tensor(turn @ EQUAL @ turn.T, requires_grad=True)
    with pytest.raises(ad.NonDifferentiableError, match=message):
        loss(node).backward()


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: ad.sum(ad.linalg.eigvalsh(x) ** 2),
        lambda x: ad.sum(ad.real(ad.linalg.eigvals(x)) ** 2),
        lambda x: ad.sum(ad.linalg.svdvals(x) ** 2),
    ],
)
def test_values_alone_have_a_gradient_also_where_they_are_equal(loss: Any) -> None:
    node = ad.Tensor(EQUAL, requires_grad=True)
    loss(node).backward()
    np.testing.assert_allclose(node.grad, 2 * EQUAL, atol=1e-12)


def power_by_eigh(x: Any) -> Any:
    w, v = ad.linalg.eigh(x)
    return (v * ad.expand_dims(w**3, -2)) @ ad.swapaxes(v, -1, -2)


def power_by_svd(x: Any) -> Any:
    u, s, vh = ad.linalg.svd(x, full_matrices=False)
    return (u * ad.expand_dims(s**3, -2)) @ vh


def power_by_eig(x: Any) -> Any:
    w, v = ad.linalg.eig(x)
    return ad.real((v * ad.expand_dims(w**3, -2)) @ ad.linalg.inv(v))


@pytest.mark.parametrize("function", [power_by_eigh, power_by_svd, power_by_eig])
def test_a_function_of_a_matrix_is_refused_where_eigenvalues_are_equal(function: Any) -> None:
    weights = REAL[0] + np.swapaxes(REAL[0], -1, -2)
    apart = ad.Tensor(SYMMETRIC[0], requires_grad=True)
    ad.sum(function(apart) * weights).backward()
    x = SYMMETRIC[0]
    expected = x @ x @ weights + x @ weights @ x + weights @ x @ x
    np.testing.assert_allclose(apart.grad, expected, atol=1e-9)
    turn = np.linalg.qr(REAL[1])[0]
    equal = ad.Tensor(turn @ EQUAL @ turn.T, requires_grad=True)
    with pytest.raises(ad.NonDifferentiableError, match=r"depends on|defective"):
        ad.sum(function(equal) * weights).backward()


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (3, 3)])
def test_singular_values_of_zero_have_the_shortest_subgradient(shape: Any) -> None:
    u, v = REAL[0, 0, : shape[0]], REAL[0, 1, : shape[1]]
    x = ad.Tensor(np.outer(u, v), requires_grad=True)
    ad.sum(ad.linalg.svdvals(x)).backward()
    unit = np.outer(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))
    np.testing.assert_allclose(x.grad, unit, atol=1e-12)
    x.zero_grad()
    u_, _, vh = ad.linalg.svd(x, full_matrices=False)
    loss = ad.sum(u_ @ vh * REAL[1, : shape[0], : shape[1]])
    with pytest.raises(ad.NonDifferentiableError, match="which singular vectors"):
        loss.backward()


def test_second_derivatives_by_equal_eigenvalues_are_refused() -> None:
    x = ad.Tensor(np.eye(3), requires_grad=True)
    ad.sum(ad.linalg.eigvalsh(x) ** 3).backward(create_graph=True)
    with pytest.raises(ad.NonDifferentiableError, match="second derivative"):
        ad.sum(x.grad * REAL[0]).backward()


def test_projections_have_a_gradient_where_eigenvalues_are_equal() -> None:
    def projection(x: Any) -> Any:
        v = ad.linalg.eigh(x + ad.swapaxes(x, -1, -2))[1][..., :2]
        return v @ ad.swapaxes(v, -1, -2)

    turn = np.linalg.qr(REAL[0])[0]
    assert ad.gradcheck(projection, turn @ EQUAL @ turn.T).passed


def test_the_matrix_of_a_stack_is_named() -> None:
    node = ad.Tensor(np.stack([SPREAD, EQUAL]), requires_grad=True)
    with pytest.raises(ad.NonDifferentiableError, match=r"matrix \(1,\) of a stack of shape \(2,"):
        ad.sum(ad.linalg.eigh(node).eigenvectors * np.arange(9.0).reshape(3, 3)).backward()


def test_a_defective_matrix_is_refused() -> None:
    node = ad.Tensor([[0.0, 1.0], [0.0, 0.0]], requires_grad=True)
    with pytest.raises(ad.NonDifferentiableError, match="defective"):
        ad.sum(ad.abs(ad.linalg.eigvals(node) + 1)).backward()


def test_polar_factor_has_a_gradient_at_equal_singular_values() -> None:
    def polar(x: Any) -> Any:
        u, _, vh = ad.linalg.svd(x)
        return u @ vh

    assert ad.gradcheck(polar, EQUAL).passed


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (2, 4, 2)])
def test_svd_puts_matrices_together_and_is_differentiable_twice(shape: Any) -> None:
    x = RNG.standard_normal(shape)

    def function(x: Any) -> Any:
        u, s, vh = ad.linalg.svd(x, full_matrices=False)
        return (u * ad.expand_dims(s**2, -2)) @ vh

    np.testing.assert_allclose(
        (lambda u, s, vh: (u * s[..., None, :]) @ vh)(
            *(y.data for y in ad.linalg.svd(ad.Tensor(x), full_matrices=False))
        ),
        x,
        atol=1e-12,
    )
    assert ad.gradcheck(function, x, order=2).passed


def test_vectors_that_complete_a_basis_have_no_gradient() -> None:
    x = ad.Tensor(RNG.standard_normal((3, 1)), requires_grad=True)
    u, s, _ = ad.linalg.svd(x)
    assert u.shape == (3, 3)
    ad.sum(s).backward(retain_graph=True)
    with pytest.raises(ad.NonDifferentiableError, match="full_matrices=False"):
        ad.sum(u * SPREAD).backward()


def test_eigh_reads_one_triangle_and_its_gradient_is_hermitian() -> None:
    lower, upper = np.tril(SYMMETRIC), np.triu(SYMMETRIC)
    expected = np.linalg.eigvalsh(SYMMETRIC)
    np.testing.assert_allclose(ad.linalg.eigvalsh(lower).data, expected)
    np.testing.assert_allclose(ad.linalg.eigvalsh(upper, "U").data, expected)
    x = ad.Tensor(HERMITIAN, requires_grad=True)
    ad.sum(ad.linalg.eigvalsh(x) ** 3).backward()
    square = HERMITIAN @ HERMITIAN
    np.testing.assert_allclose(x.grad, 3 * square, atol=1e-10)
    with pytest.raises(ValueError, match="UPLO was given as 'X'"):
        ad.linalg.eigh(x, "X")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["eig", "eigvals", "svdvals"])
def test_matrices_of_nan_are_named(name: str) -> None:
    x = np.stack([SPREAD, np.full((3, 3), np.nan)])
    with pytest.raises(ad.LinAlgError, match=r"matrix \(1,\).*NaN or infinite"):
        getattr(ad.linalg, name)(x)


@pytest.mark.parametrize("name", ["eig", "eigvals", "eigh", "eigvalsh"])
def test_matrices_must_be_square(name: str) -> None:
    with pytest.raises(ad.ShapeError, match=r"shape \(2, 3\)"):
        getattr(ad.linalg, name)(np.ones((2, 3)))


@pytest.mark.parametrize("name", ["eigvals", "eigvalsh", "svdvals"])
@pytest.mark.parametrize("shape", [(0, 0), (0, 2, 2), (2, 0, 0)])
def test_empty_matrices(name: str, shape: Any) -> None:
    x = ad.Tensor(np.ones(shape), requires_grad=True)
    y = getattr(ad.linalg, name)(x)
    assert y.shape == shape[:-1]
    ad.sum(ad.abs(y)).backward()
    assert x.grad.shape == shape
