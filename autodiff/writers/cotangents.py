"""A cotangent times a derivative, put in the order in which arrays are reused most."""

from __future__ import annotations

from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol
from autodiff.writers.lowering import is_truth

__all__ = ["times_cotangent", "where_chosen"]


def times_cotangent(e: Expression, g: Symbol) -> Expression:
    """The product of a formula with the cotangent, in the order that needs fewest arrays."""
    if e == Constant(1):
        return g
    if e == Constant(-1):
        return Apply("negative", (g,))
    if isinstance(e, Apply):
        if e.name == "negative":
            return Apply("negative", (times_cotangent(e.args[0], g),))
        if e.name == "divide" and e.args[0] == Constant(1):
            return Apply("divide", (g, _ordered(e.args[1])))
        if e.name == "multiply" and is_truth(e.args[0]) and e.args[1] == Constant(1):
            # True and False count as 1 and 0 in a product.
            return Apply("multiply", (g, _ordered(e.args[0])))
    return Apply("multiply", (_ordered(e), g))


def where_chosen(
    condition: Expression, product: Expression, g: Symbol, has_chosen: bool
) -> Expression:
    """The product where something is sent, else 0 whatever the cotangent is."""
    if condition == Constant(False):
        return Apply("zeros_like", (g,))
    if not is_truth(condition):
        condition = Apply("not_equal", (condition, Constant(0)))
    if has_chosen:
        return Apply("chosen", (condition, product))
    return Apply("where", (condition, product, Constant(0)))


def _ordered(e: Expression) -> Expression:
    """Factors that are formulas before those that are names: their arrays can be reused."""
    if not isinstance(e, Apply):
        return e
    if e.name != "multiply" or e.args[0] == e.args[1]:
        return Apply(e.name, tuple(map(_ordered, e.args)), e.params)
    factors = sorted(map(_ordered, _factors(e)), key=lambda f: not f.operands)
    result = factors[0]
    for factor in factors[1:]:
        result = Apply("multiply", (result, factor))
    return result


def _factors(e: Expression) -> list[Expression]:
    if isinstance(e, Apply) and e.name == "multiply" and e.args[0] != e.args[1]:
        return _factors(e.args[0]) + _factors(e.args[1])
    return [e]
