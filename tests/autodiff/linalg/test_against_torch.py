"""Gradients of linear algebra, real and complex, beside those of PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

torch = pytest.importorskip("torch", reason="PyTorch is the reference")

L, TL = ad.linalg, torch.linalg
Case = tuple[Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]


def adjoint(x: Any) -> Any:
    return ad.conjugate(ad.swapaxes(x, -1, -2))


EITHER: dict[str, Case] = {
    "det": (L.det, TL.det, [(2, 3, 3)]),
    "inv": (L.inv, TL.inv, [(2, 3, 3)]),
    "solve": (L.solve, TL.solve, [(2, 3, 3), (2, 3, 2)]),
    "slogdet": (L.slogdet, TL.slogdet, [(2, 3, 3)]),
    "pinv": (L.pinv, TL.pinv, [(2, 4, 3)]),
    "expm": (L.expm, torch.matrix_exp, [(2, 3, 3)]),
    "qr": (L.qr, TL.qr, [(2, 4, 3)]),
    "qr of a wide matrix": (L.qr, TL.qr, [(3, 5)]),
    "lu": (lambda x: L.lu(x)[1:], lambda x: TL.lu(x)[1:], [(2, 4, 3)]),
    "cholesky": (
        lambda x: L.cholesky(x @ adjoint(x)),
        lambda x: TL.cholesky(x @ x.mH),
        [(2, 3, 3)],
    ),
    "eigvalsh": (L.eigvalsh, TL.eigvalsh, [(2, 3, 3)]),
    "eigh": (
        lambda x: ad.abs(L.eigh(x + adjoint(x))[1]),
        lambda x: TL.eigh(x + x.mH)[1].abs(),
        [(2, 3, 3)],
    ),
    "eigvals": (
        lambda x: ad.sum(L.eigvals(x) ** 3, -1),
        lambda x: (TL.eigvals(x) ** 3).sum(-1),
        [(2, 3, 3)],
    ),
    "eig": (
        lambda x: ad.sum(ad.abs(L.eig(x)[1]) ** 3),
        lambda x: (TL.eig(x)[1].abs() ** 3).sum(),
        [(2, 3, 3)],
    ),
    "svdvals": (L.svdvals, TL.svdvals, [(2, 4, 3)]),
    "svd": (
        lambda x: tuple(ad.abs(v) for v in L.svd(x, False)),
        lambda x: tuple(v.abs() for v in TL.svd(x, False)),
        [(2, 3, 4)],
    ),
    "matrix_power": (lambda x: L.matrix_power(x, -3), lambda x: TL.matrix_power(x, -3), [(3, 3)]),
    "lstsq": (lambda a, b: L.lstsq(a, b)[0], lambda a, b: TL.lstsq(a, b)[0], [(4, 3), (4, 2)]),
    "solve_triangular": (
        L.solve_triangular,
        lambda a, b: TL.solve_triangular(a, b, upper=True),
        [(2, 3, 3), (2, 3, 2)],
    ),
    "nuclear norm": (
        lambda x: L.matrix_norm(x, ord="nuc"),
        lambda x: TL.matrix_norm(x, "nuc"),
        [(2, 3, 4)],
    ),
    "vector_norm": (
        lambda x: L.vector_norm(x, ord=3.5, axis=1),
        lambda x: TL.vector_norm(x, 3.5, 1),
        [(3, 4)],
    ),
    "cond": (L.cond, TL.cond, [(2, 3, 3)]),
    "multi_dot": (
        lambda *x: L.multi_dot(x),
        lambda *x: TL.multi_dot(x),
        [(2, 3), (3, 4), (4, 2)],
    ),
    "householder_product": (L.householder_product, TL.householder_product, [(4, 3), (3,)]),
    "ormqr": (L.ormqr, torch.ormqr, [(4, 3), (3,), (4, 2)]),
    "ormqr, adjoint": (
        lambda *x: L.ormqr(*x, transpose=True),
        lambda *x: torch.ormqr(*x, transpose=True),
        [(2, 4, 3), (2, 3), (2, 4, 2)],
    ),
    "ormqr, right": (
        lambda *x: L.ormqr(*x, left=False),
        lambda *x: torch.ormqr(*x, left=False),
        [(4, 3), (3,), (2, 4)],
    ),
    "ormqr, right, adjoint": (
        lambda *x: L.ormqr(*x, left=False, transpose=True),
        lambda *x: torch.ormqr(*x, left=False, transpose=True),
        [(4, 3), (3,), (2, 4)],
    ),
    "logdet": (
        lambda x: L.logdet(x @ x.mT.conj()),
        lambda x: torch.logdet(x @ x.mH),
        [(2, 3, 3)],
    ),
    "tensorinv": (lambda x: L.tensorinv(x, 1), lambda x: TL.tensorinv(x, 1), [(6, 2, 3)]),
    "kron": (ad.kron, torch.kron, [(2, 3), (3, 2)]),
    "cross": (
        lambda a, b: ad.cross(a, b, axis=1),
        lambda a, b: TL.cross(a, b, dim=1),
        [(2, 3), (2, 3)],
    ),
    "vecdot": (ad.vecdot, TL.vecdot, [(2, 3), (2, 3)]),
}
REAL: dict[str, Case] = {
    "cholesky_inverse": (
        lambda x: L.cholesky_inverse(ad.tril(x)),
        lambda x: torch.cholesky_inverse(torch.tril(x)),
        [(2, 3, 3)],
    ),
    "cdist": (ad.cdist, torch.cdist, [(2, 3, 2), (2, 4, 2)]),
    "pdist": (ad.pdist, torch.pdist, [(4, 3)]),
    "cosine_similarity": (ad.cosine_similarity, torch.cosine_similarity, [(3, 2), (3, 2)]),
    "pairwise_distance": (
        ad.pairwise_distance,
        torch.nn.functional.pairwise_distance,
        [(3, 2), (3, 2)],
    ),
}


def drawn(shape: tuple[int, ...], rng: Any, is_complex: bool) -> Any:
    x = rng.standard_normal(shape)
    return x + 1j * rng.standard_normal(shape) if is_complex else x


def weights(size: int, shift: float) -> Any:
    return np.cos(np.arange(size) + shift)


def ours(result: Any) -> Any:
    total: Any = 0.0
    for i, y in enumerate(result if isinstance(result, tuple) else (result,)):
        total = total + ad.sum(ad.real(y).reshape(-1) * weights(y.size, i))
        if y.dtype.kind == "c":
            total = total + ad.sum(ad.imag(y).reshape(-1) * weights(y.size, i + 0.5))
    return total


def theirs(result: Any) -> Any:
    total: Any = 0.0
    for i, y in enumerate(result if isinstance(result, tuple) else (result,)):
        size = y.numel()
        part = torch.view_as_real(y.resolve_conj()) if y.is_complex() else y[..., None]
        total = total + (part[..., 0].reshape(-1) * torch.tensor(weights(size, i))).sum()
        if y.is_complex():
            total = total + (part[..., 1].reshape(-1) * torch.tensor(weights(size, i + 0.5))).sum()
    return total


@pytest.mark.parametrize(
    ("name", "is_complex"),
    [(name, kind) for name in EITHER for kind in (False, True)] + [(name, False) for name in REAL],
)
def test_gradients_are_those_of_pytorch(name: str, is_complex: bool) -> None:
    function, reference, shapes = {**EITHER, **REAL}[name]
    rng = np.random.default_rng(len(name))
    arrays = [drawn(shape, rng, is_complex) for shape in shapes]
    nodes = [ad.Tensor(x, requires_grad=True) for x in arrays]
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    found, expected = ours(function(*nodes)), theirs(reference(*tensors))
    np.testing.assert_allclose(found.item(), expected.item(), rtol=1e-9)
    found.backward()
    expected.backward()
    for node, tensor in zip(nodes, tensors, strict=True):
        gradient = tensor.grad.resolve_conj().numpy()
        scale = np.max(np.abs(gradient))
        np.testing.assert_allclose(node.grad, gradient, rtol=1e-8, atol=1e-9 * scale)
