"""JavaScript that computes an entry of the table on numbers: its value and its derivatives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from autodiff.ops.primitive import Elementwise, Fused
from autodiff.symbolic.expression import Apply, Constant, Expression, Number, Symbol, lift
from autodiff.symbolic.namespace import symbols_namespace
from autodiff.symbolic.partial_derivatives import expand, formula_of_partial
from autodiff.symbolic.simplify import simplify
from autodiff.symbolic.strong_zeros import choice
from autodiff.writers.javascript_library import FUNCTIONS, closure
from autodiff.writers.lowering import fold_constants, is_truth, whole_exponent
from autodiff.writers.python_code import ATOM, UNARY, Code, call

__all__ = ["JavaScript", "UnwritableError", "javascript", "javascript_formula"]

_CONDITIONAL, _OR, _AND, _EQUALITY, _RELATION, _SUM, _TERM = range(7)
_INFIX = {
    "add": ("+", _SUM),
    "subtract": ("-", _SUM),
    "multiply": ("*", _TERM),
    "divide": ("/", _TERM),
    "equal": ("==", _EQUALITY),
    "not_equal": ("!=", _EQUALITY),
    "less": ("<", _RELATION),
    "less_equal": ("<=", _RELATION),
    "greater": (">", _RELATION),
    "greater_equal": (">=", _RELATION),
}
_LOGIC = {"logical_and": ("&&", _AND), "logical_or": ("||", _OR)}
_MATH = {
    "abs": "Math.abs",
    "arccos": "Math.acos",
    "arccosh": "Math.acosh",
    "arcsin": "Math.asin",
    "arcsinh": "Math.asinh",
    "arctan": "Math.atan",
    "arctan2": "Math.atan2",
    "arctanh": "Math.atanh",
    "cbrt": "Math.cbrt",
    "ceil": "Math.ceil",
    "cos": "Math.cos",
    "cosh": "Math.cosh",
    "exp": "Math.exp",
    "expm1": "Math.expm1",
    "floor": "Math.floor",
    "hypot": "Math.hypot",
    "isfinite": "Number.isFinite",
    "isnan": "Number.isNaN",
    "log": "Math.log",
    "log10": "Math.log10",
    "log1p": "Math.log1p",
    "log2": "Math.log2",
    # Unlike Python's, these two are NaN where an operand is.
    "maximum": "Math.max",
    "minimum": "Math.min",
    "sign": "Math.sign",
    "sin": "Math.sin",
    "sinh": "Math.sinh",
    "sqrt": "Math.sqrt",
    "tan": "Math.tan",
    "tanh": "Math.tanh",
    "trunc": "Math.trunc",
}
_KNOWN = frozenset(
    {*_INFIX, *_LOGIC, *_MATH, *FUNCTIONS, "where", "negative", "logical_not", "logical_xor"}
    | {"positive", "square", "reciprocal", "exp2", "isinf"}
)
_PRODUCTS = 3
"""Whole powers up to this become products."""


class UnwritableError(NotImplementedError):
    """An operation has no counterpart in JavaScript."""


class JavaScript(NamedTuple):
    """An entry of the table as source.

    Attributes:
        value: a function of the operands, such as ``(x0) => Math.tanh(x0)``.
        partials: for each operand a function of the result and the operands, such as
            ``(y, x0) => 1 - y * y``.
        sends: for each operand whether anything is sent to it, as a function of the same; None
            where it always is. Where nothing is sent, not even 0 · ∞ is.
        helpers: the functions of `javascript_library.source` that these call.
    """

    value: str
    partials: tuple[str, ...]
    sends: tuple[str | None, ...]
    helpers: frozenset[str]


def javascript(
    entry: Elementwise | Fused, params: Mapping[str, Any] | None = None, arity: int | None = None
) -> JavaScript:
    """The value and the derivatives of an entry as JavaScript.

    Args:
        entry: an entry of the table that computes a number of numbers.
        params: parameters of the operation, by name.
        arity: how many operands there are, where the entry takes any number of them.

    Raises:
        UnwritableError: JavaScript has no such function.

    Example:
        >>> from autodiff.ops.elementwise import hyperbolic
        >>> written = javascript(hyperbolic.tanh)
        >>> written.value, written.partials
        ('(x0) => Math.tanh(x0)', ('(y, x0) => 1 - y * y',))
        >>> from autodiff.ops.engine import fusions
        >>> javascript(fusions.weighted_sum, arity=3).partials
        ('(y, x0, x1, x2) => x1', '(y, x0, x1, x2) => x0', '(y, x0, x1, x2) => 1')
    """
    given = dict(params or {})
    names = [f"x{i}" for i in range(_arity(entry, arity))]
    operands = tuple(map(Symbol, names))
    writer = _Writer(entry.name)
    if isinstance(entry, Fused):
        applied = lift(entry.forward(symbols_namespace, *operands, **given))
        found = entry.partials(symbols_namespace, Symbol("y"), *operands, **given)
        slopes = [simplify(lift(slope)) for slope in found]
    else:
        applied = Apply(entry.name, operands, tuple(given.items()))
        count = entry.arity if entry.differentiable else 0
        slopes = [formula_of_partial(entry, position, given) for position in range(count)]
    value = writer.function(applied, names, number=True)
    partials, sends = [], []
    for formula in slopes:
        condition, slope = choice(formula)
        if condition is not None and not is_truth(condition):
            condition = Apply("not_equal", (condition, Constant(0)))
        partials.append(writer.function(slope, ["y", *names]))
        sends.append(None if condition is None else writer.function(condition, ["y", *names]))
    return JavaScript(value, tuple(partials), tuple(sends), closure(writer.helpers))


def _arity(entry: Elementwise | Fused, arity: int | None) -> int:
    if isinstance(entry, Elementwise):
        return entry.arity
    if arity is None:
        raise TypeError(f"{entry.name} takes any number of operands; give arity=")
    return arity


def javascript_formula(formula: Expression, names: list[str]) -> tuple[str, frozenset[str]]:
    """A formula as a function of its symbols, and the helpers that it calls.

    Args:
        formula: the formula.
        names: its symbols, in the order of the function's parameters.

    Raises:
        UnwritableError: JavaScript has no such function.

    Example:
        >>> x, y = Symbol("x"), Symbol("y")
        >>> javascript_formula((x - y) ** 2 / y, ["x", "y"])[0]
        '(x, y) => (x - y) * (x - y) / y'
    """
    writer = _Writer("")
    return writer.function(formula, names), closure(writer.helpers)


class _Writer:
    """Writes formulas, and notes what they call.

    Args:
        blamed: the operation that is named where there is no counterpart.
    """

    def __init__(self, blamed: str) -> None:
        self.blamed = blamed
        self.helpers: set[str] = set()

    def function(self, e: Expression, names: list[str], number: bool = False) -> str:
        """An arrow function; ``number`` turns true and false into 1 and 0."""
        ready = fold_constants(simplify(expand(e, _KNOWN)))
        code = self.code(ready)
        body = f"+({code.text})" if number and is_truth(ready) else code.text
        return f"({', '.join(names)}) => {body}"

    def code(self, e: Expression) -> Code:
        if isinstance(e, Symbol):
            return Code(e.name)
        if isinstance(e, Constant):
            return _literal(e.number)
        assert isinstance(e, Apply)
        name, args = e.name, [self.code(a) for a in e.args]
        if name in _INFIX:
            return _infix(name, args[0], args[1])
        if name in _LOGIC:
            sign, level = _LOGIC[name]
            a, b = (_truth(x, c) for x, c in zip(e.args, args, strict=True))
            return Code(f"{a.at(level)} {sign} {b.at(level + 1)}", level)
        if name == "where":
            asked = _truth(e.args[0], args[0]).at(_OR)
            return Code(f"{asked} ? {args[1].at(_OR)} : {args[2].at(_OR)}", _CONDITIONAL)
        return self._other(e, args)

    def _other(self, e: Apply, args: list[Code]) -> Code:
        name, first = e.name, args[0]
        match name:
            case "negative":
                # Two signs side by side are another operator.
                text = first.at(UNARY)
                return Code(f"-({text})" if text.startswith("-") else f"-{text}", UNARY)
            case "positive":
                return first
            case "logical_not":
                return Code(f"!{_truth(e.args[0], first).at(UNARY)}", UNARY)
            case "logical_xor":
                a, b = (_truth(x, c) for x, c in zip(e.args, args, strict=True))
                return _infix("not_equal", a, b)
            case "square":
                return _infix("multiply", first, first)
            case "reciprocal":
                return _infix("divide", Code("1"), first)
            case "exp2":
                return call("Math.pow", [Code("2"), first])
            case "isinf":
                return Code(f"Math.abs({first.text}) == Infinity", _EQUALITY)
            case "power":
                return self._power(e, *args)
        if name in _MATH and not e.params:
            return call(_MATH[name], args)
        if name in FUNCTIONS and not e.params:
            self.helpers.add(name)
            return call(name, args)
        what = self.blamed or name
        raise UnwritableError(
            f"{what} cannot be written as JavaScript, which has no {name}"
            if what != name
            else f"{name} cannot be written as JavaScript, which has no such function"
        )

    def _power(self, e: Apply, base: Code, exponent: Code) -> Code:
        whole = whole_exponent(e)
        if whole is not None and 1 < whole <= _PRODUCTS:
            result = base
            for _ in range(whole - 1):
                result = _infix("multiply", result, base)
            return result
        self.helpers.add("power")
        return call("power", [base, exponent])


def _infix(name: str, a: Code, b: Code) -> Code:
    """An operator between two pieces; sums and products are not regrouped."""
    sign, level = _INFIX[name]
    right = b.at(level + 1)
    if right.startswith("-") and sign in "+-":
        right = f"({right})"
    return Code(f"{a.at(level)} {sign} {right}", level)


def _truth(e: Expression, code: Code) -> Code:
    return code if is_truth(e) else _infix("not_equal", code, Code("0"))


def _literal(number: Number) -> Code:
    """A number that reads back as the same number."""
    if isinstance(number, bool):
        return Code("true" if number else "false")
    value = float(number)
    if not math.isfinite(value):
        return (
            Code("NaN")
            if math.isnan(value)
            else Code("-Infinity" if value < 0 else "Infinity", UNARY)
        )
    text = repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return Code("-0" if text == "0" and math.copysign(1, value) < 0 else text, _level(value))


def _level(value: float) -> int:
    return UNARY if math.copysign(1, value) < 0 else ATOM
