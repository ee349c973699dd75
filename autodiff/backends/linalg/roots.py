"""Principal square roots of matrices, and their derivatives along matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.linalg.linear_algebra import in_lapack_type
from autodiff.errors import LinAlgError

__all__ = ["sqrtm", "sqrtm_derivative"]

_MOST_STEPS = 60


@in_lapack_type
def sqrtm(x: Any) -> Any:
    """The square roots whose eigenvalues have positive real parts."""
    return _each(x, None)[0]


@in_lapack_type
def sqrtm_derivative(x: Any, e: Any) -> Any:
    """Derivatives of square roots along matrices, each step differentiated."""
    return _each(x, e)[1]


def _each(x: Any, e: Any) -> tuple[Any, Any]:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError("the last two axes must be equally long")
    if e is None:
        root = np.zeros_like(x)
        for place in np.ndindex(x.shape[:-2]):
            root[place] = _one(_wide(x[place]), None)[0]
        return root, None
    x, e = np.broadcast_arrays(x, e)
    root, change = np.zeros_like(x), np.zeros(x.shape, np.result_type(x, e))
    for place in np.ndindex(x.shape[:-2]):
        root[place], change[place] = _one(_wide(x[place]), _wide(e[place]))
    return root, change


def _wide(x: Any) -> Any:
    return x.astype(np.result_type(x, np.float64))


def _one(a: Any, e: Any) -> tuple[Any, Any]:
    largest = np.max(np.abs(a), initial=0)
    if not largest or not np.isfinite(largest):
        return _scaled(a, e)
    # Of numbers about 1: what is squared on the way would leave the range of others.
    half = 2.0 ** -(np.frexp(largest)[1] // 2)
    root, change = _scaled(a * half * half, e)
    return root / half, None if change is None else change * half


def _scaled(a: Any, e: Any) -> tuple[Any, Any]:
    if not a.size:
        return a, e
    if np.array_equal(a, np.conjugate(a.T)):
        return _of_hermitian(a, e)
    return _by_iteration(a, e)


def _of_hermitian(a: Any, e: Any) -> tuple[Any, Any]:
    w, v = np.linalg.eigh(a)
    tolerance = len(w) * float(np.finfo(w.dtype).eps) * np.max(np.abs(w))
    if w[0] < -tolerance:
        raise _missing(a)
    s = np.sqrt(np.maximum(w, 0))
    root = (v * s) @ np.conjugate(v.T)
    if e is None:
        return root, None
    sums = s[:, None] + s
    if np.any(sums <= tolerance**0.5):
        raise _singular(a)
    return root, v @ (np.conjugate(v.T) @ e @ v / sums) @ np.conjugate(v.T)


def _by_iteration(a: Any, e: Any) -> tuple[Any, Any]:
    # The product form of the iteration of Denman and Beavers, scaled (Cheng, Higham, Kenney
    # and Laub, Approximating the logarithm of a matrix to specified accuracy, 2001, eq. 3.3).
    one = np.eye(len(a), dtype=a.dtype)
    x, m, dx, dm = a, a, e, e
    for step in range(_MOST_STEPS):
        try:
            inverse = np.linalg.inv(m)
        except np.linalg.LinAlgError:
            raise (_missing(a) if step else _singular(a)) from None
        far = np.max(np.abs(m - one))
        # Near the end scaling would only disturb.
        scale = 1.0 if far < 0.1 else np.exp(-np.linalg.slogdet(m)[1] / len(a))
        if dx is not None:
            d_inverse = -inverse @ dm @ inverse
            dx = (dx + dx @ inverse / scale + x @ d_inverse / scale) / 2 * scale**0.5
            dm = (scale * dm + d_inverse / scale) / 4
        x = (x + x @ inverse / scale) / 2 * scale**0.5
        m = one / 2 + (scale * m + inverse / scale) / 4
        if far < 1e-9:
            break
    else:
        raise _missing(a)
    if not np.max(np.abs(x @ x - a)) <= 1e-6 * np.max(np.abs(a)):
        raise _missing(a)
    return x, dx


def _missing(a: Any) -> LinAlgError:
    hint = "" if a.dtype.kind == "c" else "; a complex one may: give complex numbers"
    return LinAlgError(
        f"'sqrtm' was given a matrix of shape {a.shape} with eigenvalues that are negative (or "
        f"almost 0), which has no principal square root of its type{hint}"
    )


def _singular(a: Any) -> LinAlgError:
    return LinAlgError(
        f"'sqrtm' of a singular matrix of shape {a.shape} has no derivative, and no value unless "
        "it is Hermitian; add a multiple of the identity"
    )
