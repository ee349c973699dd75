"""Pieces of Python source with their precedence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from autodiff.symbolic.expression import Number

__all__ = [
    "AND",
    "ATOM",
    "COMPARISON",
    "CONDITIONAL",
    "INFIX",
    "NOT",
    "OR",
    "POWER",
    "SUM",
    "UNARY",
    "Code",
    "call",
    "indented",
    "infix",
    "literal",
]

CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, TERM, UNARY, POWER, ATOM = range(10)

INFIX: dict[str, tuple[str, int]] = {
    "add": ("+", SUM),
    "subtract": ("-", SUM),
    "multiply": ("*", TERM),
    "divide": ("/", TERM),
    "equal": ("==", COMPARISON),
    "not_equal": ("!=", COMPARISON),
    "less": ("<", COMPARISON),
    "less_equal": ("<=", COMPARISON),
    "greater": (">", COMPARISON),
    "greater_equal": (">=", COMPARISON),
}


class Code(NamedTuple):
    """Source of a Python expression and the precedence of its outermost operator."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The source where a precedence of at least ``level`` is needed."""
        return self.text if self.level >= level else f"({self.text})"


def infix(name: str, a: Code, b: Code) -> Code:
    """An arithmetic operator or a comparison between two pieces.

    The right operand of equal precedence keeps its brackets: floating-point sums and
    products are not associative, and a comparison may not become a chain.
    """
    sign, level = INFIX[name]
    left = level + 1 if level == COMPARISON else level
    return Code(f"{a.at(left)} {sign} {b.at(level + 1)}", level)


def call(function: str, operands: list[Code]) -> Code:
    """A function applied to operands."""
    return Code(f"{function}({', '.join(x.text for x in operands)})")


def literal(number: Number) -> Code:
    """A number as a float literal that reads back as the same number."""
    if isinstance(number, bool):
        return Code(repr(number))
    value = float(number)
    if not math.isfinite(value):
        return Code(f"float('{value}')")
    return Code(repr(value), UNARY if math.copysign(1, value) < 0 else ATOM)


def indented(lines: Iterable[str]) -> list[str]:
    """Lines one level further in; empty ones stay empty."""
    return [f"    {line}" if line else line for line in lines]
