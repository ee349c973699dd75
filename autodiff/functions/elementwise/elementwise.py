"""Elementwise functions, one for each elementwise entry of the operation table.

Each takes tensors, arrays and numbers, with NumPy's broadcasting, and gives a `Tensor`;
given Values (and numbers) only, it gives a `Value`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.diagnosis.operand_errors import condition_refused
from autodiff.functions import catalogue
from autodiff.functions.elementwise.masks import nonzero
from autodiff.functions.signatures import (
    Binary,
    Parametric,
    Ternary,
    Unary,
    binary,
    parametric,
    ternary,
    unary,
)
from autodiff.graph import Node
from autodiff.operands import as_operand
from autodiff.operations import apply, dispatch
from autodiff.ops.elementwise import (
    activations,
    arithmetic,
    comparison,
    exponential,
    hyperbolic,
    selection,
    trigonometric,
)
from autodiff.tensor import Tensor

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
    "ceil",
    "clip",
    "cos",
    "cosh",
    "divide",
    "elu",
    "equal",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "floor_divide",
    "gelu",
    "gelu_tanh",
    "greater",
    "greater_equal",
    "hypot",
    "isfinite",
    "isinf",
    "isnan",
    "leaky_relu",
    "less",
    "less_equal",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mish",
    "multiply",
    "negative",
    "not_equal",
    "positive",
    "power",
    "reciprocal",
    "relu",
    "remainder",
    "rint",
    "selu",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "subtract",
    "tan",
    "tanh",
    "trunc",
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

sigmoid: Unary = unary(activations.sigmoid)
softplus: Unary = unary(activations.softplus)
relu: Unary = unary(activations.relu)
leaky_relu: Parametric = parametric(activations.leaky_relu)
elu: Parametric = parametric(activations.elu)
selu: Unary = unary(activations.selu)
silu: Unary = unary(activations.silu)
mish: Unary = unary(activations.mish)
erf: Unary = unary(activations.erf)
erfc: Unary = unary(activations.erfc)
_gelu_exact = unary(activations.gelu)
gelu_tanh: Unary = unary(activations.gelu_tanh)


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


def gelu(input: Any, approximate: str = "none") -> Any:
    """Gaussian error linear unit, x·Φ(x) (Hendrycks and Gimpel, 2016).

    Args:
        input: tensor, value, array or number.
        approximate: ``"none"`` for the error function, ``"tanh"`` for the approximation.

    Returns:
        A node of the shape of ``input``.

    Raises:
        ValueError: ``approximate`` is neither.

    Example:
        >>> round(float(gelu(1.0).item()), 4)
        0.8413
    """
    if approximate == "none":
        return _gelu_exact(input)
    if approximate == "tanh":
        return gelu_tanh(input)
    raise ValueError(f"approximate must be 'none' or 'tanh', not {approximate!r}")
