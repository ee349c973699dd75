"""Where the zeros of a derivative are choices: there nothing is sent, not even 0 · ∞."""

from __future__ import annotations

import functools
import math
from collections.abc import Container
from typing import Any

from autodiff.ops.primitive import Elementwise
from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol
from autodiff.symbolic.partial_derivatives import formula_of_partial

__all__ = ["choice", "choice_of", "chooses", "guarded"]

_ZERO = Constant(0)


def choice(e: Expression) -> tuple[Expression | None, Expression]:
    """A derivative as a condition under which something is sent, and what is sent then.

    A rule of the table says that its zeros are choices by writing them as such:
    ``xp.where(condition, slope, 0.0)``, in any nesting, or `sign`, or the constant 0. A zero
    that a formula happens to take, as ``2 * x`` at 0, is none.

    Args:
        e: the formula of a partial derivative, simplified.

    Returns:
        The condition, None where there is no choice in it (and False where it is the constant
        0); and the formula that holds where the condition does.

    Example:
        >>> from autodiff.symbolic import Symbol, symbols_namespace as xp
        >>> from autodiff.writers.text import to_text
        >>> condition, slope = choice(xp.where(Symbol("x") > 0, Symbol("k"), 0.0))
        >>> to_text(condition), to_text(slope)
        ('x > 0', 'k')
    """
    if e == _ZERO:
        return Constant(False), _ZERO
    if not isinstance(e, Apply):
        return None, e
    if e.name == "sign":
        return Apply("not_equal", (e.args[0], _ZERO)), e
    if e.name == "negative":
        condition, value = choice(e.args[0])
        return condition, Apply("negative", (value,))
    if e.name != "where":
        return None, e
    asked, a, b = e.args
    otherwise = Apply("logical_not", (asked,))
    (first, a), (second, b) = choice(a), choice(b)
    if first is None and second is None:
        return None, e
    if first == Constant(False):
        return (otherwise if second is None else _and(otherwise, second)), b
    if second == Constant(False):
        return (asked if first is None else _and(asked, first)), a
    value = Apply("where", (asked, a, b))
    if first is None:
        return _or(asked, second), value
    if second is None:
        return _or(otherwise, first), value
    return Apply("where", (asked, first, second)), value


def _and(a: Expression, b: Expression) -> Expression:
    return Apply("logical_and", (a, b))


def _or(a: Expression, b: Expression | None) -> Expression:
    assert b is not None
    return Apply("logical_or", (a, b))


@functools.cache
def _choice_of(
    entry: Elementwise, position: int, params: tuple[tuple[str, Any], ...]
) -> tuple[Expression, Expression] | None:
    condition, value = choice(formula_of_partial(entry, position, dict(params)))
    return None if condition is None else (condition, value)


def choice_of(
    entry: Elementwise, position: int, params: dict[str, Any] | None = None
) -> tuple[Expression, Expression] | None:
    """The `choice` in the derivative by an operand, None where there is none.

    The formulas are of ``y``, the result, and of ``x0``, ``x1`` and so on, the operands.
    """
    return _choice_of(entry, position, tuple((params or {}).items()))


@functools.cache
def guarded(entry: Elementwise) -> bool:
    """Whether a derivative can be infinite or NaN, if only because an operand is.

    Behind an operation that selects, a zero cotangent then stays zero, so that what was not
    chosen cannot poison the gradient. Derivatives that are one of a few numbers need no guard.
    """
    return not all(_is_number(formula_of_partial(entry, i)) for i in range(entry.arity))


def _is_number(e: Expression) -> bool:
    if isinstance(e, Apply) and e.name == "where":
        return all(map(_is_number, e.args[1:]))
    return isinstance(e, Constant) and math.isfinite(e.number)


def chooses(e: Expression, params: Container[str] = ()) -> bool:
    """Whether a derivative has zeros that are choices, or may have by its parameters' values."""
    if isinstance(e, Symbol):
        return e.name in params
    if not isinstance(e, Apply) or e.name not in ("where", "negative", "sign"):
        return e == _ZERO
    values = e.args[1:] if e.name == "where" else e.args
    return e.name == "sign" or any(chooses(value, params) for value in values)
