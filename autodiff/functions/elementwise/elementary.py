"""Elementary functions beside the common ones: quotients exact at 0, odds, angles, roots.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.functions.elementwise import elementwise
from autodiff.functions.signatures import Binary, Unary, binary, unary
from autodiff.ops.elementwise import elementary, exponential

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "cbrt",
    "deg2rad",
    "degrees",
    "exprel",
    "log_sigmoid",
    "logaddexp2",
    "logit",
    "rad2deg",
    "radians",
    "rsqrt",
    "sinc",
]

sinc: Unary = unary(elementary.sinc)
"""sin(πx) / (πx), 1 at 0.

f = sinc(x).
d f/dx: see `python -m autodiff show sinc`.
"""
exprel: Unary = unary(elementary.exprel)
"""(exp(x) - 1) / x, 1 at 0.

f = exprel(x).
d f/dx: see `python -m autodiff show exprel`.
"""
logit: Unary = unary(elementary.logit)
"""log(x / (1 - x)), the inverse of `sigmoid`. d logit(x)/dx = 1 / (x · (1 − x))."""
log_sigmoid: Unary = unary(elementary.log_sigmoid)
"""Logarithm of `sigmoid`, without overflow. d log σ(x)/dx = σ(−x)."""
logaddexp2: Binary = binary(exponential.logaddexp2)
"""log2(2**a + 2**b) without overflow.

f = logaddexp2(a, b).
∂f/∂a = 0 if f = (−∞), else σ(0.6931 · ((0 if a = b, else a) − (0 if a = b, else b))).
∂f/∂b = 0 if f = (−∞), else σ(0.6931 · ((0 if b = a, else b) − (0 if b = a, else a))).
"""
cbrt: Unary = unary(elementary.cbrt)
"""Cube root. d ∛x/dx = 1 / (3 · (∛x)²)."""
deg2rad: Unary = unary(elementary.deg2rad)
"""An angle in radians, given in degrees. d deg2rad(x)/dx = 0.01745."""
radians: Unary = deg2rad
"""An angle in radians, given in degrees. d deg2rad(x)/dx = 0.01745."""
rad2deg: Unary = unary(elementary.rad2deg)
"""An angle in degrees, given in radians. d rad2deg(x)/dx = 57.3."""
degrees: Unary = rad2deg
"""An angle in degrees, given in radians. d rad2deg(x)/dx = 57.3."""


def rsqrt(x: TensorLike) -> Any:
    """1 / √x; a Value of a Value, else a Tensor. Its derivative is −1 / (2 √x³).

    Example:
        >>> rsqrt([4.0, 0.25]).tolist()
        [0.5, 2.0]
    """
    return elementwise.reciprocal(elementwise.sqrt(x))
