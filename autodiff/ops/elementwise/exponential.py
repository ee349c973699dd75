"""Exponentials and logarithms."""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_POSITIVE = Domain(0.1, 3.0)

exp: Elementwise = elementwise(
    "exp",
    "exp",
    [lambda xp, y, x: y],
    notation=Notation.function("exp", r"\exp"),
    doc="The exponential function.",
)

exp2: Elementwise = elementwise(
    "exp2",
    "exp2",
    [lambda xp, y, x: math.log(2) * y],
    notation=Notation("2^({0})", "2^{{{0}}}"),
    doc="Two raised to the operand.",
)

expm1: Elementwise = elementwise(
    "expm1",
    "expm1",
    [lambda xp, y, x: xp.exp(x)],
    notation=Notation.function("expm1"),
    doc="exp(x) - 1, exact near 0.",
)

log: Elementwise = elementwise(
    "log",
    "log",
    [lambda xp, y, x: 1 / x],
    notation=Notation.function("log", r"\ln"),
    domains=[_POSITIVE],
    doc="Natural logarithm.",
)

log1p: Elementwise = elementwise(
    "log1p",
    "log1p",
    [lambda xp, y, x: 1 / (1 + x)],
    notation=Notation.function("log1p"),
    domains=[Domain(-0.8, 3.0)],
    doc="log(1 + x), exact near 0.",
)

log2: Elementwise = elementwise(
    "log2",
    "log2",
    [lambda xp, y, x: 1 / (math.log(2) * x)],
    notation=Notation.function("log₂", r"\log_2"),
    domains=[_POSITIVE],
    doc="Logarithm to base 2.",
)

log10: Elementwise = elementwise(
    "log10",
    "log10",
    [lambda xp, y, x: 1 / (math.log(10) * x)],
    notation=Notation.function("log₁₀", r"\log_{{10}}"),
    domains=[_POSITIVE],
    doc="Logarithm to base 10.",
)


def share(xp: Any, y: Any, a: Any, b: Any, scale: float = 1.0) -> Any:
    """The part of exp(a) in exp(a) + exp(b): the sigmoid of the difference.

    ``exp(a - y)`` would lose as many digits as ``y`` has before its point. Equal operands
    share equally, infinite ones too; where both are -inf, nothing is taken.
    """
    tie = xp.equal(a, b)
    difference = xp.where(tie, 0.0, a) - xp.where(tie, 0.0, b)
    return xp.where(xp.equal(y, -math.inf), 0.0, xp.sigmoid(scale * difference))


logaddexp: Elementwise = elementwise(
    "logaddexp",
    "logaddexp",
    [lambda xp, y, a, b: share(xp, y, a, b), lambda xp, y, a, b: share(xp, y, b, a)],
    notation=Notation.function("logaddexp", arity=2),
    ordered=True,
    doc="log(exp(a) + exp(b)) without overflow.",
)

logaddexp2: Elementwise = elementwise(
    "logaddexp2",
    "logaddexp2",
    [
        lambda xp, y, a, b: share(xp, y, a, b, math.log(2)),
        lambda xp, y, a, b: share(xp, y, b, a, math.log(2)),
    ],
    notation=Notation.function("logaddexp2", arity=2),
    ordered=True,
    doc="log2(2**a + 2**b) without overflow.",
)
