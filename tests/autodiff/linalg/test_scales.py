"""Gradients of linear algebra do not depend on the scale of the matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

L = ad.linalg
RNG = np.random.default_rng(0)
A = RNG.standard_normal((4, 4)) + np.diag([1.0, 3, 6, 10])
S = A @ A.T
W = RNG.standard_normal((4, 4))
N = np.arange(1.0, 5)


def weighted(result: Any, by: Any = W) -> Any:
    return ad.sum(result * by[: result.shape[0]].astype(ad.real(result).dtype))


# A function, the power of the scale that its value is multiplied by, and a matrix.
FUNCTIONS: dict[str, tuple[Any, float, Any]] = {
    "svdvals": (lambda a: weighted(L.svdvals(a), N), 1, A),
    "svd": (lambda a: weighted(ad.abs(L.svd(a)[0])), 0, A),
    "eigvalsh": (lambda a: weighted(L.eigvalsh(a), N), 1, S),
    "eigh": (lambda a: weighted(ad.abs(L.eigh(a)[1])), 0, S),
    "eigvals": (lambda a: weighted(ad.real(L.eigvals(a)), N), 1, S),
    "norm nuc": (lambda a: L.norm(a, "nuc"), 1, A),
    "norm 2": (lambda a: L.norm(a, 2), 1, A),
    "norm -2": (lambda a: L.norm(a, -2), 1, A),
    "norm": (L.norm, 1, A),
    "cond": (L.cond, 0, A),
    "inv": (lambda a: weighted(L.inv(a)), -1, A),
    "pinv": (lambda a: weighted(L.pinv(a[:, :3])), -1, A),
    "solve": (lambda a: weighted(L.solve(a, W.astype(a.dtype))), -1, A),
    "lstsq": (lambda a: weighted(L.lstsq(a, W.astype(a.dtype))[0]), -1, A),
    "qr": (lambda a: weighted(L.qr(a)[1]), 1, A),
    "cholesky": (lambda a: weighted(L.cholesky(a)), 0.5, S),
    "sqrtm": (lambda a: weighted(L.sqrtm(a)), 0.5, S),
    "polar": (lambda a: weighted(L.polar(a)[0]), 0, A),
    "slogdet": (lambda a: L.slogdet(a)[1], 0, A),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("dtype", "powers", "range_", "rtol"),
    [(np.float32, (-40, -20, 20, 40), 120, 1e-2), (np.float64, (-498, -60, 60, 498), 1000, 1e-7)],
)
def test_derivatives_scale(
    name: str, dtype: Any, powers: tuple[int, ...], range_: int, rtol: float
) -> None:
    f, degree, a = FUNCTIONS[name]
    a = a.astype(dtype)
    orders = (ad.grad(f), 1), (ad.hessian(f), 2)
    expected = [transform(a).astype(float) for transform, _ in orders]
    for power in powers:
        for (transform, order), plain in zip(orders, expected, strict=True):
            if abs(power * (degree - order)) > range_:
                continue
            found = transform(np.ldexp(a, power)).astype(float)
            found = found * 2.0 ** (power * (order - degree))
            atol = rtol * np.max(np.abs(plain))
            np.testing.assert_allclose(found, plain, rtol=rtol, atol=atol)
