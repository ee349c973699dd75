"""Comparisons, truth values, questions of single elements, and rounding to whole numbers."""

from __future__ import annotations

from autodiff.functions.signatures import Binary, Unary, binary, unary
from autodiff.ops.elementwise import comparison

__all__ = [
    "ceil",
    "equal",
    "floor",
    "greater",
    "greater_equal",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "not_equal",
    "rint",
    "trunc",
]

equal: Binary = binary(comparison.equal)
"""Whether the operands are equal."""
not_equal: Binary = binary(comparison.not_equal)
"""Whether the operands differ."""
greater: Binary = binary(comparison.greater)
"""Whether the first operand is greater."""
greater_equal: Binary = binary(comparison.greater_equal)
"""Whether the first operand is not less."""
less: Binary = binary(comparison.less)
"""Whether the first operand is less."""
less_equal: Binary = binary(comparison.less_equal)
"""Whether the first operand is not greater."""
logical_and: Binary = binary(comparison.logical_and)
"""Whether both operands are true."""
logical_or: Binary = binary(comparison.logical_or)
"""Whether an operand is true."""
logical_xor: Binary = binary(comparison.logical_xor)
"""Whether exactly one operand is true."""
logical_not: Unary = unary(comparison.logical_not)
"""Whether the operand is false."""
isnan: Unary = unary(comparison.isnan)
"""Whether the operand is not a number."""
isinf: Unary = unary(comparison.isinf)
"""Whether the operand is infinite."""
isfinite: Unary = unary(comparison.isfinite)
"""Whether the operand is finite."""
floor: Unary = unary(comparison.floor)
"""The largest integer not above; derivative 0. d floor(x)/dx = 0."""
ceil: Unary = unary(comparison.ceil)
"""The smallest integer not below; derivative 0. d ceil(x)/dx = 0."""
trunc: Unary = unary(comparison.trunc)
"""The integer towards 0; derivative 0. d trunc(x)/dx = 0."""
rint: Unary = unary(comparison.rint)
"""The nearest integer; derivative 0. d rint(x)/dx = 0."""
