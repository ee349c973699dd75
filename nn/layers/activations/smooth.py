"""Activations without a bend."""

from __future__ import annotations

import autodiff as ad
from nn.functional.activations import softplus
from nn.layers.activations.base import Elementwise
from nn.module.checks import nonzero, one_of
from nn.module.declared import UNUSED, field

__all__ = [
    "GELU",
    "Hardsigmoid",
    "Hardswish",
    "LogSigmoid",
    "Mish",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Softsign",
    "Tanh",
    "Tanhshrink",
]


class Sigmoid(Elementwise, function=ad.sigmoid, bounds=(0.0, 1.0), steepest=0.25):
    """1 / (1 + e⁻ˣ).

    Example:
        >>> Sigmoid()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [0.2689, 0.5, 0.8808]
    """


class LogSigmoid(Elementwise, function=ad.log_sigmoid):
    """log(1 / (1 + e⁻ˣ)), without overflow.

    Example:
        >>> LogSigmoid()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-1.3133, -0.6931, -0.1269]
    """


class Hardsigmoid(Elementwise, function=ad.hardsigmoid, bounds=(0.0, 1.0), steepest=1 / 6):
    """min(max(x / 6 + ½, 0), 1).

    Source: Howard et al., "Searching for MobileNetV3", 2019.

    Example:
        >>> Hardsigmoid()([-4.0, 0.0, 2.0]).numpy().round(4).tolist()
        [0.0, 0.5, 0.8333]
    """

    inplace: bool = UNUSED


class Tanh(Elementwise, function=ad.tanh, bounds=(-1.0, 1.0)):
    """The hyperbolic tangent.

    Example:
        >>> Tanh()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.7616, 0.0, 0.964]
    """


class Tanhshrink(Elementwise, function=ad.tanhshrink):
    """x − tanh x.

    Example:
        >>> Tanhshrink()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.2384, 0.0, 1.036]
    """


class Softsign(Elementwise, function=ad.softsign, bounds=(-1.0, 1.0)):
    """x / (1 + |x|).

    Example:
        >>> Softsign()([-1.0, 0.0, 3.0]).numpy().round(4).tolist()
        [-0.5, 0.0, 0.75]
    """


class GELU(Elementwise, function=ad.gelu):
    """x Φ(x), with Φ the distribution function of the standard normal.

    Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.

    Example:
        >>> GELU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.1587, 0.0, 1.9545]
    """

    approximate: str = field(
        "``none`` for the exact form, ``tanh`` for the usual approximation",
        default="none",
        check=one_of("none", "tanh"),
    )


class SiLU(Elementwise, function=ad.silu):
    """x · sigmoid(x), also called swish.

    Source: Ramachandran et al., "Searching for Activation Functions", 2017.

    Example:
        >>> SiLU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.2689, 0.0, 1.7616]
    """

    inplace: bool = UNUSED


class Hardswish(Elementwise, function=ad.hardswish):
    """x · min(max(x / 6 + ½, 0), 1).

    Source: Howard et al., "Searching for MobileNetV3", 2019.

    Example:
        >>> Hardswish()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.3333, 0.0, 1.6667]
    """

    inplace: bool = UNUSED


class Mish(Elementwise, function=ad.mish):
    """x · tanh(softplus(x)).

    Source: Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2020.

    Example:
        >>> Mish()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.3034, 0.0, 1.944]
    """

    inplace: bool = UNUSED


class Softplus(Elementwise, function=softplus):
    """log(1 + eᵝˣ) / β, a smooth ReLU; see `nn.functional.softplus`.

    Example:
        >>> Softplus()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [0.3133, 0.6931, 2.1269]
    """

    beta: float = field("β; the larger, the sharper the bend; not 0", default=1.0, check=nonzero)
    threshold: float = field("where β · x is larger, the result is x itself", default=20.0)
