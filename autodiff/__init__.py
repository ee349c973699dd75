"""Automatic differentiation that can be seen through.

A computation graph of `Value` (one float) and `Tensor` (an array) nodes records
operations as they run; `backward` walks it in reverse topological order and looks each
derivative up in one table of operations.

Example:
    >>> import autodiff as ad
    >>> x = ad.Value(2.0, name="x")
    >>> y = ad.tanh(x * x - 3)
    >>> y.backward()
    >>> round(x.grad, 6)
    1.679897
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autodiff import live, random
from autodiff.backward import backward, gradients
from autodiff.crossing import to_value, values
from autodiff.dtypes import default_dtype, get_default_dtype, set_default_dtype
from autodiff.errors import (
    FreedGraphError,
    GlassgradError,
    MissingExtraError,
    NonDifferentiableError,
    NonScalarBackwardError,
    ShapeError,
    StaleDataError,
    TracingError,
)
from autodiff.functions.elementwise import (
    abs,
    absolute,
    add,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    ceil,
    clip,
    cos,
    cosh,
    divide,
    elu,
    equal,
    erf,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    gelu,
    greater,
    greater_equal,
    hypot,
    isfinite,
    isinf,
    isnan,
    leaky_relu,
    less,
    less_equal,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    mish,
    multiply,
    negative,
    not_equal,
    positive,
    power,
    reciprocal,
    relu,
    remainder,
    rint,
    selu,
    sigmoid,
    sign,
    silu,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    subtract,
    tan,
    tanh,
    trunc,
    where,
)
from autodiff.functions.indexing import getitem, index_add, index_set, scatter
from autodiff.functions.linear import dot, einsum, matmul
from autodiff.functions.reductions import (
    all,
    any,
    argmax,
    argmin,
    cumsum,
    log_softmax,
    logsumexp,
    max,
    mean,
    min,
    prod,
    softmax,
    std,
    sum,
    var,
)
from autodiff.functions.shaping import (
    astype,
    broadcast_to,
    concatenate,
    expand_dims,
    flip,
    moveaxis,
    ones_like,
    pad,
    ravel,
    reshape,
    roll,
    split,
    squeeze,
    stack,
    swapaxes,
    transpose,
)
from autodiff.graph import Node, topological_order
from autodiff.methods import install_methods as _install_methods
from autodiff.modes import enable_grad, is_grad_enabled, no_grad, scope
from autodiff.scalar_fusions import total
from autodiff.tensor import Tensor
from autodiff.transforms import grad, value_and_grad
from autodiff.value import Value
from autodiff.value_operators import install_operators as _install_operators

if TYPE_CHECKING:
    from autodiff.compiler import compile
    from autodiff.testing import gradcheck

_install_methods()
_install_operators()


def __getattr__(name: str) -> Any:
    # What not every program needs is imported when first asked for.
    homes = {"compile": "autodiff.compiler", "gradcheck": "autodiff.testing"}
    if name not in homes:
        raise AttributeError(f"module 'autodiff' has no attribute {name!r}")
    globals()[name] = getattr(import_module(homes[name]), name)
    return globals()[name]


__all__ = [
    "FreedGraphError",
    "GlassgradError",
    "MissingExtraError",
    "Node",
    "NonDifferentiableError",
    "NonScalarBackwardError",
    "ShapeError",
    "StaleDataError",
    "Tensor",
    "TracingError",
    "Value",
    "abs",
    "absolute",
    "add",
    "all",
    "any",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "argmax",
    "argmin",
    "astype",
    "backward",
    "broadcast_to",
    "ceil",
    "clip",
    "compile",
    "concatenate",
    "cos",
    "cosh",
    "cumsum",
    "default_dtype",
    "divide",
    "dot",
    "einsum",
    "elu",
    "enable_grad",
    "equal",
    "erf",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "flip",
    "floor",
    "floor_divide",
    "gelu",
    "get_default_dtype",
    "getitem",
    "grad",
    "gradcheck",
    "gradients",
    "greater",
    "greater_equal",
    "hypot",
    "index_add",
    "index_set",
    "is_grad_enabled",
    "isfinite",
    "isinf",
    "isnan",
    "leaky_relu",
    "less",
    "less_equal",
    "live",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logsumexp",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mish",
    "moveaxis",
    "multiply",
    "negative",
    "no_grad",
    "not_equal",
    "ones_like",
    "pad",
    "positive",
    "power",
    "prod",
    "random",
    "ravel",
    "reciprocal",
    "relu",
    "remainder",
    "reshape",
    "rint",
    "roll",
    "scatter",
    "scope",
    "selu",
    "set_default_dtype",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "subtract",
    "sum",
    "swapaxes",
    "tan",
    "tanh",
    "to_value",
    "topological_order",
    "total",
    "transpose",
    "trunc",
    "value_and_grad",
    "values",
    "var",
    "where",
]
