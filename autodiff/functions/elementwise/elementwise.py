"""Elementwise functions, one for each elementwise entry of the operation table.

Each takes tensors, arrays and numbers, with NumPy's broadcasting, and gives a `Tensor`;
given Values (and numbers) only, it gives a `Value`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.functions import catalogue
from autodiff.functions.elementwise.comparison import equal, isfinite, logical_and, not_equal
from autodiff.functions.elementwise.masks import nonzero
from autodiff.functions.signatures import (
    Binary,
    Ternary,
    Unary,
    binary,
    ternary,
    unary,
)
from autodiff.graph.node import Node
from autodiff.ops.elementwise import (
    arithmetic,
    exponential,
    hyperbolic,
    selection,
    trigonometric,
)
from autodiff.tensors.operand_errors import condition_refused
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply, dispatch
from autodiff.tensors.tensor import Tensor

__all__ = [
    "abs",
    "absolute",
    "add",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "clip",
    "cos",
    "cosh",
    "divide",
    "exp",
    "exp2",
    "expm1",
    "floor_divide",
    "hypot",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "positive",
    "power",
    "reciprocal",
    "remainder",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "subtract",
    "tan",
    "tanh",
    "where",
]

add: Binary = binary(arithmetic.add)
"""Sum of two operands.

∂(a + b)/∂a = 1.
∂(a + b)/∂b = 1.
"""
subtract: Binary = binary(arithmetic.subtract)
"""Difference of two operands.

∂(a − b)/∂a = 1.
∂(a − b)/∂b = −1.
"""
multiply: Binary = binary(arithmetic.multiply)
"""Product of two operands, element by element.

∂(a · b)/∂a = b.
∂(a · b)/∂b = a.
"""
divide: Binary = binary(arithmetic.divide)
"""Quotient of two operands.

∂(a / b)/∂a = 1 / b.
∂(a / b)/∂b = −a / b / b.
"""
positive: Unary = unary(arithmetic.positive)
"""The operand itself, as a node of its own. d(x)/dx = 1."""
negative: Unary = unary(arithmetic.negative)
"""The operand with its sign changed. d(−x)/dx = −1."""
power: Binary = binary(arithmetic.power)
"""The first operand raised to the second; the derivative of x**0 at 0 is 0.

∂(a^b)/∂a = b · a^(0 if b = 0, else (b − 1)).
∂(a^b)/∂b = 0 if (a = 0) and (b ≥ 0), else (a^b · log(1 if a = 0, else a)).
"""
square: Unary = unary(arithmetic.square)
"""The operand times itself. d(x²)/dx = 2 · x."""
reciprocal: Unary = unary(arithmetic.reciprocal)
"""One divided by the operand. d(1 / x)/dx = −1 / x / x."""
sqrt: Unary = unary(arithmetic.sqrt)
"""Square root. d √x/dx = 0.5 / √x."""
hypot: Binary = binary(arithmetic.hypot)
"""Length of the vector (a, b); the gradient at the origin is the minimum-norm one, 0.

f = hypot(a, b).
∂f/∂a = 0 if f = 0, else (a / (1 if f = 0, else f)).
∂f/∂b = 0 if f = 0, else (b / (1 if f = 0, else f)).
"""
floor_divide: Binary = binary(arithmetic.floor_divide)
"""The quotient rounded down; derivative 0.

∂⌊a / b⌋/∂a = 0.
∂⌊a / b⌋/∂b = 0.
"""
remainder: Binary = binary(arithmetic.remainder)
"""What is left of the first operand after division, with the sign of the second.

∂(a mod b)/∂a = 1.
∂(a mod b)/∂b = −⌊a / b⌋.
"""

exp: Unary = unary(exponential.exp)
"""The exponential function. d exp(x)/dx = exp(x)."""
exp2: Unary = unary(exponential.exp2)
"""Two raised to the operand. d 2^(x)/dx = 0.6931 · 2^(x)."""


def _expm1_of_complex(z: Any) -> Any:
    usual = logical_and(isfinite(z), not_equal(z, 0))
    if is_array(z._data) and usual._data.all():
        return apply(exponential.expm1, z)
    # NumPy gives NaN where a part is infinite or NaN although the result is known.
    return where(usual, apply(exponential.expm1, where(usual, z, 1)), subtract(exp(z), 1))


expm1: Unary = unary(exponential.expm1, _expm1_of_complex)
"""exp(x) - 1, exact near 0. d expm1(x)/dx = exp(x)."""
log: Unary = unary(exponential.log)
"""Natural logarithm. d log(x)/dx = 1 / x."""
log1p: Unary = unary(exponential.log1p)
"""log(1 + x), exact near 0. d log1p(x)/dx = 1 / (1 + x)."""
log2: Unary = unary(exponential.log2)
"""Logarithm to base 2. d log₂(x)/dx = 1 / (0.6931 · x)."""
log10: Unary = unary(exponential.log10)
"""Logarithm to base 10. d log₁₀(x)/dx = 1 / (2.303 · x)."""
logaddexp: Binary = binary(exponential.logaddexp)
"""log(exp(a) + exp(b)) without overflow.

f = logaddexp(a, b).
∂f/∂a = 0 if f = (−∞), else σ((0 if a = b, else a) − (0 if a = b, else b)).
∂f/∂b = 0 if f = (−∞), else σ((0 if b = a, else b) − (0 if b = a, else a)).
"""

sin: Unary = unary(trigonometric.sin)
"""Sine. d sin(x)/dx = cos(x)."""
cos: Unary = unary(trigonometric.cos)
"""Cosine. d cos(x)/dx = −sin(x)."""
tan: Unary = unary(trigonometric.tan)
"""Tangent. d tan(x)/dx = 1 + tan(x)²."""
arcsin: Unary = unary(trigonometric.arcsin)
"""Inverse sine. d arcsin(x)/dx = 1 / √(1 − x²)."""
arccos: Unary = unary(trigonometric.arccos)
"""Inverse cosine. d arccos(x)/dx = −1 / √(1 − x²)."""
arctan: Unary = unary(trigonometric.arctan)
"""Inverse tangent. d arctan(x)/dx = 1 / (1 + x²)."""
arctan2: Binary = binary(trigonometric.arctan2)
"""Angle of the point (b, a); gradient 0 at the origin, where none exists.

∂arctan2(a, b)/∂a = b / (1 if a² + b² = 0, else (a² + b²)).
∂arctan2(a, b)/∂b = −a / (1 if a² + b² = 0, else (a² + b²)).
"""

sinh: Unary = unary(hyperbolic.sinh)
"""Hyperbolic sine. d sinh(x)/dx = cosh(x)."""
cosh: Unary = unary(hyperbolic.cosh)
"""Hyperbolic cosine. d cosh(x)/dx = sinh(x)."""
tanh: Unary = unary(hyperbolic.tanh)
"""Hyperbolic tangent. d tanh(x)/dx = 1 − tanh(x)²."""
arcsinh: Unary = unary(hyperbolic.arcsinh)
"""Inverse hyperbolic sine. d arcsinh(x)/dx = 1 / √(1 + x²)."""
arccosh: Unary = unary(hyperbolic.arccosh)
"""Inverse hyperbolic cosine. d arccosh(x)/dx = 1 / (√(x − 1) · √(x + 1))."""
arctanh: Unary = unary(hyperbolic.arctanh)
"""Inverse hyperbolic tangent. d arctanh(x)/dx = 1 / (1 − x²)."""


def _modulus(z: Any) -> Any:
    return catalogue.find("modulus")(z)


def _direction(z: Any) -> Any:
    size = _modulus(z)
    # A zero has no sign: adding 0 turns -0.0 into 0.0.
    return divide(add(z, 0), where(equal(size, 0), 1.0, size))


absolute: Unary = unary(selection.absolute, _modulus)
"""Absolute value; derivative 0 at 0. d |x|/dx = sign(x)."""
abs: Unary = absolute
"""Absolute value; derivative 0 at 0. d |x|/dx = sign(x)."""
sign: Unary = unary(selection.sign, _direction)
"""-1, 0 or 1; derivative 0 everywhere. d sign(x)/dx = 0."""
maximum: Binary = binary(selection.maximum)
"""The larger of two operands.

∂max(a, b)/∂a = 0.5 if a = b, else (1 if a > b, else 0).
∂max(a, b)/∂b = 0.5 if a = b, else (1 if b > a, else 0).
"""
minimum: Binary = binary(selection.minimum)
"""The smaller of two operands.

∂min(a, b)/∂a = 0.5 if a = b, else (1 if a < b, else 0).
∂min(a, b)/∂b = 0.5 if a = b, else (1 if b < a, else 0).
"""
_clip = ternary(selection.clip)


def _chosen(condition: Any, input: Any = None, other: Any = None) -> Any:
    if input is None or other is None:
        if input is not other:
            raise TypeError("where() takes three operands, and none of them may be None")
        return nonzero(condition)
    if isinstance(condition, (list, tuple)):
        condition = as_operand(condition)
    dtype = getattr(condition, "dtype", None)
    if dtype is not None and dtype.kind in "fc":
        raise condition_refused(dtype, "where")
    return dispatch(selection.where, (condition, input, other), {})


where: Ternary = ternary(selection.where, _chosen)
"""The second operand where the first is true, else the third. Given the first alone, the places
where it is true, as a tuple: see `nonzero`.

∂(a if condition, else b)/∂condition = 0.
∂(a if condition, else b)/∂a = 1 if condition, else 0.
∂(a if condition, else b)/∂b = 0 if condition, else 1.
"""


def clip(input: Any, min: Any = None, max: Any = None) -> Any:
    """The operand limited to an interval; its edges get the gradient where they are the result.

    Args:
        input: tensor, value, array or number.
        min: the lower edge, broadcast against ``input``; None for none.
        max: the upper edge; it wins where it is below the lower one.

    Returns:
        A node; at an edge no gradient goes to ``input``.

    Example:
        >>> clip([-1.0, 0.5, 3.0], 0.0, 1.0).tolist(), clip([-1.0, 3.0], max=1.0).tolist()
        ([0.0, 0.5, 1.0], [-1.0, 1.0])
    """
    if min is None or max is None:
        input = input if isinstance(input, Node) else as_operand(input)
        lowest, highest = _range(input)
        min, max = lowest if min is None else min, highest if max is None else max
    return _clip(input, min, max)


def _range(x: Any) -> tuple[Any, Any]:
    if isinstance(x, Tensor) and x.dtype.kind in "iu":
        limits = np.iinfo(x.dtype)
        return limits.min, limits.max
    return -math.inf, math.inf
