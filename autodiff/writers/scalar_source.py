"""Python source that computes formulas on floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, free_symbols
from autodiff.symbolic.partial_derivatives import expand
from autodiff.symbolic.simplify import simplify
from autodiff.writers.lowering import (
    check_names,
    fold_constants,
    fresh_names,
    is_truth,
    whole_exponent,
)
from autodiff.writers.python_code import (
    AND,
    COMPARISON,
    CONDITIONAL,
    INFIX,
    NOT,
    OR,
    POWER,
    UNARY,
    Code,
    call,
    infix,
    literal,
)
from autodiff.writers.python_code import ATOM as CODE_ATOM

__all__ = ["python_scalar"]

_LARGEST_PRODUCT = 3
_EXTREMA = {"maximum": ">=", "minimum": "<="}
_LOGIC = {"logical_and": ("and", AND), "logical_or": ("or", OR), "logical_xor": ("!=", COMPARISON)}
# These return for all floats; anything else may raise (1 / 0, log of 0, exp of 1000) and is
# not computed where the formula does not ask for it.
_NEVER_RAISE = frozenset(
    "add subtract multiply negative abs where equal not_equal less less_equal greater "
    "greater_equal logical_and logical_or logical_xor logical_not maximum minimum".split()
)
_INLINE = frozenset({*_NEVER_RAISE, *INFIX, "power"})


def python_scalar(
    expr_list: Sequence[Expression],
    names: Mapping[str, str],
    *,
    prefix: str = "t",
) -> tuple[list[str], list[str]]:
    """Source of formulas over Python floats.

    `where` becomes a conditional expression: the branch that is not chosen is not
    computed. Whole powers up to 3 become products. What occurs more than once and is
    more than a name is computed once, unless that would compute an unchosen branch
    that might raise.

    Args:
        expr_list: the formulas; their symbols are variables of the source.
        names: the callable for each operation that is not an operator, such as
            ``{"exp": "exp", "tanh": "math.tanh"}``. An operation that is missing here is
            written out by the table's rule if it has one (`sigmoid`), else it is called
            by its own name.
        prefix: what names of temporaries begin with.

    Returns:
        Statements to run first, and one expression for each formula.

    Raises:
        ValueError: a symbol's name is not a Python identifier.

    Example:
        >>> from autodiff.symbolic import Symbol
        >>> x, y = Symbol("x"), Symbol("y")
        >>> python_scalar([(x - y) ** 2, 1 / (x - y)], {})
        (['t0 = x - y'], ['t0 * t0', '1.0 / t0'])
    """
    known = _INLINE | names.keys()
    formulas = [fold_constants(simplify(expand(e, known))) for e in expr_list]
    writer = _Writer(formulas, names, prefix)
    results = [writer.code(e).text for e in formulas]
    return writer.statements, results


class _Writer:
    def __init__(self, formulas: Sequence[Expression], names: Mapping[str, str], prefix: str):
        symbols = {name for e in formulas for name in free_symbols(e)}
        check_names(symbols)
        self.names = names
        self.fresh = fresh_names(prefix, symbols | set(names.values()))
        self.statements: list[str] = []
        self.temporaries: dict[Expression, Code] = {}
        self.always: set[Expression] = set()
        self.uses: dict[Expression, int] = {}
        for e in formulas:
            self._mark(e)
        for e in formulas:
            self._count(e)

    def _mark(self, e: Expression) -> None:
        """Note what is computed whichever way the conditions go."""
        if e in self.always:
            return
        self.always.add(e)
        lazy = isinstance(e, Apply) and e.name in ("where", "logical_and", "logical_or")
        for operand in e.operands[:1] if lazy else e.operands:
            self._mark(operand)

    def _count(self, e: Expression, times: int = 1) -> None:
        before = self.uses.get(e, 0)
        self.uses[e] = before + times
        if isinstance(e, Apply) and (not before or not self._may_hoist(e)):
            for operand in e.args:
                self._count(operand, self._repeats(e) * (1 if self._may_hoist(e) else times))

    def _may_hoist(self, e: Expression) -> bool:
        """Whether it pays, and is allowed, to compute ``e`` ahead of its use."""
        if not isinstance(e, Apply) or (e.name == "negative" and not e.args[0].operands):
            return False
        return e in self.always or _never_raises(e)

    def _repeats(self, e: Apply) -> int:
        """How often the source of ``e`` names each of its operands."""
        if e.name in _EXTREMA:
            return 2
        return abs(whole_exponent(e) or 1) if self._as_product(e) else 1

    def _as_product(self, e: Apply) -> bool:
        exponent = whole_exponent(e)
        if e.name != "power" or exponent is None or not 1 < abs(exponent) <= _LARGEST_PRODUCT:
            return False
        return not e.args[0].operands or self._may_hoist(e.args[0])

    def code(self, e: Expression) -> Code:
        """The source of ``e``, whose shared parts are put into statements first."""
        if e in self.temporaries:
            return self.temporaries[e]
        if isinstance(e, Symbol):
            return Code(e.name)
        if isinstance(e, Constant):
            return literal(e.number)
        assert isinstance(e, Apply)
        code = self._operation(e)
        if self.uses[e] > 1 and self._may_hoist(e):
            name = next(self.fresh)
            self.statements.append(f"{name} = {code.text}")
            code = self.temporaries[e] = Code(name)
        return code

    def _operation(self, e: Apply) -> Code:
        args = [self.code(a) for a in e.args]
        if e.name in INFIX:
            return infix(e.name, args[0], args[1])
        if e.name == "negative":
            return Code(f"-{args[0].at(UNARY)}", UNARY)
        if e.name == "where":
            return _conditional(args[0].at(OR), args[1], args[2])
        if e.name in _EXTREMA:
            return _extremum(e, args)
        if e.name in _LOGIC:
            word, level = _LOGIC[e.name]
            a, b = (_truth(x, c).at(level + 1) for x, c in zip(e.args, args, strict=True))
            return Code(f"{a} {word} {b}", level)
        if e.name == "logical_not":
            return Code(f"not {_truth(e.args[0], args[0]).at(NOT)}", NOT)
        if (e.name == "power" and "power" not in self.names) or self._as_product(e):
            return self._power(e, *args)
        parameters = [Code(f"{key}={value!r}") for key, value in e.params]
        return call(self.names.get(e.name, e.name), [*args, *parameters])

    def _power(self, e: Apply, base: Code, exponent: Code) -> Code:
        if not self._as_product(e):
            return Code(f"{base.at(CODE_ATOM)} ** {exponent.at(UNARY)}", POWER)
        number = whole_exponent(e)
        assert number is not None
        result = base
        for _ in range(abs(number) - 1):
            result = infix("multiply", result, base)
        return result if number > 0 else infix("divide", Code("1.0"), result)


def _never_raises(e: Expression) -> bool:
    if isinstance(e, Apply) and e.name not in _NEVER_RAISE:
        return False
    return all(map(_never_raises, e.operands))


def _conditional(condition: str, a: Code, b: Code) -> Code:
    return Code(f"{a.at(OR)} if {condition} else {b.at(OR)}", CONDITIONAL)


def _extremum(e: Apply, args: list[Code]) -> Code:
    """NumPy's `maximum` and `minimum`, which are NaN if an operand is."""
    a, b = args
    if isinstance(e.args[0], Constant):
        a, b = b, a
    sign = _EXTREMA[e.name]
    a_text = a.at(POWER)
    return _conditional(f"{a_text} {sign} {b.at(POWER)} or {a_text} != {a_text}", a, b)


def _truth(e: Expression, code: Code) -> Code:
    return code if is_truth(e) else infix("not_equal", code, literal(0.0))
