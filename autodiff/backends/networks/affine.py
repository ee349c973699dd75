"""`standardize` with factors and summands, and what its operands receive, in few passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.networks.rows import (
    Block,
    Layout,
    centre,
    layout_for,
    less_means,
    ones,
    pieces,
)
from autodiff.ops.broadcasting import Axis
from autodiff.ops.networks.formulas import affine_shares, standardized

__all__ = [
    "affine_standardize",
    "affine_standardize_packed",
    "affine_standardize_pull",
]

# Shorter rows are summed by a product with ones sooner than one by one.
_SHORT = 48
# A row as long as this is read in place.
_WIDE = 1 << 13


def affine_standardize(x: Any, w: Any, b: Any, axis: Axis, eps: float) -> Any:
    """`standardize`, times w, plus b, which are repeated along axes of x.

    Example:
        >>> affine_standardize(np.array([1.0, 3.0]), np.array(2.0), np.array(0.5), 0, 0.0).tolist()
        [-1.5, 2.5]
    """
    layout = layout_for(x, axis, w, b)
    if layout is None:
        return standardized(np, x, axis, eps) * w + b
    y = np.empty(x.shape, x.dtype)
    factors, summands = _rows_of(w, layout), _rows_of(b, layout)
    for block, t in pieces(layout, x.dtype, 1):
        _, scale = centre(block, x, t, layout, eps)
        _times(block, t, scale, factors, t)
        _along(np.add, block, t, summands, block.of(y))
    return y


def affine_standardize_pull(g: Any, x: Any, w: Any, axis: Axis, eps: float) -> Any:
    """What x, w and b receive of the cotangent g of their `affine_standardize`.

    Example:
        >>> one, x = np.ones(1), np.array([1.0, 3.0])
        >>> parts = affine_standardize_pull(np.array([1.0, 0.0]), x, one, 0, 0.0)
        >>> [part.tolist() for part in parts]
        [[0.0, 0.0], [-1.0], [1.0]]
    """
    found = np.empty(x.shape, x.dtype), np.zeros(w.shape, w.dtype), np.zeros(w.shape, w.dtype)
    if _write_shares(g, x, w, axis, eps, found):
        return found
    return affine_shares(np, g, x, w, axis, eps)


def affine_standardize_packed(g: Any, x: Any, w: Any, axis: Axis, eps: float) -> Any:
    """What `affine_standardize_pull` gives, all in a row.

    Example:
        >>> one, x = np.ones(1), np.array([1.0, 3.0])
        >>> affine_standardize_packed(np.array([1.0, 0.0]), x, one, 0, 0.0).tolist()
        [0.0, 0.0, -1.0, 1.0]
    """
    found = np.zeros(x.size + 2 * w.size, x.dtype)
    received = found[x.size :].reshape(2, *w.shape)
    parts = found[: x.size].reshape(x.shape), received[0, ...], received[1, ...]
    if _write_shares(g, x, w, axis, eps, parts):
        return found
    return np.concatenate([part.reshape(-1) for part in affine_shares(np, g, x, w, axis, eps)])


def _write_shares(g: Any, x: Any, w: Any, axis: Axis, eps: float, found: Any) -> bool:
    """Write what x, w and b receive; false where that is not done here."""
    layout = layout_for(x, axis, w)
    if layout is None or g.dtype != x.dtype or g.shape != x.shape:
        return False
    to_x, *sums = found
    g, rows = np.ascontiguousarray(g), (layout.period, layout.channels)
    received = [a.reshape(rows) for a in sums]
    own, factors = w.reshape(rows), _rows_of(w, layout)
    for block, t, work in pieces(layout, x.dtype, 2):
        _, scale = centre(block, x, t, layout, eps)
        given = block.of(g)
        plain, along = _receive(block, given, t, work, scale, own, received, layout)
        _times(block, given, scale, factors, work)
        less_means(block, t, work, scale, plain, along, layout, to_x)
    return True


def _receive(
    block: Block,
    g: Any,
    t: Any,
    work: Any,
    scale: Any,
    factors: Any,
    received: Any,
    layout: Layout,
) -> tuple[Any, Any]:
    """The sums of g w, and of g w times what is standardized; what w and b receive is added up."""
    to_w, to_b = (a[block.factors] for a in received)
    # If all rows have the same factors, products of matrices with them.
    if layout.period == layout.space == 1 and not block.columns:
        np.multiply(g, t, out=work)
        to_w += scale @ work
        to_b += ones(len(g), g.dtype) @ g
        return g @ factors[0], (work @ factors[0]) * scale
    own = factors[block.factors]
    plain, along = _channel_sums(block, g, t, work)
    along = along.reshape(len(scale), -1) * scale[:, None]
    plain, along = (a.reshape(-1, *own.shape) for a in (plain, along))
    to_w += along.sum(0)
    to_b += plain.sum(0)
    plain, along = ((a * own).sum(2).reshape(-1) for a in (plain, along))
    return plain, along


def _rows_of(v: Any, layout: Layout) -> Any:
    """Factors or summands, a number for each mean, or for each element of a row."""
    if layout.channels == 1:
        return v.reshape(layout.period)
    rows = v.reshape(layout.period, layout.channels)
    if layout.space > 1:
        rows = np.repeat(rows, layout.space, axis=1)
    often = min(_WIDE // rows.size, layout.outer // 32)
    return np.tile(rows.reshape(-1), often)[None] if often > 1 else rows


def _along(function: Any, block: Block, t: Any, v: Any, out: Any) -> None:
    """A function of some rows and of what `_rows_of` gave."""
    if v.ndim == 2:
        row = v.reshape(-1) if len(v) == 1 else v[block.factors].reshape(-1)
        t, out = t.reshape(-1), out.reshape(-1)
        whole = t.size - t.size % row.size
        function(t[:whole].reshape(-1, row.size), row, out=out[:whole].reshape(-1, row.size))
        if whole < t.size:
            function(t[whole:], row[: t.size - whole], out=out[whole:])
    else:
        v, means = v[block.factors], block.means.stop - block.means.start
        function(t, block.repeated(v if len(v) == means else np.resize(v, means)), out=out)


def _times(block: Block, t: Any, scale: Any, factors: Any, out: Any) -> None:
    """Some rows times a number for each mean, times factors."""
    if factors.ndim == 2:
        np.multiply(t, block.repeated(scale), out=out)
        _along(np.multiply, block, out, factors, out)
    else:
        v = factors[block.factors]
        np.multiply(t, block.repeated((scale.reshape(-1, len(v)) * v).reshape(-1)), out=out)


def _channel_sums(block: Block, g: Any, t: Any, work: Any) -> tuple[Any, Any]:
    """Sums of g and of g t over all that has a factor of its own along a row."""
    space = block.space
    if block.columns:
        return block.sums(g), block.sums(np.multiply(g, t, out=work))
    if space == 1:
        return g, np.multiply(g, t, out=work)
    g, t = g.reshape(-1, space), t.reshape(-1, space)
    if space < _SHORT:
        dots = np.multiply(g, t, out=work.reshape(-1, space)) @ ones(space, g.dtype)
    else:
        dots = np.vecdot(g, t)
    return g @ ones(space, g.dtype), dots
