"""The matrix exponential by scaling and squaring."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["expm_of_double"]

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
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError("the last two axes must be equally long")
    if not x.size:
        return x.copy()
    wide = x.astype(np.result_type(x, np.float64))
    norms = np.abs(wide).sum(axis=-2).max(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        halvings = np.ceil(np.log2(norms / _LARGEST_NORM))
    halvings = np.where(np.isfinite(halvings), np.maximum(halvings, 0), 0).astype(int)
    result = _approximant(wide / np.exp2(halvings)[..., None, None])
    for step in range(int(halvings.max())):
        unfinished = step < halvings
        part = result[unfinished]
        result[unfinished] = np.matmul(part, part)
    return result.astype(x.dtype)


def _approximant(x: Any) -> Any:
    b = _PADE
    one = np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape)
    x2 = x @ x
    x4 = x2 @ x2
    x6 = x4 @ x2
    high = x6 @ (b[13] * x6 + b[11] * x4 + b[9] * x2)
    odd = x @ (high + b[7] * x6 + b[5] * x4 + b[3] * x2 + b[1] * one)
    high = x6 @ (b[12] * x6 + b[10] * x4 + b[8] * x2)
    even = high + b[6] * x6 + b[4] * x4 + b[2] * x2 + b[0] * one
    return np.linalg.solve(even - odd, even + odd)
