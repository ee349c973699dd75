"""Eigenvalues and singular values. They stand above their vectors in one result."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.linalg.factorizations import SYMMETRIC, hermitian_part, symmetric
from autodiff.ops.linalg.matrices import (
    H,
    T,
    apart,
    conj,
    matrices,
    negligible,
    quotient,
    real,
    without_phases,
    without_slopes,
)
from autodiff.ops.primitive import Notation, Structural, structural


def _eigh_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    if 0 in x.shape:
        return 0 * x
    g = conj(xp, g)
    w, v = real(xp, y[..., :1, :]), y[..., 1:, :]
    turned = xp.matmul(H(xp, v), g[..., 1:, :])
    if x.dtype.kind == "c":
        turned = without_phases(xp, turned, turned)
    skew = (turned - H(xp, turned)) / 2
    largest = xp.max(xp.absolute(w), axis=(-1, -2), keepdims=True)
    # The diagonal of w_j - w_i is 0; what stands there is replaced below.
    eye = np.eye(x.shape[-1], dtype=bool)
    gaps = apart(xp, w - T(xp, w), largest)
    inner = quotient(xp, skew, gaps, largest, turned, "eigenvectors")
    inner = without_slopes(xp, inner, g[..., :1, :], g[..., 1:, :], gaps, largest)
    inner = xp.where(eye, real(xp, g[..., :1, :]), inner)
    return conj(xp, hermitian_part(xp, xp.matmul(v, xp.matmul(inner, H(xp, v)))))


eigh: Structural = structural(
    "eigh",
    lambda xp, x: xp.eigh(x),
    [_eigh_vjp],
    notation=Notation.function("eigh"),
    reads=("y",),
    samples=SYMMETRIC,
    factors=[
        (
            "V (…) Vᵀ",
            "V · (diag(gw) + F ⊙ (Vᵀ · gV − gVᵀ · V) / 2) · Vᵀ, with the eigenvalues w, the "
            "eigenvectors V, F = 1/(wⱼ − wᵢ), 0 on the diagonal",
        )
    ],
    kinks="What depends on the choice of the vectors has no gradient: an error.",
    doc="Eigenvalues of Hermitian matrices in a first row, below it the eigenvectors.",
)


_VECTORS = "singular vectors"


def _svd_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    m, n = x.shape[-2:]
    k = min(m, n)
    if 0 in x.shape:
        return 0 * x
    g = conj(xp, g)
    u, s, v = y[..., :m, :], real(xp, y[..., m : m + 1, :]), y[..., m + 1 :, :]
    gu, gs, gv = g[..., :m, :], real(xp, g[..., m : m + 1, :]), g[..., m + 1 :, :]
    left, right = xp.matmul(H(xp, u), gu), xp.matmul(H(xp, v), gv)
    scale = xp.maximum(xp.absolute(left), xp.absolute(right))
    if x.dtype.kind == "c":
        # A pair has a phase in common: what turns both must be nothing.
        left = without_phases(xp, left + right, scale) - right
    a, b = left - H(xp, left), right - H(xp, right)
    eye = np.eye(k, dtype=bool)
    largest = xp.max(s, axis=(-1, -2), keepdims=True)
    # A singular value of 0 is the kink of an absolute value; its shortest subgradient is 0.
    gs = xp.where(negligible(xp, s, largest), 0.0, gs)
    # (a s_j + b s_i) / (s_j² - s_i²) in partial fractions: what cancels between a and b
    # needs no gap between singular values.
    column = T(xp, s)
    gaps = apart(xp, s - column, largest)
    gw = xp.concatenate([gu, gv], axis=-2)
    inner = xp.where(eye, 0.0, quotient(xp, a + b, gaps, largest, scale, _VECTORS))
    inner = without_slopes(xp, inner, gs, gw, gaps, largest)
    inner = (inner + quotient(xp, a - b, s + column, largest, scale, _VECTORS)) / 2
    inner = xp.where(eye, gs + inner, inner)
    found = xp.matmul(u, xp.matmul(inner, H(xp, v)))
    if m > k:
        rest = gu - xp.matmul(u, left)
        rest = quotient(xp, rest, xp.broadcast_to(s, rest.shape), largest, gu, _VECTORS)
        found = found + xp.matmul(rest, H(xp, v))
    if n > k:
        rest = gv - xp.matmul(v, right)
        rest = quotient(xp, rest, xp.broadcast_to(s, rest.shape), largest, gv, _VECTORS)
        found = found + xp.matmul(u, H(xp, rest))
    return conj(xp, found)


def _with_real_eigenvalues(x: Any) -> Any:
    return symmetric(x) * (1 + np.arange(x.shape[-1])[:, None] / 2)


def _eig_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    # Boeddeker et al., On the computation of complex-valued gradients with application to
    # statistically optimum beamforming (2017), eq. 4.77.
    if 0 in x.shape:
        return 0 * x
    g = conj(xp, g)
    w, v = y[..., :1, :], y[..., 1:, :]
    turned = xp.matmul(H(xp, v), g[..., 1:, :])
    # A real eigenvector of a real matrix has a sign, but no phase to choose.
    free = True if x.dtype.kind == "c" else xp.not_equal(xp.imag(w), 0)
    turned = without_phases(xp, turned, turned, free)
    eye = np.eye(x.shape[-1], dtype=bool)
    lengths = xp.where(eye, real(xp, turned), 0.0)
    inner = turned - xp.matmul(xp.matmul(H(xp, v), v), lengths)
    largest = xp.max(xp.absolute(w), axis=(-1, -2), keepdims=True)
    gaps = apart(xp, conj(xp, w - T(xp, w)), largest)
    scale = xp.maximum(xp.absolute(turned), xp.absolute(inner))
    inner = quotient(xp, inner, gaps, largest, scale, "eigenvectors")
    inner = without_slopes(xp, inner, g[..., :1, :], g[..., 1:, :], gaps, largest)
    inner = xp.where(eye, g[..., :1, :], inner)
    turned = H(xp, xp.independent(v))
    found = conj(xp, xp.solve(turned, xp.matmul(inner, turned)))
    return found if x.dtype.kind == "c" else xp.real(found)


eig: Structural = structural(
    "eig",
    lambda xp, x: xp.eig(x),
    [_eig_vjp],
    notation=Notation.function("eig"),
    reads=("y",),
    samples=matrices((3, 3), (2, 2, 2), (1, 1), build=_with_real_eigenvalues),
    factors=[
        (
            "V⁻ᵀ (…) Vᵀ",
            "V⁻ᵀ · (diag(gw) + F ⊙ (Vᵀ · gV − Vᵀ · conj(V) · Re(diag(Vᵀ · gV)))) · Vᵀ, with the "
            "eigenvalues w, the eigenvectors V, F = 1/(wⱼ − wᵢ), 0 on the diagonal",
        )
    ],
    kinks="What depends on the choice of the vectors has no gradient: an error.",
    doc="Eigenvalues of square matrices in a first row, below it the eigenvectors; complex.",
)


svd: Structural = structural(
    "svd",
    lambda xp, x: xp.svd(x),
    [_svd_vjp],
    notation=Notation.function("svd"),
    reads=("y",),
    samples=matrices((3, 3), (4, 2), (2, 2, 3), (1, 1)),
    factors=[
        (
            "U (…) Vᵀ",
            "U · (diag(gs) + (F ⊙ (Uᵀ · gU − gUᵀ · U)) · S + S · (F ⊙ (Vᵀ · gV − gVᵀ · V))) · Vᵀ "
            "+ (I − U · Uᵀ) · gU · S⁻¹ · Vᵀ + U · S⁻¹ · gVᵀ · (I − V · Vᵀ), "
            "with the columns of U and V, S = diag(s), F = 1/(sⱼ² − sᵢ²), 0 on the diagonal",
        )
    ],
    kinks="Singular values of 0 have the gradient 0; a choice of vectors has none: an error.",
    doc="The factors U, s and V of the singular value decomposition, one below the other.",
)
