"""Activations whose slope is learned or drawn, and the one that halves its input."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.init.plain import constant
from nn.layers import making
from nn.layers.activations.base import Elementwise
from nn.module.declared import RNG, UNUSED, Declared, field
from nn.module.inputs import as_node, cast_input
from nn.module.parameter import Parameter
from nn.module.resetting import Resettable

__all__ = ["GLU", "PReLU", "RReLU"]


class PReLU(Resettable, Elementwise):
    """x where it is positive, a · x elsewhere, with slopes a that are learned.

    Source: He et al., "Delving deep into rectifiers", 2015. Weight decay would push the
    slopes towards the ReLU's; `nn.functional.l2_penalty` leaves them out.

    Args:
        num_parameters: 1, or one slope for every channel, the axis 1.
        init: the slopes as they begin.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (num_parameters,).

    Raises:
        ValueError: ``num_parameters`` is not a positive integer.

    Example:
        >>> PReLU()([-1.0, 2.0]).tolist()
        [-0.25, 2.0]
    """

    weight: Parameter

    def __init__(self, num_parameters: int = 1, init: float = 0.25, *, dtype: Any = None) -> None:
        super().__init__()
        self.num_parameters: int = making.whole("PReLU", "num_parameters", num_parameters)
        self.init: float = init
        self.weight = Parameter(constant(self.num_parameters, init, dtype=dtype), role="slope")

    def forward(self, input: Any) -> Tensor:
        """The function, entry by entry; the output has the shape of the input."""
        x = cast_input(input, self.weight)
        channels = x.shape[1] if x.ndim > 1 else 1
        if self.num_parameters not in (1, channels):
            raise ShapeError(
                f"PReLU({self.num_parameters}) takes inputs with {self.num_parameters} channels "
                f"along axis 1, and got shape {x.shape}; give it num_parameters={channels}, or 1"
            )
        rectified: Tensor = ad.prelu(x, self.weight)
        return rectified

    def extra_repr(self) -> str:
        """The number of slopes."""
        return f"num_parameters={self.num_parameters}"


class RReLU(Elementwise):
    """x where it is positive, a · x elsewhere, with a slope a drawn for every number.

    In training a is drawn evenly from [lower, upper); otherwise it is their mean.

    Source: Xu et al., "Empirical Evaluation of Rectified Activations in Convolutional Network",
    2015.

    Raises:
        ValueError: the bounds are not in order.

    Example:
        >>> RReLU(0.0, 0.5).eval()([-1.0, 2.0]).tolist()
        [-0.25, 2.0]
    """

    lower: float = field("the smallest slope", default=1 / 8)
    upper: float = field("the largest slope", default=1 / 3)
    inplace: bool = UNUSED
    rng: np.random.Generator | int | None = RNG

    def _fit(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"RReLU: lower={self.lower} must not be above upper={self.upper}")

    def forward(self, input: Any) -> Any:
        """The function, entry by entry; the output has the shape of the input."""
        own = vars(self)
        bounds = live.setting(own, "lower"), live.setting(own, "upper")
        return ad.rrelu(as_node(input), *bounds, training=self.training, rng=own["rng"])


class GLU(Declared):
    """a · sigmoid(b), of the halves a and b of the input.

    The output is half as long along that axis.

    Source: Dauphin et al., "Language Modeling with Gated Convolutional Networks", 2017.

    Example:
        >>> GLU()([[4.0, 0.0]]).tolist()
        [[2.0]]
    """

    dim: int = field("the axis that is halved", default=-1)

    def forward(self, input: Any) -> Tensor:
        """The gated half."""
        return ad.glu(as_node(input), live.setting(vars(self), "dim"))
