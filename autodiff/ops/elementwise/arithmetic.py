"""Arithmetic: sums, products, quotients, powers and what is written with operators."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import (
    ADDITIVE,
    MULTIPLICATIVE,
    NEGATION,
    POWER,
    Domain,
    Elementwise,
    Notation,
    elementwise,
)

_NONZERO = Domain(0.3, 2.0)
_POSITIVE = Domain(0.1, 3.0)


def _nonzero(xp: Any, y: Any) -> Any:
    return xp.where(xp.equal(y, 0), 1.0, y)


add: Elementwise = elementwise(
    "add",
    "add",
    [1, 1],
    notation=Notation("{0} + {1}", "{0} + {1}", ADDITIVE, (ADDITIVE, ADDITIVE)),
    doc="Sum of two operands.",
)

subtract: Elementwise = elementwise(
    "subtract",
    "subtract",
    [1, -1],
    notation=Notation("{0} − {1}", "{0} - {1}", ADDITIVE, (ADDITIVE, MULTIPLICATIVE)),
    doc="Difference of two operands.",
)

multiply: Elementwise = elementwise(
    "multiply",
    "multiply",
    [lambda xp, y, a, b: b, lambda xp, y, a, b: a],
    notation=Notation(
        "{0} · {1}", r"{0} \cdot {1}", MULTIPLICATIVE, (MULTIPLICATIVE, MULTIPLICATIVE)
    ),
    doc="Product of two operands, element by element.",
)

divide: Elementwise = elementwise(
    "divide",
    "divide",
    [lambda xp, y, a, b: 1 / b, lambda xp, y, a, b: -(y / b)],
    notation=Notation("{0} / {1}", r"\frac{{{0}}}{{{1}}}", MULTIPLICATIVE, (MULTIPLICATIVE, POWER)),
    domains=[Domain(), _NONZERO],
    doc="Quotient of two operands.",
)

negative: Elementwise = elementwise(
    "negative",
    "negative",
    [-1],
    notation=Notation("−{0}", "-{0}", NEGATION, (MULTIPLICATIVE,)),
    doc="The operand with its sign changed.",
)

power: Elementwise = elementwise(
    "power",
    "power",
    [
        lambda xp, y, a, b: b * xp.power(a, xp.where(xp.equal(b, 0), 0.0, b - 1)),
        lambda xp, y, a, b: xp.where(
            xp.logical_and(xp.equal(a, 0), xp.greater_equal(b, 0)),
            0.0,
            y * xp.log(xp.where(xp.equal(a, 0), 1.0, a)),
        ),
    ],
    notation=Notation("{0}^{1}", "{{{0}}}^{{{1}}}", POWER, (ATOM := POWER + 1, ATOM)),
    domains=[_POSITIVE, Domain()],
    of_one_kind=True,
    doc="The first operand raised to the second; the derivative of x**0 at 0 is 0.",
)

square: Elementwise = elementwise(
    "square",
    "square",
    [lambda xp, y, x: 2 * x],
    notation=Notation("{0}²", "{{{0}}}^2", POWER, (ATOM,)),
    doc="The operand times itself.",
)

reciprocal: Elementwise = elementwise(
    "reciprocal",
    "reciprocal",
    [lambda xp, y, x: -(y * y)],
    notation=Notation("1 / {0}", r"\frac{{1}}{{{0}}}", MULTIPLICATIVE, (POWER,)),
    domains=[_NONZERO],
    doc="One divided by the operand.",
)

sqrt: Elementwise = elementwise(
    "sqrt",
    "sqrt",
    [lambda xp, y, x: 0.5 / y],
    notation=Notation("√{0}", r"\sqrt{{{0}}}", ATOM, (ATOM,)),
    domains=[_POSITIVE],
    doc="Square root.",
)

hypot: Elementwise = elementwise(
    "hypot",
    "hypot",
    [
        lambda xp, y, a, b: xp.where(xp.equal(y, 0), 0.0, a / _nonzero(xp, y)),
        lambda xp, y, a, b: xp.where(xp.equal(y, 0), 0.0, b / _nonzero(xp, y)),
    ],
    notation=Notation.function("hypot", arity=2),
    domains=[_NONZERO, Domain()],
    doc="Length of the vector (a, b); the gradient at the origin is the minimum-norm one, 0.",
)

positive: Elementwise = elementwise(
    "positive",
    "positive",
    [1],
    notation=Notation("{0}", "{0}", ADDITIVE, (ADDITIVE,)),
    doc="The operand itself, as a node of its own.",
)

floor_divide: Elementwise = elementwise(
    "floor_divide",
    "floor_divide",
    [0, 0],
    notation=Notation(
        "⌊{0} / {1}⌋", r"\left\lfloor {0} / {1} \right\rfloor", ATOM, (MULTIPLICATIVE, POWER)
    ),
    domains=[_POSITIVE, Domain(3.5, 5.0)],
    selects=True,
    doc="The quotient rounded down; derivative 0.",
)

remainder: Elementwise = elementwise(
    "remainder",
    "remainder",
    [1, lambda xp, y, a, b: -xp.floor_divide(a, b)],
    notation=Notation(
        "{0} mod {1}", r"{0} \bmod {1}", MULTIPLICATIVE, (MULTIPLICATIVE, MULTIPLICATIVE + 1)
    ),
    domains=[Domain(1.1, 1.9), Domain(0.8, 1.0)],
    doc="What is left of the first operand after division, with the sign of the second.",
)
