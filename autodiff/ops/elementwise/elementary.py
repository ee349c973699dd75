"""Elementary functions beside the common ones: quotients exact at 0, odds, angles, roots.

Near 0 the quotients are differentiated as power series, so that their derivatives are
exact there to every order.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.polynomials import polynomial
from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_POSITIVE = Domain(0.1, 3.0)

# Derivative of sin(t)/t by t²/2, and of (exp(x) - 1)/x.
_SINC = tuple(2 * k * (-1.0) ** k / math.factorial(2 * k + 1) for k in range(1, 10))
_EXPREL = tuple(k / math.factorial(k + 1) for k in range(1, 12))


def _aside(xp: Any, x: Any) -> Any:
    """The operand, but 1 instead of 0: a divisor."""
    return xp.where(xp.equal(x, 0), 1.0, x)


def _sinc(xp: Any, x: Any) -> Any:
    t = math.pi * x
    return xp.where(xp.equal(x, 0), 1.0, xp.sin(t) / _aside(xp, t))


def _sinc_partial(xp: Any, y: Any, x: Any) -> Any:
    near = math.pi**2 * x * polynomial((math.pi * x) * (math.pi * x), _SINC)
    far = (xp.cos(math.pi * x) - y) / _aside(xp, x)
    return xp.where(xp.less(xp.abs(x), 0.25), near, far)


def _exprel(xp: Any, x: Any) -> Any:
    endless = xp.equal(x, math.inf)
    return xp.where(
        xp.equal(x, 0),
        1.0,
        xp.where(endless, x, xp.expm1(x) / xp.where(endless, 1.0, _aside(xp, x))),
    )


def _exprel_partial(xp: Any, y: Any, x: Any) -> Any:
    near = polynomial(xp.where(xp.less(xp.abs(x), 0.1), x, 0.0), _EXPREL)
    return xp.where(xp.less(xp.abs(x), 0.1), near, (xp.exp(x) - y) / _aside(xp, x))


def _logit(xp: Any, x: Any) -> Any:
    # Near 1/2 the two logarithms cancel.
    middle = xp.less(xp.abs(x - 0.5), 0.25)
    near = 2 * xp.arctanh(xp.where(middle, 2 * x - 1, 0.0))
    return xp.where(middle, near, xp.log(x) - xp.log1p(-x))


sinc: Elementwise = elementwise(
    "sinc",
    _sinc,
    [_sinc_partial],
    notation=Notation.function("sinc"),
    doc="sin(πx) / (πx), 1 at 0.",
)

exprel: Elementwise = elementwise(
    "exprel",
    _exprel,
    [_exprel_partial],
    notation=Notation.function("exprel"),
    doc="(exp(x) - 1) / x, 1 at 0.",
)

logit: Elementwise = elementwise(
    "logit",
    _logit,
    [lambda xp, y, x: 1 / (x * (1 - x))],
    notation=Notation.function("logit"),
    domains=[Domain(0.05, 0.95)],
    ordered=True,
    doc="log(x / (1 - x)), the inverse of `sigmoid`.",
)

log_sigmoid: Elementwise = elementwise(
    "log_sigmoid",
    lambda xp, x: xp.minimum(x, 0.0) - xp.log1p(xp.exp(-xp.abs(x))),
    [lambda xp, y, x: xp.sigmoid(-x)],
    notation=Notation("log σ({0})", r"\ln \sigma\left({0}\right)"),
    ordered=True,
    doc="Logarithm of `sigmoid`, without overflow.",
)

cbrt: Elementwise = elementwise(
    "cbrt",
    "cbrt",
    [lambda xp, y, x: 1 / (3 * (y * y))],
    notation=Notation("∛{0}", r"\sqrt[3]{{{0}}}", 5, (5,)),
    domains=[_POSITIVE],
    doc="Cube root.",
)

deg2rad: Elementwise = elementwise(
    "deg2rad",
    "deg2rad",
    [math.pi / 180],
    notation=Notation.function("deg2rad"),
    doc="An angle in radians, given in degrees.",
)

rad2deg: Elementwise = elementwise(
    "rad2deg",
    "rad2deg",
    [180 / math.pi],
    notation=Notation.function("rad2deg"),
    doc="An angle in degrees, given in radians.",
)
