"""The namespace of Python floats: what ``xp`` is for a `Value`.

Functions follow IEEE arithmetic as NumPy does: where Python's own raise (overflow, the
logarithm of zero, division by zero) the result is an infinity or NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kernels import SPECIAL_FUNCTIONS
from autodiff.ops.primitive import TABLE, Elementwise

__all__ = ["MATH_NAMES", "NOTHING", "ScalarNamespace", "on_arrays", "scalars"]

MATH_NAMES = {
    "absolute": "fabs",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "deg2rad": "radians",
    "power": "pow",
    "rad2deg": "degrees",
}
"""The `math` module's names of functions that NumPy calls otherwise."""


_ROOT_HALF = math.sqrt(0.5)
_DENSITY = 1 / math.sqrt(2 * math.pi)


class _Nothing(float):
    """The 0 of a derivative that is a choice: its product with anything is 0, even with ∞."""

    def __mul__(self, other: float) -> float:
        return 0.0

    __rmul__ = __mul__


NOTHING: float = _Nothing(0.0)
"""What a `Value` keeps as its derivative by an operand that was not chosen."""


def on_arrays(function: Callable[..., Any], *operands: float, **params: Any) -> Any:
    """Evaluate on NumPy scalars, for operands at which `math` raises.

    Args:
        function: takes a namespace and the operands.
        *operands: floats.
        **params: keyword parameters of the function.

    Returns:
        A float (or a tuple of floats), infinite or NaN where NumPy gives that.
    """
    with np.errstate(all="ignore"):
        result = function(arrays, *map(np.float64, operands), **params)
    return tuple(map(float, result)) if isinstance(result, tuple) else float(result)


class ScalarNamespace:
    """Functions on Python floats, found by the names that the table's rules use."""

    def __getattr__(self, name: str) -> Any:
        entry = TABLE.get(name)
        function: Callable[..., Any]
        # Python's own rounding gives integers and forgets the sign of zero.
        known = None if name in ("ceil", "floor", "trunc") else MATH_NAMES.get(name, name)
        plain = getattr(math, known, None) if known is not None else None
        if plain is not None:
            function = _guarded(plain, name)
        elif (
            isinstance(entry, Elementwise) and entry.ufunc is None and name not in SPECIAL_FUNCTIONS
        ):
            function = partial(entry.forward, self)
        else:
            function = _from_array(name)
        setattr(self, name, function)
        return function

    @staticmethod
    def sign(x: float) -> float:
        """-1, 0 or 1, NaN for NaN."""
        return x if x != x else float((x > 0) - (x < 0))

    @staticmethod
    def remainder(a: float, b: float) -> float:
        """What is left of ``a``, with the sign of ``b`` (`math.remainder` rounds)."""
        return a % b if b else math.nan

    @staticmethod
    def floor_divide(a: float, b: float) -> float:
        """The quotient rounded down."""
        return a // b if b else on_arrays(lambda xp, x, y: xp.floor_divide(x, y), a, b)

    @staticmethod
    def ndtr(x: float) -> float:
        """Distribution function of the standard normal distribution."""
        return 0.5 * math.erfc(-_ROOT_HALF * x)

    @staticmethod
    def gelu(x: float) -> float:
        """x·Φ(x)."""
        return x * (0.5 * math.erfc(-_ROOT_HALF * x))

    @staticmethod
    def gelu_slope(x: float) -> float:
        """Φ(x) + x·φ(x)."""
        density = _DENSITY * math.exp(-0.5 * (x * x)) if abs(x) < 40 else 0 * x
        return 0.5 * math.erfc(-_ROOT_HALF * x) + x * density

    @staticmethod
    def silu_slope(x: float) -> float:
        """σ(x)·(1 + x·(1 - σ(x)))."""
        small = math.exp(-abs(x))
        above, below = 1 / (1 + small), small / (1 + small)
        return above * (1 + x * below) if x >= 0 else below * (1 + x * above)

    @staticmethod
    def where(condition: Any, a: float, b: float) -> float:
        """``a`` if the condition holds, else ``b``."""
        return a if condition else b


def _guarded(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def guarded(*operands: float) -> Any:
        try:
            return function(*operands)
        except (ValueError, OverflowError):
            return on_arrays(lambda xp, *x: getattr(xp, name)(*x), *operands)

    return guarded


def _from_array(name: str) -> Callable[..., Any]:
    def function(*operands: float) -> Any:
        with np.errstate(all="ignore"):
            return getattr(arrays, name)(*operands).item()

    return function


scalars: ScalarNamespace = ScalarNamespace()
