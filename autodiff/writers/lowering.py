"""Formulas made ready to become source: numbers worked out, powers as products."""

from __future__ import annotations

import keyword
import math
from collections.abc import Collection, Iterator

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Apply, Constant, Expression
from autodiff.symbolic.simplify import TRUTHS

__all__ = [
    "check_names",
    "fold_constants",
    "fresh_names",
    "is_truth",
    "masks",
    "products",
    "whole_exponent",
]

_LARGEST_PRODUCT = 4


def check_names(names: Collection[str]) -> None:
    """Raise `ValueError` for a symbol that cannot stand in Python source."""
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(
                f"the symbol {name!r} cannot be a variable of Python source; "
                "name it with letters, digits and underscores, such as 'x1'"
            )


def fresh_names(prefix: str, taken: Collection[str]) -> Iterator[str]:
    """``prefix0``, ``prefix1`` … without those that are taken."""
    number = 0
    while True:
        name = f"{prefix}{number}"
        if name not in taken:
            yield name
        number += 1


def is_truth(e: Expression) -> bool:
    """Whether the value of a formula is true or false rather than a number."""
    if isinstance(e, Constant):
        return isinstance(e.number, bool)
    if isinstance(e, Apply) and e.name == "where":
        return is_truth(e.args[1]) and is_truth(e.args[2])
    return isinstance(e, Apply) and e.name in TRUTHS


def whole_exponent(e: Apply) -> int | None:
    """The exponent of a power, if it is a whole number."""
    if e.name == "power" and isinstance(e.args[1], Constant) and e.args[1].number % 1 == 0:
        return int(e.args[1].number)
    return None


def fold_constants(e: Expression) -> Expression:
    """Every operation on numbers alone replaced by its value, where that is finite.

    A number times the negative of something takes the sign, so that it costs nothing.
    """
    if not isinstance(e, Apply):
        return e
    args = tuple(fold_constants(a) for a in e.args)
    e = Apply(e.name, args, e.params)
    if args and all(isinstance(a, Constant) for a in args):
        with np.errstate(all="ignore"):
            value = evaluate(e, arrays, {})
        return Constant(value) if math.isfinite(value) else e
    if e.name == "negative" and (turned := _sign_taken(args[0])) is not None:
        return turned
    return e


def _sign_taken(e: Expression) -> Expression | None:
    """The negative of a product or quotient whose first part is a number."""
    if isinstance(e, Constant):
        return Constant(-e.number)
    if isinstance(e, Apply) and e.name in ("multiply", "divide"):
        first = _sign_taken(e.args[0])
        return None if first is None else Apply(e.name, (first, e.args[1]))
    return None


def products(e: Expression) -> Expression:
    """Small powers as products, quotients and square roots (`numpy.power` is far slower)."""
    if not isinstance(e, Apply):
        return e
    args = tuple(products(a) for a in e.args)
    if e.name == "power" and isinstance(args[1], Constant):
        exponent = args[1].number
        written = _positive_power(args[0], abs(exponent))
        if written is not None:
            return written if exponent > 0 else Apply("divide", (Constant(1), written))
    if e.name == "multiply" and isinstance(args[1], Apply) and args[1].name == "divide":
        above, below = args[1].args
        if above == Constant(1):
            return Apply("divide", (args[0], below))
    return Apply(e.name, args, e.params)


def _positive_power(base: Expression, exponent: float) -> Expression | None:
    if exponent == 0.5:
        return Apply("sqrt", (base,))
    if exponent not in range(1, _LARGEST_PRODUCT + 1):
        return None
    if exponent == 1:
        return base
    square = Apply("multiply", (base, base))
    if exponent == 2:
        return square
    return Apply("multiply", (square, base if exponent == 3 else square))


def masks(e: Expression) -> Expression:
    """A choice between two numbers as arithmetic on its condition, where that is exact.

    `numpy.where` on a condition that follows no pattern is ten times slower.
    """
    if not isinstance(e, Apply):
        return e
    args = tuple(map(masks, e.args))
    if e.name == "where":
        condition, a, b = args
        if not is_truth(condition):
            condition = Apply("not_equal", (condition, Constant(0)))
        otherwise = Apply("logical_not", (condition,))
        found = (_mask(condition, a, b), _mask(otherwise, b, a))
        return next((mask for mask in found if mask is not None), Apply("where", args))
    return Apply(e.name, args, e.params)


def _mask(condition: Expression, a: Expression, b: Expression) -> Expression | None:
    """``a if condition, else b`` for b = 0, or for a = 1 and b between 0 and 1."""
    if not (isinstance(a, Constant) and isinstance(b, Constant)):
        return None
    if b == Constant(0) and math.isfinite(a.number):
        return Apply("multiply", (condition, a))
    if a == Constant(1) and 0 < b.number < 1:
        return Apply("maximum", (condition, b))
    return None
