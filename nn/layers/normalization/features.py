"""Normalisation of the features of every sample by itself: all, by mean square, or in groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.layers import making
from nn.module.base import Module
from nn.module.checks import nonnegative
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node, cast_input
from nn.module.parameter import Parameter
from nn.module.resetting import Resettable

__all__ = ["GroupNorm", "LayerNorm", "RMSNorm"]


def _lengths(layer: str, given: int | Sequence[int]) -> tuple[int, ...]:
    single = isinstance(given, int | np.integer)
    lengths = [given] if single else list(given)  # type: ignore[arg-type]
    if not lengths:
        raise ValueError(f"{layer}: normalized_shape has no length; give one or more")
    return tuple(making.whole(layer, "normalized_shape", length) for length in lengths)


class _LastAxes(Resettable, Module):
    """Base of what normalises over the last axes."""

    weight: Parameter | None
    bias: Parameter | None = None

    def __init__(
        self, normalized_shape: int | Sequence[int], affine: bool, bias: bool, dtype: Any
    ) -> None:
        super().__init__()
        self.normalized_shape: tuple[int, ...] = _lengths(type(self).__name__, normalized_shape)
        self.elementwise_affine: bool = affine
        kind = get_default_dtype() if dtype is None else dtype
        ones, zeros = np.ones(self.normalized_shape, kind), np.zeros(self.normalized_shape, kind)
        self.weight = Parameter(ones, role="scale") if affine else None
        if bias:
            self.bias = Parameter(zeros, role="bias")

    def _input(self, given: Any) -> Tensor:
        x = as_node(given) if self.weight is None else cast_input(given, self.weight)
        n = len(self.normalized_shape)
        if x.ndim < n or x.shape[x.ndim - n :] != self.normalized_shape:
            last = ", ".join(str(length) for length in self.normalized_shape)
            raise ShapeError(
                f"{type(self).__name__}({self.extra_repr()}) takes inputs of shape (…, {last}), "
                f"and got {x.shape}"
            )
        return x

    def extra_repr(self) -> str:
        """The lengths of the axes, and what differs from the usual."""
        n = self.normalized_shape
        parts = [str(n[0] if len(n) == 1 else n)]
        usual = vars(type(self)).get("_usual_eps")
        eps = vars(self)["eps"]
        parts += [f"eps={eps}"] if eps != usual else []
        parts += ["elementwise_affine=False"] if not self.elementwise_affine else []
        return ", ".join(parts)


class LayerNorm(_LastAxes):
    """Mean 0 and variance 1 over the last axes of every sample; see `layer_norm`.

    Args:
        normalized_shape: lengths of the axes over which is normalised; a number for one axis.
        eps: keeps the division finite.
        elementwise_affine: whether γ and β are learned.
        bias: whether β is among what is learned.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: γ, parameter of shape ``normalized_shape``, begins at 1; or None.
        bias: β, parameter of that shape, begins at 0; or None.

    Raises:
        ValueError: a length is not a positive integer.

    Example:
        >>> LayerNorm(2)([[1.0, 3.0], [5.0, 5.0]]).data.round(3).tolist()
        [[-1.0, 1.0], [0.0, 0.0]]
    """

    _usual_eps = 1e-5

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        super().__init__(normalized_shape, elementwise_affine, elementwise_affine and bias, dtype)
        self.eps: float = nonnegative(type(self).__name__, "eps", eps)

    def forward(self, input: Any) -> Tensor:
        """The normalised input, of the same shape."""
        eps = live.setting(vars(self), "eps")
        return ad.layer_norm(self._input(input), self.normalized_shape, self.weight, self.bias, eps)

    def extra_repr(self) -> str:
        """The lengths of the axes, and what differs from the usual."""
        missing = self.elementwise_affine and self.bias is None
        return super().extra_repr() + (", bias=False" if missing else "")


class RMSNorm(_LastAxes):
    """Mean square 1 over the last axes of every sample; see `rms_norm`.

    Args:
        normalized_shape: lengths of the axes over which is normalised; a number for one axis.
        eps: keeps the division finite; the resolution of the dtype if not given.
        elementwise_affine: whether γ is learned.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: γ, parameter of shape ``normalized_shape``, begins at 1; or None.

    Raises:
        ValueError: a length is not a positive integer.

    Example:
        >>> RMSNorm(2)([[3.0, 3.0]]).data.round(3).tolist()
        [[1.0, 1.0]]
    """

    _usual_eps = None

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        super().__init__(normalized_shape, elementwise_affine, False, dtype)
        self.eps: float | None = eps
        if eps is not None:
            nonnegative("RMSNorm", "eps", eps)

    def forward(self, input: Any) -> Tensor:
        """The normalised input, of the same shape."""
        eps = live.setting(vars(self), "eps")
        return ad.rms_norm(self._input(input), self.normalized_shape, self.weight, eps)


class GroupNorm(Resettable, Module):
    """Mean 0 and variance 1 over every group of channels of every sample; see `group_norm`.

    Args:
        num_groups: how many groups of equal size the channels are in.
        num_channels: C, the number of channels.
        eps: keeps the division finite.
        affine: whether γ and β are learned, one of each for every channel.
        bias: whether β is among what is learned.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: γ, parameter of shape (C,), begins at 1; or None.
        bias: β, parameter of shape (C,), begins at 0; or None.

    Inputs are of shape (N, C) or (N, C, …).

    Raises:
        ValueError: a number is not a positive integer, or the channels do not divide into
            the groups.

    Example:
        >>> GroupNorm(2, 4)([[1.0, 3.0, 5.0, 5.0]]).data.round(3).tolist()
        [[-1.0, 1.0, 0.0, 0.0]]
    """

    weight: Parameter | None
    bias: Parameter | None

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.num_groups: int = making.whole("GroupNorm", "num_groups", num_groups)
        self.num_channels: int = making.whole("GroupNorm", "num_channels", num_channels)
        if self.num_channels % self.num_groups:
            raise ValueError(
                f"GroupNorm: {num_channels} channels do not divide into {num_groups} groups of "
                "equal size; give num_channels that is a multiple of num_groups"
            )
        self.eps: float = nonnegative(type(self).__name__, "eps", eps)
        self.affine: bool = affine
        kind = get_default_dtype() if dtype is None else dtype
        ones, zeros = np.ones(self.num_channels, kind), np.zeros(self.num_channels, kind)
        self.weight = Parameter(ones, role="scale") if affine else None
        self.bias = Parameter(zeros, role="bias") if affine and bias else None

    def forward(self, input: Any) -> Tensor:
        """The normalised input, of the same shape."""
        input = as_node(input) if self.weight is None else cast_input(input, self.weight)
        if input.ndim < 2 or input.shape[1] != self.num_channels:
            raise ShapeError(
                f"GroupNorm({self.extra_repr()}) takes inputs of shape (N, {self.num_channels}) "
                f"or (N, {self.num_channels}, …), and got {input.shape}"
            )
        eps = live.setting(vars(self), "eps")
        groups = live.setting(vars(self), "num_groups")
        return ad.group_norm(input, groups, self.weight, self.bias, eps)

    def extra_repr(self) -> str:
        """Groups, channels, and what differs from the usual."""
        parts = [str(self.num_groups), str(self.num_channels)]
        parts += [f"eps={self.eps}"] if self.eps != 1e-5 else []
        parts += ["affine=False"] if not self.affine else []
        parts += ["bias=False"] if self.affine and self.bias is None else []
        return ", ".join(parts)
