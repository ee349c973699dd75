"""Exponentials and logarithms."""

from __future__ import annotations

import math

from autodiff.ops.primitive import Domain, Notation, elementwise

_POSITIVE = Domain(0.1, 3.0)

exp = elementwise(
    "exp",
    "exp",
    [lambda xp, y, x: y],
    notation=Notation.function("exp", r"\exp"),
    doc="The exponential function.",
)

exp2 = elementwise(
    "exp2",
    "exp2",
    [lambda xp, y, x: math.log(2) * y],
    notation=Notation("2^({0})", "2^{{{0}}}"),
    doc="Two raised to the operand.",
)

expm1 = elementwise(
    "expm1",
    "expm1",
    [lambda xp, y, x: y + 1],
    notation=Notation.function("expm1"),
    doc="exp(x) - 1, exact near 0.",
)

log = elementwise(
    "log",
    "log",
    [lambda xp, y, x: 1 / x],
    notation=Notation.function("log", r"\ln"),
    domains=[_POSITIVE],
    doc="Natural logarithm.",
)

log1p = elementwise(
    "log1p",
    "log1p",
    [lambda xp, y, x: 1 / (1 + x)],
    notation=Notation.function("log1p"),
    domains=[Domain(-0.8, 3.0)],
    doc="log(1 + x), exact near 0.",
)

log2 = elementwise(
    "log2",
    "log2",
    [lambda xp, y, x: 1 / (math.log(2) * x)],
    notation=Notation.function("log₂", r"\log_2"),
    domains=[_POSITIVE],
    doc="Logarithm to base 2.",
)

log10 = elementwise(
    "log10",
    "log10",
    [lambda xp, y, x: 1 / (math.log(10) * x)],
    notation=Notation.function("log₁₀", r"\log_{{10}}"),
    domains=[_POSITIVE],
    doc="Logarithm to base 10.",
)

logaddexp = elementwise(
    "logaddexp",
    "logaddexp",
    [lambda xp, y, a, b: xp.exp(a - y), lambda xp, y, a, b: xp.exp(b - y)],
    notation=Notation.function("logaddexp", arity=2),
    doc="log(exp(a) + exp(b)) without overflow.",
)
