"""Products and distances of vectors, matrices of a structure, chains of products."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(13)
A, B = RNG.standard_normal((2, 2, 3, 4))
Z, W = A + 1j * B, B - 2j * A


def check(found: Any, expected: Any, rtol: float = 1e-12) -> None:
    assert found.shape == np.shape(expected)
    assert found.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(found.data, expected, rtol=rtol, atol=1e-13)


@pytest.mark.parametrize(("a", "b"), [(A, B), (Z, W), (Z, B)], ids=["real", "complex", "mixed"])
def test_products_are_numpys(a: Any, b: Any) -> None:
    check(ad.vdot(a, b), np.vdot(a, b))
    check(ad.vecdot(a, b), np.vecdot(a, b))
    check(ad.vecdot(a, b[..., :1, :], axis=0), np.vecdot(a, b[..., :1, :], axis=0))
    check(ad.outer(a, b), np.outer(a, b))
    check(ad.linalg.outer(a[0, 0], b[0, 0]), np.linalg.outer(a[0, 0], b[0, 0]))
    check(ad.kron(a, b[0]), np.kron(a, b[0]))
    check(ad.kron(a[0], b), np.kron(a[0], b))
    check(ad.tensordot(a, b, ([0, 2], [0, 2])), np.tensordot(a, b, ([0, 2], [0, 2])))
    check(ad.tensordot(a, b, 0), np.tensordot(a, b, 0))
    check(ad.matvec(a, b[0, 0]), np.matvec(a, b[0, 0]))
    check(ad.vecmat(a[..., 0], b), np.vecmat(a[..., 0], b))
    check(ad.inner(a, b[0]), np.inner(a, b[0]))
    check(ad.cross(a, b, axis=1), np.cross(a, b, axis=1))
    check(ad.cross(a[0].T, b[0], axisb=0, axisc=0), np.cross(a[0].T, b[0], axisb=0, axisc=0))


@pytest.mark.parametrize(
    "function",
    [
        ad.vdot,
        ad.vecdot,
        ad.outer,
        ad.kron,
        lambda a, b: ad.tensordot(a, b, ([0, 1], [0, 1])),
        lambda a, b: ad.cross(a, b, axis=0),
    ],
)
def test_products_are_differentiable_twice(function: Any) -> None:
    a, b = A[0, :, :2], B[0, :, :2]
    assert ad.gradcheck(function, a, b, order=2).passed


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ad.vdot(A, B[0]), "'vdot'.*as many elements"),
        (lambda: ad.vecdot(A, B[..., :2]), "'vecdot'.*lengths 4 and 2"),
        (lambda: ad.tensordot(A, B, 1), "'tensordot'.*axes=1"),
        (lambda: ad.cross(A, B), "'cross'.*lengths 4 and 4"),
        (lambda: ad.cdist(A, B[..., :2]), r"'cdist'.*\(…, m, d\)"),
        (lambda: ad.pdist(A), "'pdist'.*vectors as rows"),
        (lambda: ad.linalg.multi_dot([A[0]]), "'multi_dot' was given 1 matrices"),
        (lambda: ad.linalg.multi_dot([A, B]), "'multi_dot'.*all must be"),
    ],
)
def test_what_does_not_fit_is_named(call: Any, message: str) -> None:
    with pytest.raises(ad.ShapeError, match=message):
        call()


def test_chains_of_products() -> None:
    chain = [RNG.standard_normal(shape) for shape in ((2, 5), (5, 1), (1, 4), (4, 3))]
    check(ad.linalg.multi_dot(chain), np.linalg.multi_dot(chain))
    ends = [chain[0][0], *chain[1:3], chain[3][:, 0]]
    check(ad.linalg.multi_dot(ends), np.linalg.multi_dot(ends))
    check(ad.linalg.multi_dot(ends[:3]), np.linalg.multi_dot(ends[:3]))
    assert ad.gradcheck(lambda *x: ad.linalg.multi_dot(x), *ends).passed


@pytest.mark.parametrize("p", [0, 1, 2, 3, 0.5, np.inf])
def test_distances(p: float) -> None:
    difference = A[:, :, None, :] - B[:, None, :2, :]
    check(ad.cdist(A, B[:, :2], p), np.linalg.norm(difference, p, -1))
    first, second = np.triu_indices(3, 1)
    check(ad.pdist(A[0], p), np.linalg.norm(A[0, first] - A[0, second], p, -1))
    if p:
        assert ad.gradcheck(lambda x, y: ad.cdist(x, y, p), A[0], B[0, :2]).passed
        assert ad.gradcheck(lambda x: ad.pdist(x, p), A[0]).passed


def test_distances_agree_with_another_implementation() -> None:
    distance = pytest.importorskip("scipy.spatial.distance", reason="SciPy is the reference")
    check(ad.cdist(A[0], B[0]), distance.cdist(A[0], B[0]))
    check(ad.pdist(A[0], 1), distance.pdist(A[0], "cityblock"))


@pytest.mark.parametrize("p", [1, 2, 3, np.inf])
def test_a_distance_of_zero_has_the_gradient_zero(p: float) -> None:
    x = ad.Tensor(A[0], requires_grad=True)
    ad.sum(ad.cdist(x, A[0, :1], p)[0]).backward()
    assert not x.grad.any()
    x.zero_grad()
    ad.sum(ad.cdist(x, x, p)).backward()
    assert np.isfinite(x.grad).all()


def test_cosine_similarity() -> None:
    for axis in (0, 1, -1):
        lengths = np.linalg.norm(A, axis=axis) * np.linalg.norm(B, axis=axis)
        check(ad.cosine_similarity(A, B, axis), np.sum(A * B, axis) / lengths)
    check(ad.cosine_similarity(A, B[0, 0], -1), ad.cosine_similarity(A, B[:1, :1], -1).data)
    assert ad.gradcheck(lambda a, b: ad.cosine_similarity(a, b, 0), A[0], B[0], order=2).passed
    np.testing.assert_allclose(ad.cosine_similarity(Z, Z * 2, -1).data, 1.0)
    x = ad.Tensor(np.zeros((2, 3)), requires_grad=True)
    y = ad.cosine_similarity(x, A[:, :, 0])
    assert y.tolist() == [0.0, 0.0]
    ad.sum(y).backward()
    assert np.isfinite(x.grad).all()


def test_normalized_vectors() -> None:
    check(ad.normalize(A, axis=-1), A / np.linalg.norm(A, axis=-1, keepdims=True))
    check(ad.normalize(A, p=1, axis=0), A / np.linalg.norm(A, 1, axis=0, keepdims=True))
    assert ad.gradcheck(ad.normalize, A[0], order=2).passed


@pytest.mark.parametrize("offset", [-3, -1, 0, 1, 2, 5])
def test_diagonals_and_traces(offset: int) -> None:
    check(ad.linalg.diagonal(A, offset=offset), np.linalg.diagonal(A, offset=offset))
    check(ad.linalg.trace(Z, offset=offset), np.linalg.trace(Z, offset=offset))
    function = lambda x: ad.linalg.trace(x**2, offset=offset)  # noqa: E731
    assert ad.gradcheck(function, A, order=2).passed


def test_matrices_of_a_structure() -> None:
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is the reference")
    parts = (A[0], B[0, :1], A[0, 0])
    check(ad.linalg.block_diag(*parts), linalg.block_diag(*parts))
    check(ad.linalg.toeplitz(A[0, 0], B[0, 0, :3]), linalg.toeplitz(A[0, 0], B[0, 0, :3]))
    check(ad.linalg.toeplitz(Z[0, 0]), linalg.toeplitz(Z[0, 0]))
    check(ad.linalg.circulant(A[0, 0]), linalg.circulant(A[0, 0]))
    assert ad.gradcheck(lambda *x: ad.linalg.block_diag(*x) ** 2, *parts).passed
    assert ad.gradcheck(lambda c, r: ad.linalg.toeplitz(c, r) ** 2, A[0, 0], B[0, 0]).passed
    assert ad.gradcheck(lambda c: ad.linalg.circulant(c) ** 2, A[0, 0], order=2).passed


@pytest.mark.parametrize("function", [ad.vecdot, ad.outer, ad.kron, ad.vdot, ad.inner])
def test_whole_numbers_stay_whole_and_single_precision_single(function: Any) -> None:
    whole = function(np.arange(3), np.arange(3))
    assert whole.dtype == np.int64
    assert not whole.requires_grad
    assert function(np.ones(3, np.float32), np.ones(3, np.float32)).dtype == np.float32
