"""Sums, products, quotients and powers of simple formulas, again as simple formulas.

The normal form of a product is a sign, a number, the factors, then the divisors.
"""

from __future__ import annotations

from autodiff.symbolic.constant_folding import fold
from autodiff.symbolic.expression import Apply, Constant, Expression

__all__ = ["add", "divide", "is_number", "negative", "power", "product", "subtract"]


def is_number(e: Expression, number: float) -> bool:
    """Whether a formula is the constant ``number`` (and not a truth value)."""
    return isinstance(e, Constant) and not isinstance(e.number, bool) and e.number == number


def add(a: Expression, b: Expression) -> Expression:
    """The sum; ``a + (−b)`` is a − b and ``a + a`` is 2 · a."""
    if is_number(a, 0):
        return b
    if is_number(b, 0):
        return a
    if (minus_b := _negated(b)) is not None:
        return subtract(a, minus_b)
    if (minus_a := _negated(a)) is not None:
        return subtract(b, minus_a)
    if a == b:
        return product(Constant(2), a)
    return Apply("add", (a, b))


def subtract(a: Expression, b: Expression) -> Expression:
    """The difference; ``a − (−b)`` is a + b."""
    if is_number(b, 0):
        return a
    if is_number(a, 0):
        return negative(b)
    if (minus_b := _negated(b)) is not None:
        return add(a, minus_b)
    if a == b:
        return Constant(0)
    return Apply("subtract", (a, b))


def negative(e: Expression) -> Expression:
    """The negative; ``−(−x)`` is x and ``−(a − b)`` is b − a."""
    if isinstance(e, Constant):
        return Constant(-e.number)
    if isinstance(e, Apply):
        if e.name == "negative":
            return e.args[0]
        if e.name == "subtract":
            return subtract(e.args[1], e.args[0])
    return Apply("negative", (e,))


def product(a: Expression, b: Expression) -> Expression:
    """The product in normal form; equal neighbours become a power."""
    number = Constant(1)
    factors: list[Expression] = []
    divisors: list[Expression] = []
    for operand in (a, b):
        coefficient, above, below = _split(operand)
        number = _times(number, coefficient)
        for factor in above:
            _append(factors, factor)
        divisors += below
    if is_number(number, 0):
        return Constant(0)
    flipped = number.number < 0
    size = Constant(-number.number) if flipped else number
    result = factors.pop(0) if factors and is_number(size, 1) else size
    for factor in factors:
        result = Apply("multiply", (result, factor))
    for divisor in divisors:
        result = divide(result, divisor)
    return negative(result) if flipped else result


def divide(a: Expression, b: Expression) -> Expression:
    """The quotient, its sign outside."""
    if (folded := _folded("divide", a, b)) is not None:
        return folded
    if is_number(b, 1):
        return a
    if (minus_a := _negated(a)) is not None:
        return negative(divide(minus_a, b))
    if (minus_b := _negated(b)) is not None:
        return negative(divide(a, minus_b))
    return Apply("divide", (a, b))


def power(a: Expression, b: Expression) -> Expression:
    """The power; whole exponents multiply, and take the sign of the base out."""
    if (folded := _folded("power", a, b)) is not None:
        return folded
    if is_number(b, 0):
        return Constant(1)
    if is_number(b, 1):
        return a
    if not isinstance(b, Constant) or b.number % 1 != 0:
        return Apply("power", (a, b))
    if isinstance(a, Apply) and a.name == "negative":
        positive = power(a.args[0], b)
        return positive if b.number % 2 == 0 else negative(positive)
    base, exponent = _base(a)
    if exponent and b.number > 0:
        return Apply("power", (base, Constant(exponent * int(b.number))))
    return Apply("power", (a, b))


def _folded(name: str, a: Expression, b: Expression) -> Expression | None:
    if isinstance(a, Constant) and isinstance(b, Constant):
        return fold(name, (a, b))
    return None


def _negated(e: Expression) -> Expression | None:
    """What ``e`` is the negative of, if it is written as a negative."""
    if isinstance(e, Apply) and e.name == "negative":
        return e.args[0]
    if isinstance(e, Constant) and not isinstance(e.number, bool) and e.number < 0:
        return Constant(-e.number)
    return None


def _split(e: Expression) -> tuple[Constant, list[Expression], list[Expression]]:
    """Number, factors and divisors of a product."""
    if isinstance(e, Constant):
        return e, [], []
    if not isinstance(e, Apply):
        return Constant(1), [e], []
    if e.name == "negative":
        number, factors, divisors = _split(e.args[0])
        return _times(Constant(-1), number), factors, divisors
    if e.name == "multiply":
        number, factors, divisors = _split(e.args[0])
        coefficient, above, below = _split(e.args[1])
        return _times(number, coefficient), factors + above, divisors + below
    if e.name == "divide":
        number, factors, divisors = _split(e.args[0])
        return number, factors, [*divisors, e.args[1]]
    return Constant(1), [e], []


def _times(a: Constant, b: Constant) -> Constant:
    return Constant(a.number * b.number)


def _append(factors: list[Expression], factor: Expression) -> None:
    """Add a factor, as a higher power of the last one if the base is the same."""
    base, exponent = _base(factor)
    if factors and exponent:
        last, known = _base(factors[-1])
        if known and last == base:
            factors[-1] = Apply("power", (base, Constant(known + exponent)))
            return
    factors.append(factor)


def _base(e: Expression) -> tuple[Expression, int]:
    """Base and positive whole exponent; exponent 0 for any other power."""
    if isinstance(e, Apply) and e.name == "power":
        exponent = e.args[1]
        if isinstance(exponent, Constant) and exponent.number > 0 and exponent.number % 1 == 0:
            return e.args[0], int(exponent.number)
        return e, 0
    return e, 1
