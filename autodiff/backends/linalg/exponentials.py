"""The matrix exponential by scaling and squaring."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["derivative_of_double", "expm_of_double"]

# Numerator of the [13/13] Padé approximant of the exponential; the denominator has the
# same coefficients with alternating signs. It is exact to double precision up to a norm of
# 5.37 (Higham, The scaling and squaring method revisited, 2005, table 2.3).
_PADE = (
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
)
_LARGEST_NORM = 5.371920351148152


def expm_of_double(x: Any) -> Any:
    """Exponentials of square matrices.

    Args:
        x: array of shape (…, n, n), of single or double precision, real or complex.

    Returns:
        An array of the shape and dtype of ``x``.

    Example:
        >>> expm_of_double(np.array([[0.0, 1.0], [0.0, 0.0]])).round(12).tolist()
        [[1.0, 1.0], [0.0, 1.0]]
    """
    _check_square(x)
    if not x.size:
        return x.copy()
    wide = x.astype(np.result_type(x, np.float64))
    halvings = _halvings(wide)
    result, _ = _approximant(wide / np.exp2(halvings)[..., None, None], None)
    for step in range(int(halvings.max())):
        unfinished = step < halvings
        part = result[unfinished]
        result[unfinished] = np.matmul(part, part)
    return result.astype(x.dtype)


def derivative_of_double(x: Any, e: Any) -> Any:
    """Derivatives of exponentials along matrices, each step of `expm_of_double` differentiated.

    So it is linear in ``e`` up to rounding, whatever the size of that (Al-Mohy and Higham,
    Computing the Fréchet derivative of the matrix exponential, 2009).

    Args:
        x: array of shape (…, n, n), of single or double precision, real or complex.
        e: the directions, of the same dtype, its leading axes broadcast against those of ``x``.

    Returns:
        An array of the shape that both broadcast to.

    Example:
        >>> zero, e = np.zeros((2, 2)), np.array([[0.0, 1.0], [2.0, 0.0]])
        >>> derivative_of_double(zero, e).round(12).tolist()
        [[0.0, 1.0], [2.0, 0.0]]
    """
    _check_square(x)
    if not x.size:
        return 0 * (x + e)
    dtype = np.result_type(x, e)
    both = np.broadcast_arrays(x, e)
    wide, along = (a.astype(np.result_type(dtype, np.float64)) for a in both)
    halvings = _halvings(wide)
    scale = np.exp2(halvings)[..., None, None]
    result, change = _approximant(wide / scale, along / scale)
    for step in range(int(halvings.max())):
        unfinished = step < halvings
        part, turn = result[unfinished], change[unfinished]
        result[unfinished], change[unfinished] = part @ part, part @ turn + turn @ part
    return change.astype(dtype)


def _check_square(x: Any) -> None:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError("the last two axes must be equally long")


def _halvings(x: Any) -> Any:
    norms = np.abs(x).sum(axis=-2).max(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        halvings = np.ceil(np.log2(norms / _LARGEST_NORM))
    return np.where(np.isfinite(halvings), np.maximum(halvings, 0), 0).astype(int)


def _approximant(x: Any, e: Any) -> tuple[Any, Any]:
    """The approximant, and its derivative along ``e`` unless that is None."""
    b = _PADE
    one = np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape)
    x2 = x @ x
    x4 = x2 @ x2
    x6 = x4 @ x2
    odd_high = b[13] * x6 + b[11] * x4 + b[9] * x2
    even_high = b[12] * x6 + b[10] * x4 + b[8] * x2
    odd = x6 @ odd_high + b[7] * x6 + b[5] * x4 + b[3] * x2 + b[1] * one
    even = x6 @ even_high + b[6] * x6 + b[4] * x4 + b[2] * x2 + b[0] * one
    turned = x @ odd
    result = np.linalg.solve(even - turned, even + turned)
    if e is None:
        return result, None
    e2 = x @ e + e @ x
    e4 = x2 @ e2 + e2 @ x2
    e6 = x4 @ e2 + e4 @ x2
    d_odd = x6 @ (b[13] * e6 + b[11] * e4 + b[9] * e2) + e6 @ odd_high
    d_odd = d_odd + b[7] * e6 + b[5] * e4 + b[3] * e2
    d_even = x6 @ (b[12] * e6 + b[10] * e4 + b[8] * e2) + e6 @ even_high
    d_even = d_even + b[6] * e6 + b[4] * e4 + b[2] * e2
    d_turned = x @ d_odd + e @ odd
    change = d_even + d_turned - (d_even - d_turned) @ result
    return result, np.linalg.solve(even - turned, change)
