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

from autodiff import methods as _methods
from autodiff import live, random
from autodiff import scalar_functions as _scalar_functions
from autodiff import value_operators as _value_operators
from autodiff.backward import backward, gradients
from autodiff.compiler import compile
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
from autodiff.modes import enable_grad, is_grad_enabled, no_grad, scope
from autodiff.scalar_fusions import total
from autodiff.tensor import Tensor
from autodiff.transforms import grad, value_and_grad
from autodiff.value import Value

__all__ = [name for name in dir() if not name.startswith("_") and name != "annotations"]
