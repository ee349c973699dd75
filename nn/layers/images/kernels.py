"""What convolutions and transposed convolutions share: kernels, biases, channels that fit."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import raw
from nn.init.registry import Initializer
from nn.layers import making
from nn.layers.images.settings import Axes, Settled
from nn.module.inputs import cast_input
from nn.module.parameter import Parameter

__all__: list[str] = []

SPACE = ("L", "H, W", "D, H, W")


class Kernels(Settled):
    """Base of the layers with a kernel for every pair of an input and an output channel.

    Attributes:
        weight: parameter; its first axis counts all channels of the one side, its second those
            of one group of the other.
        bias: parameter of shape (out_channels,), or None.
    """

    _transposed: ClassVar[bool] = False

    weight: Parameter
    bias: Parameter | None
    padding: Axes | str

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Axes,
        stride: Axes,
        padding: Axes | str,
        dilation: Axes,
        groups: int,
        bias: bool,
        init: str | Initializer | None,
        rng: np.random.Generator | int | None,
        dtype: Any,
    ) -> None:
        super().__init__()
        self.in_channels: int = self._whole("in_channels", in_channels)
        self.out_channels: int = self._whole("out_channels", out_channels)
        self.groups: int = self._whole("groups", groups)
        self.kernel_size: tuple[int, ...] = self._each("kernel_size", kernel_size)
        self.stride: tuple[int, ...] = self._each("stride", stride)
        if not isinstance(padding, str):
            padding = self._each("padding", padding, 0)
        self.padding = padding
        self.dilation: tuple[int, ...] = self._each("dilation", dilation)
        for name in ("in_channels", "out_channels"):
            if getattr(self, name) % self.groups:
                raise ValueError(
                    f"{type(self).__name__}: {name}={getattr(self, name)} cannot be divided into "
                    f"groups={self.groups}; make it a multiple of that"
                )
        first, second = self.out_channels, self.in_channels
        if self._transposed:
            first, second = second, first
        shape = (first, second // self.groups, *self.kernel_size)
        # Without a scheme PyTorch takes the fans of a convolution for both.
        in_axis = 0 if self._transposed and init is not None else 1
        rng = ad.random.generator(rng)
        self.weight = making.weight(
            shape,
            init,
            in_axis=in_axis,
            out_axis=1 - in_axis,
            groups=self.groups,
            rng=rng,
            dtype=dtype,
        )
        self.bias = None
        if bias:
            fan_in = self.weight.size // first
            self.bias = making.bias(self.out_channels, fan_in, init, rng=rng, dtype=dtype)

    def _whole(self, name: str, value: Any) -> int:
        return making.whole(type(self).__name__, name, value)

    def _each(self, name: str, value: Any, least: int = 1) -> tuple[int, ...]:
        return making.per_axis(type(self).__name__, name, value, self._axes, least)

    def _fitted(self, x: Any) -> Tensor:
        """The input in the float type of the weight, if it has the channels of this layer."""
        if x.__class__ is not Tensor or raw(x).dtype is not raw(self.weight).dtype:
            x = cast_input(x, self.weight)
        shape, space = x.shape, self._axes
        if len(shape) - space not in (1, 2) or shape[-space - 1] != self.in_channels:
            c, axes = self.in_channels, SPACE[space - 1]
            raise ShapeError(
                f"{making.named(self)} takes inputs of shape (N, {c}, {axes}) or ({c}, {axes}), "
                f"and got shape {shape}; {self._remedy(shape)}"
            )
        return x  # type: ignore[no-any-return]

    def _remedy(self, shape: tuple[int, ...]) -> str:
        space, c = self._axes, self.in_channels
        if len(shape) - space in (1, 2):
            if shape[-1] == c and shape[-space - 1] != c:
                return (
                    "put the channels before the axes of space, by autodiff.moveaxis(x, -1, "
                    f"{-space - 1})"
                )
            if c == 1 and len(shape) == space + 1:
                return "give it an axis of channels, as x[:, None] does"
            return f"change in_channels to {shape[-space - 1]}, or the layer before"
        if c == 1 and len(shape) == space:
            return "give it an axis of channels, as x[None] does"
        if len(shape) > space + 2:
            return f"flatten the axes before the channels into one, by nn.Flatten(0, {-space - 2})"
        return "put nn.Unflatten, or a reshape, before it"

    def extra_repr(self) -> str:
        """The sizes, and what differs from the usual; numbers equal for all axes are one."""
        shown = []
        for name, usual in self._arguments.items():
            value = getattr(self, name)
            value = value is not None if name == "bias" else value
            if isinstance(value, tuple) and len(set(value)) == 1:
                value = value[0]
            if usual is inspect.Parameter.empty:
                shown.append(f"{value}")
            elif value != usual:
                shown.append(f"{name}={value!r}")
        return ", ".join(shown)
