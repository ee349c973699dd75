"""The gated unit x·Φ(x), and derivatives of such units by their values.

Of x·F(x), F the normal or the logistic distribution function, F is the quotient of the unit's
value and its operand, so the derivative needs not compute it again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.cache_blocks import in_blocks
from autodiff.backends.special.error_coefficients import SINGLE
from autodiff.backends.special.error_tails import ndtr, polynomial

__all__ = ["gelu", "gelu_slope", "silu", "silu_slope"]


def gelu(x: Any) -> Any:
    """x·Φ(x), with the standard normal distribution function Φ.

    In float32 the square in the exponential is rounded, so that the relative error grows with
    it, to 4e-6 at -12.

    Args:
        x: a real array, or a number.

    Returns:
        Values in the dtype of ``x``.

    Example:
        >>> round(float(gelu(np.float64(1.0))), 6)
        0.841345
    """
    given = np.asarray(x)
    if given.dtype != np.float32:
        return given * ndtr(given)
    return in_blocks(_gelu, 3, np.ravel(given)).reshape(given.shape)[()]


def _gelu(x: Any, out: Any, z: Any, a: Any, b: Any) -> None:
    # max(x, 0) less |x|·Φ(-|x|).
    scale = SINGLE.normal
    np.abs(x, out=z)
    np.minimum(z, scale.limit, out=z)
    polynomial(z, scale.above, a)
    polynomial(z, scale.below, b)
    a /= b
    a *= z
    np.multiply(z, z, out=b)
    b *= scale.rate
    np.exp(b, out=b)
    a *= b
    np.maximum(x, SINGLE.zero, out=out)
    out -= a


def silu(x: Any) -> Any:
    """x·σ(x), with the logistic function σ.

    Args:
        x: an array, or a number.

    Returns:
        Values in the dtype of ``x``.

    Example:
        >>> round(float(silu(np.float64(1.0))), 6)
        0.731059
    """
    given = np.asarray(x)
    if given.dtype.kind == "c":
        return given / (1 + np.exp(-given))
    xs = np.ravel(given if given.dtype.kind == "f" else given.astype(np.float64))
    return in_blocks(_silu, 1, xs).reshape(given.shape)[()]


def _silu(x: Any, out: Any, small: Any) -> None:
    # exp of -|x| never overflows and keeps full relative precision in both tails.
    np.abs(x, out=small)
    np.negative(small, out=small)
    np.exp(small, out=small)
    small += 1
    np.minimum(x, 0, out=out)
    np.exp(out, out=out)
    out /= small
    out *= x


def gelu_slope(x: Any, y: Any = None) -> Any:
    """Φ(x) + x·φ(x), the derivative of y = x·Φ(x).

    Args:
        x: a real array, or a number.
        y: the value there, where it is known.

    Returns:
        Values in the dtype of ``x``.

    Example:
        >>> float(gelu_slope(np.float64(0.0)))
        0.5
    """
    return _slopes(_gelu_slope, x, gelu(x) if y is None else y)


def silu_slope(x: Any, y: Any = None) -> Any:
    """σ(x) + x·σ(x)·(1 - σ(x)), the derivative of y = x·σ(x).

    Args:
        x: a real array, or a number.
        y: the value there, where it is known.

    Returns:
        Values in the dtype of ``x``.

    Example:
        >>> float(silu_slope(np.float64(0.0)))
        0.5
    """
    return _slopes(_silu_slope, x, silu(x) if y is None else y)


def _slopes(kernel: Callable[..., None], x: Any, y: Any) -> Any:
    given = np.asarray(x)
    if given.dtype.kind == "c":
        raise TypeError("derivatives of gated units are implemented for real numbers only")
    dtype = np.dtype(np.float32 if given.dtype == np.float16 else given.dtype)
    if dtype.kind != "f":
        dtype = np.dtype(np.float64)
    xs, ys = (np.ravel(a).astype(dtype, copy=False) for a in (given, np.asarray(y)))
    with np.errstate(divide="ignore", invalid="ignore"):
        result = in_blocks(kernel, 1, xs, ys)
    if given.dtype == np.float16:
        result = result.astype(given.dtype)
    return result.reshape(given.shape)[()]


def _share(x: Any, y: Any, out: Any, share: Any) -> None:
    np.divide(y, x, out=share)
    # At 0, and where a value next to it has too few digits, it is one half.
    np.copyto(share, 0.5, where=np.less(np.abs(x, out=out), 1e-30))


def _gelu_slope(x: Any, y: Any, out: Any, share: Any) -> None:
    _share(x, y, out, share)
    np.multiply(x, x, out=out)
    out *= -0.5
    np.exp(out, out=out)
    out *= 1 / math.sqrt(2 * math.pi)
    out *= x
    out += share


def _silu_slope(x: Any, y: Any, out: Any, share: Any) -> None:
    _share(x, y, out, share)
    # σ + y (1 - σ)
    np.subtract(1, share, out=out)
    out *= y
    out += share
