"""What the table says of an operation, as text: its formula, its derivatives, its kinks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from inspect import Parameter, signature

from autodiff.backends.scalars import scalars
from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import ATOM, Elementwise, Fused, Primitive, Structural
from autodiff.symbolic.expression import Apply, Expression, Symbol
from autodiff.symbolic.namespace import symbols_namespace
from autodiff.symbolic.partial_derivatives import partial_expression
from autodiff.writers.text import to_text

__all__ = [
    "cotangent_name",
    "derivatives",
    "formula",
    "kinks",
    "operand_names",
    "pulled_back",
    "shares",
]

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_MANY = Parameter.VAR_POSITIONAL


def operand_names(entry: Primitive) -> tuple[str, ...]:
    """What the table's rules call the operands of an entry.

    Example:
        >>> from autodiff.ops.elementwise import arithmetic, hyperbolic
        >>> operand_names(hyperbolic.tanh), operand_names(arithmetic.divide)
        (('x',), ('a', 'b'))
    """
    if isinstance(entry, Elementwise):
        rules = [rule for rule in (*entry.partials, entry.forward) if callable(rule)]
        for rule, before in zip(rules, (*[2] * (len(rules) - 1), 1), strict=True):
            named = [p.name for p in signature(rule).parameters.values() if p.kind in _POSITIONAL]
            if len(named) >= before + entry.arity:
                return tuple(named[before : before + entry.arity])
        return ("x",) if entry.arity == 1 else ("a", "b", "c")[: entry.arity]
    parameters = list(signature(entry.forward).parameters.values())[1:]
    return tuple(p.name for p in parameters if p.kind in _POSITIONAL)


def _application(entry: Primitive) -> Apply:
    params = tuple((name, Symbol(name)) for name in keyword_parameters(entry))
    return Apply(entry.name, tuple(map(Symbol, operand_names(entry))), params)


def formula(entry: Primitive) -> str:
    """An application of an entry, as the table writes it.

    Example:
        >>> from autodiff.ops.elementwise import arithmetic
        >>> formula(arithmetic.divide)
        'a / b'
    """
    if not operand_names(entry):
        return f"{entry.name}(…)"
    return to_text(_application(entry))


def derivatives(entry: Elementwise, result_name: str | None = None) -> list[str]:
    """The derivative by each operand, as equations; empty if there are none.

    Args:
        entry: of the table.
        result_name: what to call the result, which is written out by default.

    Example:
        >>> from autodiff.ops.elementwise import arithmetic, hyperbolic
        >>> derivatives(hyperbolic.tanh), derivatives(arithmetic.multiply)
        (['d tanh(x)/dx = 1 − tanh(x)²'], ['∂(a · b)/∂a = b', '∂(a · b)/∂b = a'])
    """
    if not entry.differentiable:
        return []
    names, applied = operand_names(entry), _application(entry)
    result: Expression = applied if result_name is None else Symbol(result_name)
    what = to_text(result)
    if entry.notation.level < ATOM and result_name is None:
        what = f"({what})"

    def rule(position: int) -> Expression:
        return partial_expression(entry, position, applied.args, result, dict(applied.params))

    sign, gap = ("d", "" if what.startswith("(") else " ") if len(names) == 1 else ("∂", "")
    return [
        f"{sign}{gap}{what}/{sign}{name} = {to_text(rule(position))}"
        for position, name in enumerate(names)
    ]


def shares(entry: Fused) -> list[str]:
    """The derivative of a fused sum ``y`` by each operand, of three of them.

    Example:
        >>> from autodiff.ops.engine import fusions
        >>> shares(fusions.weighted_sum)
        ['∂y/∂w = x', '∂y/∂x = w', '∂y/∂b = 1']
    """
    names = ("w", "x", "b")
    found = entry.partials(symbols_namespace, Symbol("y"), *map(Symbol, names))
    written = [to_text(p) if isinstance(p, Expression) else f"{p:g}" for p in found]
    return [f"∂y/∂{name} = {text}" for name, text in zip(names, written, strict=True)]


def kinks(entry: Elementwise) -> list[str]:
    """Where the function has a kink or a jump, and what the derivative is there.

    Example:
        >>> from autodiff.ops.elementwise import activations, selection
        >>> kinks(activations.relu), kinks(selection.maximum)
        (['at x = 0 the derivative is 0'], ['at a = b the derivatives are 0.5 and 0.5'])
    """
    names, params, found = operand_names(entry), keyword_parameters(entry), []
    for kink in entry.kinks:
        operands = (kink,) if entry.arity == 1 else (1.0 + kink, 1.0)
        result = entry.forward(scalars, *operands, **params)
        slopes = [
            rule(scalars, result, *operands, **params) if callable(rule) else rule
            for rule in entry.partials
        ]
        where = f"{names[0]} = {kink:g}" if entry.arity == 1 else " = ".join(names)
        are = "derivative is" if len(slopes) == 1 else "derivatives are"
        found.append(f"at {where} the {are} {' and '.join(f'{slope:.4g}' for slope in slopes)}")
    return found


def cotangent_name(names: Sequence[str]) -> str:
    """What the cotangent of a result is called beside operands: ``g``, or else ``h``."""
    return "h" if "g" in names else "g"


def pulled_back(entry: Structural, names: Sequence[str] = ()) -> list[str]:
    """What each operand receives of the cotangent ``g`` of the result, as the table writes it.

    Args:
        entry: of the table.
        names: what to call the operands, as the table's rules do by default.

    Example:
        >>> from autodiff.ops.products import linear
        >>> pulled_back(linear.matmul), pulled_back(linear.einsum)[0][:12]
        (['a: g · bᵀ', 'b: aᵀ · g'], 'each operand')
    """
    if not entry.differentiable:
        return []
    names = list(names or operand_names(entry))
    rest = [p.name for p in signature(entry.forward).parameters.values() if p.kind is _MANY]
    if len(entry.factors) > len(names):
        names += rest if names else ["each operand"]
    rules = [_with_cotangent(factor.rule, cotangent_name(names)) for factor in entry.factors]
    return [f"{n}: {rule.format(*names)}" for n, rule in zip(names, rules, strict=False)]


def _with_cotangent(rule: str, name: str) -> str:
    return rule if name == "g" else re.sub(r"(?<![a-zA-Z])g(?![a-zA-Z])", name, rule)
