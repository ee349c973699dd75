"""Recurrences of networks on arrays: one step of all sequences after the other.

Between two steps there is nothing but the calls of NumPy that write into memory at hand; what
can be done for many steps at once is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["lstm_adjoint", "lstm_recurrence"]

# Slopes are worked out for so many numbers at once, which stay in the cache until they are used.
_AT_ONCE = 1 << 15


def lstm_recurrence(a: Any, w: Any, h: Any, c: Any) -> Any:
    """The gates i, f, g, o and the states c, h of all steps.

    Args:
        a: what the inputs give to i, f, g, o, of shape (…, T, N, 4 H).
        w: weights of the state h before, (…, 4 H, H).
        h: the state before the first step, (…, N, H).
        c: likewise.

    Returns:
        An array of shape (…, T, 6, N, H).

    Example:
        >>> h, c = np.zeros((1, 1)), np.ones((1, 1))
        >>> y = lstm_recurrence(np.zeros((2, 1, 4)), np.zeros((4, 1)), h, c)
        >>> y[:, 4].ravel().tolist()
        [0.5, 0.25]
    """
    dtype = np.result_type(a, w, h, c, np.float16)
    kind = np.result_type(dtype, np.float32)
    if w.shape != (*a.shape[:-3], 4 * h.shape[-1], h.shape[-1]) or h.shape != c.shape:
        raise ValueError(
            f"inputs of {a.shape}, weights of {w.shape}, states of {h.shape}, {c.shape}"
        )
    *chains, steps, batch, rows = a.shape
    size = rows // 4
    weights = np.ascontiguousarray(np.swapaxes(w, -1, -2), kind)
    given = np.moveaxis(a, -3, 0)
    sums = np.empty((*chains, batch, rows), kind)
    apart = np.moveaxis(sums.reshape(*chains, batch, 4, size), -2, 0)
    # σ(x) = tanh(x / 2) / 2 + 1/2, so that one call does for all gates.
    scale, shift = np.full(apart.shape, 0.5, kind), np.full(apart.shape, 0.5, kind)
    scale[2], shift[2] = 1.0, 0.0
    y = np.empty((steps, 6, *apart.shape[1:]), kind)
    part = np.empty(apart.shape[1:], kind)
    h, c = h.astype(kind, copy=False), c.astype(kind, copy=False)
    product: Any = np.matmul if chains else np.dot
    add, multiply, tanh = np.add, np.multiply, np.tanh
    for from_input, gates, block in zip(given, y[:, :4], y, strict=True):
        i, f, g, o, c_after, h_after = block
        product(h, weights, out=sums)
        add(sums, from_input, out=sums)
        multiply(apart, scale, out=gates)
        tanh(gates, out=gates)
        multiply(gates, scale, out=gates)
        add(gates, shift, out=gates)
        multiply(i, g, out=part)
        multiply(f, c, out=c_after)
        add(c_after, part, out=c_after)
        tanh(c_after, out=part)
        multiply(o, part, out=h_after)
        h, c = h_after, c_after
    axes = len(chains), len(chains) + 1
    return np.moveaxis(y, (0, 1), axes).astype(dtype, copy=False)


def lstm_adjoint(r: Any, y: Any, w: Any, c: Any) -> Any:
    """The transpose of the derivative of `lstm_recurrence`, from the last step to the first.

    Args:
        r: cotangents of gates and states, of shape (…, T, 6, N, H).
        y: gates and states.
        w: weights, (…, 4 H, H).
        c: the state before the first step, (…, N, H).

    Returns:
        Of shape (…, T + 1, N, 4 H): first what the states before receive, c and then h, in the
        first 2 H numbers; then what each step of ``a`` receives.

    Example:
        >>> y = np.full((1, 6, 1, 1), 0.5)
        >>> r = np.eye(6)[4].reshape(y.shape)
        >>> lstm_adjoint(r, y, np.zeros((4, 1)), np.ones((1, 1))).tolist()
        [[[0.5, 0.0, 0.0, 0.0]], [[0.125, 0.25, 0.375, 0.0]]]
    """
    dtype = np.result_type(r, y, w, c)
    kind = np.result_type(dtype, np.float32)
    *chains, steps, _, batch, size = y.shape
    r, y = (np.moveaxis(x, (-4, -3), (0, 1)).astype(kind, copy=False) for x in (r, y))
    w, one = w.astype(kind, copy=False), kind.type(1)
    found = np.empty((steps + 1, *chains, batch, 4, size), kind)
    joined = found.reshape(*found.shape[:-2], 4 * size)
    gates = np.moveaxis(found, -2, 1)
    shape = (*chains, batch, size)
    dh, dc, part = np.zeros(shape, kind), np.zeros(shape, kind), np.empty(shape, kind)
    whole = np.empty((4, *shape), kind)
    to_i, to_f, to_g, to_o = whole
    # Gates and all but the last c have cotangents only where somebody looks at them.
    asked, carried = _any(r[:, :4]), _any(r[:-1, 4])
    product: Any = np.matmul if chains else np.dot
    add, multiply, copyto = np.add, np.multiply, np.copyto
    after: Any = None
    block = max(1, _AT_ONCE // max(dh.size, 1))
    for stop in range(steps, 0, -block):
        start = max(stop - block, 0)
        i, f, g, o, c_after, _ = np.moveaxis(y[start:stop], 1, 0)
        c_before = np.concatenate([y[start - 1 : start, 4] if start else c[None], c_after[:-1]])
        out = np.tanh(c_after)
        ways = [(one - i) * i, (one - f) * f, one - g * g, (one - o) * o]
        sent = np.stack(ways, 1) * r[start:stop, :4] if asked else None
        for way, factor in zip(ways, (g, c_before, i, out), strict=True):
            multiply(way, factor, out=way)
        multiply(np.subtract(one, multiply(out, out, out=out), out=out), o, out=out)
        rest = (
            f,
            out,
            *ways,
            r[start:stop, 5],
            *(x[start + 1 : stop + 1] for x in (joined, gates)),
        )
        backwards = zip(range(stop - 1, start - 1, -1), *(x[::-1] for x in rest), strict=True)
        for t, keep, cell, way_i, way_f, way_g, way_o, to_h, row, apart in backwards:
            if after is not None:
                product(after, w, out=dh)
            add(dh, to_h, out=dh)
            multiply(dh, cell, out=part)
            add(dc, part, out=dc)
            if carried or after is None:
                add(dc, r[t, 4], out=dc)
            multiply(dc, way_i, out=to_i)
            multiply(dc, way_f, out=to_f)
            multiply(dc, way_g, out=to_g)
            multiply(dh, way_o, out=to_o)
            if sent is not None:
                add(whole, sent[t - start], out=whole)
            copyto(apart, whole)
            multiply(dc, keep, out=dc)
            after = row
    joined[0, ..., :size] = dc
    joined[0, ..., size : 2 * size] = 0 if after is None else np.matmul(after, w)
    joined[0, ..., 2 * size :] = 0
    return np.moveaxis(joined, 0, len(chains)).astype(dtype, copy=False)


def _any(x: Any) -> bool:
    """Whether something in an array is not 0; NaN is not."""
    return bool(x.size) and not (np.max(x) == 0 and np.min(x) == 0)
