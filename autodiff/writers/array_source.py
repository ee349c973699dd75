"""NumPy source that multiplies a cotangent by a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, free_symbols
from autodiff.symbolic.partial_derivatives import expand
from autodiff.symbolic.simplify import simplify
from autodiff.symbolic.strong_zeros import choice
from autodiff.writers.cotangents import times_cotangent, where_chosen
from autodiff.writers.lowering import (
    check_names,
    fold_constants,
    fresh_names,
    is_truth,
    masks,
    products,
)
from autodiff.writers.python_code import INFIX, UNARY, Code, call, infix

__all__ = ["ArraySource", "numpy_inplace"]

_OF_NUMPY = frozenset(name for name in dir(np) if not name.startswith("_"))
_COMMUTATIVE = frozenset({"add", "multiply"})
_IN_PLACE = frozenset({"add", "subtract", "multiply", "divide"})


class ArraySource(NamedTuple):
    """Straight-line source.

    Attributes:
        statements: the lines, to run in order.
        result: the name that then holds the result. It is the cotangent's own name
            (no copy) where the formula is 1.
        constants: numbers that the source refers to by name, the same names whether or
            not shapes are the same. Bind each to a 0-d array of the operands' dtype.
    """

    statements: list[str]
    result: str
    constants: dict[str, float]


def numpy_inplace(
    expr: Expression,
    g_name: str,
    *,
    same_shape: bool,
    functions: Mapping[str, str] | None = None,
    temporary: str = "t",
    constant: str = "c",
) -> ArraySource:
    """NumPy source of ``g * expr``.

    What occurs more than once is computed once. No operand is written to.

    Args:
        expr: the formula; its symbols are names of arrays in the source.
        g_name: the name of the cotangent, which has the shape of the result.
        same_shape: all operands and the cotangent have one shape, of at least one
            dimension, and one dtype. Then arrays that the source made are used again.
        functions: the callable for operations that NumPy lacks, such as
            ``{"erf": "erf"}``. What is missing in both is written out by the table.
        temporary: what names of temporaries begin with.
        constant: what names of constants begin with.

    Returns:
        The source, with NumPy known to it as ``np``.

    Raises:
        ValueError: the formula uses the name of the cotangent, a name that is no
            identifier, or an operation that nobody can compute.

    Example:
        >>> from autodiff.symbolic import Symbol
        >>> y = Symbol("y")
        >>> kernel = numpy_inplace(1 - y * y, "g", same_shape=True)
        >>> print("; ".join(kernel.statements), kernel.constants)
        t0 = y * y; np.subtract(c0, t0, out=t0); t0 *= g {'c0': 1.0}
        >>> numpy_inplace(1 - y * y, "g", same_shape=False).statements
        ['t0 = (c0 - y * y) * g']
    """
    symbols = free_symbols(expr)
    check_names((*symbols, g_name))
    if g_name in symbols:
        raise ValueError(
            f"the formula has a symbol {g_name!r}, which is also the cotangent's name; "
            "rename one of them"
        )
    given = dict(functions or {})
    known = given.keys() | _OF_NUMPY
    condition, slope = choice(products(fold_constants(simplify(expand(expr, known)))))
    formula = masks(slope)
    _check_operations(formula, known)
    taken = {*symbols, g_name, *given.values(), "np"}
    writer_type = _InPlace if same_shape else _Nested
    product = times_cotangent(formula, Symbol(g_name))
    if condition is not None:
        product = where_chosen(masks(condition), product, Symbol(g_name), "chosen" in given)
    numbers = [e for e in dict.fromkeys(product.walk()) if isinstance(e, Constant)]
    constants = dict(zip(numbers, fresh_names(constant, taken), strict=False))
    writer = writer_type(given, fresh_names(temporary, taken), constants)
    result = writer.finish(product)
    return ArraySource(
        writer.statements, result, {name: float(e.number) for e, name in constants.items()}
    )


def _check_operations(formula: Expression, known: set[str]) -> None:
    for e in formula.walk():
        if isinstance(e, Apply) and e.name not in known:
            raise ValueError(
                f"NumPy has no function {e.name!r} and the table cannot write it out; "
                f"name one that computes it: functions={{{e.name!r}: ...}}"
            )


class _Writer:
    def __init__(
        self,
        functions: Mapping[str, str],
        fresh: Iterator[str],
        constants: Mapping[Constant, str],
    ) -> None:
        self.functions, self.fresh, self.constants = functions, fresh, constants
        self.statements: list[str] = []
        self.named: dict[Expression, Code] = {}
        self.uses: dict[Expression, int] = {}
        self.free: list[str] = []

    def finish(self, e: Expression) -> str:
        """Write the statements of ``e`` and return the name that holds its value."""
        raise NotImplementedError

    def count(self, e: Expression) -> None:
        """Note how often each part is used by the others."""
        self.uses[e] = self.uses.get(e, 0) + 1
        if self.uses[e] == 1:
            for operand in e.operands:
                self.count(operand)

    def leaf(self, e: Symbol | Constant) -> Code:
        """A symbol or number as a name."""
        return Code(e.name if isinstance(e, Symbol) else self.constants[e])

    def operation(self, e: Apply, args: list[Code]) -> Code:
        """An operation as an expression that makes a new array."""
        if e.name in INFIX:
            return infix(e.name, args[0], args[1])
        if e.name == "negative":
            return Code(f"-{args[0].at(UNARY)}", UNARY)
        parameters = [Code(f"{key}={value!r}") for key, value in e.params]
        return call(self.function(e.name), [*args, *parameters])

    def function(self, name: str) -> str:
        """The callable for an operation."""
        return self.functions.get(name, f"np.{name}")


class _Nested(_Writer):
    """One expression; NumPy itself reuses the arrays inside it."""

    def finish(self, e: Expression) -> str:
        self.count(e)
        code = self.code(e)
        if not e.operands:
            return code.text
        return self.assign(code)

    def code(self, e: Expression) -> Code:
        if isinstance(e, (Symbol, Constant)):
            return self.leaf(e)
        if e in self.named:
            return self.named[e]
        assert isinstance(e, Apply)
        code = self.operation(e, [self.code(a) for a in e.args])
        if self.uses[e] > 1:
            code = self.named[e] = Code(self.assign(code))
        return code

    def assign(self, code: Code) -> str:
        name = next(self.fresh)
        self.statements.append(f"{name} = {code.text}")
        return name


class _InPlace(_Writer):
    """One statement for each operation, into arrays that are no longer needed."""

    def finish(self, e: Expression) -> str:
        self.count(e)
        return self.code(e).text

    def code(self, e: Expression) -> Code:
        if isinstance(e, (Symbol, Constant)):
            return self.leaf(e)
        if e not in self.named:
            assert isinstance(e, Apply)
            self.named[e] = Code(self.write(e))
        return self.named[e]

    def write(self, e: Apply) -> str:
        # The operand that needs most arrays first: while it is computed, fewest are held.
        for operand in sorted(dict.fromkeys(e.args), key=_arrays_needed, reverse=True):
            self.code(operand)
        args = [self.code(a) for a in e.args]
        for operand in e.args:
            self.uses[operand] -= 1
            if not self.uses[operand] and _is_array_of_numbers(operand):
                self.free.append(self.named[operand].text)
        if self.free and _is_array_of_numbers(e) and self.is_ufunc(e):
            return self.reuse(e, [a.text for a in args])
        name = next(self.fresh)
        self.statements.append(f"{name} = {self.operation(e, args).text}")
        return name

    def reuse(self, e: Apply, args: list[str]) -> str:
        if e.name in _IN_PLACE:
            if args[0] not in self.free and e.name in _COMMUTATIVE:
                args.reverse()
            if args[0] in self.free:
                self.free.remove(args[0])
                self.statements.append(f"{args[0]} {INFIX[e.name][0]}= {args[1]}")
                return args[0]
        target = next((a for a in args if a in self.free), self.free[-1])
        self.free.remove(target)
        self.statements.append(f"{self.function(e.name)}({', '.join(args)}, out={target})")
        return target

    def is_ufunc(self, e: Apply) -> bool:
        return e.name not in self.functions and isinstance(getattr(np, e.name), np.ufunc)


def _is_array_of_numbers(e: Expression) -> bool:
    """Whether an array made for ``e`` has the operands' own dtype and shape."""
    if not isinstance(e, Apply) or is_truth(e):
        return False
    values = e.args[1:] if e.name == "where" else e.args
    return bool(free_symbols(e)) and any(
        _is_array_of_numbers(a) if isinstance(a, Apply) else not is_truth(a) for a in values
    )


def _arrays_needed(e: Expression) -> int:
    """How many arrays must be held at once to compute ``e`` (Sethi and Ullman, 1970)."""
    if not isinstance(e, Apply):
        return 0
    needs = sorted(map(_arrays_needed, dict.fromkeys(e.args)), reverse=True)
    return max([1, *(need + held for held, need in enumerate(needs) if need)])
