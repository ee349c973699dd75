"""Functions of real numbers, computed in double precision for every floating type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

__all__ = ["chebyshev", "of_reals", "sine_of_pi"]

_BLOCK = 8192


def of_reals(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of float64 arrays take operands of any real type, and numbers.

    Values outside its domain are its own business, so NumPy does not warn of them. The
    result has the type of the operands (float64 for integers).

    Args:
        compute: a function of float64 arrays of one axis and one length, at least 1.

    Returns:
        The function of everything; complex operands raise `TypeError`.
    """

    @wraps(compute)
    def function(*operands: Any) -> Any:
        dtype = np.result_type(*operands)
        if dtype.kind == "c":
            raise TypeError(f"{compute.__name__} is implemented for real numbers only")
        if dtype.kind != "f":
            dtype = np.dtype(np.float64)
        wide = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in operands))
        with np.errstate(all="ignore"):
            result = compute(*map(np.atleast_1d, wide))
            result = result.reshape(wide[0].shape).astype(dtype)
        # With axes as it is: indexed it would pass for a view of an operand.
        return result if result.ndim else result[()]

    return function


def sine_of_pi(x: Any) -> Any:
    """sin(πx) without the rounding of πx, and so 0 at every integer."""
    whole = np.rint(x)
    return np.sin(np.pi * (x - whole)) * np.where(whole % 2 == 0, 1.0, -1.0)


def chebyshev(t: Any, coefficients: Sequence[float]) -> Any:
    """The sum of c_k T_k(t) for t from -1 to 1, by Clenshaw's recurrence."""
    last: Any = 0.0
    before: Any = 0.0
    for c in reversed(coefficients[1:]):
        last, before = 2 * t * last - before + c, last
    return t * last - before + coefficients[0]
