"""Elementwise functions, one for each elementwise entry of the operation table.

Each takes tensors, arrays and numbers, with NumPy's broadcasting, and gives a `Tensor`;
given Values (and numbers) only, it gives a `Value`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.functions import catalogue
from autodiff.graph import Node
from autodiff.operands import as_operand
from autodiff.operations import apply
from autodiff.operations import elementwise_function as _function
from autodiff.ops import (
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

add = _function(arithmetic.add)
subtract = _function(arithmetic.subtract)
multiply = _function(arithmetic.multiply)
divide = _function(arithmetic.divide)
positive = _function(arithmetic.positive)
negative = _function(arithmetic.negative)
power = _function(arithmetic.power)
square = _function(arithmetic.square)
reciprocal = _function(arithmetic.reciprocal)
sqrt = _function(arithmetic.sqrt)
hypot = _function(arithmetic.hypot)
floor_divide = _function(arithmetic.floor_divide)
remainder = _function(arithmetic.remainder)

exp = _function(exponential.exp)
exp2 = _function(exponential.exp2)


def _expm1_of_complex(z: Any) -> Any:
    usual = logical_and(isfinite(z), not_equal(z, 0))
    if isinstance(z._data, np.ndarray) and usual._data.all():
        return apply(exponential.expm1, z)
    # NumPy gives NaN where a part is infinite or NaN although the result is known.
    return where(usual, apply(exponential.expm1, where(usual, z, 1)), subtract(exp(z), 1))


expm1 = _function(exponential.expm1, _expm1_of_complex)
log = _function(exponential.log)
log1p = _function(exponential.log1p)
log2 = _function(exponential.log2)
log10 = _function(exponential.log10)
logaddexp = _function(exponential.logaddexp)

sin = _function(trigonometric.sin)
cos = _function(trigonometric.cos)
tan = _function(trigonometric.tan)
arcsin = _function(trigonometric.arcsin)
arccos = _function(trigonometric.arccos)
arctan = _function(trigonometric.arctan)
arctan2 = _function(trigonometric.arctan2)

sinh = _function(hyperbolic.sinh)
cosh = _function(hyperbolic.cosh)
tanh = _function(hyperbolic.tanh)
arcsinh = _function(hyperbolic.arcsinh)
arccosh = _function(hyperbolic.arccosh)
arctanh = _function(hyperbolic.arctanh)

sigmoid = _function(activations.sigmoid)
softplus = _function(activations.softplus)
relu = _function(activations.relu)
leaky_relu = _function(activations.leaky_relu)
elu = _function(activations.elu)
selu = _function(activations.selu)
silu = _function(activations.silu)
mish = _function(activations.mish)
erf = _function(activations.erf)
erfc = _function(activations.erfc)
_gelu_exact = _function(activations.gelu)
gelu_tanh = _function(activations.gelu_tanh)


def _modulus(z: Any) -> Any:
    return catalogue.find("modulus")(z)


def _direction(z: Any) -> Any:
    size = _modulus(z)
    # A zero has no sign: adding 0 turns -0.0 into 0.0.
    return divide(add(z, 0), where(equal(size, 0), 1.0, size))


absolute = abs = _function(selection.absolute, _modulus)
sign = _function(selection.sign, _direction)
maximum = _function(selection.maximum)
minimum = _function(selection.minimum)
_clip = _function(selection.clip)
where = _function(selection.where)

equal = _function(comparison.equal)
not_equal = _function(comparison.not_equal)
greater = _function(comparison.greater)
greater_equal = _function(comparison.greater_equal)
less = _function(comparison.less)
less_equal = _function(comparison.less_equal)
logical_and = _function(comparison.logical_and)
logical_or = _function(comparison.logical_or)
logical_xor = _function(comparison.logical_xor)
logical_not = _function(comparison.logical_not)
isnan = _function(comparison.isnan)
isinf = _function(comparison.isinf)
isfinite = _function(comparison.isfinite)
floor = _function(comparison.floor)
ceil = _function(comparison.ceil)
trunc = _function(comparison.trunc)
rint = _function(comparison.rint)


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    """The operand limited to an interval; its edges get the gradient where they are the result.

    Args:
        x: tensor, value, array or number.
        min: the lower edge, broadcast against ``x``; None for none.
        max: the upper edge; it wins where it is below the lower one.

    Returns:
        A node; at an edge no gradient goes to ``x``.

    Example:
        >>> clip([-1.0, 0.5, 3.0], 0.0, 1.0).tolist(), clip([-1.0, 3.0], max=1.0).tolist()
        ([0.0, 0.5, 1.0], [-1.0, 1.0])
    """
    if min is None or max is None:
        x = x if isinstance(x, Node) else as_operand(x)
        lowest, highest = _range(x)
        min, max = lowest if min is None else min, highest if max is None else max
    return _clip(x, min, max)


def _range(x: Any) -> tuple[Any, Any]:
    if isinstance(x, Tensor) and x.dtype.kind in "iu":
        limits = np.iinfo(x.dtype)
        return limits.min, limits.max
    return -math.inf, math.inf


def gelu(x: Any, approximate: str = "none") -> Any:
    """Gaussian error linear unit, x·Φ(x) (Hendrycks and Gimpel, 2016).

    Args:
        x: tensor, value, array or number.
        approximate: ``"none"`` for the error function, ``"tanh"`` for the approximation.

    Returns:
        A node of the shape of ``x``.

    Raises:
        ValueError: ``approximate`` is neither.

    Example:
        >>> round(float(gelu(1.0).item()), 4)
        0.8413
    """
    if approximate == "none":
        return _gelu_exact(x)
    if approximate == "tanh":
        return gelu_tanh(x)
    raise ValueError(f"approximate must be 'none' or 'tanh', not {approximate!r}")
