"""Trigonometric functions and their inverses (angles in radians)."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_INNER = Domain(-0.9, 0.9)


def _squared_radius(xp: Any, a: Any, b: Any) -> Any:
    r = a * a + b * b
    return xp.where(xp.equal(r, 0), 1.0, r)


sin: Elementwise = elementwise(
    "sin",
    "sin",
    [lambda xp, y, x: xp.cos(x)],
    notation=Notation.function("sin", r"\sin"),
    doc="Sine.",
)

cos: Elementwise = elementwise(
    "cos",
    "cos",
    [lambda xp, y, x: -xp.sin(x)],
    notation=Notation.function("cos", r"\cos"),
    doc="Cosine.",
)

tan: Elementwise = elementwise(
    "tan",
    "tan",
    [lambda xp, y, x: 1 + y * y],
    notation=Notation.function("tan", r"\tan"),
    domains=[Domain(-1.2, 1.2)],
    doc="Tangent.",
)

arcsin: Elementwise = elementwise(
    "arcsin",
    "arcsin",
    [lambda xp, y, x: 1 / xp.sqrt(1 - x * x)],
    notation=Notation.function("arcsin", r"\arcsin"),
    domains=[_INNER],
    doc="Inverse sine.",
)

arccos: Elementwise = elementwise(
    "arccos",
    "arccos",
    [lambda xp, y, x: -1 / xp.sqrt(1 - x * x)],
    notation=Notation.function("arccos", r"\arccos"),
    domains=[_INNER],
    doc="Inverse cosine.",
)

arctan: Elementwise = elementwise(
    "arctan",
    "arctan",
    [lambda xp, y, x: 1 / (1 + x * x)],
    notation=Notation.function("arctan", r"\arctan"),
    doc="Inverse tangent.",
)

arctan2: Elementwise = elementwise(
    "arctan2",
    "arctan2",
    [
        lambda xp, y, a, b: b / _squared_radius(xp, a, b),
        lambda xp, y, a, b: -a / _squared_radius(xp, a, b),
    ],
    notation=Notation.function("arctan2", r"\operatorname{{atan2}}", arity=2),
    domains=[Domain(0.2, 2.0), Domain()],
    doc="Angle of the point (b, a); gradient 0 at the origin, where none exists.",
)
