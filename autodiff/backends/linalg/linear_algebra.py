"""Matrix functions on arrays: LAPACK through NumPy, and what NumPy lacks.

Factorizations have several results, but an operation has one: their factors are written
side by side into one array. LAPACK knows single and double precision; other types are
computed in the next one and rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autodiff.backends.linalg.exponentials import derivative_of_double, expm_of_double
from autodiff.errors import LinAlgError

__all__ = [
    "cholesky",
    "cofactor",
    "cofactor_pull",
    "complement",
    "det",
    "eig",
    "eigh",
    "expm",
    "expm_derivative",
    "in_lapack_type",
    "inv",
    "pinv",
    "qr",
    "rank",
    "slogdet",
    "solve",
    "svd",
]

_LAPACK = {
    "e": np.float32,
    "g": np.float64,
    "G": np.complex128,
    **dict.fromkeys("?bBhHiIlLqQ", np.float64),
}


def in_lapack_type(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of arrays of any type, computed in one that LAPACK knows."""

    @wraps(function)
    def converted(*arrays: Any, **params: Any) -> Any:
        given = np.result_type(*arrays)
        wanted = _LAPACK.get(given.char)
        if wanted is not None:
            arrays = tuple(a.astype(wanted) for a in arrays)
        try:
            result = function(*arrays, **params)
        except np.linalg.LinAlgError as error:
            if not any(word in str(error) for word in ("converge", "infs or NaNs")):
                raise
            raise LinAlgError(
                f"{function.__name__!r} of {_which(arrays[0], _has_strange)} did not come to an "
                f"end ({error}); see whether it has NaN or infinite elements"
            ) from None
        if wanted is None or given.kind not in "fc":
            return result
        complexes = result.dtype.kind == "c"
        return result.astype(np.result_type(given, np.complex64) if complexes else given)

    return converted


def _adjoint(x: Any) -> Any:
    return np.conjugate(np.swapaxes(x, -1, -2))


def _which(x: Any, bad: Any) -> str:
    """A matrix among those of a stack, named by its index."""
    found = np.argwhere(bad(x))
    if x.ndim == 2 or not len(found):
        return f"the matrix of shape {x.shape}"
    return f"matrix {tuple(int(i) for i in found[0])} of the stack of shape {x.shape}"


def _check_square(x: Any) -> None:
    # Before a matrix meets its transpose, with which it could be broadcast.
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError("the last two axes must be equally long")


def _has_strange(x: Any) -> Any:
    return ~np.isfinite(x).all(axis=(-1, -2))


def _is_singular(x: Any) -> Any:
    return np.linalg.slogdet(x)[0] == 0


def _singular(name: str, x: Any) -> LinAlgError:
    return LinAlgError(
        f"{name!r} of {_which(x, _is_singular)}, which is singular, does not exist; use "
        "autodiff.linalg.pinv or lstsq, or add a multiple of the identity"
    )


@in_lapack_type
def inv(x: Any) -> Any:
    """Inverses of square matrices."""
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
            raise
        raise _singular("inv", x) from None


@in_lapack_type
def solve(a: Any, b: Any) -> Any:
    """Solutions x of a x = b, the right-hand sides being columns of b."""
    try:
        # NumPy takes b of one axis less as a vector; operands of equal rank it does not.
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
            raise
        raise _singular("solve", a) from None


@in_lapack_type
def det(x: Any) -> Any:
    """Determinants."""
    return np.linalg.det(x)


@in_lapack_type
def slogdet(x: Any) -> Any:
    """Sign and logarithm of the absolute value of determinants, along a last axis."""
    sign, size = np.linalg.slogdet(x)
    return np.stack([sign, size.astype(sign.dtype)], axis=-1)


def _all_but_one(s: Any) -> Any:
    """Products of what stands before a number and of what stands after it."""
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([one, s[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], axis=-1), axis=-1)
    return before * after[..., ::-1]


def _all_but_two(s: Any) -> Any:
    """Products of all entries but those of a row and a column, with zeros on the diagonal."""
    zero = s == 0
    kept = np.where(zero, 1, s)
    pairs = zero[..., :, None].astype(int) + zero[..., None, :]
    only = np.count_nonzero(zero, axis=-1)[..., None, None] == pairs
    product = np.prod(kept, axis=-1)[..., None, None] / kept[..., :, None] / kept[..., None, :]
    return np.where(only & ~np.eye(s.shape[-1], dtype=bool), product, 0)


def _rotated(x: Any) -> tuple[Any, Any, Any, Any]:
    _check_square(x)
    u, s, vh = np.linalg.svd(x)
    turn = np.linalg.det(u) * np.linalg.det(vh)
    return u, s, vh, turn[..., None, None]


def _cofactor_of_inverse(x: Any) -> Any:
    """det(x) x⁻ᵀ, if that loses no more than a quarter of the digits; else None."""
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return None
    with np.errstate(all="ignore"):
        value = np.linalg.det(x)
        sizes = [np.sum(np.abs(a), axis=-2).max(axis=-1, initial=0) for a in (x, inverse)]
        largest = float(np.finfo(x.dtype).eps) ** -0.25
        usual = np.isfinite(value) & (np.abs(value) > np.finfo(x.dtype).tiny)
        if not np.all(usual & (sizes[0] * sizes[1] < largest)):
            return None
    return value[..., None, None] * np.swapaxes(inverse, -1, -2)


@in_lapack_type
def cofactor(x: Any) -> Any:
    """Matrices of cofactors, det(x) x⁻ᵀ where that exists, and right where it does not."""
    quick = _cofactor_of_inverse(x)
    if quick is not None:
        return quick
    u, s, vh, turn = _rotated(x)
    return np.conjugate(np.matmul(u * _all_but_one(s)[..., None, :], vh)) * turn


@in_lapack_type
def cofactor_pull(x: Any, g: Any) -> Any:
    """The derivative of `cofactor`, which is symmetric, applied to ``g``."""
    u, s, vh, turn = _rotated(x)
    h = np.matmul(_adjoint(u), np.matmul(g, _adjoint(vh)))
    pairs = _all_but_two(s)
    inner = -np.swapaxes(pairs * h, -1, -2)
    places = np.arange(s.shape[-1])
    diagonal = h[..., places, places]
    inner[..., places, places] = np.matmul(pairs, diagonal[..., None])[..., 0]
    return np.matmul(np.conjugate(u), np.matmul(inner, np.conjugate(vh))) * turn


@in_lapack_type
def pinv(x: Any, rcond: float | None = None) -> Any:
    """Moore-Penrose inverses; singular values up to rcond times the largest count as 0."""
    if rcond is None:
        rcond = max(x.shape[-2:]) * float(np.finfo(x.dtype).eps)
    return np.linalg.pinv(x, rcond)


def rank(x: Any, tol: float | None = None, rtol: float | None = None) -> Any:
    """Ranks of matrices."""
    wanted = _LAPACK.get(x.dtype.char)
    given = x if wanted is None else x.astype(wanted)
    return np.asarray(np.linalg.matrix_rank(given, tol=tol, rtol=rtol))


@in_lapack_type
def cholesky(x: Any) -> Any:
    """Lower Cholesky factors of the Hermitian parts."""
    _check_square(x)
    whole = (x + _adjoint(x)) / 2
    try:
        return np.linalg.cholesky(whole)
    except np.linalg.LinAlgError:
        where = _which(whole, lambda m: np.linalg.eigvalsh(m)[..., 0] <= 0)
        raise LinAlgError(
            f"'cholesky' of {where}, which is not positive definite, does not exist; it needs "
            "positive eigenvalues: add a multiple of the identity, or use autodiff.linalg.eigh"
        ) from None


@in_lapack_type
def qr(x: Any) -> Any:
    """The factors Q and, below it, Rᵀ."""
    q, r = np.linalg.qr(x)
    return np.concatenate([q, np.swapaxes(r, -1, -2)], axis=-2)


@in_lapack_type
def eigh(x: Any) -> Any:
    """Eigenvalues of the Hermitian parts in a first row, below it the eigenvectors."""
    _check_square(x)
    w, v = np.linalg.eigh((x + _adjoint(x)) / 2)
    return np.concatenate([w[..., None, :].astype(v.dtype), v], axis=-2)


@in_lapack_type
def eig(x: Any) -> Any:
    """Eigenvalues in a first row, below it the eigenvectors of length 1, all complex."""
    _check_square(x)
    w, v = np.linalg.eig(x)
    both = np.concatenate([w[..., None, :], v], axis=-2)
    return both.astype(np.result_type(both, np.complex64))


@in_lapack_type
def svd(x: Any) -> Any:
    """The factors U, s and V, one below the other."""
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return np.concatenate([u, s[..., None, :].astype(u.dtype), _adjoint(vh)], axis=-2)


@in_lapack_type
def complement(q: Any) -> Any:
    """Orthonormal columns that complete those of ``q`` to a basis."""
    return np.linalg.qr(q, mode="complete")[0][..., q.shape[-1] :]


@in_lapack_type
def expm(x: Any) -> Any:
    """Matrix exponentials."""
    return expm_of_double(x)


@in_lapack_type
def expm_derivative(x: Any, e: Any) -> Any:
    """Derivatives of matrix exponentials along matrices."""
    return derivative_of_double(x, e)
