"""The fully connected layer, and that of two inputs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import raw
from nn.functional.linear_maps import linear
from nn.init.registry import Initializer
from nn.layers import making
from nn.module.base import Module
from nn.module.inputs import cast_input
from nn.module.parameter import Parameter
from nn.module.resetting import Resettable

__all__ = ["Bilinear", "Linear"]


class Linear(Resettable, Module):
    """A fully connected layer, x Wᵀ + b, computed in the float type of its parameters.

    Args:
        in_features: length of the last axis of the input.
        out_features: length of the last axis of the output.
        bias: whether b is added.
        init: how the weight begins: a name out of `nn.init.SCHEMES` or a function
            ``(shape, *, rng, dtype) -> array``; the bias then begins at zero. If not
            given, both are uniform on ±1/√in_features, as in PyTorch.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (out_features, in_features).
        bias: parameter of shape (out_features,), or None.

    Raises:
        ValueError: a number of features is not a positive integer, or ``init`` is unknown.

    Example:
        >>> layer = Linear(2, 3)
        >>> layer
        Linear(2, 3)  # 9 parameters
        >>> layer([[1.0, 2.0]]).shape
        (1, 3)
    """

    weight: Parameter
    bias: Parameter | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: str | Initializer | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.in_features: int = making.whole("Linear", "in_features", in_features)
        self.out_features: int = making.whole("Linear", "out_features", out_features)
        shape, rng = (self.out_features, self.in_features), ad.random.generator(rng)
        self.weight = making.weight(shape, init, rng=rng, dtype=dtype)
        self.bias = None
        if bias:
            self.bias = making.bias(shape[0], shape[1], init, rng=rng, dtype=dtype)

    def forward(self, input: Any) -> Tensor:
        """The layer's output, of shape (..., out_features)."""
        if input.__class__ is not Tensor or raw(input).dtype is not raw(self.weight).dtype:
            input = cast_input(input, self.weight)
        shape = input.shape
        if not shape or shape[-1] != self.in_features:
            raise ShapeError(
                f"{making.named(self)} takes inputs whose last axis has length {self.in_features} "
                f"(in_features), and got shape {shape}" + self._remedy(shape)
            )
        return linear(input, self.weight, self.bias)

    def _remedy(self, shape: tuple[int, ...]) -> str:
        if len(shape) > 2 and math.prod(shape[1:]) == self.in_features:
            return "; put nn.Flatten() before it"
        if shape:
            return f"; change in_features to {shape[-1]}, or the layer before"
        return "; give an array of shape (N, in_features)"

    def extra_repr(self) -> str:
        """The two sizes, and whether the bias is missing."""
        missing = "" if self.bias is not None else ", bias=False"
        return f"{self.in_features}, {self.out_features}{missing}"


class Bilinear(Resettable, Module):
    """x₁ᵀ W_k x₂ + b_k for every k, computed in the float type of its parameters.

    Args:
        in1_features: length of the last axis of x₁.
        in2_features: length of the last axis of x₂.
        out_features: how many W_k there are.
        bias: whether b is added.
        init: as for `Linear`; the fan-in is that of x₁.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (out_features, in1_features, in2_features).
        bias: parameter of shape (out_features,), or None.

    Raises:
        ValueError: a number of features is not a positive integer, or ``init`` is unknown.

    Example:
        >>> Bilinear(2, 3, 4)([[1.0, 2.0]], [[1.0, 2.0, 3.0]]).shape
        (1, 4)
    """

    weight: Parameter
    bias: Parameter | None

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: str | Initializer | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.in1_features: int = making.whole("Bilinear", "in1_features", in1_features)
        self.in2_features: int = making.whole("Bilinear", "in2_features", in2_features)
        self.out_features: int = making.whole("Bilinear", "out_features", out_features)
        shape, rng = (self.out_features, self.in1_features), ad.random.generator(rng)
        whole = (*shape, self.in2_features)
        if init is None:
            # As in PyTorch: a product of two inputs has no fan-in of its own.
            self.weight = making.within(whole, shape[1], rng=rng, dtype=dtype, role="weight")
        else:
            self.weight = making.weight(whole, init, rng=rng, dtype=dtype)
        self.bias = None
        if bias:
            self.bias = making.bias(shape[0], shape[1], init, rng=rng, dtype=dtype)

    def forward(self, input1: Any, input2: Any) -> Tensor:
        """The layer's output, of shape (..., out_features)."""
        x1, x2 = cast_input(input1, self.weight), cast_input(input2, self.weight)
        wanted = self.in1_features, self.in2_features
        if (x1.shape[-1:], x2.shape[-1:]) != (wanted[:1], wanted[1:]) or x1.shape[:-1] != (
            x2.shape[:-1]
        ):
            raise ShapeError(
                f"{self._scope.mark[1]} takes inputs whose last axes have the lengths {wanted[0]} "
                f"and {wanted[1]} and whose other axes are equal, and got shapes {x1.shape} and "
                f"{x2.shape}"
            )
        return ad.bilinear(x1, x2, self.weight, self.bias)

    def extra_repr(self) -> str:
        """The sizes, and whether the bias is missing."""
        missing = "" if self.bias is not None else ", bias=False"
        return f"{self.in1_features}, {self.in2_features}, {self.out_features}{missing}"
