"""Activation functions as modules; the functions themselves are those of `autodiff`."""

from __future__ import annotations

from typing import Any, ClassVar

import autodiff as ad
from nn.functional.activations import softplus
from nn.module.base import Module

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Identity",
    "LeakyReLU",
    "Mish",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Tanh",
]


class Elementwise(Module):
    """Base of the layers that apply a function to every number by itself.

    Attributes:
        bounds: between which values the function stays, if it does.
        steepest: its greatest slope, for those with bounds.
    """

    bounds: ClassVar[tuple[float, float] | None] = None
    steepest: ClassVar[float] = 1.0


class Identity(Elementwise):
    """Passes its input on, whatever arguments it was made with.

    Example:
        >>> Identity(54, unused=True)([1.0, 2.0])
        [1.0, 2.0]
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, x: Any) -> Any:
        """The input."""
        return x


class _Activation(Elementwise):
    def __init__(self, inplace: bool = False) -> None:
        super().__init__()


class ReLU(_Activation):
    """max(x, 0); its derivative at 0 is 0.

    Args:
        inplace: without meaning here, as for all activations: the input stays as it is.

    The output has the shape of the input.

    Example:
        >>> ReLU()([-1.0, 2.0]).numpy().round(4).tolist()
        [0.0, 2.0]
    """

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.relu(x)


class LeakyReLU(Elementwise):
    """x where it is positive, ``negative_slope`` · x elsewhere.

    Args:
        negative_slope: slope for negative inputs.
        inplace: without meaning: the input stays as it is.

    The output has the shape of the input.

    Example:
        >>> LeakyReLU(0.1)([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.1, 0.0, 2.0]
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.leaky_relu(x, negative_slope=self.negative_slope)

    def extra_repr(self) -> str:
        """The slope."""
        return f"{self.negative_slope:g}"


class Sigmoid(Elementwise):
    """1 / (1 + e⁻ˣ).

    The output has the shape of the input.

    Example:
        >>> Sigmoid()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [0.2689, 0.5, 0.8808]
    """

    bounds: ClassVar[tuple[float, float] | None] = (0.0, 1.0)
    steepest: ClassVar[float] = 0.25

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.sigmoid(x)


class Tanh(Elementwise):
    """The hyperbolic tangent.

    The output has the shape of the input.

    Example:
        >>> Tanh()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.7616, 0.0, 0.964]
    """

    bounds: ClassVar[tuple[float, float] | None] = (-1.0, 1.0)

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.tanh(x)


class ELU(Elementwise):
    """x where it is positive, ``alpha`` · (eˣ − 1) elsewhere.

    Args:
        alpha: minus the limit for very negative inputs.
        inplace: without meaning: the input stays as it is.

    The output has the shape of the input.

    Example:
        >>> ELU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.6321, 0.0, 2.0]
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.elu(x, alpha=self.alpha)

    def extra_repr(self) -> str:
        """The limit."""
        return f"{self.alpha:g}"


class SELU(_Activation):
    """The self-normalising ELU of Klambauer et al., 2017.

    Args:
        inplace: without meaning: the input stays as it is.

    The output has the shape of the input.

    Example:
        >>> SELU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-1.1113, 0.0, 2.1014]
    """

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.selu(x)


class GELU(Elementwise):
    """x Φ(x), with Φ the distribution function of the standard normal.

    Args:
        approximate: ``none`` for the exact form, ``tanh`` for the usual approximation.

    The output has the shape of the input.

    Example:
        >>> GELU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.1587, 0.0, 1.9545]
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        if approximate not in ("none", "tanh"):
            raise ValueError(f"GELU: approximate must be 'none' or 'tanh', not {approximate!r}")
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.gelu(x, approximate=self.approximate)

    def extra_repr(self) -> str:
        """The form, where it is not the exact one."""
        return "" if self.approximate == "none" else self.approximate


class SiLU(_Activation):
    """x · sigmoid(x), also called swish.

    Args:
        inplace: without meaning: the input stays as it is.

    The output has the shape of the input.

    Example:
        >>> SiLU()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.2689, 0.0, 1.7616]
    """

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.silu(x)


class Mish(_Activation):
    """x · tanh(softplus(x)).

    Args:
        inplace: without meaning: the input stays as it is.

    The output has the shape of the input.

    Example:
        >>> Mish()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [-0.3034, 0.0, 1.944]
    """

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return ad.mish(x)


class Softplus(Elementwise):
    """log(1 + eᵝˣ) / β, a smooth ReLU.

    Args:
        beta: the larger, the sharper the bend.
        threshold: where β · x is larger, the result is x itself; see `nn.functional.softplus`.

    The output has the shape of the input.

    Example:
        >>> Softplus()([-1.0, 0.0, 2.0]).numpy().round(4).tolist()
        [0.3133, 0.6931, 2.1269]
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        if beta == 0:
            raise ValueError("Softplus: beta must not be 0, by which the result is divided")
        self.beta: float = beta
        self.threshold: float = threshold

    def forward(self, x: Any) -> Any:
        """The function, entry by entry."""
        return softplus(x, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """What is not as usual."""
        usual = {"beta": 1.0, "threshold": 20.0}
        given = {name: getattr(self, name) for name in usual}
        return ", ".join(f"{k}={v:g}" for k, v in given.items() if v != usual[k])
