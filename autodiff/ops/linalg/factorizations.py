"""Factorizations of matrices. Their factors stand side by side in one result."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.linalg.matrices import H, T, conj, matrices, only, real
from autodiff.ops.primitive import Notation, Structural, structural


def symmetric(x: Any) -> Any:
    """The symmetric part of real matrices."""
    return (x + np.swapaxes(x, -1, -2)) / 2


SYMMETRIC = matrices((3, 3), (2, 2, 2), (1, 1), build=symmetric)


def hermitian_part(xp: Any, x: Any) -> Any:
    """The Hermitian part of matrices."""
    return (x + H(xp, x)) / 2


def _halved_diagonal(xp: Any, x: Any) -> Any:
    """The lower triangle, its diagonal halved and real."""
    below = only(xp, "lower", x, -1)
    return below + 0.5 * real(xp, only(xp, "lower", x) - below)


def _mirror(xp: Any, x: Any, *, lower: bool = True) -> Any:
    if len(x.shape) < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError("the last two axes must be equally long")
    part = "lower" if lower else "upper"
    beyond = H(xp, only(xp, part, x, -1 if lower else 1))
    if x.dtype.kind != "c":
        return only(xp, part, x) + beyond
    eye = np.eye(x.shape[-1], dtype=bool)
    return xp.where(eye, real(xp, x), only(xp, part, x)) + beyond


mirror: Structural = structural(
    "mirror",
    _mirror,
    [lambda xp, g, y, x, *, lower=True: hermitian_part(xp, g)],
    notation=Notation.function("mirror"),
    linear=True,
    samples=SYMMETRIC,
    convention=(
        "a Hermitian matrix of which one triangle is read has a Hermitian gradient, which says "
        "what Hermitian changes do; check lambda a: f((a + a.conj().mT) / 2) in the place of f"
    ),
    factors=[("(· + ·ᴴ)/2", "(g + gᴴ) / 2")],
    doc=(
        "Hermitian matrices of which one triangle is read; their gradient is Hermitian "
        "too, as if both were."
    ),
)


def _cholesky_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    # Murray, Differentiation of the Cholesky decomposition (2016), eq. 9.
    turned = H(xp, y)
    inner = _halved_diagonal(xp, xp.matmul(turned, conj(xp, g)))
    inner = xp.solve(turned, H(xp, xp.solve(turned, inner)))
    return conj(xp, hermitian_part(xp, inner))


cholesky: Structural = structural(
    "cholesky",
    lambda xp, x: xp.cholesky(x),
    [_cholesky_vjp],
    notation=Notation.function("cholesky"),
    reads=("y",),
    samples=SYMMETRIC,
    factors=[
        (
            "L⁻ᵀ Φ(Lᵀ ·) L⁻¹",
            "(m + mᵀ) / 2, with m = L⁻ᵀ · Φ(Lᵀ · g) · L⁻¹, L the result, Φ the lower triangle "
            "with half its diagonal",
        )
    ],
    doc="Lower Cholesky factors of positive definite matrices.",
)


def _qr_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    # Walter and Lehmann, Algorithmic differentiation of linear algebra functions (2018),
    # for matrices with at least as many rows as columns; Roberts and Roberts, QR and LQ
    # decomposition matrix backpropagation algorithms (2020), for the others.
    m, n = x.shape[-2:]
    g = conj(xp, g)
    q, r = y[..., :m, :], T(xp, y[..., m:, :])
    gq, gr = g[..., :m, :], only(xp, "upper", T(xp, g[..., m:, :]))
    inner = xp.matmul(gr, H(xp, r)) - xp.matmul(H(xp, q), gq)
    if m >= n:
        upper = only(xp, "upper", inner)
        inner = upper + H(xp, only(xp, "upper", inner, 1))
        if x.dtype.kind == "c":
            eye = np.eye(n, dtype=bool)
            inner = xp.where(eye, real(xp, inner), inner)
        found = gq + xp.matmul(q, inner)
        return conj(xp, H(xp, xp.solve(r, H(xp, found))))
    left = r[..., :m]
    skew = only(xp, "lower", inner, -1)
    skew = H(xp, only(xp, "upper", inner, 1)) - skew
    if x.dtype.kind == "c":
        eye = np.eye(m, dtype=bool)
        skew = skew + xp.where(eye, -1j * xp.imag(inner), 0.0)
    turned = H(xp, xp.solve(left, H(xp, skew)))
    turned = xp.concatenate([turned, np.zeros(r[..., m:].shape, r.dtype)], axis=-1)
    return conj(xp, xp.matmul(q, turned + gr))


qr: Structural = structural(
    "qr",
    lambda xp, x: xp.qr(x),
    [_qr_vjp],
    notation=Notation.function("qr"),
    reads=("y",),
    samples=matrices((3, 3), (4, 2), (2, 2, 3), (1, 1)),
    factors=[
        (
            "(gQ + Q M) R⁻ᵀ",
            "(gQ + Q · sym(gR · Rᵀ − Qᵀ · gQ)) · R⁻ᵀ, sym(m) the symmetric matrix with the upper "
            "triangle of m; for matrices with more columns than rows the rule of Roberts (2020)",
        )
    ],
    doc="The factor Q with orthonormal columns and, below it, the triangular factor Rᵀ.",
)


def _lu_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    m, n = x.shape[-2:]
    k = min(m, n)
    g = conj(xp, g)[..., :n]
    both, p = y[..., :n], y[..., n:]
    unit = np.eye(m, k, dtype=bool)
    low = xp.where(unit, 1.0, only(xp, "lower", both[..., :k], -1))
    high = only(xp, "upper", both[..., :k, :])
    gl, gu = only(xp, "lower", g[..., :k], -1), only(xp, "upper", g[..., :k, :])
    square, triangle = low[..., :k, :], high[..., :k]
    strict = xp.matmul(H(xp, square), gl[..., :k, :])
    rest = xp.matmul(gu[..., :k], H(xp, triangle))
    if m > k:
        rest = rest - xp.matmul(H(xp, low[..., k:, :]), gl[..., k:, :])
    if n > k:
        strict = strict - xp.matmul(gu[..., k:], H(xp, high[..., k:]))
    inner = only(xp, "lower", strict, -1) + only(xp, "upper", rest)
    if m > k:
        inner = xp.concatenate([xp.solve(H(xp, square), inner), gl[..., k:, :]], axis=-2)
        found = H(xp, xp.solve(triangle, H(xp, inner)))
    else:
        inner = H(xp, xp.solve(triangle, H(xp, inner)))
        found = xp.solve(H(xp, square), xp.concatenate([inner, gu[..., k:]], axis=-1))
    return conj(xp, xp.matmul(p, found))


lu: Structural = structural(
    "lu",
    lambda xp, x: xp.lu(x),
    [_lu_vjp],
    notation=Notation.function("lu"),
    reads=("y",),
    samples=matrices((3, 3), (4, 2), (2, 2, 3), (1, 1)),
    factors=[
        (
            "P L⁻ᵀ (…) U⁻ᵀ",
            "P · L⁻ᵀ · (low(Lᵀ · gL) + up(gU · Uᵀ)) · U⁻ᵀ, of a square matrix, low(m) the part of "
            "m below the diagonal, up(m) the rest",
        )
    ],
    doc="The factors L and U in one matrix and, beside it, the permutation P.",
)
