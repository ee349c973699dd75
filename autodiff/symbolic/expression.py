"""Formulas as plain data: symbols, constants, and operations of the table applied to them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

__all__ = ["Apply", "Constant", "Expression", "Number", "Symbol", "free_symbols", "lift"]

Number = int | float | bool


class Expression:
    """A formula. It never changes once made.

    Python's operators build larger formulas. ``==`` and ``hash`` are structural: two
    formulas are equal when they are written the same way, so ``x + 1 == x + 1`` is
    true and ``x + 1 == 1 + x`` is not. The comparison *of values* is `equal` or
    `not_equal`. The ordering operators build a formula, since a formula has no order.

    Example:
        >>> from autodiff.symbolic import Symbol
        >>> from autodiff.writers.text import to_text
        >>> y = Symbol("y")
        >>> to_text(1 - y * y)
        '1 − y · y'
    """

    __slots__ = ("_hash", "_key")

    _hash: int
    _key: tuple[Any, ...]

    def _identify(self, *key: Any) -> None:
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_hash", hash(key))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an expression cannot change: {name} was assigned; build a new one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an expression cannot change: {name} was deleted; build a new one")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Expression):
            return NotImplemented
        return self._hash == other._hash and self._key == other._key

    def __hash__(self) -> int:
        return self._hash

    def __bool__(self) -> bool:
        raise TypeError(
            f"the truth of {self!r} is not known: a rule may not branch in Python on a symbol; "
            "use xp.where(condition, a, b)"
        )

    def equal(self, other: Any) -> Apply:
        """The formula that is true where both sides have the same value."""
        return _apply("equal", self, other)

    def not_equal(self, other: Any) -> Apply:
        """The formula that is true where the two sides differ in value."""
        return _apply("not_equal", self, other)

    def __lt__(self, other: Any) -> Apply:
        return _apply("less", self, other)

    def __le__(self, other: Any) -> Apply:
        return _apply("less_equal", self, other)

    def __gt__(self, other: Any) -> Apply:
        return _apply("greater", self, other)

    def __ge__(self, other: Any) -> Apply:
        return _apply("greater_equal", self, other)

    def __add__(self, other: Any) -> Apply:
        return _apply("add", self, other)

    def __radd__(self, other: Any) -> Apply:
        return _apply("add", other, self)

    def __sub__(self, other: Any) -> Apply:
        return _apply("subtract", self, other)

    def __rsub__(self, other: Any) -> Apply:
        return _apply("subtract", other, self)

    def __mul__(self, other: Any) -> Apply:
        return _apply("multiply", self, other)

    def __rmul__(self, other: Any) -> Apply:
        return _apply("multiply", other, self)

    def __truediv__(self, other: Any) -> Apply:
        return _apply("divide", self, other)

    def __rtruediv__(self, other: Any) -> Apply:
        return _apply("divide", other, self)

    def __pow__(self, other: Any) -> Apply:
        return _apply("power", self, other)

    def __rpow__(self, other: Any) -> Apply:
        return _apply("power", other, self)

    def __and__(self, other: Any) -> Apply:
        return _apply("logical_and", self, other)

    def __rand__(self, other: Any) -> Apply:
        return _apply("logical_and", other, self)

    def __or__(self, other: Any) -> Apply:
        return _apply("logical_or", self, other)

    def __ror__(self, other: Any) -> Apply:
        return _apply("logical_or", other, self)

    def __xor__(self, other: Any) -> Apply:
        return _apply("logical_xor", self, other)

    def __rxor__(self, other: Any) -> Apply:
        return _apply("logical_xor", other, self)

    def __invert__(self) -> Apply:
        return _apply("logical_not", self)

    def __neg__(self) -> Apply:
        return _apply("negative", self)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Apply:
        return _apply("abs", self)

    @property
    def operands(self) -> tuple[Expression, ...]:
        """What the outermost operation is applied to; empty for symbols and constants."""
        return ()

    def walk(self) -> Iterator[Expression]:
        """This formula and all its parts, operands before the operations on them.

        A part that occurs several times comes several times.
        """
        for operand in self.operands:
            yield from operand.walk()
        yield self


class Symbol(Expression):
    """A quantity known by name only.

    Args:
        name: any string; the printers write it as it is.
    """

    __slots__ = ("name",)

    name: str

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise TypeError(
                f"a symbol was named {name!r}; its name must be a string that is not empty"
            )
        object.__setattr__(self, "name", name)
        self._identify("symbol", name)

    def __repr__(self) -> str:
        return f"Symbol({self.name!r})"


class Constant(Expression):
    """A number. ``Constant(2) == Constant(2.0)``, but True and 1 are different constants.

    Args:
        number: an int, a float or a bool (NumPy's scalars and 0-d arrays are turned into these).
    """

    __slots__ = ("number",)

    number: Number

    def __init__(self, number: Any) -> None:
        plain = number.item() if hasattr(number, "item") and not hasattr(number, "op") else number
        if not isinstance(plain, (bool, int, float)):
            raise TypeError(
                f"a constant of a formula was given {number!r} of type {type(number).__name__}; "
                "it must be one real number"
            )
        object.__setattr__(self, "number", plain)
        if isinstance(plain, bool):
            self._identify("truth", plain)
        elif plain == plain:
            self._identify("number", plain, plain == 0 and math.copysign(1, plain) < 0)
        else:
            self._identify("nan")

    def __repr__(self) -> str:
        return f"Constant({self.number!r})"


class Apply(Expression):
    """An operation applied to operands.

    Args:
        name: name of the operation, that of the table or of NumPy.
        args: the operands.
        params: parameters that are plain values, such as ``negative_slope``.
    """

    __slots__ = ("args", "name", "params")

    name: str
    args: tuple[Expression, ...]
    params: tuple[tuple[str, Any], ...]

    def __init__(
        self,
        name: str,
        args: tuple[Expression, ...],
        params: tuple[tuple[str, Any], ...] = (),
    ) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "args", tuple(args))
        object.__setattr__(self, "params", tuple(sorted(params)))
        self._identify("apply", name, self.args, self.params)

    @property
    def operands(self) -> tuple[Expression, ...]:
        """What the operation is applied to."""
        return self.args

    def __repr__(self) -> str:
        parts = [repr(a) for a in self.args] + [f"{k}={v!r}" for k, v in self.params]
        return f"{self.name}({', '.join(parts)})"


def free_symbols(expr: Expression) -> tuple[str, ...]:
    """Names of the symbols in a formula, each once, in the order in which they are met."""
    return tuple(dict.fromkeys(e.name for e in expr.walk() if isinstance(e, Symbol)))


def lift(operand: Any) -> Expression:
    """A formula as it is, a number as a `Constant`.

    Raises:
        TypeError: for anything else.
    """
    return operand if isinstance(operand, Expression) else Constant(operand)


def _apply(name: str, *operands: Any) -> Apply:
    return Apply(name, tuple(lift(operand) for operand in operands))
