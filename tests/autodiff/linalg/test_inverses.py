"""Inverses, determinants, linear equations, least squares, powers and exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(5)
A = 0.4 * RNG.standard_normal((2, 3, 3)) + np.diag([1.0, 2.0, 3.0])
B = RNG.standard_normal((2, 3, 2))
SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]])
RANK_ONE = np.outer([1.0, -2.0, 0.5], [3.0, 1.0, 2.0])


def minor(x: Any, i: int, j: int) -> Any:
    return np.linalg.det(np.delete(np.delete(x, i, 0), j, 1))


@pytest.mark.parametrize("x", [A[0], SINGULAR, RANK_ONE, np.zeros((3, 3))])
def test_gradient_of_the_determinant_is_that_of_minors_also_at_singular_matrices(x: Any) -> None:
    node = ad.Tensor(x, requires_grad=True)
    ad.linalg.det(node).backward()
    expected = [[(-1) ** (i + j) * minor(x, i, j) for j in range(3)] for i in range(3)]
    np.testing.assert_allclose(node.grad, expected, atol=1e-13)
    # Differences of values see nothing but rounding where the determinant is of second order.
    function = lambda x: ad.linalg.det(x + 0.5 * A[0])  # noqa: E731
    assert ad.gradcheck(function, x, order=2).passed


@pytest.mark.parametrize("size", [1e-200, 1e-7, 1e7, 1e200])
def test_gradient_of_the_determinant_of_matrices_of_any_scale(size: float) -> None:
    node = ad.Tensor(np.diag([size, 1.0, 1.0]) @ A[0], requires_grad=True)
    ad.linalg.det(node).backward()
    expected = np.linalg.inv(A[0]).T * np.linalg.det(A[0]) * np.array([[1.0], [size], [size]])
    tolerance = 1e-11 * np.max(np.abs(expected))
    np.testing.assert_allclose(node.grad, expected, rtol=1e-9, atol=tolerance)


def test_gradient_of_a_determinant_too_small_for_a_number() -> None:
    x = 1e-120 * A[0]
    node = ad.Tensor(x, requires_grad=True)
    y = ad.linalg.det(node)
    y.backward()
    assert y.item() == 0
    expected = np.linalg.inv(A[0]).T * np.linalg.det(A[0])
    np.testing.assert_allclose(np.asarray(node.grad) * 1e240, expected, rtol=1e-9)


def test_second_derivative_of_the_determinant_at_a_matrix_of_rank_one() -> None:
    node = ad.Tensor(RANK_ONE, requires_grad=True)
    direction = RNG.standard_normal((3, 3))
    # Along a line the determinant is a cubic, here without its constant and linear parts.
    along = lambda t: np.linalg.det(RANK_ONE + t * direction)  # noqa: E731
    second = along(1.0) + along(-1.0) - 2 * along(0.0)
    node.zero_grad()
    ad.linalg.det(node).backward(create_graph=True)
    g = node.grad
    node.zero_grad()
    (g * direction).sum().backward()
    np.testing.assert_allclose(np.sum(np.asarray(node.grad) * direction), second, rtol=1e-9)


@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_determinants_of_every_size(n: int) -> None:
    x = RNG.standard_normal((2, n, n))
    node = ad.Tensor(x, requires_grad=True)
    y = ad.linalg.det(node)
    np.testing.assert_allclose(y.data, np.linalg.det(x), rtol=1e-12)
    ad.sum(y).backward()
    expected = np.linalg.det(x)[:, None, None] * np.swapaxes(np.linalg.inv(x), -1, -2)
    np.testing.assert_allclose(node.grad, expected, rtol=1e-9)


def test_slogdet_of_real_and_complex_matrices() -> None:
    turn = np.exp(0.4j) * A
    for x in (A, -A, turn):
        sign, size = ad.linalg.slogdet(ad.Tensor(x))
        np.testing.assert_allclose(sign.data, np.linalg.slogdet(x)[0])
        np.testing.assert_allclose(size.data, np.linalg.slogdet(x)[1])
        assert size.dtype == np.float64
    assert ad.gradcheck(lambda x: ad.linalg.slogdet(x).logabsdet, A[0], order=2).passed

    def function(re: Any, im: Any) -> Any:
        sign, size = ad.linalg.slogdet(re + 1j * im)
        return ad.real(sign) + 2 * ad.imag(sign) + size

    assert ad.gradcheck(function, A[0], 0.3 * A[1], order=2).passed


def test_the_logarithm_of_a_singular_determinant_has_no_gradient() -> None:
    x = ad.Tensor(np.diag([1.0, 0.0]), requires_grad=True)
    sign, size = ad.linalg.slogdet(x)
    assert (sign.item(), size.item()) == (0.0, -np.inf)
    with pytest.raises(ad.LinAlgError, match="singular"):
        size.backward()


@pytest.mark.parametrize("shape", [(3,), (3, 2), (2, 3, 1), (4, 1, 3, 2)])
def test_linear_equations_of_every_shape(shape: Any) -> None:
    b = RNG.standard_normal(shape)
    y = ad.linalg.solve(ad.Tensor(A), b)
    expected = np.linalg.solve(A, b) if b.ndim > 1 else np.linalg.solve(A, b[:, None])[..., 0]
    np.testing.assert_allclose(y.data, expected, rtol=1e-12)
    assert ad.gradcheck(ad.linalg.solve, A, b).passed


def test_inverses_and_solutions_are_differentiable_twice() -> None:
    assert ad.gradcheck(ad.linalg.inv, A).passed
    assert ad.gradcheck(ad.linalg.inv, A[0], order=2).passed
    assert ad.gradcheck(ad.linalg.solve, A[0], B, order=2).passed


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ad.linalg.inv(SINGULAR), ad.LinAlgError, "'inv' of the matrix.*pinv"),
        (lambda: ad.linalg.inv([A[0], SINGULAR * 0]), ad.LinAlgError, r"matrix \(1,\) of the"),
        (lambda: ad.linalg.solve(RANK_ONE * 0, B), ad.LinAlgError, "'solve' of.*singular"),
        (lambda: ad.linalg.solve(A, B[:, :2]), ad.ShapeError, "give a vector of length 3"),
        (lambda: ad.linalg.det(B), ad.ShapeError, "'det'.*equally long"),
        (lambda: ad.linalg.inv(B[0, 0]), ad.ShapeError, "'inv'.*at least two"),
        (lambda: ad.linalg.lstsq(B, B[:, :2]), ad.ShapeError, "'lstsq'.*length 3"),
        (lambda: ad.linalg.matrix_power(A, 0.5), TypeError, "exponent 0.5"),
        (lambda: ad.linalg.tensorinv(B, ind=0), ad.ShapeError, "ind=0"),
        (lambda: ad.linalg.tensorinv(B, ind=2), ad.ShapeError, r"\(2, 3\) must be that of \(2,"),
        (lambda: ad.linalg.tensorsolve(B, B), ad.ShapeError, "begin with the second"),
    ],
)
def test_what_cannot_be_solved_is_named(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3), (2, 3, 2)])
def test_pseudo_inverses(shape: Any) -> None:
    x = RNG.standard_normal(shape)
    np.testing.assert_allclose(ad.linalg.pinv(x).data, np.linalg.pinv(x), atol=1e-12)
    assert ad.gradcheck(ad.linalg.pinv, x, order=2).passed


def test_pseudo_inverse_of_low_rank_along_changes_that_keep_it() -> None:
    u, v = RNG.standard_normal((3, 1)), RNG.standard_normal((1, 4))
    assert ad.gradcheck(lambda u, v: ad.linalg.pinv(u @ v), u, v).passed
    assert ad.linalg.matrix_rank(u @ v).item() == 1


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3), (2, 4, 2)])
def test_least_squares(shape: Any) -> None:
    x, b = RNG.standard_normal(shape), RNG.standard_normal((*shape[:-1], 2))
    found, residuals, rank, values = ad.linalg.lstsq(x, b)
    np.testing.assert_allclose(found.data, np.linalg.pinv(x) @ b, atol=1e-12)
    assert np.all(rank.data == min(shape[-2:]))
    np.testing.assert_allclose(values.data, np.linalg.svdvals(x))
    if x.ndim == 2:
        theirs = np.linalg.lstsq(x, b, rcond=None)
        np.testing.assert_allclose(residuals.data, theirs[1], rtol=1e-9)
    assert ad.gradcheck(lambda x, b: ad.linalg.lstsq(x, b)[0], x, b).passed
    if residuals.size:
        assert ad.gradcheck(lambda x, b: ad.linalg.lstsq(x, b)[1], x, b).passed


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, -1, -2])
def test_powers_of_matrices(n: int) -> None:
    np.testing.assert_allclose(
        ad.linalg.matrix_power(A, n).data, np.linalg.matrix_power(A, n), rtol=1e-10
    )
    x = ad.Tensor(A, requires_grad=True)
    ad.sum(ad.linalg.matrix_power(x, n)).backward()
    assert ad.gradcheck(lambda x: ad.linalg.matrix_power(x, n), A[0], order=2).passed


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_derivative_of_an_exponential_is_linear_in_the_cotangent(size: float) -> None:
    x = ad.Tensor(A, requires_grad=True)
    ad.linalg.expm(x).backward(SINGULAR * np.ones((2, 1, 1)))
    first = np.array(x.grad)
    x.zero_grad()
    ad.linalg.expm(x).backward(size * SINGULAR * np.ones((2, 1, 1)))
    np.testing.assert_allclose(x.grad, size * first, rtol=1e-12)


@pytest.mark.parametrize("size", [0.01, 1.0, 20.0])
def test_exponentials_of_matrices(size: float) -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    x = size * np.array([[[0.0, 1.0], [-1.0, 0.0]], [[0.1, 0.5], [0.0, -0.3]]])
    np.testing.assert_allclose(ad.linalg.expm(x).data, linalg.expm(x), rtol=1e-10, atol=1e-12)
    if size == 1:
        assert ad.gradcheck(ad.linalg.expm, x, order=2).passed


def test_derivative_of_an_exponential_at_commuting_matrices() -> None:
    x = ad.Tensor(np.zeros((3, 3)), requires_grad=True)
    ad.sum(ad.linalg.expm(x) * SINGULAR).backward()
    np.testing.assert_allclose(x.grad, SINGULAR, atol=1e-14)


def test_tensor_equations() -> None:
    a = RNG.standard_normal((2, 3, 6)) + np.eye(6).reshape(2, 3, 6)
    b = RNG.standard_normal((2, 3))
    np.testing.assert_allclose(
        ad.linalg.tensorsolve(a, b).data, np.linalg.tensorsolve(a, b), rtol=1e-10
    )
    np.testing.assert_allclose(
        ad.linalg.tensorinv(a).data, np.linalg.tensorinv(a), rtol=1e-9, atol=1e-12
    )
    moved = np.moveaxis(a, 2, 0)
    np.testing.assert_allclose(
        ad.linalg.tensorsolve(moved, b, axes=(0,)).data,
        np.linalg.tensorsolve(moved, b, axes=(0,)),
        rtol=1e-10,
    )
    assert ad.gradcheck(ad.linalg.tensorsolve, a, b).passed


@pytest.mark.parametrize("name", ["inv", "expm", "pinv", "det"])
def test_no_matrices_at_all(name: str) -> None:
    for shape in ((0, 0), (0, 2, 2)):
        x = ad.Tensor(np.ones(shape), requires_grad=True)
        y = getattr(ad.linalg, name)(x)
        ad.sum(y).backward()
        assert x.grad.shape == shape


@pytest.mark.parametrize("name", ["inv", "det", "pinv", "expm", "matrix_rank"])
def test_whole_numbers_pass_without_gradient(name: str) -> None:
    y = getattr(ad.linalg, name)(np.array([[2, 1], [0, 3]]))
    assert not y.requires_grad
    assert y.dtype == (np.int64 if name == "matrix_rank" else np.float64)
