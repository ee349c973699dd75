"""Light algebra: formulas become shorter and keep their value.

Nothing is expanded or factored, and a sum keeps its order. Values stay the same but for
rounding where all parts are finite: like the chain rule on paper, ``x · 0`` is 0.
"""

from __future__ import annotations

from collections.abc import Callable

from autodiff.symbolic.arithmetic import add, divide, negative, power, product, subtract
from autodiff.symbolic.constant_folding import fold
from autodiff.symbolic.expression import Apply, Constant, Expression

__all__ = ["TRUTHS", "simplify"]

TRUTHS = frozenset(
    "equal not_equal less less_equal greater greater_equal "
    "logical_and logical_or logical_xor logical_not isnan isinf isfinite".split()
)


def simplify(expr: Expression) -> Expression:
    """A shorter formula of the same value.

    Args:
        expr: any formula.

    Returns:
        A formula that `simplify` leaves as it is.

    Example:
        >>> from autodiff.symbolic import Symbol
        >>> from autodiff.writers.text import to_text
        >>> x = Symbol("x")
        >>> to_text(simplify(1 * x * x - 0 * x + -(2 * (x * 3))))
        'x² − 6 · x'
    """
    seen: dict[Expression, Expression] = {}

    def run(e: Expression) -> Expression:
        if not isinstance(e, Apply):
            return e
        if e not in seen:
            seen[e] = _build(e.name, tuple(map(run, e.args)), e.params)
        return seen[e]

    return run(expr)


def _build(
    name: str, args: tuple[Expression, ...], params: tuple[tuple[str, object], ...]
) -> Expression:
    """An operation on operands that are simple already."""
    if not params:
        constants = tuple(a for a in args if isinstance(a, Constant))
        if len(constants) == len(args):
            folded = fold(name, constants)
            if folded is not None:
                return folded
        rule = _RULES.get(name)
        if rule is not None:
            return rule(*args)
    return Apply(name, args, params)


def _where(condition: Expression, a: Expression, b: Expression) -> Expression:
    if isinstance(condition, Constant):
        return a if condition.number else b
    return a if a == b else Apply("where", (condition, a, b))


def _logical(name: str, absorbing: bool) -> Callable[[Expression, Expression], Expression]:
    def rule(a: Expression, b: Expression) -> Expression:
        for known, other in ((a, b), (b, a)):
            if isinstance(known, Constant):
                if bool(known.number) is absorbing:
                    return Constant(absorbing)
                if _is_truth(other):
                    return other
        return a if a == b and _is_truth(a) else Apply(name, (a, b))

    return rule


def _logical_not(a: Expression) -> Expression:
    if isinstance(a, Apply) and a.name == "logical_not" and _is_truth(a.args[0]):
        return a.args[0]
    return Apply("logical_not", (a,))


def _is_truth(e: Expression) -> bool:
    return isinstance(e, Apply) and e.name in TRUTHS


_RULES: dict[str, Callable[..., Expression]] = {
    "add": add,
    "subtract": subtract,
    "multiply": product,
    "divide": divide,
    "negative": negative,
    "positive": lambda x: x,
    "power": power,
    "square": lambda x: power(x, Constant(2)),
    "reciprocal": lambda x: divide(Constant(1), x),
    "where": _where,
    "logical_and": _logical("logical_and", absorbing=False),
    "logical_or": _logical("logical_or", absorbing=True),
    "logical_not": _logical_not,
}
