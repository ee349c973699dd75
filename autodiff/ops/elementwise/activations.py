"""Activation functions of neural networks.

At a kink the derivative follows one rule: where the function is convex (or concave)
the subgradient of least magnitude, so 0 for `relu` at 0 and ``negative_slope`` for
`leaky_relu` at 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.ops.primitive import ADDITIVE, MULTIPLICATIVE, Elementwise, Notation, elementwise

_REAL = np.dtype(float)
_DENSITY = 1 / math.sqrt(2 * math.pi)
_SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
_CUBIC = 0.044715
_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


def _kink(xp: Any, left: Any) -> Any:
    """The number of least magnitude between a left derivative and the right one, 1."""
    if isinstance(left, float):
        # As a node it would have the default precision, whatever that of the operand.
        return min(max(left, 0.0), 1.0)
    return xp.minimum(xp.maximum(left, 0.0), 1.0)


def _sigmoid(xp: Any, x: Any) -> Any:
    if getattr(x, "dtype", _REAL).kind == "c":
        return 1 / (1 + xp.exp(-x))
    # exp of -|x| never overflows and keeps full relative precision in both tails.
    small = xp.exp(-xp.abs(x))
    return xp.where(xp.greater_equal(x, 0), 1.0, small) / (1 + small)


sigmoid: Elementwise = elementwise(
    "sigmoid",
    _sigmoid,
    [lambda xp, y, x: y * (1 - y)],
    notation=Notation("σ({0})", r"\sigma\left({0}\right)"),
    doc="Logistic function 1 / (1 + exp(-x)); its derivative never exceeds 1/4.",
)

softplus: Elementwise = elementwise(
    "softplus",
    lambda xp, x: xp.maximum(x, 0.0) + xp.log1p(xp.exp(-xp.abs(x))),
    [lambda xp, y, x: xp.sigmoid(x)],
    notation=Notation.function("softplus"),
    ordered=True,
    doc="log(1 + exp(x)), a smooth `relu`.",
)

relu: Elementwise = elementwise(
    "relu",
    lambda xp, x: xp.maximum(x, 0.0),
    [lambda xp, y, x: xp.where(xp.greater(x, 0), 1.0, 0.0)],
    notation=Notation.function("ReLU"),
    kinks=[0.0],
    selects=True,
    ordered=True,
    doc="max(x, 0); derivative 0 at 0.",
)

leaky_relu: Elementwise = elementwise(
    "leaky_relu",
    lambda xp, x, negative_slope=0.01: xp.where(xp.greater(x, 0), x, negative_slope * x),
    [
        lambda xp, y, x, negative_slope=0.01: xp.where(
            xp.greater(x, 0),
            1.0,
            xp.where(xp.equal(x, 0), _kink(xp, negative_slope), negative_slope),
        )
    ],
    notation=Notation.function("LeakyReLU"),
    kinks=[0.0],
    ordered=True,
    doc="x above 0 and negative_slope * x below.",
)

elu: Elementwise = elementwise(
    "elu",
    lambda xp, x, alpha=1.0: xp.where(xp.greater(x, 0), x, alpha * xp.expm1(xp.minimum(x, 0.0))),
    [
        lambda xp, y, x, alpha=1.0: xp.where(
            xp.greater(x, 0),
            1.0,
            xp.where(xp.equal(x, 0), _kink(xp, alpha), alpha * xp.exp(xp.minimum(x, 0.0))),
        )
    ],
    notation=Notation.function("ELU"),
    kinks=[0.0],
    ordered=True,
    doc="x above 0 and alpha * (exp(x) - 1) below (Clevert et al., 2015).",
)

selu: Elementwise = elementwise(
    "selu",
    lambda xp, x: xp.where(
        xp.greater(x, 0),
        _SELU_SCALE * x,
        _SELU_SCALE * _SELU_ALPHA * xp.expm1(xp.minimum(x, 0.0)),
    ),
    [
        lambda xp, y, x: xp.where(
            xp.greater_equal(x, 0),
            _SELU_SCALE,
            _SELU_SCALE * _SELU_ALPHA * xp.exp(xp.minimum(x, 0.0)),
        )
    ],
    notation=Notation.function("SELU"),
    kinks=[0.0],
    ordered=True,
    doc="Scaled ELU that keeps activations near zero mean and unit variance (Klambauer, 2017).",
)

gelu_slope: Elementwise = elementwise(
    "gelu_slope",
    "gelu_slope",
    [lambda xp, y, x: _DENSITY * xp.exp(-0.5 * (x * x)) * (2 - x * x)],
    notation=Notation(
        "Φ({0}) + {0} · φ({0})",
        r"\Phi\left({0}\right) + {0} \, \varphi\left({0}\right)",
        ADDITIVE,
        (MULTIPLICATIVE,),
    ),
    ordered=True,
    doc="Φ(x) + x·φ(x), the derivative of `gelu`.",
)

gelu: Elementwise = elementwise(
    "gelu",
    "gelu",
    [lambda xp, y, x: xp.gelu_slope(x)],
    notation=Notation.function("GELU"),
    doc="x times the normal distribution function of x (Hendrycks and Gimpel, 2016).",
)


def _gelu_inner(xp: Any, x: Any) -> Any:
    return xp.tanh(_SQRT_2_OVER_PI * x * (1 + _CUBIC * (x * x)))


def _gelu_tanh_partial(xp: Any, y: Any, x: Any) -> Any:
    t = _gelu_inner(xp, x)
    # Beyond |x| = 10 the factor 1 − t² is 0, and must not meet an overflow.
    slope = _SQRT_2_OVER_PI * (1 + 3 * _CUBIC * xp.minimum(x * x, 100.0))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope


gelu_tanh: Elementwise = elementwise(
    "gelu_tanh",
    lambda xp, x: 0.5 * x * (1 + _gelu_inner(xp, x)),
    [_gelu_tanh_partial],
    notation=Notation("GELUₜ({0})", r"\operatorname{{GELU}}_t\left({0}\right)"),
    ordered=True,
    doc="The tanh approximation of `gelu`.",
)


def _silu_curvature(xp: Any, y: Any, x: Any) -> Any:
    s = xp.sigmoid(x)
    return s * (1 - s) * (2 + x * (1 - 2 * s))


silu_slope: Elementwise = elementwise(
    "silu_slope",
    "silu_slope",
    [_silu_curvature],
    notation=Notation(
        "σ({0}) · (1 + {0} · σ(−{0}))",
        r"\sigma\left({0}\right) \left(1 + {0} \, \sigma\left(-{0}\right)\right)",
        MULTIPLICATIVE,
        (MULTIPLICATIVE,),
    ),
    ordered=True,
    doc="σ(x)·(1 + x·(1 - σ(x))), the derivative of `silu`.",
)

silu: Elementwise = elementwise(
    "silu",
    lambda xp, x: x * xp.sigmoid(x),
    [lambda xp, y, x: xp.silu_slope(x)],
    notation=Notation.function("SiLU"),
    ordered=True,
    doc="x * sigmoid(x), also called swish.",
)


def _mish_partial(xp: Any, y: Any, x: Any) -> Any:
    t = xp.tanh(xp.softplus(x))
    return t + x * (1 - t * t) * xp.sigmoid(x)


mish: Elementwise = elementwise(
    "mish",
    lambda xp, x: x * xp.tanh(xp.softplus(x)),
    [_mish_partial],
    notation=Notation.function("Mish"),
    ordered=True,
    doc="x * tanh(softplus(x)) (Misra, 2019).",
)

erf: Elementwise = elementwise(
    "erf",
    "erf",
    [lambda xp, y, x: 2 / math.sqrt(math.pi) * xp.exp(-(x * x))],
    notation=Notation.function("erf", r"\operatorname{{erf}}"),
    doc="Error function.",
)

erfc: Elementwise = elementwise(
    "erfc",
    "erfc",
    [lambda xp, y, x: -2 / math.sqrt(math.pi) * xp.exp(-(x * x))],
    notation=Notation.function("erfc", r"\operatorname{{erfc}}"),
    doc="Complementary error function 1 - erf(x), exact in the tail.",
)
