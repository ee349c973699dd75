"""What every layer with parameters needs: checked sizes, and the parameters themselves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.init import get_initializer, uniform, zeros
from nn.init.fans import calculate_fan
from nn.init.registry import Initializer
from nn.module.base import Module
from nn.module.parameter import Parameter

Rng = np.random.Generator | None


def whole(layer: str, name: str, value: Any, least: int = 1) -> int:
    """A size that a layer is given, as an integer.

    Args:
        layer: the layer's class, for the message.
        name: the argument's name.
        value: what was given.
        least: the smallest size there may be, 0 or 1.

    Raises:
        ValueError: it is no integer, or too small.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        kind = "positive integer" if least == 1 else f"whole number from {least} up"
        raise ValueError(f"{layer}: {name} must be a {kind}, not {value!r}")
    return int(value)


def per_axis(layer: str, name: str, value: Any, axes: int, least: int = 1) -> tuple[int, ...]:
    """A size for each of several axes, given as one number for all or as so many.

    Args:
        layer: the layer's class, for the message.
        name: the argument's name.
        value: what was given.
        axes: how many sizes there are to be.
        least: the smallest size there may be, 0 or 1.

    Raises:
        ValueError: there are more or fewer, or one is no integer or too small.

    Example:
        >>> per_axis("Conv2d", "stride", 2, 2)
        (2, 2)
    """
    if not isinstance(value, tuple | list):
        return (whole(layer, name, value, least),) * axes
    if len(value) not in (1, axes):
        raise ValueError(
            f"{layer}: {name} must be one number, or {axes}, one for each axis of space, "
            f"not {value!r}"
        )
    numbers = tuple(whole(layer, name, number, least) for number in value)
    return numbers * axes if len(numbers) == 1 else numbers


def named(layer: Module) -> str:
    """A layer in an error: what it is, and where it stands in its model if it is a part."""
    place, what = layer._scope.mark
    return what if place == type(layer).__name__ else f"{what}, the part {place!r},"


def weight(
    shape: tuple[int, ...],
    init: str | Initializer | None = None,
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
    role: str = "weight",
) -> Parameter:
    """A weight as it begins.

    Args:
        shape: its shape.
        init: a name out of `nn.init.SCHEMES`, or a function ``(shape, *, rng, dtype) ->
            array``. If not given it is uniform on ±1/√fan_in, as in PyTorch.
        in_axis: the axis of the input channels, for the fans.
        out_axis: the axis of the output channels.
        groups: groups of a grouped convolution.
        rng: where the numbers come from. A layer that takes a seed makes one generator of it,
            by `autodiff.random.generator`, and draws all its parameters from that.
        dtype: floating dtype; `nn.get_default_dtype` if not given.
        role: see `Parameter`.
    """
    if init is not None:
        fans = {"in_axis": in_axis, "out_axis": out_axis, "groups": groups}
        return Parameter(get_initializer(init, **fans)(shape, rng=rng, dtype=dtype), role=role)
    fan_in, _ = calculate_fan(shape, in_axis, out_axis, groups)
    return within(shape, fan_in, rng=rng, dtype=dtype, role=role)


def within(
    shape: int | tuple[int, ...], fan_in: int, *, rng: Rng = None, dtype: Any = None, role: str
) -> Parameter:
    """A parameter that begins uniform on ±1/√fan_in."""
    bound = 1.0 / math.sqrt(max(fan_in, 1))
    return Parameter(uniform(shape, -bound, bound, rng=rng, dtype=dtype), role=role)


def bias(
    size: int,
    fan_in: int,
    init: str | Initializer | None = None,
    *,
    rng: Rng = None,
    dtype: Any = None,
) -> Parameter:
    """A bias as it begins: beside a weight with a scheme zero, else as PyTorch's.

    Args:
        size: how many numbers.
        fan_in: that of the weight.
        init: the scheme of the weight.
        rng: as for `weight`.
        dtype: as for `weight`.
    """
    if init is not None:
        return Parameter(zeros(size, dtype=dtype), role="bias")
    return within(size, fan_in, rng=rng, dtype=dtype, role="bias")
