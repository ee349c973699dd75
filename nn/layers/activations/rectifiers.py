"""Activations that are straight lines, or bend at 0."""

from __future__ import annotations

import autodiff as ad
from nn.layers.activations.base import Elementwise
from nn.module.checks import nonnegative, nonzero
from nn.module.declared import UNUSED, field

__all__ = [
    "CELU",
    "ELU",
    "SELU",
    "Hardshrink",
    "Hardtanh",
    "LeakyReLU",
    "ReLU",
    "ReLU6",
    "Softshrink",
    "Threshold",
]


class ReLU(Elementwise, function=ad.relu):
    """max(x, 0); its derivative at 0 is 0.

    Example:
        >>> ReLU()([-1.0, 2.0]).numpy().round(4).tolist()
        [0.0, 2.0]
    """

    inplace: bool = UNUSED


class ReLU6(Elementwise, function=ad.relu6):
    """min(max(x, 0), 6).

    Source: Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10", 2010.

    Example:
        >>> ReLU6()([-1.0, 2.0, 8.0]).numpy().round(4).tolist()
        [0.0, 2.0, 6.0]
    """

    inplace: bool = UNUSED


class LeakyReLU(Elementwise, function=ad.leaky_relu):
    """x where it is positive, ``negative_slope`` · x elsewhere.

    Source: Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.

    Example:
        >>> LeakyReLU(0.1)([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.1, 0.0, 2.0]
    """

    negative_slope: float = field("slope for negative inputs", default=0.01)
    inplace: bool = UNUSED


class ELU(Elementwise, function=ad.elu):
    """x where it is positive, ``alpha`` · (eˣ − 1) elsewhere.

    Source: Clevert et al., "Fast and Accurate Deep Network Learning by Exponential Linear
    Units", 2016.

    Example:
        >>> ELU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.6321, 0.0, 2.0]
    """

    alpha: float = field("minus the limit for very negative inputs", default=1.0)
    inplace: bool = UNUSED


class SELU(Elementwise, function=ad.selu):
    """λ x where it is positive, λ α (eˣ − 1) elsewhere, λ = 1.0507…, α = 1.6733….

    Source: Klambauer et al., "Self-Normalizing Neural Networks", 2017.

    Example:
        >>> SELU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-1.1113, 0.0, 2.1014]
    """

    inplace: bool = UNUSED


class CELU(Elementwise, function=ad.celu):
    """max(x, 0) + min(0, α (eˣᐟᵅ − 1)), whose slope has no jump for any α.

    Source: Barron, "Continuously Differentiable Exponential Linear Units", 2017.

    Example:
        >>> CELU(2.0)([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.7869, 0.0, 2.0]
    """

    alpha: float = field(
        "α, minus the limit for very negative inputs; not 0", default=1.0, check=nonzero
    )
    inplace: bool = UNUSED


class Hardtanh(Elementwise, function=ad.hardtanh):
    """x, but no less than ``min_val`` and no more than ``max_val``.

    Raises:
        ValueError: there is nothing between them.

    Example:
        >>> Hardtanh()([-2.0, 0.5, 2.0]).numpy().round(4).tolist()
        [-1.0, 0.5, 1.0]
    """

    min_val: float = field("the least value", default=-1.0)
    max_val: float = field("the greatest value, above the least", default=1.0)
    inplace: bool = UNUSED

    def _fit(self) -> None:
        if not self.max_val > self.min_val:
            raise ValueError(
                f"Hardtanh: max_val={self.max_val} must be above min_val={self.min_val}"
            )

    @property
    def bounds(self) -> tuple[float, float]:
        """The least value and the greatest."""
        return self.min_val, self.max_val


class Threshold(Elementwise, function=ad.threshold):
    """x where it is above ``threshold``, ``value`` elsewhere.

    Example:
        >>> Threshold(0.5, -1.0)([0.0, 2.0]).numpy().round(4).tolist()
        [-1.0, 2.0]
    """

    threshold: float = field("what x has to exceed")
    value: float = field("the result where it does not")
    inplace: bool = UNUSED


class Hardshrink(Elementwise, function=ad.hardshrink):
    """x where |x| is above ``lambd``, 0 elsewhere.

    Example:
        >>> Hardshrink()([-1.0, 0.25, 2.0]).numpy().round(4).tolist()
        [-1.0, 0.0, 2.0]
    """

    lambd: float = field("half the width of the gap", default=0.5)


class Softshrink(Elementwise, function=ad.softshrink):
    """x − λ above λ, x + λ below −λ, 0 between.

    Example:
        >>> Softshrink()([-1.0, 0.25, 2.0]).numpy().round(4).tolist()
        [-0.5, 0.0, 1.5]
    """

    lambd: float = field("λ, not negative", default=0.5, check=nonnegative)
