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
not_equal: Binary = binary(comparison.not_equal)
greater: Binary = binary(comparison.greater)
greater_equal: Binary = binary(comparison.greater_equal)
less: Binary = binary(comparison.less)
less_equal: Binary = binary(comparison.less_equal)
logical_and: Binary = binary(comparison.logical_and)
logical_or: Binary = binary(comparison.logical_or)
logical_xor: Binary = binary(comparison.logical_xor)
logical_not: Unary = unary(comparison.logical_not)
isnan: Unary = unary(comparison.isnan)
isinf: Unary = unary(comparison.isinf)
isfinite: Unary = unary(comparison.isfinite)
floor: Unary = unary(comparison.floor)
ceil: Unary = unary(comparison.ceil)
trunc: Unary = unary(comparison.trunc)
rint: Unary = unary(comparison.rint)
