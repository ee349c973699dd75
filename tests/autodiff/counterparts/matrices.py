"""Counterparts of the matrix functions, with NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _each(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of one matrix, for stacks of them."""

    def stacked(*arrays: Any, **params: Any) -> Any:
        lead = np.broadcast_shapes(*[a.shape[:-2] for a in arrays])
        wide = [np.broadcast_to(a, lead + a.shape[-2:]) for a in arrays]
        if not lead:
            return function(*wide, **params)
        results = [function(*[a[i] for a in wide], **params) for i in np.ndindex(*lead)]
        if not results:
            results_shape = function(*[np.ones(a.shape[-2:]) for a in arrays], **params).shape
            return np.zeros(lead + results_shape)
        return np.reshape(results, lead + results[0].shape)

    return stacked


def _minor(x: Any, i: int, j: int) -> Any:
    return np.delete(np.delete(x, i, axis=0), j, axis=1)


def _cofactor(x: Any) -> Any:
    n, m = x.shape
    if n != m:
        raise ValueError("not square")
    return np.array(
        [[(-1) ** (i + j) * np.linalg.det(_minor(x, i, j)) for j in range(n)] for i in range(n)]
    ).reshape(n, n)


def _cofactor_pull(x: Any, g: Any) -> Any:
    """Cofactors of the minors, summed."""
    if x.shape[0] != x.shape[1]:
        raise ValueError("not square")
    result = np.zeros(x.shape)
    n = x.shape[0]
    for i in range(n):
        for j in range(n):
            rows, columns = np.delete(np.arange(n), i), np.delete(np.arange(n), j)
            part = _cofactor(_minor(x, i, j))
            result[np.ix_(rows, columns)] += (-1) ** (i + j) * g[i, j] * part
    return result


def _expm(x: Any) -> Any:
    """The power series in extended precision, of a fraction of the matrix."""
    if x.shape[0] != x.shape[1]:
        raise ValueError("not square")
    small = x.astype(np.longdouble) / 2**12
    term = total = np.eye(len(x), dtype=np.longdouble)
    for k in range(1, 25):
        term = term @ small / k
        total = total + term
    for _ in range(12):
        total = total @ total
    return total.astype(np.float64)


def _expm_derivative(x: Any, e: Any) -> Any:
    """In the corner of the exponential of a matrix of blocks."""
    if x.shape[0] != x.shape[1]:
        raise ValueError("not square")
    n = len(x)
    return _expm(np.block([[x, e], [np.zeros((n, n)), x]]))[:n, n:]


def _sqrtm(x: Any) -> Any:
    if x.shape[0] != x.shape[1]:
        raise ValueError("not square")
    w, v = np.linalg.eig(x)
    return np.real((v * np.sqrt(w.astype(complex))) @ np.linalg.inv(v))


def _sqrtm_derivative(x: Any, e: Any) -> Any:
    """Of r r = x follows dr r + r dr = dx, linear equations with Kronecker products."""
    root, one = _sqrtm(x), np.eye(len(x))
    whole = np.kron(root, one) + np.kron(one, root.T)
    return np.linalg.solve(whole, e.reshape(-1)).reshape(x.shape)


def _lu(x: Any) -> Any:
    """Gaussian elimination, the rows in the order of their pivots."""
    m, n = x.shape
    both, order = np.array(x, dtype=np.float64), np.arange(m)
    for k in range(min(m, n)):
        pivot = k + np.argmax(np.abs(both[k:, k]))
        both[[k, pivot]], order[[k, pivot]] = both[[pivot, k]], order[[pivot, k]]
        both[k + 1 :, k] /= both[k, k]
        both[k + 1 :, k + 1 :] -= np.outer(both[k + 1 :, k], both[k, k + 1 :])
    return np.concatenate([both, np.eye(m)[:, order]], axis=1)


def _symmetric(x: Any) -> Any:
    if x.shape[-1] != x.shape[-2]:
        raise ValueError("not square")
    return (x + np.swapaxes(x, -1, -2)) / 2


def _eigh(x: Any) -> Any:
    w, v = np.linalg.eigh(_symmetric(x))
    return np.concatenate([w[..., None, :], v], axis=-2)


def _eig(x: Any) -> Any:
    if x.shape[-1] != x.shape[-2]:
        raise ValueError("not square")
    w, v = np.linalg.eig(x)
    both = np.concatenate([w[..., None, :], v], axis=-2)
    return both.astype(np.result_type(both, np.complex64))


def _svd(x: Any) -> Any:
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return np.concatenate([u, s[..., None, :], np.swapaxes(vh, -1, -2)], axis=-2)


def _qr(x: Any) -> Any:
    q, r = np.linalg.qr(x)
    return np.concatenate([q, np.swapaxes(r, -1, -2)], axis=-2)


def _vector_norm(x: Any, ord: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    with np.errstate(divide="ignore"):
        powers = np.abs(x * 1.0) ** ord
        return np.sum(powers, axis=axis, keepdims=keepdims) ** (1 / ord)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "inv": np.linalg.inv,
    "solve": np.linalg.solve,
    "det": np.linalg.det,
    "slogdet": lambda x: np.stack(np.linalg.slogdet(x), axis=-1),
    "cofactor": _each(_cofactor),
    "cofactor_pull": _each(_cofactor_pull),
    "pinv": lambda x, rcond=None: np.linalg.pinv(x),
    "expm": _each(_expm),
    "sqrtm": _each(_sqrtm),
    "sqrtm_derivative": _each(_sqrtm_derivative),
    "expm_derivative": _each(_expm_derivative),
    "mirror": lambda x, lower=True: _symmetric(x),
    "cholesky": lambda x: np.linalg.cholesky(_symmetric(x)),
    "eig": _eig,
    "eigh": _eigh,
    "svd": _svd,
    "qr": _qr,
    "lu": _each(_lu),
    "vector_norm": _vector_norm,
}
