"""Partial derivatives of the table as formulas."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, lift
from autodiff.symbolic.namespace import symbols_namespace
from autodiff.symbolic.simplify import simplify

__all__ = ["expand", "formula_of_partial", "partial_expression"]


def partial_expression(
    primitive: Elementwise,
    position: int,
    operand_names: Sequence[str | Expression],
    result_name: str | Expression,
    params: Mapping[str, Any] | None = None,
) -> Expression:
    """The derivative of a primitive's result with respect to one operand, simplified.

    Args:
        primitive: an elementwise entry of the table.
        position: of the operand to differentiate by.
        operand_names: a name for each operand; a formula, such as a `Constant` for an
            exponent that is known, where more than the name is to be seen.
        result_name: a name for the result; rules that can, use it (`tanh`).
        params: parameters of the operation.

    Returns:
        The formula, a `Constant` where the derivative is one.

    Raises:
        IndexError: the primitive has no operand at that position.

    Example:
        >>> from autodiff.ops.elementwise import hyperbolic
        >>> from autodiff.writers.text import to_text
        >>> to_text(partial_expression(hyperbolic.tanh, 0, ["n"], "o"))
        '1 − o²'
    """
    if not 0 <= position < len(primitive.partials):
        raise IndexError(
            f"{primitive.name} has no operand at position {position}; "
            f"it has {len(primitive.partials)}, counted from 0"
        )
    rule = primitive.partials[position]
    if not callable(rule):
        return Constant(rule)
    operands = [_named(operand) for operand in operand_names]
    formula = rule(symbols_namespace, _named(result_name), *operands, **dict(params or {}))
    return simplify(lift(formula))


def formula_of_partial(
    entry: Elementwise, position: int, params: Mapping[str, Any] | None = None
) -> Expression:
    """The derivative by one operand, of ``x0``, ``x1`` and so on, the operands, and ``y``.

    Args:
        entry: an elementwise entry of the table.
        position: of the operand to differentiate by.
        params: parameters of the operation; a symbol with the name of each if not given.

    Example:
        >>> from autodiff.ops.elementwise import hyperbolic
        >>> formula_of_partial(hyperbolic.tanh, 0) == 1 - Symbol("y") ** 2
        True
    """
    if params is None:
        params = {name: Symbol(name) for name in keyword_parameters(entry)}
    return partial_expression(entry, position, [f"x{i}" for i in range(entry.arity)], "y", params)


def expand(expr: Expression, known: Container[str]) -> Expression:
    """Write out operations that a target lacks by the table's own rules.

    Args:
        expr: a formula.
        known: names of the operations to leave as they are.

    Returns:
        The formula in which an operation that is not in ``known`` and that the table
        composes of others (such as `sigmoid` of `exp`) is replaced by its rule.
        Operations that the table cannot write out stay.
    """
    if not isinstance(expr, Apply):
        return expr
    args = tuple(expand(a, known) for a in expr.args)
    same = Apply(expr.name, args, expr.params)
    entry = TABLE.get(expr.name)
    if expr.name in known or not isinstance(entry, Elementwise) or entry.ufunc is not None:
        return same
    written = lift(entry.forward(symbols_namespace, *args, **dict(expr.params)))
    if isinstance(written, Apply) and written.name == expr.name:
        return same
    return expand(written, known)


def _named(operand: str | Expression) -> Expression:
    return Symbol(operand) if isinstance(operand, str) else operand
