"""Gaussian elimination with exchange of rows, for stacks of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.linalg.linear_algebra import in_lapack_type

__all__ = ["exchanges", "lu", "permutation"]


@in_lapack_type
def lu(x: Any) -> Any:
    """The factors L (its unit diagonal left out) and U in one matrix, beside it P."""
    m, n = x.shape[-2:]
    factors = x.reshape(math.prod(x.shape[:-2]), m, n).copy()
    batch = np.arange(len(factors))
    order = np.tile(np.arange(m), (len(factors), 1))
    for k in range(min(m, n)):
        pivot = k + np.argmax(np.abs(factors[:, k:, k]), axis=-1)
        for table in (factors, order):
            table[batch, k], table[batch, pivot] = table[batch, pivot], table[batch, k].copy()
        head = factors[:, k, k]
        below = factors[:, k + 1 :, k]
        below /= np.where(head == 0, 1, head)[:, None]
        factors[:, k + 1 :, k + 1 :] -= below[:, :, None] * factors[:, k, None, k + 1 :]
    permutation = np.zeros((len(factors), m, m), x.dtype)
    permutation[batch[:, None], order, np.arange(m)] = 1
    both = np.concatenate([factors, permutation], axis=-1)
    return both.reshape(*x.shape[:-2], m, n + m)


def exchanges(permutation: Any, count: int) -> Any:
    """Which row was exchanged with which, in order, for permutation matrices."""
    m = permutation.shape[-1]
    if not permutation.size:
        return np.empty((*permutation.shape[:-2], min(m, count)), np.int32)
    order = np.argmax(permutation, axis=-2).reshape(-1, m)
    rows = np.tile(np.arange(m), (len(order), 1))
    batch = np.arange(len(order))
    found = np.empty((len(order), min(m, count)), np.int32)
    for i in range(found.shape[1]):
        found[:, i] = place = np.argmax(rows == order[:, i, None], axis=-1)
        rows[batch, place], rows[:, i] = rows[:, i].copy(), rows[batch, place]
    return found.reshape(*permutation.shape[:-2], found.shape[1])


def permutation(pivots: Any, dtype: Any) -> Any:
    """Permutation matrices for exchanges of rows; the inverse of `exchanges`."""
    n = pivots.shape[-1]
    if not pivots.size:
        return np.zeros((*pivots.shape, n), dtype)
    exchanged = pivots.reshape(-1, n)
    batch = np.arange(len(exchanged))
    rows = np.tile(np.arange(n), (len(exchanged), 1))
    for i in range(n):
        place = exchanged[:, i]
        rows[batch, place], rows[:, i] = rows[:, i].copy(), rows[batch, place]
    matrices = np.zeros((len(exchanged), n, n), dtype)
    matrices[batch[:, None], rows, np.arange(n)] = 1
    return matrices.reshape(*pivots.shape, n)
