"""Factorizations of matrices. Their factors stand side by side in one result."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.matrices import H, T, conj, matrices, only, quotient, real, without_phases
from autodiff.ops.primitive import Notation, structural


def _symmetric(x: Any) -> Any:
    return (x + np.swapaxes(x, -1, -2)) / 2


_SYMMETRIC = matrices((3, 3), (2, 2, 2), (1, 1), build=_symmetric)


def _hermitian_part(xp: Any, x: Any) -> Any:
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


mirror = structural(
    "mirror",
    _mirror,
    [lambda xp, g, y, x, *, lower=True: _hermitian_part(xp, g)],
    notation=Notation.function("mirror"),
    linear=True,
    samples=_SYMMETRIC,
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
    return conj(xp, _hermitian_part(xp, inner))


cholesky = structural(
    "cholesky",
    lambda xp, x: xp.cholesky(x),
    [_cholesky_vjp],
    notation=Notation.function("cholesky"),
    reads=("y",),
    samples=_SYMMETRIC,
    doc="Lower Cholesky factors of positive definite matrices.",
)


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
    gaps = xp.where(eye, 1.0, w - T(xp, w))
    inner = quotient(xp, skew, gaps, largest, turned, "eigenvectors")
    inner = xp.where(eye, real(xp, g[..., :1, :]), inner)
    return conj(xp, _hermitian_part(xp, xp.matmul(v, xp.matmul(inner, H(xp, v)))))


eigh = structural(
    "eigh",
    lambda xp, x: xp.eigh(x),
    [_eigh_vjp],
    notation=Notation.function("eigh"),
    reads=("y",),
    samples=_SYMMETRIC,
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
    # (a s_j + b s_i) / (s_j² - s_i²) in partial fractions: what cancels between a and b
    # needs no gap between singular values.
    column = T(xp, s)
    gaps = xp.where(eye, 1.0, s - column)
    inner = xp.where(eye, 0.0, quotient(xp, a + b, gaps, largest, scale, _VECTORS))
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
    return _symmetric(x) * (1 + np.arange(x.shape[-1])[:, None] / 2)


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
    gaps = xp.where(eye, 1.0, conj(xp, w - T(xp, w)))
    scale = xp.maximum(xp.absolute(turned), xp.absolute(inner))
    inner = xp.where(eye, g[..., :1, :], quotient(xp, inner, gaps, largest, scale, "eigenvectors"))
    turned = H(xp, xp.independent(v))
    found = conj(xp, xp.solve(turned, xp.matmul(inner, turned)))
    return found if x.dtype.kind == "c" else xp.real(found)


eig = structural(
    "eig",
    lambda xp, x: xp.eig(x),
    [_eig_vjp],
    notation=Notation.function("eig"),
    reads=("y",),
    samples=matrices((3, 3), (2, 2, 2), (1, 1), build=_with_real_eigenvalues),
    doc="Eigenvalues of square matrices in a first row, below it the eigenvectors; complex.",
)


svd = structural(
    "svd",
    lambda xp, x: xp.svd(x),
    [_svd_vjp],
    notation=Notation.function("svd"),
    reads=("y",),
    samples=matrices((3, 3), (4, 2), (2, 2, 3), (1, 1)),
    doc="The factors U, s and V of the singular value decomposition, one below the other.",
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


qr = structural(
    "qr",
    lambda xp, x: xp.qr(x),
    [_qr_vjp],
    notation=Notation.function("qr"),
    reads=("y",),
    samples=matrices((3, 3), (4, 2), (2, 2, 3), (1, 1)),
    doc="The factor Q with orthonormal columns and, below it, the triangular factor Rᵀ.",
)


complement = structural(
    "complement",
    lambda xp, q: xp.complement(q),
    [lambda xp, g, y, q: xp.undetermined(g, q)],
    notation=Notation.function("complement"),
    doc="Orthonormal columns orthogonal to given ones; no gradient passes.",
)

determined = structural(
    "determined",
    lambda xp, x, wrong, *, of: xp.determined(x, wrong, of=of),
    [lambda xp, g, y, x, wrong, *, of: g, lambda xp, g, y, x, wrong, *, of: 0 * g],
    notation=Notation.function("determined", arity=2),
    doc="The first operand, if nothing in the second is true; else an error.",
)

independent = structural(
    "independent",
    lambda xp, v: xp.independent(v),
    [lambda xp, g, y, v: g],
    notation=Notation.function("independent"),
    doc="The operand, if its columns are linearly independent; else an error.",
)

undetermined = structural(
    "undetermined",
    lambda xp, g, like: xp.undetermined(g, like),
    [lambda xp, h, y, g, like: 0 * g, lambda xp, h, y, g, like: 0 * like],
    notation=Notation.function("undetermined", arity=2),
    doc="Zeros like the second operand, if the first is nothing but zeros; else an error.",
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


lu = structural(
    "lu",
    lambda xp, x: xp.lu(x),
    [_lu_vjp],
    notation=Notation.function("lu"),
    reads=("y",),
    samples=matrices((3, 3), (4, 2), (2, 2, 3), (1, 1)),
    doc="The factors L and U in one matrix and, beside it, the permutation P.",
)
