"""Operations on constants, worked out in advance."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from autodiff.symbolic.expression import Constant, Number

__all__ = ["fold"]

# A result longer than this says less than the operation it came from: 1/3, √2.
_SHORT = 8
_LARGEST_EXPONENT = 64


def _sign(x: float) -> float:
    return x if math.isnan(x) else (x > 0) - (x < 0)


_ALWAYS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
    "abs": abs,
    "sign": _sign,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "logical_and": lambda a, b: bool(a and b),
    "logical_or": lambda a, b: bool(a or b),
    "logical_xor": lambda a, b: bool(a) != bool(b),
    "logical_not": operator.not_,
    "maximum": lambda a, b: a if a >= b or a != a else b,
    "minimum": lambda a, b: a if a <= b or a != a else b,
}
_IF_SHORT: dict[str, Callable[..., Any]] = {
    "divide": operator.truediv,
    "power": operator.pow,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log1p": math.log1p,
    "expm1": math.expm1,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
}


def fold(name: str, args: tuple[Constant, ...]) -> Constant | None:
    """The value of an operation on constants, where it is worth writing.

    Sums, products, comparisons and logic always are; a quotient, a power or a function
    only if the value is short: ``sqrt(4)`` is 2, but ``1 / 3`` stays.

    Returns:
        The value; None where the operation is to stay.
    """
    numbers = tuple(a.number for a in args)
    if name in _ALWAYS:
        return _constant(_ALWAYS[name], numbers)
    if name not in _IF_SHORT:
        return None
    if name == "power" and abs(numbers[1]) > _LARGEST_EXPONENT:
        return None
    result = _constant(_IF_SHORT[name], numbers)
    return result if result is not None and len(repr(result.number)) <= _SHORT else None


def _constant(function: Callable[..., Any], numbers: tuple[Number, ...]) -> Constant | None:
    try:
        result = function(*numbers)
    except (ArithmeticError, ValueError):
        return None
    return Constant(result) if isinstance(result, (bool, int, float)) else None
