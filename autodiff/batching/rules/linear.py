"""Matrix products and Einstein sums."""

from __future__ import annotations

import math
from string import ascii_letters
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_plain
from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES

__all__ = ["matmul"]


def matmul(batch: Batch, function: Any, a: Any, b: Any) -> Any:
    """Matrix products of all examples, as few large ones where one operand is the same for all."""
    m, n = ndim_of(a), ndim_of(b)
    if not (m and n) or a.shape[-1] != b.shape[-2 if n > 1 else 0]:
        # An error of NumPy's own, about the shapes of one example.
        return np.matmul(np.empty(a.shape), np.empty(b.shape))
    if not batch.holds(b) and n == 2 and m <= 2:
        flat = a.value.reshape(-1, a.shape[-1])
        shape = (*a.value.shape[:-1], b.shape[-1])
        return batch.wrap(np.matmul(flat, b).reshape(shape))
    if not batch.holds(a) and m == 2 and n == 1:
        return batch.wrap(np.matmul(b.value, np.swapaxes(a, 0, 1)))
    # As matrices, aligned with the examples' axis before all others.
    rows = a if m > 1 else a[None, :]
    columns = b if n > 1 else b[:, None]
    top = max(ndim_of(rows), ndim_of(columns))
    left, right = batch.aligned(rows, top), batch.aligned(columns, top)
    # Many products of a column and a row are slow as matrix products.
    if rows.shape[-1] == 1 and a.dtype.kind in "fc" and b.dtype.kind in "fc":
        if m == n == 2 and is_plain(left) and is_plain(right) and left.ndim == right.ndim:
            return batch.outer(left, right)
        y = np.multiply(left, right)
    else:
        y = np.matmul(left, right)
    if m == 1:
        y = y[..., 0, :]
    if n == 1:
        y = y[..., 0]
    return batch.wrap(y)


def _einsum(batch: Batch, function: Any, subscripts: Any, *operands: Any, **kwargs: Any) -> Any:
    if not isinstance(subscripts, str) or "->" not in subscripts or "." in subscripts:
        return looped(batch, function, subscripts, *operands, **kwargs)
    label = next(c for c in ascii_letters if c not in subscripts)
    inputs, output = subscripts.split("->")
    terms, values = [], []
    for term, x in zip(inputs.split(","), operands, strict=True):
        held = batch.holds(x)
        terms.append(label + term.strip() if held else term)
        values.append(x.value if held else x)
    return batch.wrap(np.einsum(f"{','.join(terms)}->{label}{output.strip()}", *values, **kwargs))


def _inner(batch: Batch, function: Any, a: Any, b: Any) -> Any:
    if not (ndim_of(a) and ndim_of(b)):
        return a * b
    return np.tensordot(a, b, axes=((-1,), (-1,)))


def _dot(batch: Batch, function: Any, a: Any, b: Any) -> Any:
    if not (ndim_of(a) and ndim_of(b)):
        return a * b
    return np.tensordot(a, b, axes=((-1,), (-2 if ndim_of(b) > 1 else -1,)))


def _outer(batch: Batch, function: Any, a: Any, b: Any) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


def _vdot(batch: Batch, function: Any, a: Any, b: Any) -> Any:
    return np.matmul(np.conjugate(np.reshape(a, -1)), np.reshape(b, -1))


def _tensordot(batch: Batch, function: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    m, n = ndim_of(a), ndim_of(b)
    if isinstance(axes, int):
        left, right = list(range(m - axes, m)), list(range(axes))
    else:
        left, right = ([x] if isinstance(x, int) else list(x) for x in axes)
    left, right = [x % m for x in left], [x % n for x in right]
    if [a.shape[i] for i in left] != [b.shape[i] for i in right]:
        raise ValueError("shape-mismatch for sum")
    before = [i for i in range(m) if i not in left]
    after = [i for i in range(n) if i not in right]
    rows, columns = [a.shape[i] for i in before], [b.shape[i] for i in after]
    count = math.prod(a.shape[i] for i in left)
    x = np.reshape(np.transpose(a, (*before, *left)), (math.prod(rows), count))
    y = np.reshape(np.transpose(b, (*right, *after)), (count, math.prod(columns)))
    return np.reshape(np.matmul(x, y), (*rows, *columns))


def _convolve(batch: Batch, function: Any, a: Any, v: Any, mode: Any = "full") -> Any:
    known = mode in ("full", "same", "valid") and ndim_of(a) == ndim_of(v) == 1
    if not (known and batch.size and a.shape[0] and v.shape[0]):
        return looped(batch, function, a, v, mode)
    if v.shape[0] > a.shape[0]:
        a, v = v, a
    n, m = a.shape[0], v.shape[0]
    edge = 0 if mode == "valid" else m - 1
    # Each example is a channel of its own.
    y = arrays.convolution(
        np.reshape(batch.spread(a), (1, batch.size, n)),
        np.reshape(np.flip(batch.spread(v), -1), (batch.size, 1, m)),
        stride=(1,),
        padding=((edge, edge),),
        dilation=(1,),
        groups=batch.size,
    )
    found = np.reshape(y, (batch.size, y.shape[-1]))
    return batch.wrap(found[:, (m - 1) // 2 : (m - 1) // 2 + n] if mode == "same" else found)


RULES.update(
    {
        np.convolve: _convolve,
        np.einsum: _einsum,
        np.inner: _inner,
        np.dot: _dot,
        np.outer: _outer,
        np.vdot: _vdot,
        np.tensordot: _tensordot,
    }
)
