"""Bessel functions of order 0 and 1, modified and not, each the other's derivative.

The quotient with the operand that comes in is a power series near 0, so that derivatives
are exact there to every order.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.polynomials import polynomial
from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_NEAR = 0.5
_SERIES = tuple(0.5 / (math.factorial(k) * math.factorial(k + 1)) for k in range(9))
_WAVES = tuple((-1) ** k * c for k, c in enumerate(_SERIES))


def _quotient(xp: Any, y: Any, x: Any, series: tuple[float, ...], scale: Any = 1.0) -> Any:
    """``y / x`` of a function of order 1, its series near 0 times ``scale``."""
    near = xp.less(xp.abs(x), _NEAR)
    inside = xp.where(near, x, 0.0)
    return xp.where(
        near, polynomial(0.25 * (inside * inside), series) * scale, y / xp.where(near, 1.0, x)
    )


i0: Elementwise = elementwise(
    "i0",
    "i0",
    [lambda xp, y, x: xp.i1(x)],
    notation=Notation.function("I₀", "I_0"),
    doc="Modified Bessel function of order 0.",
)

i1: Elementwise = elementwise(
    "i1",
    "i1",
    [lambda xp, y, x: xp.i0(x) - _quotient(xp, y, x, _SERIES)],
    notation=Notation.function("I₁", "I_1"),
    doc="Modified Bessel function of order 1.",
)

i0e: Elementwise = elementwise(
    "i0e",
    "i0e",
    [lambda xp, y, x: xp.i1e(x) - xp.sign(x) * y],
    notation=Notation.function("I₀ₑ", "I_{{0e}}"),
    kinks=[0.0],
    doc="Modified Bessel function of order 0 times exp(-|x|); derivative 0 at 0.",
)

i1e: Elementwise = elementwise(
    "i1e",
    "i1e",
    [
        lambda xp, y, x: (
            xp.i0e(x) - _quotient(xp, y, x, _SERIES, xp.exp(-xp.abs(x))) - xp.sign(x) * y
        )
    ],
    notation=Notation.function("I₁ₑ", "I_{{1e}}"),
    domains=[Domain(0.2, 3.0)],
    doc="Modified Bessel function of order 1 times exp(-|x|).",
)

j0: Elementwise = elementwise(
    "j0",
    "j0",
    [lambda xp, y, x: -xp.j1(x)],
    notation=Notation.function("J₀", "J_0"),
    doc="Bessel function of the first kind of order 0.",
)

j1: Elementwise = elementwise(
    "j1",
    "j1",
    [lambda xp, y, x: xp.j0(x) - _quotient(xp, y, x, _WAVES)],
    notation=Notation.function("J₁", "J_1"),
    doc="Bessel function of the first kind of order 1.",
)
