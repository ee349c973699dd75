"""Relatives of the error function: scaled, inverse, and as probabilities."""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.polynomials import polynomial
from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_SQRT_HALF = math.sqrt(0.5)
_DENSITY = 1 / math.sqrt(2 * math.pi)
_FAR = 12.0
# (-1)ᵏ (2k - 1)!! / 12ᵏ for k = 1, 2, …
_ASYMPTOTIC = tuple(
    (-1.0) ** k * math.prod((2 * i - 1) / 12 for i in range(1, k + 1)) for k in range(1, 10)
)


def _erfcx_partial(xp: Any, y: Any, x: Any) -> Any:
    # Far out the two terms cancel; what is left is an asymptotic series by 1/x².
    far = xp.greater(x, _FAR)
    safe = xp.where(far, x, _FAR)
    u = 6 / (safe * safe)
    near = 2 * x * y - 2 / math.sqrt(math.pi)
    return xp.where(far, 2 / math.sqrt(math.pi) * u * polynomial(u, _ASYMPTOTIC), near)


def _log_ndtr(xp: Any, x: Any) -> Any:
    # The probability itself underflows far to the left.
    left = xp.less(x, -1)
    a, b = xp.where(left, x, -1.0), xp.where(left, -1.0, x)
    tail = xp.log(0.5 * xp.erfcx(-_SQRT_HALF * a)) - 0.5 * (a * a)
    return xp.where(left, tail, xp.log1p(-0.5 * xp.erfc(_SQRT_HALF * b)))


erfcx: Elementwise = elementwise(
    "erfcx",
    "erfcx",
    [_erfcx_partial],
    notation=Notation.function("erfcx"),
    doc="exp(x²) · erfc(x), without underflow.",
)

erfinv: Elementwise = elementwise(
    "erfinv",
    "erfinv",
    [lambda xp, y, x: 0.5 * math.sqrt(math.pi) * xp.exp(y * y)],
    notation=Notation("erf⁻¹({0})", r"\operatorname{{erf}}^{{-1}}\left({0}\right)"),
    domains=[Domain(-0.8, 0.8)],
    doc="Inverse of the error function.",
)

ndtr: Elementwise = elementwise(
    "ndtr",
    "ndtr",
    [lambda xp, y, x: _DENSITY * xp.exp(-0.5 * (x * x))],
    notation=Notation.function("Φ", r"\Phi"),
    doc="Distribution function of the standard normal distribution.",
)

log_ndtr: Elementwise = elementwise(
    "log_ndtr",
    _log_ndtr,
    [lambda xp, y, x: math.sqrt(2 / math.pi) / xp.erfcx(-_SQRT_HALF * x)],
    notation=Notation("log Φ({0})", r"\ln \Phi\left({0}\right)"),
    doc="Logarithm of the normal distribution function, exact far to the left.",
)

ndtri: Elementwise = elementwise(
    "ndtri",
    "ndtri",
    [lambda xp, y, p: math.sqrt(2 * math.pi) * xp.exp(0.5 * (y * y))],
    notation=Notation("Φ⁻¹({0})", r"\Phi^{{-1}}\left({0}\right)"),
    domains=[Domain(0.1, 0.9)],
    doc="Inverse of the normal distribution function.",
)
