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
subtract: Binary = binary(arithmetic.subtract)
multiply: Binary = binary(arithmetic.multiply)
divide: Binary = binary(arithmetic.divide)
positive: Unary = unary(arithmetic.positive)
negative: Unary = unary(arithmetic.negative)
power: Binary = binary(arithmetic.power)
square: Unary = unary(arithmetic.square)
reciprocal: Unary = unary(arithmetic.reciprocal)
sqrt: Unary = unary(arithmetic.sqrt)
hypot: Binary = binary(arithmetic.hypot)
floor_divide: Binary = binary(arithmetic.floor_divide)
remainder: Binary = binary(arithmetic.remainder)

exp: Unary = unary(exponential.exp)
exp2: Unary = unary(exponential.exp2)


def _expm1_of_complex(z: Any) -> Any:
    usual = logical_and(isfinite(z), not_equal(z, 0))
    if is_array(z._data) and usual._data.all():
        return apply(exponential.expm1, z)
    # NumPy gives NaN where a part is infinite or NaN although the result is known.
    return where(usual, apply(exponential.expm1, where(usual, z, 1)), subtract(exp(z), 1))


expm1: Unary = unary(exponential.expm1, _expm1_of_complex)
log: Unary = unary(exponential.log)
log1p: Unary = unary(exponential.log1p)
log2: Unary = unary(exponential.log2)
log10: Unary = unary(exponential.log10)
logaddexp: Binary = binary(exponential.logaddexp)

sin: Unary = unary(trigonometric.sin)
cos: Unary = unary(trigonometric.cos)
tan: Unary = unary(trigonometric.tan)
arcsin: Unary = unary(trigonometric.arcsin)
arccos: Unary = unary(trigonometric.arccos)
arctan: Unary = unary(trigonometric.arctan)
arctan2: Binary = binary(trigonometric.arctan2)

sinh: Unary = unary(hyperbolic.sinh)
cosh: Unary = unary(hyperbolic.cosh)
tanh: Unary = unary(hyperbolic.tanh)
arcsinh: Unary = unary(hyperbolic.arcsinh)
arccosh: Unary = unary(hyperbolic.arccosh)
arctanh: Unary = unary(hyperbolic.arctanh)


def _modulus(z: Any) -> Any:
    return catalogue.find("modulus")(z)


def _direction(z: Any) -> Any:
    size = _modulus(z)
    # A zero has no sign: adding 0 turns -0.0 into 0.0.
    return divide(add(z, 0), where(equal(size, 0), 1.0, size))


absolute: Unary = unary(selection.absolute, _modulus)
abs: Unary = absolute
sign: Unary = unary(selection.sign, _direction)
maximum: Binary = binary(selection.maximum)
minimum: Binary = binary(selection.minimum)
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
