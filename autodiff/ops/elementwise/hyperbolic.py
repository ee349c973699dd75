"""Hyperbolic functions and their inverses."""

from __future__ import annotations

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

sinh: Elementwise = elementwise(
    "sinh",
    "sinh",
    [lambda xp, y, x: xp.cosh(x)],
    notation=Notation.function("sinh", r"\sinh"),
    doc="Hyperbolic sine.",
)

cosh: Elementwise = elementwise(
    "cosh",
    "cosh",
    [lambda xp, y, x: xp.sinh(x)],
    notation=Notation.function("cosh", r"\cosh"),
    doc="Hyperbolic cosine.",
)

tanh: Elementwise = elementwise(
    "tanh",
    "tanh",
    [lambda xp, y, x: 1 - y * y],
    notation=Notation.function("tanh", r"\tanh"),
    doc="Hyperbolic tangent.",
)

arcsinh: Elementwise = elementwise(
    "arcsinh",
    "arcsinh",
    [lambda xp, y, x: 1 / xp.sqrt(1 + x * x)],
    notation=Notation.function("arcsinh", r"\operatorname{{arsinh}}"),
    doc="Inverse hyperbolic sine.",
)

arccosh: Elementwise = elementwise(
    "arccosh",
    "arccosh",
    [lambda xp, y, x: 1 / (xp.sqrt(x - 1) * xp.sqrt(x + 1))],
    notation=Notation.function("arccosh", r"\operatorname{{arcosh}}"),
    domains=[Domain(1.2, 4.0)],
    doc="Inverse hyperbolic cosine.",
)

arctanh: Elementwise = elementwise(
    "arctanh",
    "arctanh",
    [lambda xp, y, x: 1 / (1 - x * x)],
    notation=Notation.function("arctanh", r"\operatorname{{artanh}}"),
    domains=[Domain(-0.9, 0.9)],
    doc="Inverse hyperbolic tangent.",
)
