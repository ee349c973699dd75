"""Activation functions beside the common ones, with PyTorch's names and parameters.

Those without a description of their own are elementwise, for tensors, arrays, numbers and
Values. At a kink their derivative is the subgradient of least magnitude.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import live
from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.functions.elementwise import activations
from autodiff.functions.elementwise.elementary import log_sigmoid
from autodiff.functions.networks.probabilities import softmax
from autodiff.functions.shaping.shaping import place_of_axis, reshape
from autodiff.functions.signatures import Parametric, Unary, binary, parametric, unary
from autodiff.ops.elementwise import piecewise
from autodiff.random import generator
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "celu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "logsigmoid",
    "prelu",
    "relu6",
    "rrelu",
    "softmin",
    "softshrink",
    "softsign",
    "squareplus",
    "tanhshrink",
    "threshold",
]

relu6: Unary = unary(piecewise.relu6)
"""x between 0 and 6, the bounds beyond; derivative 0 at both.

d ReLU6(x)/dx = 1 if (x > 0) and (x < 6), else 0.
"""
hardtanh: Parametric = parametric(piecewise.hardtanh)
"""x between two bounds, the bounds beyond; derivative 0 at both.

d HardTanh(x)/dx = 1 if (x > min_val) and (x < max_val), else 0.
"""
hardsigmoid: Unary = unary(piecewise.hardsigmoid)
"""A line from 0 at -3 to 1 at 3, constant beyond; derivative 0 at both.

d HardSigmoid(x)/dx = 0.1667 if (x > (−3)) and (x < 3), else 0.
"""
hardswish: Unary = unary(piecewise.hardswish)
"""x times `hardsigmoid` of x (Howard et al., 2019); derivative 0 at -3 and 1 at 3.

f = HardSwish(x).
d f/dx = 1 if x ≥ 3, else (((2 · x + 3) / 6) if (x > (−3)) and (x < 3), else 0).
"""
celu: Parametric = parametric(piecewise.celu)
"""x above 0 and alpha * (exp(x / alpha) - 1) below, smooth at 0 (Barron, 2017).

d CELU(x)/dx = 1 if x > 0, else exp(min(x, 0) / alpha).
"""
softshrink: Parametric = parametric(piecewise.softshrink)
"""x moved towards 0 by lambd, 0 where that is nearer; derivative 0 at both edges.

d SoftShrink(x)/dx = 0 if |x| ≤ lambd, else 1.
"""
hardshrink: Parametric = parametric(piecewise.hardshrink)
"""x where it is larger than lambd in magnitude, else 0, and so is the derivative.

d HardShrink(x)/dx = 0 if |x| ≤ lambd, else 1.
"""
tanhshrink: Unary = unary(piecewise.tanhshrink)
"""x - tanh(x). d TanhShrink(x)/dx = tanh(x)²."""
softsign: Unary = unary(piecewise.softsign)
"""x / (1 + |x|). d SoftSign(x)/dx = 1 / (1 + |x|)²."""
squareplus: Parametric = parametric(piecewise.squareplus)
"""(x + sqrt(x² + b)) / 2, a smooth `relu` without exponentials (Barron, 2021).

d SquarePlus(x)/dx = SquarePlus(x) / √(x² + b).
"""
threshold: Parametric = parametric(piecewise.threshold)
"""x above a threshold, a constant value at it and below, where the derivative is 0.

d threshold(x)/dx = 0 if x ≤ threshold, else 1.
"""
logsigmoid: Unary = log_sigmoid
"""Logarithm of `sigmoid`, without overflow. d log σ(x)/dx = σ(−x)."""
_prelu = binary(piecewise.prelu)


def prelu(x: Any, weight: Any) -> Any:
    """Parametric rectifier: x above 0 and ``weight * x`` below (He et al., 2015).

    At 0 the derivative by x is the subgradient of least magnitude, that by the weight 0.

    Args:
        x: tensor, Value, array or number.
        weight: of any shape that broadcasts against ``x``; or one number per channel, of
            shape (C,), where ``x`` is of shape (N, C, …), or of shape (1,) beside one number.

    Returns:
        A node of the shape of ``x``.

    Raises:
        ShapeError: the shapes fit in neither way.

    Example:
        >>> prelu([-2.0, 4.0], 0.25).tolist()
        [-0.5, 4.0]
        >>> prelu(np.full((1, 2, 1), -1.0), np.array([0.5, 0.25])).ravel().tolist()
        [-0.5, -0.25]
    """
    if any(is_array(given) or isinstance(given, (list, tuple)) for given in (x, weight)):
        x, weight = operands_of((x, weight))
    channels = len(weight) if getattr(weight, "ndim", 0) == 1 else 0
    ndim = getattr(x, "ndim", 0)
    if channels > 1 and ndim > 2 and x.shape[1] == channels:
        weight = reshape(weight, (-1,) + (1,) * (ndim - 2))
    elif channels == 1 and getattr(x, "shape", None) == ():
        weight = reshape(weight, ())
    return _prelu(x, weight)


def rrelu(
    x: TensorLike,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    rng: np.random.Generator | None = None,
) -> Any:
    """Randomised rectifier: below 0 a slope drawn for each element, or the mean slope.

    Args:
        x: tensor, array or number.
        lower: the smallest slope.
        upper: the largest slope.
        training: draw the slopes; otherwise all are the mean of the two bounds.
        rng: what draws them, the library's generator by default.

    Returns:
        A node of the shape of ``x``.

    Raises:
        ValueError: the bounds are not in order.

    Example:
        >>> rrelu([-8.0, 1.0], 0.0, 0.25).tolist()
        [-1.0, 1.0]
    """
    if not lower <= upper:
        raise ValueError(f"rrelu() was given lower={lower} and upper={upper}; lower comes first")
    if not training:
        return activations.leaky_relu(x, negative_slope=0.5 * (lower + upper))
    x = as_operand(x)
    draws = constant(live.uniform(generator(rng), x.shape))
    return _prelu(x, (draws * (upper - lower) + lower).astype(x.dtype))


def glu(x: Any, axis: int = -1) -> Tensor:
    """Gated linear unit: the first half times `sigmoid` of the second (Dauphin et al., 2017).

    Args:
        x: tensor or array.
        axis: the axis that is halved.

    Returns:
        A tensor half as long along ``axis``.

    Raises:
        ShapeError: there is no such axis, or its length is odd.

    Example:
        >>> glu([2.0, 0.0]).tolist()
        [1.0]
    """
    x = as_operand(x)
    place = place_of_axis(axis, x.ndim)
    half, odd = divmod(x.shape[place], 2)
    if odd:
        raise ShapeError(
            f"glu() was given shape {x.shape} and axis={axis}; the length {x.shape[place]} cannot "
            "be halved"
        )
    before = (slice(None),) * place
    gate: Tensor = activations.sigmoid(x[(*before, slice(half, None))])
    return x[(*before, slice(0, half))] * gate  # type: ignore[no-any-return]


def softmin(x: TensorLike, axis: int = -1) -> Tensor:
    """`softmax` of the negated operand.

    Example:
        >>> softmin([0.0, 0.0]).tolist()
        [0.5, 0.5]
    """
    return softmax(-as_operand(x), axis)
