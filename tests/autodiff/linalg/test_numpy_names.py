"""`numpy.linalg` applied to tensors: the same numbers, and part of the graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(3)
A = 0.4 * RNG.standard_normal((2, 3, 3)) + 2 * np.eye(3)
S = A @ np.swapaxes(A, -1, -2)
V = RNG.standard_normal((2, 3))
T = RNG.standard_normal((2, 3, 6))

CALLS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "cholesky": (np.linalg.cholesky, [S]),
    "cond": (np.linalg.cond, [A]),
    "cross": (np.linalg.cross, [V, V[::-1]]),
    "det": (np.linalg.det, [A]),
    "diagonal": (np.linalg.diagonal, [A]),
    "eig": (np.linalg.eig, [S]),
    "eigh": (np.linalg.eigh, [S]),
    "eigvals": (np.linalg.eigvals, [S]),
    "eigvalsh": (np.linalg.eigvalsh, [S]),
    "inv": (np.linalg.inv, [A]),
    "lstsq": (np.linalg.lstsq, [T[0].T, T[1].T]),
    "matmul": (np.linalg.matmul, [A, A[0]]),
    "matrix_norm": (lambda x: np.linalg.matrix_norm(x, ord="nuc", keepdims=True), [A]),
    "matrix_power": (lambda x: np.linalg.matrix_power(x, -3), [A]),
    "matrix_transpose": (np.linalg.matrix_transpose, [A]),
    "multi_dot": (lambda x, y, z: np.linalg.multi_dot([x, y, z]), [V, A[0], V.T]),
    "norm": (lambda x: np.linalg.norm(x, ord=1, axis=(0, 2)), [A]),
    "outer": (np.linalg.outer, [V[0], V[1]]),
    "pinv": (np.linalg.pinv, [T]),
    "qr": (np.linalg.qr, [T]),
    "slogdet": (np.linalg.slogdet, [A]),
    "solve": (np.linalg.solve, [A, T]),
    "svd": (lambda x: np.linalg.svd(x, full_matrices=False), [T]),
    "svdvals": (np.linalg.svdvals, [T]),
    "tensordot": (lambda x, y: np.linalg.tensordot(x, y, axes=((0, 1), (0, 1))), [T, A]),
    "tensorinv": (lambda x: np.linalg.tensorinv(x, ind=2), [T + np.eye(6).reshape(2, 3, 6)]),
    "tensorsolve": (np.linalg.tensorsolve, [T, V]),
    "trace": (lambda x: np.linalg.trace(x, offset=1), [A]),
    "vecdot": (lambda x, y: np.linalg.vecdot(x, y, axis=0), [V, V[::-1]]),
    "vector_norm": (lambda x: np.linalg.vector_norm(x, ord=3, axis=1), [V]),
    "numpy.cross": (lambda x, y: np.cross(x, y, axis=1), [V, V[::-1]]),
    "numpy.dot": (np.dot, [A, A]),
    "numpy.inner": (np.inner, [A, V]),
    "numpy.kron": (np.kron, [A, V]),
    "numpy.matvec": (np.matvec, [A, V]),
    "numpy.outer": (np.outer, [A, V]),
    "numpy.tensordot": (lambda x, y: np.tensordot(x, y, 1), [A, T[0]]),
    "numpy.vdot": (np.vdot, [A, A[::-1]]),
    "numpy.vecdot": (np.vecdot, [V, V[0]]),
    "numpy.vecmat": (np.vecmat, [V, A]),
}
WITHOUT_GRADIENT = {"matrix_rank", "LinAlgError"}


def test_every_function_of_numpy_is_here() -> None:
    listed = {name for name in CALLS if not name.startswith("numpy.")}
    assert listed | WITHOUT_GRADIENT == set(np.linalg.__all__)
    assert set(np.linalg.__all__) <= set(ad.linalg.__all__)


@pytest.mark.parametrize("name", CALLS)
def test_numpy_applied_to_tensors_gives_numpys_numbers_in_the_graph(name: str) -> None:
    function, operands = CALLS[name]
    expected = function(*operands)
    nodes = [ad.Tensor(x, requires_grad=True) for x in operands]
    found = function(*nodes)
    if not isinstance(expected, tuple):
        found, expected = (found,), (expected,)
    assert len(found) == len(expected)
    for y, array in zip(found, expected, strict=True):
        assert isinstance(y, ad.Tensor)
        assert y.shape == np.shape(array)
        np.testing.assert_allclose(y.data, array, rtol=1e-10, atol=1e-12)
    assert any(y.requires_grad for y in found)


@pytest.mark.parametrize(
    "name", [name for name in CALLS if name not in ("eig", "eigvals", "lstsq")]
)
def test_single_precision_stays_single(name: str) -> None:
    function, operands = CALLS[name]
    nodes = [ad.Tensor(x.astype(np.float32), requires_grad=True) for x in operands]
    found = function(*nodes)
    parts = found if isinstance(found, tuple) else (found,)
    assert {y.dtype for y in parts} == {np.dtype(np.float32)}
    total = sum(ad.sum(y * y) for y in parts)
    if total.requires_grad:
        total.backward()
        assert all(x.grad is not None and x.grad.dtype == np.float32 for x in nodes)


def test_rank_is_a_question() -> None:
    x = ad.Tensor(np.diag([1.0, 0.0, 2.0]), requires_grad=True)
    rank = np.linalg.matrix_rank(x)
    assert rank.item() == 2
    assert not rank.requires_grad
